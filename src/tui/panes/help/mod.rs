//! The keys of the place help was opened from, as a menu: typing narrows it, Enter runs the line. Made
//! from the keymap, so it cannot disagree with it.

use crate::tui::action::Action;
use crate::tui::layer::Layer;
use crate::tui::role::Role;
use crate::tui::sign::CURSOR;
use crate::tui::widgets::canvas::{Row, span, text};
use crate::tui::widgets::field::Field;

/// One line of help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it does.
    pub action: Action,
    /// Its keys, for people.
    pub keys: String,
    /// Why it is off, if it is.
    pub off: Option<String>,
}

/// The pane's state.
#[derive(Clone, Debug)]
pub struct Model {
    /// Of which place.
    pub place: Layer,
    /// All lines.
    pub lines: Vec<Line>,
    /// What narrows them.
    pub search: Field,
    /// The line under the cursor, among those that match.
    pub cursor: usize,
}

impl Model {
    /// The lines that hold every word that was typed.
    pub fn matching(&self) -> Vec<&Line> {
        let words: Vec<String> = self.search.text().split_whitespace().map(str::to_lowercase).collect();
        let holds = |line: &&Line| {
            let all = format!("{} {} {}", line.keys, line.action.words(), line.action.name()).to_lowercase();
            words.iter().all(|word| all.contains(word.as_str()))
        };
        self.lines.iter().filter(holds).collect()
    }

    /// The action under the cursor.
    pub fn current(&self) -> Option<Action> {
        self.matching().get(self.cursor).map(|line| line.action)
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        let last = self.matching().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }
}

/// The rows of the pane.
pub fn content(model: &Model) -> Vec<Row> {
    let lines = model.matching();
    if lines.is_empty() {
        return vec![vec![span("Nothing here is called that.", Role::Dim)]];
    }
    let wide = model.lines.iter().map(|l| l.keys.chars().count()).max().unwrap_or(0).min(20);
    let row = |(i, line): (usize, &&Line)| {
        let off = line.off.is_some();
        let mut row = vec![
            text(if i == model.cursor { format!("{CURSOR} ") } else { "  ".into() }),
            span(format!("{:<wide$}  ", line.keys), if off { Role::Disabled } else { Role::HintKey }),
            span(line.action.words(), if off { Role::Disabled } else { Role::Text }),
        ];
        if let Some(reason) = &line.off {
            row.push(span(format!("  (off: {reason})"), Role::Disabled));
        }
        row
    };
    lines.iter().enumerate().map(row).collect()
}
