//! Reads the audit and verifies it.

use crate::ops::{Ops, Result};
use crate::store::{AuditFilter, AuditHead, AuditLine, AuditVerdict};

impl Ops {
    /// The lines before `seq` that the filter wants, newest first.
    pub(crate) async fn audit_before(
        &self,
        filter: &AuditFilter,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<AuditLine>> {
        let filter = filter.clone();
        self.read(move |rd| match filter == AuditFilter::default() {
            true => Ok(rd.audit_before(seq, limit)?),
            false => Ok(rd.audit_matching(&filter, seq, limit)?),
        })
        .await
    }

    /// `against` is a head that was noted elsewhere.
    pub(crate) async fn audit_verify(&self, against: Option<AuditHead>) -> Result<AuditVerdict> {
        self.read(move |rd| Ok(rd.audit_verify_against(against)?))
            .await
    }

    pub(crate) async fn audit_head(&self) -> Result<(i64, [u8; 32])> {
        self.read(|rd| Ok(rd.audit_head()?)).await
    }
}
