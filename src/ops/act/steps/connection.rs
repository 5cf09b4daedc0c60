//! The steps about one connection: purge, revoke, connect.

use super::WorkflowSteps;
use super::at_platform::refused_there;
use crate::domain::act::{ActKind, Force, Plan, StepAct};
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, Kind, State, Title};
use crate::domain::policy::{self, Executor};
use crate::domain::rows::ConnectionRow;
use crate::engine::StepResult;
use crate::ops::{Error, NewLink, Result};

struct Facts {
    row: Option<ConnectionRow>,
    open: Option<Job>,
    /// Whether nothing of the user at the bank is stored, the key is gone, and no proof of that has failed.
    empty: bool,
    /// The purge that made it so since the workflow was ordered.
    done: Option<Job>,
    /// The newest purge and revoke that were ordered since.
    ordered: [Option<Job>; 2],
}

impl Facts {
    /// Whether the platform does it; then what is stored here says nothing of what is stored there.
    fn there(&self) -> bool {
        let row = self.row.as_ref();
        row.is_some_and(|row| policy::executes(row.origin) == Ok(Executor::Platform))
    }
}

impl WorkflowSteps {
    async fn facts(&self, plan: &Plan, id: &ConnectionId) -> Result<Facts> {
        let (id, since) = (id.clone(), plan.head.made);
        self.ops
            .read(move |rd| {
                let Some(row) = rd.connection(&id)? else {
                    return Ok(Facts {
                        row: None,
                        open: None,
                        empty: true,
                        done: None,
                        ordered: [None, None],
                    });
                };
                let mut jobs = rd.jobs_of(&id, 20)?;
                jobs.retain(|job| job.created >= since);
                let newest = |kind| jobs.iter().find(|job| job.kind == kind).cloned();
                let done = |job: &&Job| job.kind == Kind::Purge && job.state == State::Succeeded;
                Ok(Facts {
                    open: rd.open_purge(&row.user, &row.institution)?,
                    empty: rd.purged(&row.user, &row.institution)?
                        && !rd.unproven(&row.user, &row.institution)?,
                    done: jobs.iter().find(done).cloned(),
                    ordered: [Kind::Purge, Kind::Revoke].map(newest),
                    row: Some(row),
                })
            })
            .await
    }

    pub(super) async fn purge(&self, plan: &Plan, id: &ConnectionId) -> Result<StepResult> {
        let done = |why: String, job| Ok(StepResult::Done(why, job));
        let facts = self.facts(plan, id).await?;
        let there = facts.there();
        let [ordered, _] = &facts.ordered;
        if there && let Some(ended) = refused_there(plan, ordered.as_ref()) {
            return Ok(ended);
        }
        let gone = if there {
            facts.done.is_some()
        } else {
            facts.empty
        };
        let job = match (facts.row, facts.open) {
            // one that was cut off
            (_, Some(open)) => self.ops.finish_purge(&open.id).await?,
            (None, _) => return done("the connection has gone".into(), None),
            (Some(_), None) if gone => {
                let why = facts.done.as_ref().map(deleted);
                let why = why.unwrap_or_else(|| "nothing was stored".into());
                return done(why, facts.done.map(|job| job.id));
            }
            (Some(row), None) if row.label != Label::Active => return Ok(not_active(plan, &row)),
            (Some(_), None) => match self.act(plan, ActKind::Purge, id).await {
                Ok(job) => job,
                Err(Error::Refused(refusal)) if plan.head.kind == ActKind::Migrate => {
                    let again = self.ops.now().plus(self.ops.performer().pause());
                    return Ok(StepResult::Later(refusal.detail, again));
                }
                Err(Error::Refused(refusal)) => {
                    let why = format!("left to the end of the consent: {}", refusal.detail);
                    return done(why, None);
                }
                Err(other) => return Err(other),
            },
        };
        match job.state {
            State::Succeeded => done(deleted(&job), Some(job.id)),
            state if state.open() && there => Ok(self.at_platform()),
            state if state.open() => {
                let now = self.ops.now();
                let again = job.next_attempt.or(job.lease_until).unwrap_or(now).max(now);
                let why = format!("purge {} is not proven yet", job.id);
                Ok(StepResult::Later(why, again))
            }
            _ => Ok(StepResult::Stopped(format!(
                "purge {} could not be verified; look at that job",
                job.id
            ))),
        }
    }

