//! The keys of the place help was opened from, what acts first, and a legend of signs and words; typing narrows it.

mod groups;
pub(crate) mod pages;
pub(crate) mod update;
pub(crate) mod view;

use crate::tui::action::Action;
use crate::tui::layer::Layer;
use crate::tui::widgets::field::Field;

/// A key of a place, and why it is off there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) action: Action,
    pub(crate) keys: String,
    pub(crate) off: Option<String>,
}

/// A line of help: a key, or a sign or word that it explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The heading it stands under.
    pub(crate) group: &'static str,
    pub(crate) keys: String,
    pub(crate) words: String,
    /// The action's in the keymap.
    name: &'static str,
    pub(crate) off: Option<String>,
    /// What Enter runs; none of a sign or word.
    pub(crate) run: Option<Action>,
}

impl Entry {
    /// 0 best, none when it does not match. Key letters differ by case, so `P` finds purge first.
    fn rank(&self, typed: &str) -> Option<usize> {
        let typed_low = typed.to_lowercase();
        let (words, name) = (self.words.to_lowercase(), self.name);
        let begins = |text: &str, between: &[char]| {
            text.split(between).any(|part| part.starts_with(&typed_low))
        };
        let holds = |text: &str| text.to_lowercase().contains(&typed_low);
        [
            self.keys.split(' ').any(|key| key == typed),
            words.starts_with(&typed_low)
                || name.starts_with(&typed_low)
                || self.keys.to_lowercase().starts_with(&typed_low),
            begins(&words, &[' ']) || begins(name, &['.', '-']),
            holds(&words) || holds(name) || holds(&self.keys),
        ]
        .iter()
        .position(|found| *found)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) place: Layer,
    pub(crate) entries: Vec<Entry>,
    pub(crate) search: Field,
    pub(crate) cursor: usize,
}

impl Model {
    /// The best first; equals keep their order.
    pub(crate) fn matching(&self) -> Vec<&Entry> {
        let typed: Vec<&str> = self.search.text().split_whitespace().collect();
        let rank = |entry: &Entry| {
            typed
                .iter()
                .map(|word| entry.rank(word))
                .sum::<Option<usize>>()
        };
        let mut found: Vec<_> = self
            .entries
            .iter()
            .filter_map(|entry| Some((rank(entry)?, entry)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    pub(crate) fn current(&self) -> Option<Action> {
        self.matching().get(self.cursor).and_then(|entry| entry.run)
    }

    pub(crate) fn step(&mut self, by: isize) {
        let last = self.matching().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_the_word_stands_before_what_holds_it() {
        let entry = |action: Action, keys: &str| Entry {
            group: "",
            keys: keys.into(),
            words: action.words().into(),
            name: action.name(),
            off: None,
            run: Some(action),
        };
        let entries = vec![
            entry(Action::PaneNext, "Tab"),
            entry(Action::CopyId, "y i"),
            entry(Action::RefreshUser, "a"),
            entry(Action::Reload, "R"),
            entry(Action::Refresh, "r"),
            entry(Action::Purge, "P"),
        ];
        let mut model = Model {
            place: Layer::Connections,
            entries,
            search: Field::default(),
            cursor: 0,
        };
        let mut found = |typed: &str| {
            model.search = Field::default();
            model.search.insert(typed);
            model
                .matching()
                .into_iter()
                .filter_map(|entry| entry.run)
                .collect::<Vec<_>>()
        };
        assert_eq!(found("refresh"), [Action::RefreshUser, Action::Refresh]);
        assert_eq!(found("P")[..2], [Action::Purge, Action::PaneNext]);
        assert_eq!(found("r")[0], Action::Refresh);
        assert_eq!(found("R")[0], Action::Reload);
        assert_eq!(found("copy id"), [Action::CopyId]);
        assert_eq!(found("nothing of this"), []);
    }
}
