//! Plays the user's part of the open-banking flow in the sandbox: agreed, refused, or left. Where there was an
//! authorisation before, only an agreement changes anything.

use crate::domain::connection::{Happening, Status};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Job, Kind, State, Step, StepStatus};
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::BankAnswer;
use crate::ops::connections::method_conflict::no_other_method;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{Authorised, WriteTxn};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visited {
    /// The job that continues, or the open one that waits as before.
    pub(crate) job: Option<Job>,
    pub(crate) changed: bool,
}

impl Ops {
    /// Refused when the connection is not open banking, or a worker fetches for it now.
    pub(crate) async fn authorise(&self, id: &ConnectionId, visit: BankAnswer) -> Result<Visited> {
        let asked = id.clone();
        self.act(visit.word(), id.as_str(), move |ops, tx| {
            let now = ops.now();
            let row = tx
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?;
            policy::may(Act::Authorise, row.origin, row.method, row.label)
                .map_err(Refusal::from)?;
            // an open flow does not exclude the other method; an agreement does
            if visit == BankAnswer::Authorise {
                no_other_method(tx, &row.user, &row.institution, row.method)?;
            }
            let visited = match (row.status, visit) {
                (Status::PreInit, BankAnswer::Authorise | BankAnswer::Deny) => {
                    ops.authorise_first(tx, &row, visit, now)?
                }
                (_, BankAnswer::Authorise) => ops.reauthorise(tx, &row, now)?,
                (_, BankAnswer::Deny | BankAnswer::Abandon) => Visited {
                    job: tx.open_job(&asked)?,
                    changed: false,
                },
            };
            if visited.changed && visit == BankAnswer::Authorise {
                // an auth link is good for one authorisation
                tx.drop_auth_link(&row.user)?;
            }
            let outcome = if visited.changed {
                "done"
            } else {
                "nothing changed"
            };
            ops.audit(tx, visit.word(), asked.as_str(), outcome, "", now)?;
            Ok(visited)
        })
        .await
    }

    /// The first authorisation: the job that waited for it continues.
    fn authorise_first(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        visit: BankAnswer,
        now: Moment,
    ) -> Result<Visited> {
        let mut job = tx
            .open_job(&row.id)?
            .ok_or_else(|| not_found("open job of connection", &row.id))?;
        if !matches!(
            job.state,
            State::Paused | State::WaitingRetry | State::Queued
        ) {
            return Ok(Visited {
                job: Some(job),
                changed: false,
            });
        }
        let how = match visit {
            BankAnswer::Authorise => Authorised::Granted,
            _ => Authorised::Refused,
        };
        tx.set_authorised(&job.id, how)?;
        self.release(tx, &mut job, now)?;
        Ok(Visited {
            job: Some(job),
            changed: true,
        })
    }

    /// An authorisation after an older one: the connection is in `init` until a job has fetched under it.
    fn reauthorise(&self, tx: &WriteTxn<'_>, row: &ConnectionRow, now: Moment) -> Result<Visited> {
        let job = match tx.open_job(&row.id)? {
            Some(job) if matches!(job.state, State::Running | State::WaitingMfa) => {
                return Err(Refusal::new(
                    "parameter-not-valid",
                    "A job is in progress for this connection.",
                    format!(
                        "Job {} is fetching under the old authorisation; try again when it has ended.",
                        job.id
                    ),
                )
                .into());
            }
            Some(mut job) => {
                // its steps were done under the old authorisation, so all begin again
                for step in job
                    .steps
                    .iter_mut()
                    .filter(|s| s.status != StepStatus::Pending)
                {
                    *step = Step::pending(step.title.clone());
                }
                self.release(tx, &mut job, now)?;
                job
            }
            None => self.fetch(tx, row, Kind::Refresh, Some(now), now)?,
        };
        tx.set_authorised(&job.id, Authorised::Granted)?;
        self.transit(tx, row, Happening::Reauthorised, now)?;
        Ok(Visited {
            job: Some(job),
            changed: true,
        })
    }
}
