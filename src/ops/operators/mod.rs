//! What operators do beside the acts: hold refreshes back, cancel what has not begun, look at causes and histories, and
//! share the work on connections.

mod cancel;
mod causes;
mod handling;
mod hold;
mod incidents;
mod invite;
mod notes;
mod since;
mod timeline;

pub(crate) use crate::domain::handling::NoteShown;
pub(crate) use cancel::Cancelled;
pub(crate) use causes::CauseShown;
pub(crate) use invite::Invitation;
pub(crate) use notes::newest as newest_notes;
