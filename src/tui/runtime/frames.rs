//! When the next frame may be drawn.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// So many frames that no key caused may follow each other at once, such as those of what a start reads ...
const AT_ONCE: usize = 8;
/// ... but no more in this time, which makes twenty a second.
const SPAN: Duration = Duration::from_millis(400);

/// When the next frame may be drawn: that of a key at once, others at most twenty a second.
#[derive(Default)]
pub(super) struct Frames {
    /// When the last frames were drawn that no key caused.
    others: VecDeque<Instant>,
    /// Keys were pressed since the last frame.
    pub(super) pressed: bool,
}

impl Frames {
    /// How long the next frame has to wait.
    pub(super) fn behind(&self) -> Duration {
        match self.others.front() {
            Some(first) if !self.pressed && self.others.len() == AT_ONCE => {
                SPAN.saturating_sub(first.elapsed())
            }
            _ => Duration::ZERO,
        }
    }

    pub(super) fn drawn(&mut self) {
        if std::mem::take(&mut self.pressed) {
            return;
        }
        if self.others.len() == AT_ONCE {
            self.others.pop_front();
        }
        self.others.push_back(Instant::now());
    }
}
