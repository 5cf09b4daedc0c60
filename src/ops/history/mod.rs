//! What was recorded: the audit, the feed of changes, the certificates of deletions.

mod audit;
mod certificate;
mod events;

pub(crate) use events::EventDetail;
pub(in crate::ops) use events::facts_of;
