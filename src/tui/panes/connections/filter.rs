//! The filter line. A mistake keeps the last good filter in force.

use crate::domain::audit_words::AuditAsked;
use crate::domain::query::{self, Completion, Mistake, Query, Scope};
use crate::domain::zone::Zone;
use crate::tui::action::Action;
use crate::tui::terminal::key::Key;
use crate::tui::widgets::field::Field;

/// Filters kept for the up arrow.
const REMEMBERED: usize = 50;

#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) query: Query,
    language: Language,
    pub(crate) field: Field,
    pub(crate) typing: bool,
    pub(crate) mistake: Option<Mistake>,
    pub(crate) banks: Vec<String>,
    /// Of the times that name none; the zone of the screen.
    pub(crate) zone: Zone,
    before: Field,
    past: Vec<String>,
    recalled: Option<usize>,
    offers: Vec<Completion>,
    offered: usize,
}

/// In which a filter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// The filter language, of connections or jobs.
    Of(Scope),
    /// The words of the audit.
    Audit,
}

impl Default for Language {
    fn default() -> Self {
        Language::Of(Scope::default())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Changed,
    Same,
}

impl Filter {
    pub(crate) fn of(language: Language, zone: Zone) -> Self {
        let scope = match language {
            Language::Of(scope) => scope,
            Language::Audit => Scope::default(),
        };
        Self {
            query: Query {
                scope,
                ..Query::default()
            },
            language,
            zone,
            ..Self::default()
        }
    }

    pub(crate) fn begin(&mut self) {
        self.typing = true;
        self.before = self.field.clone();
        self.recalled = None;
        self.offers.clear();
    }

    pub(crate) fn act(&mut self, action: Action) -> Done {
        match action {
            Action::FilterAccept => self.accept(),
            Action::Back => {
                self.typing = false;
                self.field = self.before.clone();
                self.read(true)
            }
            Action::FilterComplete => self.complete(),
            Action::FilterEarlier => self.recall(true),
            Action::FilterLater => self.recall(false),
            _ => Done::Same,
        }
    }

    pub(crate) fn press(&mut self, key: Key) -> Done {
        if !self.field.press(key) {
            return Done::Same;
        }
        self.offers.clear();
        self.read(false)
    }

    pub(crate) fn paste(&mut self, text: &str) -> Done {
        self.field.insert(text);
        self.read(false)
    }

    /// The filters that were used, the oldest first.
    pub(crate) fn past(&self) -> &[String] {
        &self.past
    }

    pub(crate) fn recalls(&mut self, past: Vec<String>) {
        self.past = past;
    }

    pub(crate) fn set(&mut self, text: &str) -> Done {
        self.field = Field::of(text);
        self.read(true)
    }

    fn accept(&mut self) -> Done {
        let done = self.read(true);
        if self.mistake.is_none() {
            self.typing = false;
            let text = self.field.text().trim().to_owned();
            if !text.is_empty() && self.past.last() != Some(&text) {
                self.past.push(text);
                let extra = self.past.len().saturating_sub(REMEMBERED);
                self.past.drain(..extra);
            }
        }
        done
    }

    fn recall(&mut self, older: bool) -> Done {
        let at = match (self.recalled, older) {
            (None, true) => self.past.len().checked_sub(1),
            (Some(at), true) => Some(at.saturating_sub(1)),
            (Some(at), false) if at + 1 < self.past.len() => Some(at + 1),
            (_, false) => None,
        };
        let Some(at) = at else { return Done::Same };
        self.recalled = Some(at);
        self.field = Field::of(&self.past[at]);
        self.read(false)
    }

    /// Takes the suggestion for a bad word, else the next completion.
    fn complete(&mut self) -> Done {
        if let Some(fixed) = self.mistake.as_ref().and_then(|m| m.fixed.clone()) {
            self.field = Field::of(&fixed);
            return self.read(false);
        }
        let Language::Of(scope) = self.language else {
            return Done::Same;
        };
        if self.offers.is_empty() {
            self.offers =
                query::complete(self.field.text(), self.field.cursor(), scope, &self.banks);
            self.offered = 0;
        } else {
            self.offered = (self.offered + 1) % self.offers.len();
        }
        let Some(offer) = self.offers.get(self.offered).cloned() else {
            return Done::Same;
        };
        let text: Vec<char> = self.field.text().chars().collect();
        let (start, end) = (offer.range.0.min(text.len()), offer.range.1.min(text.len()));
        let head: String = text[..start]
            .iter()
            .copied()
            .chain(offer.text.chars())
            .collect();
        let tail: String = text[end..].iter().collect();
        self.field = Field::of(&head);
        self.field.append(&tail);
        // A second Tab replaces what this one put there.
        let placed = offer.text.chars().count();
        for offer in &mut self.offers {
            offer.range = (start, start + placed);
        }
        self.read(false)
    }

    pub(crate) fn offer(&self) -> Option<&Completion> {
        self.offers.get(self.offered)
    }

    fn read(&mut self, whole: bool) -> Done {
        let text = self.field.text();
        let read = match self.language {
            Language::Audit => words(text, whole),
            Language::Of(scope) if whole => query::parse_in(text, scope, self.zone).map(Some),
            Language::Of(scope) => {
                let typing = query::parse_typing(text, scope, self.zone);
                typing.map(|typing| Some(typing.query))
            }
        };
        match read {
            Ok(Some(query)) => {
                self.mistake = None;
                let same = match self.language {
                    Language::Audit => query.text == self.query.text,
                    Language::Of(_) => query.expr == self.query.expr,
                };
                self.query = query;
                if same { Done::Same } else { Done::Changed }
            }
            Ok(None) => {
                self.mistake = None;
                Done::Same
            }
            Err(mistake) => {
                self.mistake = Some(mistake);
                Done::Same
            }
        }
    }
}

/// The words of the audit; none while one of them is being typed.
fn words(text: &str, whole: bool) -> Result<Option<Query>, Mistake> {
    match AuditAsked::read(text) {
        Ok(_) => Ok(Some(Query {
            text: text.trim().to_owned(),
            ..Query::default()
        })),
        Err(_) if !whole => Ok(None),
        Err(bad) => Err(Mistake::of_word(text, &bad.word, bad.message())),
    }
}
