//! Expires consents at the bank (open banking): the connection becomes invalid until the user authorises again. Only the
//! user can do that, so nothing expires while the clock looks wrong.

use crate::domain::connection::Happening;
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};

const AT_ONCE: usize = 200;

impl Ops {
    /// Returns when the next one expires.
    pub(super) async fn expire_bank_consents(&self) -> Result<Option<Moment>> {
        loop {
            let (ops, present) = (self.clone(), self.clock.present());
            let (now, looked) = (present.now, present.clone());
            let next = self.read(move |rd| match ops.ahead_at(rd, &looked)? {
                Some(_) => Ok(None),
                None => Ok(rd.next_lapse()?),
            });
            match next.await? {
                Some(at) if at <= now => {}
                next => return Ok(next),
            }
            let went_on = self.write(move |ops, tx| {
                if ops.ahead_at(tx, &present)?.is_some() {
                    return Ok(false);
                }
                for row in tx.lapsed(now, AT_ONCE)? {
                    ops.transit(tx, &row, Happening::Expired, now)?;
                }
                Ok(true)
            });
            if !went_on.await? {
                return Ok(None);
            }
        }
    }
}
