//! What the list shows as held back is measured by the limit of whoever counted the refused sign-in. When the
//! limit was changed since, the rows follow as soon as a process with the new one begins to run jobs; what is
//! refused and what is asked goes by the count alone and is never late.

use crate::ops::{Ops, Result};
use crate::store::WriteTxn;

impl Ops {
    /// Measures the counts of refused sign-ins by this process's limit.
    pub(super) async fn measure_guard(&self) -> Result<()> {
        let limit = self.limits.refused_sign_ins;
        self.store
            .write(move |tx: &WriteTxn<'_>| Ok(tx.guard_at(limit)?))
            .await
    }
}
