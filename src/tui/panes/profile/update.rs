//! The keys and events of the profile.

use super::rows::rows;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::Level;
use crate::domain::views::ConnectionPane;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::{Pane, rows_moved};

pub(crate) fn act(model: &mut Model, action: Action) {
    let Some(room) = model.room(Pane::Profile) else {
        return;
    };
    if action == Action::Back {
        model.focus = Pane::Connections;
    } else if let Some(by) = rows_moved(action, usize::from(room.height)) {
        scroll(model, by);
    }
}

pub(crate) fn scroll(model: &mut Model, by: isize) {
    let Some(room) = model.room(Pane::Profile) else {
        return;
    };
    let rows = rows(model, room.width.saturating_sub(2)).len();
    let most = rows.saturating_sub(usize::from(room.height));
    model.profile.scroll = model.profile.scroll.saturating_add_signed(by).min(most);
}

pub(crate) fn follow_cursor(model: &mut Model, id: &ConnectionId) -> Option<Effect> {
    if model.profile.asked.as_ref() == Some(id) {
        return None;
    }
    model.profile.asked = Some(id.clone());
    model.profile.scroll = 0;
    Some(Effect::LoadProfile {
        id: id.clone(),
        level: model.level,
    })
}

pub(crate) fn loaded(
    model: &mut Model,
    id: &ConnectionId,
    level: Level,
    pane: Option<Box<ConnectionPane>>,
) {
    if model.profile.asked.as_ref() == Some(id) && level >= model.level {
        model.profile.shown = pane;
    }
}
