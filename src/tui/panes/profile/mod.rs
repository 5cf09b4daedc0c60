//! The person behind the selected connection, masked, and what is stored of them.

mod accounts;
mod reason;
mod rows;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::ids::ConnectionId;
use crate::domain::views::ConnectionPane;

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// What was read last; it may be of another connection than the selected one.
    pub(crate) shown: Option<Box<ConnectionPane>>,
    pub(crate) asked: Option<ConnectionId>,
    pub(crate) scroll: usize,
}

impl Model {
    pub(crate) fn of(&self, id: &ConnectionId) -> Option<&ConnectionPane> {
        self.shown.as_deref().filter(|pane| pane.row.id == *id)
    }
}
