//! What a purge writes down: a draft before it deletes, and the certificate in the transaction that ends it as done.

use super::Performer;
use crate::domain::certificate::{Certificate, Stored};
use crate::domain::job::{Job, Kind};
use crate::domain::moment::Moment;
use crate::engine::Result;
use crate::store::{Purged, ReadTxn, Scan, WriteTxn};

pub(crate) fn draft(
    rd: &ReadTxn<'_>,
    job: &Job,
    operator: &str,
    reason: &str,
) -> Result<Certificate> {
    let slots = rd.key_slots(&job.user, Some(&job.institution))?;
    Ok(Certificate {
        id: job.id.to_string(),
        kind: Kind::Purge.word().into(),
        user: Some(job.user.clone()),
        institution: Some(job.institution.clone()),
        connection: Some(job.connection.clone()),
        keys: slots.held,
        absent: slots.absent,
        before: rd.purge_counts(&job.user, &job.institution)?.rows(),
        sqlite: rd.sqlite_version().into(),
        started: job.created,
        operator: operator.into(),
        reason: reason.into(),
        ..Certificate::default()
    })
}

/// Writes down what was there when it went. What came since the order has a newer key.
pub(crate) fn counted(tx: &WriteTxn<'_>, job: &Job, purged: &Purged) -> Result<()> {
    let Some(mut draft) = tx.certificate_draft(job.id.as_str())? else {
        return Ok(());
    };
    draft.before = purged.counts.rows();
    let key = purged.key.map(|(slot, _)| (job.institution.clone(), slot));
    if let Some(key) = key.filter(|key| !draft.keys.contains(key) && !draft.absent.contains(key)) {
        draft.keys.push(key);
    }
    Ok(tx.draft_certificate(&draft)?)
}

/// Writes the certificate of a purge that is proven, with its line in the audit.
pub(crate) fn issue(
    tx: &WriteTxn<'_>,
    job: &Job,
    stored: Option<Stored>,
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
        stored: Some(stored.unwrap_or_default()),
        needles: seen.needles,
        hits: seen.hits,
        sqlite: tx.sqlite_version().into(),
        ended: now,
        audit: tx.audit_head()?.0,
        ..proven
    };
    tx.issue_certificate(&proven, now)?;
    Ok(tx.list_served(job.id.as_str())?)
}

/// Ends a purge of nothing, which has nothing to prove.
pub(crate) fn nothing(tx: &WriteTxn<'_>, job: &Job, by: &Performer, now: Moment) -> Result<()> {
    tx.drop_draft(job.id.as_str())?;
    tx.list_served(job.id.as_str())?;
    let target = job.connection.as_str();
    let entry = by.entry(Kind::Purge.word(), target, "done: nothing was stored");
    Ok(tx.append_audit(&entry, now)?)
}

/// The values stay, so that the next purge searches for them too.
pub(crate) fn refuse(tx: &WriteTxn<'_>, job: &Job, by: &Performer, now: Moment) -> Result<()> {
    tx.drop_draft(job.id.as_str())?;
    tx.keep_list(job.id.as_str())?;
    let target = job.connection.as_str();
    let entry = by.entry(Kind::Purge.word(), target, "failed: purge-not-verified");
    Ok(tx.append_audit(&entry, now)?)
}
