//! A mistake in a filter: what is wrong, where, and what was probably meant.

/// A filter that cannot be read. Offsets count characters of the text as it was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}: `{word}` at character {}{}", start + 1, meant(suggestion))]
pub(crate) struct Mistake {
    /// What is wrong, without the word: `not a status`.
    pub(crate) message: Box<str>,
    pub(crate) word: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) suggestion: Option<String>,
    /// The whole text with the suggestion taken.
    pub(crate) fixed: Option<String>,
    /// Where the term begins that holds the bad word.
    pub(super) from: usize,
    pub(super) lacks: Lacks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacks {
    /// Nothing: it stays wrong.
    Nothing,
    /// Letters of the same word, as long as no space follows.
    Letters,
    More,
}

fn meant(suggestion: &Option<String>) -> String {
    suggestion
        .as_ref()
        .map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

impl Mistake {
    /// A mistake over the first place of `word` in `text`.
    pub(crate) fn of_word(text: &str, word: &str, message: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let before = text.find(word).map_or(0, |at| text[..at].chars().count());
        let end = (before + word.chars().count()).min(chars.len());
        Self::at(&chars, before.min(end), end, message)
    }

    /// A mistake over the characters from `start` to `end` of `text`.
    pub(super) fn at(
        text: &[char],
        start: usize,
        end: usize,
        message: impl Into<Box<str>>,
    ) -> Self {
        let word = text[start..end].iter().collect();
        Self {
            message: message.into(),
            word,
            start,
            end,
            suggestion: None,
            fixed: None,
            from: start,
            lacks: Lacks::Nothing,
        }
    }

    pub(super) fn suggest(mut self, text: &[char], word: Option<String>) -> Self {
        if let Some(word) = word {
            self.fixed = Some(replaced(text, self.start, self.end, &word));
            self.suggestion = Some(word);
        }
        self
    }

    pub(super) fn lacking(mut self, lacks: Lacks) -> Self {
        self.lacks = lacks;
        self
    }

    /// Whether it only stands at the end of `text` and may become good.
    pub(super) fn passing(&self, text: &[char]) -> bool {
        match self.lacks {
            Lacks::Nothing => false,
            Lacks::Letters => self.end == text.len(),
            Lacks::More => text[self.end..].iter().all(|c| c.is_whitespace()),
        }
    }

    pub(super) fn within(mut self, from: usize) -> Self {
        self.from = from;
        self
    }
}

pub(super) fn replaced(text: &[char], start: usize, end: usize, with: &str) -> String {
    text[..start]
        .iter()
        .copied()
        .chain(with.chars())
        .chain(text[end..].iter().copied())
        .collect()
}
