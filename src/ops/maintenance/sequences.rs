//! Resumes sequences whose lease has run out: their process has died, or they wait for something.

use crate::domain::ids::SequenceId;
use crate::domain::moment::Moment;
use crate::domain::sequence::Sequence;
use crate::ops::sequence::{Run, Went};
use crate::ops::{Error, Ops, Result};

impl Ops {
    /// Returns when the next one is due.
    pub(super) async fn resume_sequences(&self) -> Result<Option<Moment>> {
        let mut next = Vec::new();
        for it in self.open_sequences().await? {
            next.extend(self.resume_old(it).await?);
        }
        Ok(next.into_iter().min())
    }

    async fn resume_old(&self, it: Sequence) -> Result<Option<Moment>> {
        let now = self.now();
        // a lease further ahead than any lease can be was written by a clock that was wrong
        let waits = it
            .lease
            .filter(|until| *until > now && *until <= now.plus(self.limits.lease * 2));
        if waits.is_some() {
            return Ok(waits);
        }
        self.go_on_old(&it.id).await
    }

    /// Goes on with one as far as can be done now; answers when it can be done again.
    pub(super) async fn go_on_old(&self, id: &SequenceId) -> Result<Option<Moment>> {
        let mut run = Run::of(self, id);
        loop {
            match run.step().await {
                Ok(Went::On(_)) => {}
                Ok(Went::Ended(_)) => return Ok(None),
                Ok(Went::Waits(_, until)) => return Ok(Some(until)),
                // another process continued it
                Err(Error::Changed(_)) => return Ok(None),
                Err(other) => return Err(other),
            }
        }
    }
}
