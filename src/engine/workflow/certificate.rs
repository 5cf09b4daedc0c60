//! What a purge writes down: a draft before it deletes, and the certificate in the transaction that ends it as done.

use super::Performer;
use crate::domain::certificate::Certificate;
use crate::domain::ids::JobId;
use crate::domain::job::{Job, Kind};
use crate::domain::moment::Moment;
use crate::engine::Result;
use crate::store::{PurgeCounts, ReadTxn, Scan, WriteTxn};

pub(crate) fn draft(
    rd: &ReadTxn<'_>,
    job: &Job,
    operator: &str,
    reason: &str,
) -> Result<Certificate> {
    let slot = rd.key_slot(&job.user, &job.institution)?;
    Ok(Certificate {
        id: job.id.to_string(),
        kind: Kind::Purge.word().into(),
        user: Some(job.user.clone()),
        institution: Some(job.institution.clone()),
        connection: Some(job.connection.clone()),
        keys: slot
            .map(|slot| (job.institution.clone(), slot))
            .into_iter()
            .collect(),
        before: rd.purge_counts(&job.user, &job.institution)?.rows(),
        sqlite: rd.sqlite_version().into(),
        started: job.created,
        operator: operator.into(),
        reason: reason.into(),
        ..Certificate::default()
    })
}

pub(crate) fn counted(tx: &WriteTxn<'_>, id: &JobId, counts: &PurgeCounts) -> Result<()> {
    if let Some(mut draft) = tx.certificate_draft(id.as_str())? {
        draft.before = counts.rows();
        tx.draft_certificate(&draft)?;
    }
    Ok(())
}

/// Writes the certificate of a purge that is proven, with its line in the audit.
pub(crate) fn issue(
    tx: &WriteTxn<'_>,
    job: &Job,
    seen: &Scan,
    by: &Performer,
    now: Moment,
) -> Result<()> {
    let proven = match tx.certificate_draft(job.id.as_str())? {
        Some(draft) => draft,
        // ordered before there were certificates: what was there before is not known any more
        None => Certificate {
            before: vec![],
            keys: vec![],
            ..draft(tx, job, &by.name, "")?
        },
    };
    let entry = by.entry("certificate", job.id.as_str(), "done: proven");
    tx.append_audit(&entry, now)?;
    let proven = Certificate {
        after: tx.purge_counts(&job.user, &job.institution)?.rows(),
        files: seen.files.clone(),
        needles: seen.needles,
        hits: seen.hits,
        sqlite: tx.sqlite_version().into(),
        ended: now,
        audit: tx.audit_head()?.0,
        ..proven
    };
    Ok(tx.issue_certificate(&proven, now)?)
}

pub(crate) fn refuse(tx: &WriteTxn<'_>, job: &Job, by: &Performer, now: Moment) -> Result<()> {
    tx.drop_draft(job.id.as_str())?;
    let target = job.connection.as_str();
    let entry = by.entry(Kind::Purge.word(), target, "failed: purge-not-verified");
    Ok(tx.append_audit(&entry, now)?)
}
