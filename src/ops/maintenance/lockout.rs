//! Brings the lockout flag of every connection in line with this process's limit of refused sign-ins, in case the
//! limit was changed. Only the list shows the flag; whether a refresh is refused depends on the count itself.

use crate::ops::{Ops, Result};

impl Ops {
    pub(super) async fn update_lockouts(&self) -> Result<()> {
        let limit = self.limits.refused_sign_ins;
        self.write(move |_, tx| Ok(tx.guard_at(limit)?)).await
    }
}
