//! The steps about a whole user: end of the consent, removal, proof.

use super::WorkflowSteps;
use crate::domain::act::{ActKind, Plan};
use crate::domain::certificate::{Certificate, Rows};
use crate::domain::connection::{Happening, Status};
use crate::domain::ids::{JobId, UserId};
use crate::domain::moment::Moment;
use crate::domain::{consent, counts, job};
use crate::engine::{self, StepResult};
use crate::ops::{Ops, Result, not_found};
use crate::store::{ERASED, NewEvent, ReadTxn, Scan, WriteTxn};

impl WorkflowSteps {
    /// Does a step in the transaction that records it, unless another process has taken the workflow since.
    async fn in_one(
        &self,
        plan: &Plan,
        work: impl FnOnce(&Ops, &WriteTxn<'_>, &mut Plan, &UserId) -> Result<()> + Send + 'static,
    ) -> Result<StepResult> {
        let (was, user) = (plan.clone(), user_of(plan)?);
        self.ops
            .write(move |ops, tx| {
                // before anything: a destroyed key does not come back with the transaction
                let held = tx.plan_head(&was.head.id)?;
                if held.is_none_or(|h| h.epoch != was.head.epoch || h.finished.is_some()) {
                    return Err(engine::Error::Overtaken(was.head.id).into());
                }
                let mut plan = was.clone();
                work(ops, tx, &mut plan, &user)?;
                let recorded = engine::record_step(tx, &was, plan, &ops.performer(), ops.now())?;
                Ok(StepResult::Recorded(Box::new(recorded)))
            })
            .await
    }

    /// The intent is on disk, so a key destroyed before a crash is no loss: the rest is done again.
    pub(super) async fn end_consent(&mut self, plan: &Plan) -> Result<StepResult> {
        let user = user_of(plan)?;
        let known = self
            .ops
            .read(move |rd| {
                let mut known = Vec::new();
                for bank in rd.banks_of(&user)? {
                    known.extend(rd.needles(&user, &bank)?);
                }
                Ok(known)
            })
            .await?;
        self.needles.extend(known);
        self.in_one(plan, |ops, tx, plan, user| {
            ops.end_consent_in(tx, plan, user)
        })
        .await
    }

    /// What was readable of the user's own record is looked for afterwards.
    pub(super) async fn remove_user(&mut self, plan: &Plan) -> Result<StepResult> {
        let user = user_of(plan)?;
        let known = self.ops.read(move |rd| Ok(rd.user_needles(&user)?)).await?;
        self.needles.extend(known);
        self.in_one(plan, |ops, tx, plan, user| {
            let now = ops.now();
            if tx.remove_user(user)? {
                let actor = &ops.caller.actor;
                ops.record_event(tx, &NewEvent::of_user("user", "deleted", user, actor), now)?;
            }
            plan.succeed("removed, with all that hung on it".into(), None, now);
            Ok(())
        })
        .await
    }

    /// Looks for what has to be gone, and says in a certificate that it is.
    pub(super) async fn verify(&mut self, plan: &Plan) -> Result<StepResult> {
        let needles = std::mem::take(&mut self.needles);
        let seen = self.ops.store.scan_files(needles).await?;
        let (was, user, now) = (plan.clone(), user_of(plan)?, self.ops.now());
        self.ops
            .write(move |ops, tx| ops.verify_in(tx, &was, &user, seen, now))
            .await
    }
}

fn user_of(plan: &Plan) -> Result<UserId> {
    let user = plan.head.user.clone();
    user.ok_or_else(|| not_found("user", plan.head.target()))
}

/// What of these has to be gone and is not.
fn remains(kind: ActKind, after: &Rows) -> Vec<String> {
    let counted = match kind {
        ActKind::DeleteUser => after.len(),
        _ => ERASED,
    };
    let left = after.iter().take(counted).filter(|(_, count)| *count > 0);
    left.map(|(table, count)| format!("{count} {table}"))
        .collect()
}

/// The certificates of its purges. A purge done anew has two, of which the step names the last.
fn purges(
    rd: &ReadTxn<'_>,
    user: &UserId,
    since: Moment,
    jobs: &[JobId],
) -> Result<Vec<Certificate>> {
    let own = |proof: &Certificate| {
        proof.kind == job::Kind::Purge.word()
            && (proof.started >= since || jobs.iter().any(|id| id.as_str() == proof.id))
    };
    let proven = rd.certificates_of(user)?;
    Ok(proven.into_iter().filter(own).collect())
}

impl Ops {
    fn end_consent_in(&self, tx: &WriteTxn<'_>, plan: &mut Plan, user: &UserId) -> Result<()> {
        let now = self.now();
        let mut ended = 0;
        let all = tx.connections_of(user, None)?;
        for row in all.iter().filter(|row| row.status != Status::Deleted) {
            self.end_open_job(tx, &row.id, now)?;
            self.end(tx, row, Happening::ConsentEnded, now)?;
            ended += 1;
        }
        let (mut accounts, mut transactions) = (0, 0);
        for bank in tx.banks_of(user)? {
            let counts = tx.purge(user, &bank)?;
            accounts += counts.accounts;
            transactions += counts.transactions;
        }
        tx.drop_waiting_of(user)?;
        let mut what = format!(
            "{} ended, {}, {} deleted",
            counts::count(ended, "connection"),
            counts::count(accounts, "account"),
            counts::count(transactions, "transaction")
        );
        if let Some(mut consent) = tx.active_consent(user)? {
            consent.status = consent.ending(now);
            consent.revoked = (consent.status == consent::Status::Revoked).then_some(now);
            consent.updated = now;
            tx.save_consent(&consent)?;
            let word = consent.status.word();
            let actor = &self.caller.actor;
            self.record_event(tx, &NewEvent::of_user("consent", word, user, actor), now)?;
            let (id, reason) = (consent.id.as_str(), &plan.head.reason);
            self.audit(
                tx,
                "end-consent",
                id,
                &format!("{word}: {what}"),
                reason,
                now,
            )?;
            what = format!("consent {word}, {what}");
        }
        plan.succeed(what, None, now);
        Ok(())
    }

