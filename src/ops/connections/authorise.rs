//! The person's part of the open-banking flow, played in the sandbox: the user comes back from the bank
//! having agreed, refused, or left. For the first time (domain 2.3, rows 5 to 8), or anew on a connection
//! that had an authorisation (row 20); there only an agreement changes anything.

use crate::domain::connection::{Happening, Status};
use crate::domain::ids::ConnectionId;
use crate::domain::job::{Command, Job, Kind, State, Step, StepStatus, next};
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act};
use crate::domain::views::{BankAnswer, ConnectionRow};
use crate::ops::connections::method_conflict::no_other_method;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{Authorised, Guard, WriteTxn};

/// What came of a visit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Visited {
    /// The job that goes on with it, or the open one that waits as before.
    pub(crate) job: Option<Job>,
    /// Whether anything changed.
    pub(crate) changed: bool,
}

impl Ops {
    /// Plays the user's visit to the bank.
    ///
    /// # Errors
    /// When the connection is not open banking, an authorisation is under way, or a worker fetches for it
    /// just now.
    pub(crate) async fn authorise(&self, id: &ConnectionId, visit: BankAnswer) -> Result<Visited> {
        let asked = id.clone();
        self.act(visit.word(), id.as_str(), move |ops, tx| {
            let now = ops.now();
            let row = tx
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?;
            policy::may(Act::Authorise, row.method, row.label).map_err(Refusal::from)?;
            // an open flow does not stand in the way of the other method; its end does
            if visit == BankAnswer::Authorise {
                no_other_method(tx, &row.user, &row.institution, row.method)?;
            }
            let visited = match (row.status, visit) {
                (Status::PreInit, BankAnswer::Authorise | BankAnswer::Deny) => {
                    ops.back_from_the_bank(tx, &row, visit, now)?
                }
                (_, BankAnswer::Authorise) => ops.anew(tx, &row, now)?,
                (_, BankAnswer::Deny | BankAnswer::Abandon) => Visited {
                    job: tx.open_job(&asked)?,
                    changed: false,
                },
            };
            if visited.changed && visit == BankAnswer::Authorise {
                // a link is for one sitting
                tx.drop_auth_link(&row.user)?;
            }
            let outcome = if visited.changed {
                "done"
            } else {
                "nothing changed"
            };
            tx.append_audit(&ops.entry(visit.word(), asked.as_str(), outcome, ""), now)?;
            Ok(visited)
        })
        .await
    }

    /// The first authorisation: the job that waited for it goes on.
    fn back_from_the_bank(
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

    /// An authorisation on top of an older one: init until a job has fetched under it.
    fn anew(&self, tx: &WriteTxn<'_>, row: &ConnectionRow, now: Moment) -> Result<Visited> {
        let job = match tx.open_job(&row.id)? {
            Some(job) if matches!(job.state, State::Running | State::WaitingMfa) => {
                return Err(Error::Refused(Refusal::new(
                    "parameter-not-valid",
                    "A job is in progress for this connection.",
                    format!(
                        "Job {} is fetching under the old authorisation; try again when it has ended.",
                        job.id
                    ),
                )));
            }
            Some(mut job) => {
                // what it did was done under the old authorisation; the end of the new one is told at the start
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
            None => self.fetch(tx, row, Kind::Refresh, now)?,
        };
        tx.set_authorised(&job.id, Authorised::Granted)?;
        self.transit(tx, row, Happening::Reauthorised, now)?;
        Ok(Visited {
            job: Some(job),
            changed: true,
        })
    }

    /// Lets a job that waits go on now.
    fn release(&self, tx: &WriteTxn<'_>, job: &mut Job, now: Moment) -> Result<()> {
        let guard = Guard {
            epoch: job.epoch,
            state: job.state,
        };
        if job.state == State::WaitingRetry {
            job.attempt += 1;
        }
        job.state = next(job.state, Command::Release)
            .map_err(|refused| Error::Input(refused.to_string()))?;
        job.next_attempt = Some(now);
        job.updated = now;
        tx.save_job(job, guard)?;
        Ok(())
    }
}
