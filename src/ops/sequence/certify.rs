//! The end of a consent, the removal of a user, and the proof: what the acts of one connection do not reach.

use super::run::{Did, Run};
use crate::domain::certificate::{Certificate, Rows};
use crate::domain::connection::{Happening, Status};
use crate::domain::ids::JobId;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::sequence::{Kind, Sequence};
use crate::domain::{consent, job, time_format};
use crate::ops::{Error, Ops, Result};
use crate::store::{ERASED, NewEvent, ReadTxn, Scan, WriteTxn};

impl Run {
    /// Ends every connection that is left, deletes all data with its keys, and ends the consent, in one
    /// transaction (docs/domain.md 2.3, row 23). The intent is on disk, so a key destroyed before a crash is no loss:
    /// the rest is done again.
    pub(super) async fn end_consent(&mut self, it: &Sequence) -> Result<Did> {
        let user = it.user.clone();
        let known: Result<Vec<Secret>> = self
            .ops
            .store
            .read(move |rd: &ReadTxn<'_>| {
                let mut known = Vec::new();
                for bank in rd.banks_of(&user)? {
                    known.extend(rd.needles(&user, &bank)?);
                }
                Ok(known)
            })
            .await;
        self.needles.extend(known?);
        let (ops, it) = (self.ops.clone(), it.clone());
        self.ops
            .store
            .write(move |tx: &WriteTxn<'_>| ops.end_consent_in(tx, it))
            .await
    }

    /// Removes the rows of a user. What was readable of the user's own record is looked for afterwards.
    pub(super) async fn remove_user(&mut self, it: &Sequence) -> Result<Did> {
        let user = it.user.clone();
        let known: Result<Vec<Secret>> = self
            .ops
            .store
            .read(move |rd: &ReadTxn<'_>| Ok(rd.user_needles(&user)?))
            .await;
        self.needles.extend(known?);
        let (ops, mut it) = (self.ops.clone(), it.clone());
        self.ops
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let now = ops.now();
                ours(tx, &it)?;
                let removed = tx.remove_user(&it.user)?;
                if removed {
                    ops.tell(tx, "user", "deleted", &it, now)?;
                }
                it.succeed(Some("removed, with all that hung on it".into()), None, now);
                ops.written(tx, it)
            })
            .await
    }

    /// Looks for what has to be gone, and says in a certificate that it is.
    pub(super) async fn verify(&mut self, it: &Sequence) -> Result<Did> {
        let seen = self
            .ops
            .store
            .scan_files(std::mem::take(&mut self.needles))
            .await?;
        let (ops, it) = (self.ops.clone(), it.clone());
        self.ops
            .store
            .write(move |tx: &WriteTxn<'_>| ops.verify_in(tx, it, seen))
            .await
    }
}

/// What of these has to be gone and is not.
fn remains(kind: Kind, after: &Rows) -> Vec<String> {
    let counted = if kind == Kind::DeleteUser {
        after.len()
    } else {
        ERASED
    };
    let left = after.iter().take(counted).filter(|(_, count)| *count > 0);
    left.map(|(table, count)| format!("{count} {table}"))
        .collect()
}

/// The proofs of its purges. Each searched for what it deleted, and says so on disk: whoever ends the sequence
/// need not be who purged. One done anew has two, of which the step names the last.
fn purges(rd: &ReadTxn<'_>, it: &Sequence, jobs: &[JobId]) -> Result<Vec<Certificate>> {
    let proven = rd
        .certificates_of(&it.user)?
        .into_iter()
        .filter(|proof| proof.kind == job::Kind::Purge.word());
    let own = |proof: &Certificate| {
        proof.started >= it.created || jobs.iter().any(|id| id.as_str() == proof.id)
    };
    Ok(proven.filter(own).collect())
}

/// Whether this process still has it in hand. Somebody else may have ended it since, and what is stored now
/// is not meant.
fn ours(tx: &WriteTxn<'_>, it: &Sequence) -> Result<()> {
    match tx.sequence(&it.id)? {
        Some(held) if held.epoch == it.epoch && held.ended.is_none() => Ok(()),
        _ => Err(Error::Changed(format!(
            "another process goes on with sequence {}",
            it.id
        ))),
    }
}

