//! The one part of the screen that waits: it carries effects out through the operations and feeds what
//! comes back, with keys, ticks and wake-ups, to `update` in one ordered stream. Deliberately absent:
//! anything about the look of a frame, and any rule.

mod bulk;
mod clipboard;
mod endings;
mod event_loop;
mod executor;
mod forms;
mod snapshot;

pub(crate) use event_loop::{Ending, Live, run};
pub(crate) use executor::Documents;
pub(crate) use snapshot::{Still, still};
