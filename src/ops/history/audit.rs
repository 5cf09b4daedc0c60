//! Read the audit, and check that it is whole. Appending is every other operation's.

use crate::ops::{Ops, Result};
use crate::store::{AuditLine, AuditVerdict};

impl Ops {
    /// The newest lines before a place, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn audit_before(&self, seq: i64, limit: usize) -> Result<Vec<AuditLine>> {
        self.store
            .read(move |rd| Ok(rd.audit_before(seq, limit)?))
            .await
    }

    /// Checks every line against the one before it and the newest against the head.
    ///
    /// # Errors
    /// When the file cannot be read, or the key is missing.
    pub(crate) async fn audit_verify(&self) -> Result<AuditVerdict> {
        self.store.read(|rd| Ok(rd.audit_verify()?)).await
    }

    /// The newest line's place and digest.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn audit_head(&self) -> Result<(i64, [u8; 32])> {
        self.store.read(|rd| Ok(rd.audit_head()?)).await
    }
}
