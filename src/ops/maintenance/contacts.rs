//! Profiles that an earlier version stored are found by the phones and emails in them, as newer ones are.

use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};

/// Profiles opened in one transaction: some milliseconds.
const PAGE: usize = 50;

impl Ops {
    /// A page a round; the rest is due at once.
    pub(super) async fn enter_contacts(&self) -> Result<Option<Moment>> {
        let waiting = self.read(|rd| Ok(rd.contacts_wait()?)).await?;
        if !waiting {
            return Ok(None);
        }
        let entered = self.write(|_, tx| Ok(tx.enter_contacts(PAGE)?)).await?;
        Ok((entered == PAGE).then(|| self.now()))
    }
}
