//! What keys ask for, and what stays where it is whatever happens.

mod list;
mod panes;

use crate::domain::act::{ActKind, OneConnection, Outlook, Plan, Selection};
use crate::domain::connection::Label;
use crate::domain::job::{Kind, State};
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Figures, Marks, Page, Place};
use crate::testing::fixtures::{job, now, row, rows};
use crate::testing::lists::page;
use crate::testing::plans::{plan, plan_of};
use crate::testing::screen::Harness;
use crate::tui::effect::{CopyWhat, Effect, Subject};
use crate::tui::event::{Event, Input};
use crate::tui::model::Over;
use crate::tui::panes::Pane;

pub(super) const SIZE: (u16, u16) = (120, 35);

pub(super) fn current(desk: &Harness) -> ConnectionRow {
    desk.model.selected().unwrap().row.clone()
}

pub(super) fn on_active() -> Harness {
    let mut desk = Harness::new(SIZE);
    desk.press("jjjjjjj");
    desk.answer_panes();
    desk
}

/// The plan of a refresh with this against it.
pub(super) fn outlook(row: &ConnectionRow, against: &[&str]) -> Plan {
    let outlook = Outlook {
        against: against.iter().map(|a| (*a).to_owned()).collect(),
        ..crate::testing::plans::outlook(row)
    };
    let one = OneConnection {
        outlook: Some(outlook),
        ..crate::testing::plans::one(ActKind::Refresh, row)
    };
    plan_of(ActKind::Refresh, one)
}
