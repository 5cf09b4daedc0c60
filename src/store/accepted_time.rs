//! The highest time that was accepted, with the count since the start of the system: by it a clock that is wrong is
//! noticed before anything ends by its word.

use crate::domain::clock_check::{Accepted, Present};
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use std::time::Duration;

/// Its name among the short facts.
const NAME: &str = "clock";

impl ReadTxn<'_> {
    /// By how many milliseconds the present is ahead of any time that it can be; none when it can be right. A file that
    /// knows of no time begins with that of the next change.
    pub(crate) fn clock_ahead(&self, present: &Present, margin: Duration) -> Result<Option<i64>> {
        let Some(boot) = &present.boot else {
            return Ok(None);
        };
        let accepted = self.accepted_time()?;
        Ok(accepted.and_then(|it| it.ahead(present.now, boot, margin)))
    }

    /// What is to be written down as accepted; none while that which is there is fresh, or the clock is wrong.
    pub(crate) fn time_to_keep(
        &self,
        present: &Present,
        margin: Duration,
    ) -> Result<Option<Accepted>> {
        let Some(boot) = &present.boot else {
            return Ok(None);
        };
        let now = present.now;
        Ok(match self.accepted_time()? {
            None => Some(Accepted {
                at: now,
                boot: boot.clone(),
            }),
            Some(accepted) => accepted.renewed(now, boot, margin),
        })
    }

    fn accepted_time(&self) -> Result<Option<Accepted>> {
        Ok(self.meta(NAME)?.as_deref().and_then(Accepted::parse))
    }
}

impl WriteTxn<'_> {
    pub(crate) fn accept_time(&self, accepted: &Accepted) -> Result<()> {
        self.set_meta(NAME, &accepted.text())
    }

    /// Keeps the accepted time up to date.
    pub(crate) fn keep_time(&self, present: &Present, margin: Duration) -> Result<()> {
        match self.time_to_keep(present, margin)? {
            Some(accepted) => self.accept_time(&accepted),
            None => Ok(()),
        }
    }
}
