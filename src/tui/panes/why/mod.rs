//! Why a connection is as it is. What the row tells is there at once; the store's fuller answer takes its
//! place when it comes.

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
    /// What is possible and what is not, with the reason.
    pub(crate) actions: Vec<(String, Result<(), String>)>,
    pub(crate) scroll: usize,
}
