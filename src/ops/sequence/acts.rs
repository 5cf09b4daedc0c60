//! The acts of a sequence. Each looks first whether it is done, so that doing it again does no harm.

use super::AGAIN;
use super::run::{Did, Run};
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{self, Job, State, Title};
use crate::domain::sequence::{Act, Kind, Sequence};
use crate::domain::views::ConnectionRow;
use crate::engine;
use crate::ops::{Error, NewLink, Result};
use crate::store::{ReadTxn, Scrub};

/// What an act looks at before it begins.
struct Facts {
    row: Option<ConnectionRow>,
    open: Option<Job>,
    /// Whether nothing of the pair is stored and its key is gone.
    empty: bool,
    /// The purge that made it so since the sequence was ordered.
    done: Option<Job>,
}

impl Run {
    pub(super) async fn act(&mut self, it: &Sequence, act: Act) -> Result<Did> {
        let at = it.current().unwrap_or_default();
        let target = it.steps[at].target.clone();
        match act {
            Act::Purge => self.purge(it, &target.into()).await,
            Act::Revoke => self.revoke(it, &target.into()).await,
            Act::Connect => self.connect(it, target.into()).await,
            Act::EndConsent => self.end_consent(it).await,
            Act::RemoveUser => self.remove_user(it).await,
            Act::Scrub => self.scrub(it).await,
            Act::Verify => self.verify(it).await,
        }
    }

