//! The database file: how it is opened and migrated, and the threads that hold its connections.

pub(crate) mod backup;
pub(crate) mod doctor;
mod findings;
pub(crate) mod lock_safe_file;
mod meta;
pub(crate) mod migrate;
pub(crate) mod open;
pub(crate) mod threads;

pub(crate) use doctor::Health;
pub(crate) use findings::Look;
pub(crate) use open::Mode;
pub(crate) use threads::Apart;
