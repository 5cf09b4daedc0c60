//! Reads the audit and verifies it.

use crate::ops::{Ops, Result};
use crate::store::{AuditLine, AuditVerdict};

impl Ops {
    /// The lines before `seq`, newest first.
    pub(crate) async fn audit_before(&self, seq: i64, limit: usize) -> Result<Vec<AuditLine>> {
        self.read(move |rd| Ok(rd.audit_before(seq, limit)?)).await
    }

    pub(crate) async fn audit_verify(&self) -> Result<AuditVerdict> {
        self.read(|rd| Ok(rd.audit_verify()?)).await
    }

    pub(crate) async fn audit_head(&self) -> Result<(i64, [u8; 32])> {
        self.read(|rd| Ok(rd.audit_head()?)).await
    }
}