impl Ops {
    fn end_consent_in(&self, tx: &WriteTxn<'_>, mut it: Sequence) -> Result<Did> {
        let now = self.now();
        // before anything: a destroyed key does not come back with the transaction
        ours(tx, &it)?;
        let mut ended = 0;
        for row in tx
            .connections_of(&it.user, None)?
            .into_iter()
            .filter(|row| row.status != Status::Deleted)
        {
            self.end_open_job(tx, &row.id, now)?;
            self.end(tx, &row, Happening::ConsentEnded, now)?;
            ended += 1;
        }
        let (mut accounts, mut transactions) = (0, 0);
        for bank in tx.banks_of(&it.user)? {
            let counts = tx.purge(&it.user, &bank)?;
            (accounts, transactions) = (
                accounts + counts.accounts,
                transactions + counts.transactions,
            );
        }
        tx.drop_waiting_of(&it.user)?;
        let mut what = format!(
            "{} ended, {}, {} deleted",
            time_format::count(ended, "connection"),
            time_format::count(accounts, "account"),
            time_format::count(transactions, "transaction")
        );
        if let Some(mut consent) = tx.active_consent(&it.user)? {
            consent.status = consent.ending(now);
            consent.revoked = (consent.status == consent::Status::Revoked).then_some(now);
            consent.updated = now;
            tx.save_consent(&consent)?;
            self.tell(tx, "consent", consent.status.word(), &it, now)?;
            let outcome = format!("{}: {what}", consent.status.word());
            tx.append_audit(
                &self.entry("end-consent", consent.id.as_str(), &outcome, &it.reason),
                now,
            )?;
            what = format!("consent {}, {what}", consent.status.word());
        }
        it.succeed(Some(what), None, now);
        self.written(tx, it)
    }

    fn verify_in(&self, tx: &WriteTxn<'_>, mut it: Sequence, seen: Scan) -> Result<Did> {
        let now = self.now();
        let after = tx.left_of(&it.user)?;
        let mut wrong = remains(it.kind, &after);
        let draft = tx.certificate_draft(it.id.as_str())?.unwrap_or_default();
        for (bank, slot) in &draft.keys {
            if !tx.key_gone(*slot)? {
                wrong.push(format!("the data key of {bank}"));
            }
        }
        if seen.hits > 0 {
            wrong.push(format!("{} of {} values", seen.hits, seen.needles));
        }
        if !wrong.is_empty() {
            it.stop(
                &format!("not verified; still there: {}", wrong.join(", ")),
                now,
            );
            return self.written(tx, it);
        }
        let jobs: Vec<JobId> = it.steps.iter().filter_map(|s| s.job.clone()).collect();
        let purges = purges(tx, &it, &jobs)?;
        let needles = seen.needles + purges.iter().map(|proof| proof.needles).sum::<u64>();
        it.succeed(
            Some(format!(
                "keys gone, rows gone, 0 of {} found",
                time_format::count(needles, "value")
            )),
            None,
            now,
        );
        let did = self.written(tx, it.clone())?;
        let proven = Certificate {
            id: it.id.to_string(),
            kind: it.kind.word().into(),
            user: Some(it.user.clone()),
            after,
            files: seen.files,
            needles,
            hits: seen.hits,
            ended: now,
            audit: tx.audit_head()?.0,
            jobs,
            purges: purges.into_iter().map(|proof| proof.id).collect(),
            ..draft
        };
        tx.issue_certificate(&proven, now)?;
        Ok(did)
    }

    /// Writes a step down together with what it did. When somebody else has the sequence, nothing was done.
    fn written(&self, tx: &WriteTxn<'_>, mut it: Sequence) -> Result<Did> {
        if it.ended.is_none() {
            it.lease = Some(self.now().plus(self.limits.lease));
        }
        if !tx.save_sequence(&it, it.epoch)? {
            return Err(Error::Changed(format!(
                "another process goes on with sequence {}",
                it.id
            )));
        }
        self.note_end(tx, &it, self.now())?;
        Ok(Did::Written(Box::new(it)))
    }

    fn tell(
        &self,
        tx: &WriteTxn<'_>,
        entity: &'static str,
        what: &str,
        it: &Sequence,
        now: Moment,
    ) -> Result<()> {
        let event = NewEvent {
            entity,
            event_type: what,
            user: Some(&it.user),
            connection: None,
            job: None,
            count: None,
            actor: &self.caller.actor,
        };
        Ok(tx.append_event(&self.event_id(), &event, now)?)
    }
}
