//! A platform over HTTP: its answers are taken in here, and what is in the outbox is sent there. Everything that has to
//! hold is in the file; this room only calls.

mod acts;
mod client;
mod duty;
mod look_up;
mod platform;
mod probe;
mod reading;
mod sync;
mod unsure;

pub(crate) use client::Error;
pub(crate) use duty::Duty;
pub(crate) use probe::probe;
pub(crate) use sync::sync;
