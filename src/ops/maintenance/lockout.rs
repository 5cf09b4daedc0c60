//! Sets the lockout flag of every connection by this process's limit, which may have changed. Only the list shows the
//! flag; a refusal depends on the count itself.

use crate::ops::{Ops, Result};

impl Ops {
    pub(super) async fn update_lockouts(&self) -> Result<()> {
        let limit = self.limits.refused_sign_ins;
        self.write(move |_, tx| Ok(tx.guard_at(limit)?)).await
    }
}
