//! Carrying a plan out: each connection is counted again in the transaction of its act, and what came of it
//! is written down in the same one. So a crash loses no outcome and does nothing twice: whoever applies the
//! plan again goes on with the rest, and any number of processes may at a time. Only ids of the plan are
//! ever touched.
//!
//! # Pace
//! Refreshes are only queued; the engine's limits pace them. Purges and revokes are done one after another.

use super::count::{count, refused};
use super::show::head;
use crate::domain::bulk::{Head, Item, Objection, Outcome, changed};
use crate::domain::ids::{JobId, PlanId};
use crate::domain::job::Kind;
use crate::domain::policy::Act;
use crate::domain::secret::Secret;
use crate::ops::purge::Begun;
use crate::ops::{Error, Force, Ops, Refusal, Result};
use crate::store::WriteTxn;
use tokio::task::JoinSet;

/// So many items are read at a time, and so many refreshes asked for at once: they share a commit.
const TOGETHER: usize = 64;

/// What came of applying a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Applied {
    /// The plan as it is now.
    pub(crate) head: Head,
    /// Whether nothing of it was left to do before.
    pub(crate) over: bool,
}

/// What an item led to: its outcome and why, its job, and what its purge has to look for afterwards.
struct Led {
    outcome: Outcome,
    why: String,
    job: Option<JobId>,
    needles: Option<Vec<Secret>>,
}

impl Led {
    fn to(outcome: Outcome, why: impl Into<String>) -> Self {
        Self {
            outcome,
            why: why.into(),
            job: None,
            needles: None,
        }
    }

    fn with(outcome: Outcome, job: JobId) -> Self {
        Self {
            job: Some(job),
            ..Self::to(outcome, "")
        }
    }
}

impl Ops {
    /// Carries a plan out. `told` hears how many of it have had their turn.
    ///
    /// # Errors
    /// When there is no such plan, it has lapsed, or the words or the reason are missing.
    pub(crate) async fn apply_plan(
        &self,
        id: &PlanId,
        typed: Option<&str>,
        reason: Option<&str>,
        mut told: impl FnMut(u64),
    ) -> Result<Applied> {
        let asked = id.clone();
        let plan: Result<Head> = self.store.read(move |rd| head(rd, &asked)).await;
        let plan = plan?;
        match plan.may_apply(typed, reason, self.now()) {
            Ok(()) => {}
            Err(Objection::Finished) => {
                return Ok(Applied {
                    head: plan,
                    over: true,
                });
            }
            Err(Objection::Lapsed) => {
                let refusal = Refusal::new(
                    "plan-lapsed",
                    format!(
                        "Plan {} could be carried out until {}.",
                        plan.id.short(),
                        plan.expires.rfc3339()
                    ),
                    "Nothing was changed; make it again, so that everything is counted anew.",
                );
                return Err(self.refused("apply", id.as_str(), refusal).await);
            }
            Err(Objection::Words) => {
                return Err(Error::Unconfirmed(format!(
                    "nothing was changed; to carry out plan {}: --confirm \"{}\"",
                    plan.id.short(),
                    plan.words()
                )));
            }
            Err(Objection::Reason) => {
                return Err(Error::Unconfirmed(format!(
                    "nothing was changed; a {} of more than one needs --reason \"why\"",
                    plan.act.word()
                )));
            }
        }
        self.begin_apply(&plan, reason.unwrap_or("").trim()).await?;
        let note = format!("plan {}: {}", plan.id.short(), reason.unwrap_or("").trim());
        let note = note.trim_end_matches([':', ' ']).to_owned();
        let (mut after, mut done) = (None, 0);
        loop {
            let asked = id.clone();
            let left: Result<Vec<Item>> = self
                .store
                .read(move |rd| Ok(rd.plan_items(&asked, after, true, TOGETHER)?))
                .await;
            let left = left?;
            let Some(last) = left.last() else { break };
            after = Some(last.place);
            if plan.act == Act::Refresh {
                let mut asking = JoinSet::new();
                for item in left {
                    let (ops, plan, note) = (self.clone(), plan.clone(), note.clone());
                    asking.spawn(async move { ops.apply_item(&plan, item, &note).await });
                }
                while let Some(asked) = asking.join_next().await {
                    asked.map_err(|_| Error::Store(crate::store::Error::Closed))??;
                    done += 1;
                }
                told(done);
            } else {
                for item in left {
                    self.apply_item(&plan, item, &note).await?;
                    done += 1;
                    told(done);
                }
            }
        }
        self.end_apply(id).await
    }

