//! Why a connection is as it is: from its row at once, from the store when its answer comes.

pub(crate) mod rows;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::diagnosis::Meaning;
use crate::domain::ids::ConnectionId;
use crate::domain::views::ConnectionRow;

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) id: ConnectionId,
    pub(crate) row: ConnectionRow,
    pub(crate) meaning: Meaning,
    pub(crate) actions: Vec<(String, Result<(), String>)>,
    pub(crate) scroll: usize,
}
