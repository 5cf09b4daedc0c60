//! The one part of the screen that waits: it carries effects out through the operations and feeds what
//! comes back, with keys, ticks and wake-ups, to `update` in one ordered stream. Deliberately absent:
//! anything about the look of a frame, and any rule.

mod bulk;
mod copies;
mod endings;
mod forms;
mod hands;
mod live;
mod still;

pub use hands::{Documents, Hands};
pub use live::{Ending, Live, run};
pub use still::{Still, still};
