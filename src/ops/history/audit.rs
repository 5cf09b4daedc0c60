//! Reads the audit and verifies it.

use crate::domain::audit_words::AuditAsked;
use crate::domain::until::Point;
use crate::domain::zone::Zone;
use crate::ops::{Error, Ops, Result};
use crate::store::{AuditFilter, AuditHead, AuditLine, AuditVerdict};

impl Ops {
    /// A user who was deleted is not found any more, and is taken as typed.
    /// `zone`: in which times without one were typed.
    pub(crate) async fn audit_filter(&self, asked: &AuditAsked, zone: Zone) -> Result<AuditFilter> {
        let user = match &asked.user {
            None => None,
            Some(text) => match self.resolve_user(text).await {
                Ok(id) => Some(id.to_string()),
                Err(Error::NotFound { .. }) => Some(text.clone()),
                Err(other) => return Err(other),
            },
        };
        let now = self.now();
        let moment = |point: Option<&Point>| point.and_then(|it| it.from(now, zone));
        Ok(AuditFilter {
            user,
            actor: asked.actor.clone(),
            action: asked.action.clone(),
            since: moment(asked.since.as_ref()),
            until: moment(asked.until.as_ref()),
        })
    }

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