    async fn begin_apply(&self, plan: &Head, reason: &str) -> Result<()> {
        let (ops, plan, reason) = (self.clone(), plan.clone(), reason.to_owned());
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                let now = ops.now();
                tx.begin_plan(&plan.id, &reason, now)?;
                let outcome = format!("begun: {}", plan.words());
                tx.append_audit(
                    &ops.entry("apply", plan.id.as_str(), &outcome, &reason),
                    now,
                )?;
                Ok(())
            })
            .await
    }

    async fn end_apply(&self, id: &PlanId) -> Result<Applied> {
        let (ops, asked) = (self.clone(), id.clone());
        self.store
            .write(move |tx: &WriteTxn<'_>| {
                let now = ops.now();
                if tx.finish_plan(&asked, now)? {
                    tx.append_audit(&ops.entry("apply", asked.as_str(), "done", ""), now)?;
                }
                Ok(Applied {
                    head: head(tx, &asked)?,
                    over: false,
                })
            })
            .await
    }

    /// One connection's turn, in one transaction; the rest of a purge follows it.
    async fn apply_item(&self, plan: &Head, item: Item, note: &str) -> Result<()> {
        let (ops, plan, note) = (self.clone(), plan.clone(), note.to_owned());
        let begun: Result<Option<(JobId, Vec<Secret>)>> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let known = tx
                    .plan_item(&plan.id, item.place)?
                    .is_none_or(|item| item.outcome.is_some());
                if known {
                    // another process had its turn with it
                    return Ok(None);
                }
                let led = ops.lead(tx, &plan, &item, &note)?;
                tx.settle_item(
                    &plan.id,
                    item.place,
                    led.outcome,
                    &led.why,
                    led.job.as_ref(),
                )?;
                Ok(led.job.zip(led.needles))
            })
            .await;
        if let Some((job, needles)) = begun? {
            self.carry_purge_through(&job, needles).await?;
        }
        Ok(())
    }

    /// Counts it again and, when nothing moved, does it.
    fn lead(&self, tx: &WriteTxn<'_>, plan: &Head, item: &Item, note: &str) -> Result<Led> {
        if let Some(with) = item.within {
            return within(tx, plan, item, with);
        }
        if item.planned != Outcome::WouldRun {
            return Ok(Led::to(item.planned, &item.reason));
        }
        let id = &item.connection;
        let Some(row) = tx.connection(id)? else {
            return Ok(Led::to(
                Outcome::Gone,
                "there is no such connection any more",
            ));
        };
        let counted = count(tx, plan.act, &row)?;
        if counted.fingerprint != item.fingerprint {
            let why = changed(plan.act, &item.fingerprint, &counted.fingerprint);
            tx.append_audit(
                &self.entry(
                    plan.act.word(),
                    id.as_str(),
                    &format!("skipped: {why}"),
                    note,
                ),
                self.now(),
            )?;
            return Ok(Led::to(Outcome::Skipped, why));
        }
        let force = Force {
            recent: plan.forced,
            sign_in: plan.forced_sign_in,
        };
        let led = match plan.act {
            Act::Refresh => self
                .refresh_in(tx, id, Kind::Refresh, force)
                .map(|refreshed| {
                    let outcome = if refreshed.deduplicated {
                        Outcome::Deduplicated
                    } else {
                        Outcome::Queued
                    };
                    Led::with(outcome, refreshed.job.id)
                }),
            Act::Revoke => self
                .revoke_in(tx, id, None, note)
                .map(|job| Led::with(Outcome::Done, job)),
            _ => {
                let job = self.job_id();
                self.begin_purge_in(tx, id, &job, None, note)
                    .map(|begun| match begun {
                        Begun::New(needles) => Led {
                            needles: Some(needles),
                            ..Led::with(Outcome::Queued, job)
                        },
                        Begun::Open(open) => Led::with(Outcome::Deduplicated, open.id),
                    })
            }
        };
        match led {
            Err(Error::Refused(refusal)) => {
                let outcome = format!("refused: {}", refusal.code);
                tx.append_audit(
                    &self.entry(plan.act.word(), id.as_str(), &outcome, note),
                    self.now(),
                )?;
                Ok(Led::to(refused(&refusal), refusal.sentence()))
            }
            led => led,
        }
    }
}

/// One whose data goes with another's purge: it comes to what that one came to.
fn within(tx: &WriteTxn<'_>, plan: &Head, item: &Item, with: u32) -> Result<Led> {
    let other = tx.plan_item(&plan.id, with)?;
    Ok(
        match other.and_then(|other| Some((other.job?, other.connection))) {
            Some((job, _)) => Led {
                why: item.reason.clone(),
                ..Led::with(Outcome::Deduplicated, job)
            },
            None => Led::to(
                Outcome::Skipped,
                format!("nothing was purged: {}", item.reason),
            ),
        },
    )
}