    async fn facts(&self, it: &Sequence, id: &ConnectionId) -> Result<Facts> {
        let (id, since) = (id.clone(), it.created);
        self.ops
            .store
            .read(move |rd: &ReadTxn<'_>| {
                let Some(row) = rd.connection(&id)? else {
                    return Ok(Facts {
                        row: None,
                        open: None,
                        empty: true,
                        done: None,
                    });
                };
                let purge = |job: &Job| job.kind == job::Kind::Purge && job.created >= since;
                Ok(Facts {
                    open: rd.open_purge(&row.user, &row.institution)?,
                    empty: rd.purged(&row.user, &row.institution)?,
                    done: rd
                        .jobs_of(&id, 20)?
                        .into_iter()
                        .find(|j| purge(j) && j.state == State::Succeeded),
                    row: Some(row),
                })
            })
            .await
    }

    async fn purge(&self, it: &Sequence, id: &ConnectionId) -> Result<Did> {
        let facts = self.facts(it, id).await?;
        let job = match (facts.row, facts.open) {
            (_, Some(open)) => self.finish(open).await?,
            (None, _) => return Ok(Did::Done(Some("the connection has gone".into()), None)),
            (Some(_), None) if facts.empty => {
                let note = facts
                    .done
                    .as_ref()
                    .map_or("nothing was stored".into(), deleted);
                return Ok(Did::Done(Some(note), facts.done.map(|j| j.id)));
            }
            (Some(row), None) if row.label != Label::Active => return Ok(not_active(it, &row)),
            (Some(_), None) => match self.ops.purge(id, None, &it.reason).await {
                Ok(job) => job,
                Err(Error::Refused(refusal)) if it.kind == Kind::Migrate => {
                    return Ok(Did::Later(refusal.detail, self.ops.now().plus(AGAIN)));
                }
                Err(Error::Refused(refusal)) => {
                    return Ok(Did::Done(
                        Some(format!(
                            "left to the end of the consent: {}",
                            refusal.detail
                        )),
                        None,
                    ));
                }
                Err(other) => return Err(other),
            },
        };
        Ok(match job.state {
            State::Succeeded => Did::Done(Some(deleted(&job)), Some(job.id)),
            state if state.open() => {
                let again = job
                    .next_attempt
                    .or(job.lease_until)
                    .unwrap_or(self.ops.now());
                Did::Later(
                    format!("purge {} is not proven yet", job.id),
                    again.max(self.ops.now()),
                )
            }
            _ => Did::Stopped(format!(
                "purge {} could not be verified; look at that job",
                job.id
            )),
        })
    }

    /// Goes on with a purge that was cut off.
    async fn finish(&self, open: Job) -> Result<Job> {
        let by = self.ops.performer();
        engine::finish_purge(&self.ops.store, &self.ops.clock, &by, &open.id, vec![]).await?;
        self.ops.job(&open.id).await
    }

    async fn revoke(&self, it: &Sequence, id: &ConnectionId) -> Result<Did> {
        let facts = self.facts(it, id).await?;
        let Some(row) = facts.row.filter(|row| row.status != Status::Deleted) else {
            return Ok(Did::Done(Some("ended".into()), None));
        };
        if !facts.empty && (row.label == Label::Active || it.kind == Kind::Migrate) {
            return Ok(Did::Again(Act::Purge, "data came meanwhile".into()));
        }
        if row.label != Label::Active && it.kind != Kind::Migrate {
            return Ok(Did::Done(
                Some("not active any more: it ends with the consent".into()),
                None,
            ));
        }
        match self.ops.revoke(id, None, &it.reason).await {
            Ok(job) => Ok(Did::Done(
                Some("ended, nothing was left".into()),
                Some(job.id),
            )),
            Err(Error::Refused(_)) => Ok(Did::Done(Some("ended".into()), None)),
            Err(other) => Err(other),
        }
    }

    async fn connect(&self, it: &Sequence, id: ConnectionId) -> Result<Did> {
        let Some(institution) = it.institution.clone() else {
            return Ok(Did::Stopped("it does not say at which bank".into()));
        };
        let made = id.clone();
        let there: Result<Option<JobId>> = self
            .ops
            .store
            .read(move |rd: &ReadTxn<'_>| {
                Ok(rd.jobs_of(&made, 1)?.into_iter().next().map(|j| j.id))
            })
            .await;
        if let Some(job) = there? {
            return Ok(Did::Done(Some(format!("made: {id}")), Some(job)));
        }
        let link = NewLink {
            user: it.user.clone(),
            institution,
            method: Method::OpenBanking,
            credentials: None,
        };
        match self.ops.connect_as(link, id.clone(), true).await {
            Ok(job) => Ok(Did::Done(Some(format!("made: {id}")), Some(job.id))),
            Err(Error::Refused(refusal)) => Ok(Did::Stopped(refusal.sentence())),
            Err(other) => Err(other),
        }
    }

    async fn scrub(&self, it: &Sequence) -> Result<Did> {
        // a user's name stands in the file in plain, so whatever its size it is written anew
        let scrubbed = match it.kind {
            Kind::DeleteUser => self.ops.store.scrub_whole().await?,
            Kind::Migrate | Kind::Erase | Kind::EndConsent => self.ops.store.scrub().await?,
        };
        Ok(match scrubbed {
            Scrub::Done { rewritten: true } => Did::Done(Some("file rewritten".into()), None),
            Scrub::Done { rewritten: false } => {
                Did::Done(Some("freed pages overwritten, log emptied".into()), None)
            }
            Scrub::Pending => Did::Later(
                "pending: another program is reading the file".into(),
                self.ops.now().plus(AGAIN),
            ),
        })
    }
}

/// What a purge deleted, by its own words.
fn deleted(job: &Job) -> String {
    let step = job.steps.iter().find(|s| s.title == Title::DeleteRows);
    step.and_then(|s| s.note.clone())
        .unwrap_or_else(|| "deleted".into())
}

/// A connection that stopped being active since it was planned.
fn not_active(it: &Sequence, row: &ConnectionRow) -> Did {
    let now = row.label.name();
    match it.kind {
        Kind::Migrate => Did::Stopped(format!(
            "the connection is {now} now, and only an active one is purged; refresh it and, when it is active again, \
             type the command again"
        )),
        Kind::Erase | Kind::EndConsent | Kind::DeleteUser => Did::Done(
            Some(format!(
                "{now} now: its data goes with the end of the consent"
            )),
            None,
        ),
    }
}