    fn verify_in(
        &self,
        tx: &WriteTxn<'_>,
        was: &Plan,
        user: &UserId,
        seen: Scan,
        now: Moment,
    ) -> Result<StepResult> {
        let mut plan = was.clone();
        let id = plan.head.id.clone();
        let after = tx.left_of(user)?;
        let mut wrong = remains(plan.head.kind, &after);
        let draft = tx.certificate_draft(id.as_str())?.unwrap_or_default();
        for (bank, slot) in &draft.keys {
            if !tx.key_gone(*slot)? {
                wrong.push(format!("the data key of {bank}"));
            }
        }
        if seen.hits > 0 {
            wrong.push(format!("{} of {} values", seen.hits, seen.needles));
        }
        let jobs: Vec<JobId> = plan.steps.iter().filter_map(|s| s.job.clone()).collect();
        let purges = purges(tx, user, plan.head.made, &jobs)?;
        let needles = seen.needles + purges.iter().map(|proof| proof.needles).sum::<u64>();
        let values = counts::count(needles, "value");
        match wrong.is_empty() {
            true => plan.succeed(
                format!("keys gone, rows gone, 0 of {values} found"),
                None,
                now,
            ),
            false => plan.stop(
                &format!("not verified; still there: {}", wrong.join(", ")),
                now,
            ),
        }
        let plan = engine::record_step(tx, was, plan, &self.performer(), now)?;
        if wrong.is_empty() {
            let proven = Certificate {
                id: id.to_string(),
                kind: plan.head.kind.word().into(),
                user: Some(user.clone()),
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
        }
        Ok(StepResult::Recorded(Box::new(plan)))
    }
}
