//! The mirror of a platform: the platform itself and the budget of calls, whose connections are read, and the outbox.

mod outbox;
mod platform;
mod users;
mod watch;

pub(crate) use platform::{NewPlatform, Slot};
