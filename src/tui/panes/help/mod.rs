//! The keys of the place help was opened from, as a menu made from the keymap; typing narrows it.

pub(crate) mod update;
pub(crate) mod view;

use crate::tui::action::Action;
use crate::tui::layer::Layer;
use crate::tui::widgets::field::Field;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) action: Action,
    pub(crate) keys: String,
    pub(crate) off: Option<String>,
}

impl Line {
    /// 0 best, none when it does not match. Key letters differ by case, so `P` finds purge first.
    fn rank(&self, typed: &str) -> Option<usize> {
        let typed_low = typed.to_lowercase();
        let (words, name) = (self.action.words().to_lowercase(), self.action.name());
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
    pub(crate) lines: Vec<Line>,
    pub(crate) search: Field,
    pub(crate) cursor: usize,
}

impl Model {
    /// The best first; equals keep their order.
    pub(crate) fn matching(&self) -> Vec<&Line> {
        let typed: Vec<&str> = self.search.text().split_whitespace().collect();
        let rank = |line: &Line| {
            typed
                .iter()
                .map(|word| line.rank(word))
                .sum::<Option<usize>>()
        };
        let mut found: Vec<_> = self
            .lines
            .iter()
            .filter_map(|line| Some((rank(line)?, line)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, line)| line).collect()
    }

    pub(crate) fn current(&self) -> Option<Action> {
        self.matching().get(self.cursor).map(|line| line.action)
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
        let line = |action: Action, keys: &str| Line {
            action,
            keys: keys.into(),
            off: None,
        };
        let lines = vec![
            line(Action::PaneNext, "Tab"),
            line(Action::CopyId, "y i"),
            line(Action::RefreshUser, "a"),
            line(Action::Reload, "R"),
            line(Action::Refresh, "r"),
            line(Action::Purge, "P"),
        ];
        let mut model = Model {
            place: Layer::Connections,
            lines,
            search: Field::default(),
            cursor: 0,
        };
        let mut found = |typed: &str| {
            model.search = Field::default();
            model.search.insert(typed);
            model
                .matching()
                .into_iter()
                .map(|line| line.action)
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
