//! The person behind the selected connection, masked, and what is stored of them.

pub(crate) mod view;

use crate::domain::ids::ConnectionId;
use crate::tui::event::ProfilePane;

/// The pane's state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// What was read last; it may be of another connection than the selected one.
    pub(crate) shown: Option<Box<ProfilePane>>,
    /// What was asked for last.
    pub(crate) asked: Option<ConnectionId>,
    /// Rows scrolled away.
    pub(crate) scroll: usize,
}

impl Model {
    /// What was read, if it is of this connection.
    pub(crate) fn of(&self, id: &ConnectionId) -> Option<&ProfilePane> {
        self.shown.as_deref().filter(|pane| pane.row.id == *id)
    }
}
