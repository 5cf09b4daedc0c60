//! Filters of lists without a filter language: words like `user:ID`, each key once.

use super::edit_distance::nearest;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Terms(BTreeMap<&'static str, String>);

/// A word that is none of them, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}`{what}")]
pub(crate) struct BadTerm {
    pub(crate) word: String,
    /// Follows the word: ` is not a filter; did you mean ...`.
    what: String,
}

impl BadTerm {
    pub(crate) fn new(word: impl Into<String>, what: impl Into<String>) -> Self {
        let (word, what) = (word.into(), what.into());
        Self { word, what }
    }

    /// Without the word.
    pub(crate) fn message(&self) -> &str {
        self.what.trim_start_matches([':', ' '])
    }
}

impl Terms {
    pub(crate) fn read(text: &str, keys: &[&'static str]) -> Result<Self, BadTerm> {
        let mut found = BTreeMap::new();
        for word in text.split_whitespace() {
            let (key, value) = word.split_once(':').unwrap_or((word, ""));
            let Some(known) = keys.iter().find(|known| **known == key) else {
                let hint = match (keys, nearest(key, keys.iter().copied())) {
                    ([], _) => "this list takes no filter".to_owned(),
                    (_, Some(near)) => format!("did you mean `{near}:`?"),
                    (keys, None) => format!("the words are {}:", keys.join(":, ")),
                };
                return Err(BadTerm::new(word, format!(" is not a filter; {hint}")));
            };
            if value.is_empty() || found.insert(*known, value.to_owned()).is_some() {
                let what = format!(": write {known}: once, with a value");
                return Err(BadTerm::new(word, what));
            }
        }
        Ok(Self(found))
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<String> {
        self.0.remove(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_of_lists_without_a_language_are_words_with_a_value() {
        let mut terms = Terms::read("user:9d1c type:invalidated", &["user", "type"]).unwrap();
        assert_eq!(terms.take("user").as_deref(), Some("9d1c"));
        assert_eq!(terms.take("type").as_deref(), Some("invalidated"));
        for (text, keys, said) in [
            ("user:", &["user"][..], "with a value"),
            ("user:a user:b", &["user"], "once"),
            ("usr:a", &["user"], "did you mean `user:`?"),
            ("user:a", &[], "takes no filter"),
        ] {
            let refused = Terms::read(text, keys).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
    }
}
