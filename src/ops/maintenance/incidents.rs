//! Ends incidents of banks that nobody asks any more: there is no fetch that would show that they work.

use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};

impl Ops {
    pub(super) async fn end_silent_incidents(&self) -> Result<Option<Moment>> {
        let next = self.read(|rd| Ok(rd.next_silence()?)).await?;
        if next.is_none_or(|at| at > self.now()) {
            return Ok(next);
        }
        self.write(|ops, tx| Ok(tx.end_silent_incidents(ops.now())?))
            .await?;
        self.read(|rd| Ok(rd.next_silence()?)).await
    }
}
