//! The database file: how it is opened and migrated, and the threads that hold its connections.

pub(crate) mod backup;
pub(crate) mod doctor;
mod findings;
pub(crate) mod lock_safe_file;
mod masked_jobs;
mod meta;
pub(crate) mod migrate;
pub(crate) mod open;
mod readable_tables;
mod tables;
pub(crate) mod threads;

pub(crate) use doctor::Health;
pub(crate) use findings::Look;
pub(crate) use open::Mode;
pub(crate) use readable_tables::{WHAT_TO_DO, what_can_be_read};
pub(crate) use tables::ours;
pub(crate) use threads::Apart;
