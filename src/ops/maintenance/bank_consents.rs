//! Expires consents at the bank (open banking): the connection becomes invalid until the user authorises again.

use crate::domain::connection::Happening;
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};

const AT_ONCE: usize = 200;

impl Ops {
    /// Returns when the next one expires.
    pub(super) async fn expire_bank_consents(&self) -> Result<Option<Moment>> {
        loop {
            let now = self.now();
            match self.read(|rd| Ok(rd.next_lapse()?)).await? {
                Some(at) if at <= now => {}
                next => return Ok(next),
            }
            self.write(move |ops, tx| {
                for row in tx.lapsed(now, AT_ONCE)? {
                    ops.transit(tx, &row, Happening::Expired, now)?;
                }
                Ok(())
            })
            .await?;
        }
    }
}
