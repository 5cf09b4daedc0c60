//! The one part of the screen that waits: it carries effects out and feeds every input to `update` in order.

mod acts;
mod clipboard;
mod event_loop;
mod executor;
mod frames;
mod handle;
mod held;
mod holds;
mod orders;
mod platform;
mod rows;
mod snapshot;
mod views;

pub(crate) use event_loop::{Dashboard, Ending, Left, Themes, run};
pub(crate) use executor::Documents;
pub(crate) use held::trouble;
pub(crate) use platform::silence;
#[cfg(test)]
pub(crate) use snapshot::Still;
pub(crate) use snapshot::{Snapshot, snapshot};
pub(crate) use views::ViewFile;
