//! Opening the messages and scrolling them.

use super::rows::rows;
use crate::tui::model::{Model, Over};

pub(crate) fn open(model: &mut Model) {
    model.notices.scroll = 0;
    model.notices.unseen = 0;
    model.over = Some(Over::Messages);
}

pub(crate) fn scroll(model: &mut Model, by: isize) {
    let area = model.over_area();
    let rows = rows(model, usize::from(area.width.saturating_sub(4))).len();
    let most = rows.saturating_sub(usize::from(area.height.saturating_sub(2)));
    let scroll = &mut model.notices.scroll;
    *scroll = scroll.saturating_add_signed(by).min(most);
}
