//! The steps about a whole user: end of the consent, removal, proof.

use super::WorkflowSteps;
use crate::domain::act::{ActKind, Plan};
use crate::domain::certificate::{Certificate, Found, Rows, Stored, Verdict};
use crate::domain::connection::{Happening, Status};
use crate::domain::ids::{JobId, UserId};
use crate::domain::moment::Moment;
use crate::domain::{counts, job};
use crate::engine::{self, StepResult};
use crate::ops::{Ops, Result, not_found};
use crate::store::{ERASED, NewEvent, ReadTxn, Scan, Whose, WriteTxn};

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
    pub(super) async fn end_consent(&self, plan: &Plan) -> Result<StepResult> {
        let user = user_of(plan)?;
        // to delete a user from this file is no act at the platform
        if plan.head.kind != ActKind::DeleteUser
            && self.ops.mirrors(&user).await?
            && let Some(not_yet) = self.consent_there(plan, user).await?
        {
            return Ok(not_yet);
        }
        self.in_one(plan, |ops, tx, plan, user| {
            match ops.list_user(tx, plan, user)? {
                // written down before it goes; this step is done in the next turn
                true => Ok(()),
                false => ops.end_consent_in(tx, plan, user),
            }
        })
        .await
    }

    pub(super) async fn remove_user(&self, plan: &Plan) -> Result<StepResult> {
        self.in_one(plan, |ops, tx, plan, user| {
            if ops.list_user(tx, plan, user)? {
                return Ok(());
            }
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
    pub(super) async fn verify(&self, plan: &Plan) -> Result<StepResult> {
        let id = plan.head.id.clone();
        let list = self
            .ops
            .read(move |rd| Ok(rd.search_list(id.as_str())?))
            .await?;
        let (stored, values) = list.map(|l| (l.stored, l.values)).unzip();
        let seen = self
            .ops
            .store
            .scan_files(values.unwrap_or_default())
            .await?;
        let (was, user, now) = (plan.clone(), user_of(plan)?, self.ops.now());
        self.ops
            .write(move |ops, tx| ops.verify_in(tx, &was, &user, stored, seen, now))
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
    /// Writes down what of the user is stored and not yet on the list of this workflow; `true` when there was more.
    pub(crate) fn list_user(&self, tx: &WriteTxn<'_>, plan: &Plan, user: &UserId) -> Result<bool> {
        let whose = Whose::User {
            user: user.clone(),
            record: plan.head.kind == ActKind::DeleteUser,
        };
        Ok(tx.list_values(plan.head.id.as_str(), &whose)?)
    }

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
            tx.note_purge(user, &bank, now)?;
            let counts = tx.purge(user, &bank)?.counts;
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
        if let Some(consent) = tx.active_consent(user)? {
            let consent = self.consent_ends(tx, consent, now)?;
            let word = consent.status.word();
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
        stored: Option<Stored>,
        seen: Scan,
        now: Moment,
    ) -> Result<StepResult> {
        let mut plan = was.clone();
        let id = plan.head.id.clone();
        let after = tx.left_of(user)?;
        let mut remains = remains(plan.head.kind, &after);
        let draft = tx.certificate_draft(id.as_str())?;
        for (bank, slot) in draft.iter().flat_map(|draft| &draft.keys) {
            if !tx.key_gone(*slot)? {
                remains.push(format!("the data key of {bank}"));
            }
        }
        let found = Found {
            stored,
            searched: seen.needles,
            hits: seen.hits,
            remains,
        };
        let verdict = found.verdict(draft.as_ref());
        let jobs: Vec<JobId> = plan.steps.iter().filter_map(|s| s.job.clone()).collect();
        let purges = purges(tx, user, plan.head.made, &jobs)?;
        let stored = stored.unwrap_or_default();
        match &verdict {
            Verdict::Unproven(why) => plan.stop(&format!("not verified: {why}"), now),
            Verdict::Proven | Verdict::Nothing => {
                let note = format!(
                    "keys gone, rows gone, 0 of {} found{}",
                    counts::count(seen.needles, "value"),
                    stored.left_aside()
                );
                plan.succeed(note, None, now);
            }
        }
        let plan = engine::record_step(tx, was, plan, &self.performer(), now)?;
        if !matches!(verdict, Verdict::Unproven(_)) {
            let proven = Certificate {
                id: id.to_string(),
                kind: plan.head.kind.word().into(),
                user: Some(user.clone()),
                after,
                files: seen.files,
                stored: Some(stored),
                needles: seen.needles,
                hits: seen.hits,
                ended: now,
                audit: tx.audit_head()?.0,
                jobs,
                purges: purges.into_iter().map(|proof| proof.id).collect(),
                ..draft.unwrap_or_default()
            };
            tx.issue_certificate(&proven, now)?;
            match plan.head.kind {
                ActKind::DeleteUser => tx.lists_of_user_served(user)?,
                _ => tx.list_served(id.as_str())?,
            }
        }
        Ok(StepResult::Recorded(Box::new(plan)))
    }
}
