//! What keys do to the columns. What is chosen is in force at once.

use super::Model;
use crate::domain::list_columns::Column;
use crate::tui::action::Action;
use crate::tui::model::{Model as Screen, Over};
use crate::tui::panes::messages::Tone;
use crate::tui::panes::rows_moved;

pub(crate) fn open(screen: &mut Screen) {
    screen.over = Some(Over::Columns(Model::of(&screen.list.columns)));
}

pub(crate) fn act(screen: &mut Screen, action: Action) {
    let page = usize::from(screen.size.1.saturating_sub(6));
    let Some(Over::Columns(model)) = &mut screen.over else {
        return;
    };
    let last = model.lines.len() - 1;
    match action {
        Action::Open | Action::Back | Action::Columns => {
            screen.over = None;
            return;
        }
        Action::ColumnShow => {
            let only = model.shown().len() == 1;
            let line = &mut model.lines[model.cursor];
            if only && line.1 {
                let words = "The list keeps one column; show another one first.";
                screen.say(Tone::Bad, words);
                return;
            }
            line.1 = !line.1;
        }
        Action::ColumnDown | Action::ColumnUp => {
            let down = action == Action::ColumnDown;
            let by = if down { 1 } else { -1 };
            let to = model.cursor.saturating_add_signed(by).min(last);
            model.lines.swap(model.cursor, to);
            model.cursor = to;
        }
        Action::ColumnsUsual => *model = Model::of(&Column::USUAL),
        _ => {
            if let Some(by) = rows_moved(action, page) {
                model.cursor = model.cursor.saturating_add_signed(by).min(last);
            }
        }
    }
    screen.list.columns = model.shown();
}
