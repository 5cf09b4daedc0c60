//! The person's part of the open-banking flow, played in the sandbox: the user comes back from the bank
//! having agreed, refused, or left (domain 2.3, rows 5 to 8). Also the sandbox's outages.

use super::{Error, Ops, Refusal, Result};
use crate::domain::ids::{ConnectionId, InstitutionId};
use crate::domain::job::{Command, Job, State, next};
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act};
use crate::store::{Guard, Tx};

/// How the visit to the bank ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visit {
    /// The user agreed.
    Granted,
    /// The user or the bank refused.
    Refused,
    /// The user left; nothing changes.
    Left,
}

impl Visit {
    fn word(self) -> &'static str {
        match self {
            Visit::Granted => "authorise",
            Visit::Refused => "deny",
            Visit::Left => "abandon",
        }
    }
}

impl Ops {
    /// Plays the user's visit to the bank for a connection that waits for it.
    ///
    /// # Errors
    /// When the connection is not waiting for it.
    pub async fn authorise(&self, id: &ConnectionId, visit: Visit) -> Result<Job> {
        let (ops, asked) = (self.clone(), id.clone());
        let done: Result<std::result::Result<Job, Refusal>> = self
            .store
            .write(move |tx: &Tx<'_>| {
                let now = ops.now();
                let Some(row) = tx.connection(&asked)? else {
                    return Err(Error::NotFound { kind: "connection", id: asked.to_string() });
                };
                if let Err(reason) = policy::may(Act::Authorise, row.method, row.label) {
                    return Ok(Err(Refusal::new(reason.code, reason.detail, reason.words)));
                }
                let Some(mut job) = tx.open_job(&asked)? else {
                    return Err(Error::NotFound { kind: "open job of connection", id: asked.to_string() });
                };
                tx.append_audit(&ops.entry(visit.word(), asked.as_str(), "done", ""), now)?;
                if visit == Visit::Left || job.state != State::Paused {
                    return Ok(Ok(job));
                }
                let guard = Guard { epoch: job.epoch, state: job.state };
                if visit == Visit::Granted {
                    // a link is for one sitting
                    tx.drop_auth_link(&row.user)?;
                }
                tx.set_authorised(&job.id, if visit == Visit::Granted { 1 } else { 2 })?;
                job.state = next(job.state, Command::Release).map_err(|refused| Error::Input(refused.to_string()))?;
                job.next_attempt = Some(now);
                job.updated = now;
                tx.save_job(&job, guard)?;
                Ok(Ok(job))
            })
            .await;
        match done? {
            Ok(job) => Ok(job),
            Err(refusal) => Err(self.refused(visit.word(), id.as_str(), refusal).await),
        }
    }

    /// Breaks a bank of the sandbox until a time; none mends it.
    ///
    /// # Errors
    /// When there is no such bank.
    pub async fn outage(&self, id: &InstitutionId, until: Option<Moment>) -> Result<()> {
        let (ops, asked) = (self.clone(), id.clone());
        let found: Result<bool> = self
            .store
            .write(move |tx: &Tx<'_>| {
                let now = ops.now();
                let found = tx.set_outage(&asked, until.unwrap_or(now))?;
                if found {
                    let what = until.map_or("mended".to_owned(), |at| format!("until {}", at.rfc3339()));
                    tx.append_audit(&ops.entry("outage", asked.as_str(), &what, ""), now)?;
                }
                Ok(found)
            })
            .await;
        match found? {
            true => Ok(()),
            false => Err(Error::NotFound { kind: "institution", id: id.to_string() }),
        }
    }
}