    async fn act(&self, plan: &Plan, kind: ActKind, id: &ConnectionId) -> Result<Job> {
        let reason = plan.head.reason.clone();
        let done = self.ops.do_one(kind, id, None, Force::default(), reason);
        Ok(done.await?.0)
    }

    pub(super) async fn revoke(&self, plan: &Plan, id: &ConnectionId) -> Result<StepResult> {
        let done = |why: &str, job| Ok(StepResult::Done(why.to_owned(), job));
        let migrate = plan.head.kind == ActKind::Migrate;
        let facts = self.facts(plan, id).await?;
        let there = facts.there();
        let [_, ordered] = facts.ordered;
        let Some(row) = facts.row.filter(|row| row.status != Status::Deleted) else {
            return done("ended", ordered.map(|job| job.id));
        };
        // its purge was refused for the same reason, and would be again
        if policy::executes(row.origin).is_err() {
            return done("nobody here executes for it: it goes with its user", None);
        }
        if there && let Some(ended) = refused_there(plan, ordered.as_ref()) {
            return Ok(ended);
        }
        if there && ordered.is_some_and(|job| job.state.open()) {
            return Ok(self.at_platform());
        }
        let unpurged = match there {
            true => facts.done.is_none() && migrate,
            false => !facts.empty,
        };
        if unpurged && (row.label == Label::Active || migrate) {
            let why = "data came meanwhile".into();
            return Ok(StepResult::Again(StepAct::Purge, why));
        }
        if row.label != Label::Active && !migrate {
            return done("not active any more: it ends with the consent", None);
        }
        match self.act(plan, ActKind::Revoke, id).await {
            Ok(_) if there => Ok(self.at_platform()),
            Ok(job) => done("ended, nothing was left", Some(job.id)),
            Err(Error::Refused(_)) => done("ended", None),
            Err(other) => Err(other),
        }
    }

    pub(super) async fn connect(&self, plan: &Plan, id: ConnectionId) -> Result<StepResult> {
        let head = &plan.head;
        let (Some(user), Some(institution)) = (head.user.clone(), head.institution.clone()) else {
            let why = "it does not say at which bank".into();
            return Ok(StepResult::Stopped(why));
        };
        if self.ops.mirrors(&user).await? {
            return self.link(plan, user).await;
        }
        let made = id.clone();
        let there = self
            .ops
            .read(move |rd| Ok(rd.jobs_of(&made, 1)?.into_iter().next()))
            .await?;
        let done = |job| Ok(StepResult::Done(format!("made: {id}"), Some(job)));
        if let Some(job) = there {
            return done(job.id);
        }
        let link = NewLink {
            user,
            institution,
            method: Method::OpenBanking,
            credentials: None,
        };
        match self.ops.connect_as(link, id.clone(), true).await {
            Ok(job) => done(job.id),
            Err(Error::Refused(refusal)) => Ok(StepResult::Stopped(refusal.sentence())),
            Err(other) => Err(other),
        }
    }
}

/// What a purge deleted, by its own words.
fn deleted(job: &Job) -> String {
    let step = job.steps.iter().find(|s| s.title == Title::DeleteRows);
    step.and_then(|s| s.note.clone())
        .unwrap_or_else(|| "deleted".into())
}

/// A connection that stopped being active since it was planned.
fn not_active(plan: &Plan, row: &ConnectionRow) -> StepResult {
    let now = row.label.name();
    match plan.head.kind {
        ActKind::Migrate => StepResult::Stopped(format!(
            "the connection is {now} now, and only an active one is purged; refresh it and, when it is active again, \
             type the command again"
        )),
        _ => StepResult::Done(
            format!("{now} now: its data goes with the end of the consent"),
            None,
        ),
    }
}
