//! The end of an open-banking arrangement (domain 2.3, row 19): when its date has passed an active
//! connection becomes invalid, and the user has to authorise again.

use crate::domain::connection::Happening;
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};
use crate::store::{ReadTxn, WriteTxn};

/// So many are ended in one transaction.
const AT_ONCE: usize = 200;

impl Ops {
    /// Ends the arrangements whose date has passed; answers when the next one ends.
    pub(super) async fn lapse_arrangements(&self) -> Result<Option<Moment>> {
        loop {
            let now = self.now();
            let next: Result<Option<Moment>> = self
                .store
                .read(|rd: &ReadTxn<'_>| Ok(rd.next_lapse()?))
                .await;
            match next? {
                Some(at) if at <= now => self.lapse_some(now).await?,
                next => return Ok(next),
            }
        }
    }

    async fn lapse_some(&self, now: Moment) -> Result<()> {
        let ops = self.clone();
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                for row in tx.lapsed(now, AT_ONCE)? {
                    ops.transit(tx, &row, Happening::Expired, now)?;
                }
                Ok(())
            })
            .await
    }
}
