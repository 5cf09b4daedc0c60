//! Imports institutions, users, jobs, events and consents. A method returns what its record needs and does not find.

use super::chunk::Chunk;
use super::merge;
use super::needs::Needs;
use super::outcome::Outcome;
use crate::domain::consent::{Consent, Status};
use crate::domain::import_records::{Batch, EventRecord, InstitutionRecord, JobRecord, UserRecord};
use crate::domain::job::{Job, Kind, State};
use crate::domain::mask::BankWords;
use crate::domain::policy;
use crate::store::{Guard, NewEvent, Result};
use crate::wire;

impl Chunk<'_> {
    pub(super) fn institution(&self, new: InstitutionRecord, out: &mut Outcome) -> Result<()> {
        let id = new.id.clone();
        let old = self.tx.institution(&id)?;
        let merged = match &old {
            Some(old) => merge::institution(old, new),
            None => new,
        };
        let batch = Batch {
            institutions: vec![merged],
            ..Batch::default()
        };
        let done = self.ingest(batch, out)?;
        let happened = match old {
            _ if done.institutions == 0 => return Ok(()),
            None => "created",
            Some(_) => {
                out.changed(done.institutions, |d| &mut d.institutions);
                "updated"
            }
        };
        self.event(&NewEvent::of_bank(happened, &id, self.actor))
    }

    pub(super) fn user(&self, new: UserRecord, emptied: &[&str], out: &mut Outcome) -> Result<()> {
        let id = new.id.clone();
        let old = self.tx.user(&id)?;
        let merged = match &old {
            Some(old) => merge::user(old, new, emptied),
            None => new,
        };
        let batch = Batch {
            users: vec![merged],
            ..Batch::default()
        };
        let wrote = self.ingest(batch, out)?.users;
        let happened = match old {
            None => "created",
            Some(_) if wrote == 0 => return Ok(()),
            Some(_) => {
                out.changed(wrote, |d| &mut d.users);
                "updated"
            }
        };
        self.event(&NewEvent::of_user("user", happened, &id, self.actor))
    }

    pub(super) fn job(&self, mut new: JobRecord, out: &mut Outcome) -> Result<Option<Needs>> {
        let Some(connection) = self.tx.connection(&new.connection)? else {
            return Ok(Some(Needs::Connection(new.connection)));
        };
        // where jobs run here, a question that was put elsewhere cannot be answered
        if new.state == State::WaitingMfa && policy::runs_here(connection.origin) {
            (new.state, new.challenge) = (State::Paused, None);
        }
        // what was purged does not come back in the words of an older document
        let purged = self.purged(&connection.user, &connection.institution)?;
        if purged.is_some_and(|at| new.updated <= at) {
            new.words = BankWords::default();
        }
        if let Some(old) = self.tx.job(&new.id)? {
            self.known_job(old, new, out)?;
            return Ok(None);
        }
        if new.state.open() && self.tx.open_job(&new.connection)?.is_some() {
            out.left_out(
                "job",
                new.id.as_str(),
                "is open, and so is another of its connection here",
            );
            return Ok(None);
        }
        if new.kind == Kind::Refresh && wire::made_together(connection.created, new.created) {
            new.kind = Kind::Connect;
        }
        let batch = Batch {
            jobs: vec![new],
            ..Batch::default()
        };
        self.ingest(batch, out)?;
        Ok(None)
    }

    fn known_job(&self, mut old: Job, new: JobRecord, out: &mut Outcome) -> Result<()> {
        let id = new.id.as_str();
        if old.connection != new.connection {
            out.left_out("job", id, "is known as one of another connection");
            return Ok(());
        }
        // a job that runs here, or ran, is known better here
        let live = self.course.live;
        let imported =
            old.owner.is_none() && old.epoch == 0 && (live || old.state != State::Queued);
        // a platform tells of its jobs as they are now, in whole seconds; one that has ended does not begin again
        let older = match live {
            true => !old.state.open() && new.state.open(),
            false => new.updated < old.updated,
        };
        if imported && older {
            out.older("job", id);
        }
        let guard = Guard::of(&old);
        let before = old.clone();
        (old.state, old.steps, old.updated, old.ended, old.challenge) =
            (new.state, new.steps, new.updated, new.ended, new.challenge);
        if !imported || older || old == before {
            out.ingested.unchanged += 1;
            return Ok(());
        }
        if old.state.open() && !before.state.open() && self.tx.open_job(&old.connection)?.is_some()
        {
            out.left_out(
                "job",
                id,
                "is open again, and so is another of its connection here",
            );
            return Ok(());
        }
        let wrote = u64::from(self.tx.save_job(&old, guard)?);
        if wrote > 0 && live {
            // what a platform tells of its jobs is news; what a document tells is history
            self.tx.judge_fetch(&old)?;
        }
        if wrote > 0 {
            self.tx.keep_bank_words(&old.id, &new.words)?;
        }
        out.ingested.jobs += wrote;
        out.changed(wrote, |d| &mut d.jobs);
        Ok(())
    }

    pub(super) fn imported_event(&self, new: EventRecord, out: &mut Outcome) -> Result<()> {
        let Some(old) = self.tx.event(&new.id)? else {
            let batch = Batch {
                events: vec![new],
                ..Batch::default()
            };
            return self.ingest(batch, out).map(drop);
        };
        let id = new.id.as_str().to_owned();
        let stored = EventRecord {
            id: old.id,
            at: old.at,
            entity: old.entity,
            event_type: old.event_type,
            user: old.user.unwrap_or_else(|| new.user.clone()),
            connection: old.connection,
            count: old.count,
        };
        if stored == new {
            out.ingested.unchanged += 1;
        } else if !old.actor.is_empty() {
            out.left_out("event", &id, "is known as one that happened here");
        } else if stored.user != new.user {
            out.left_out("event", &id, "is known as another user's");
        } else if new.at < stored.at {
            out.ingested.unchanged += 1;
            out.older("event", &id);
        } else {
            self.tx.change_event(&new)?;
            out.ingested.events += 1;
            out.changed(1, |d| &mut d.events);
        }
        Ok(())
    }

    /// A consent that would end an active one is left out: ending a consent deletes data.
    pub(super) fn consent(&self, new: Consent, out: &mut Outcome) -> Result<Option<Needs>> {
        if !self.tx.user_exists(&new.user)? {
            return Ok(Some(Needs::User(new.user)));
        }
        let held = self.tx.consent(&new.id)?;
        if let Some(why) = self
            .refused_consent(&new, held.as_ref())?
            .filter(|_| !self.course.live)
        {
            out.left_out("consent", new.id.as_str(), why);
            return Ok(None);
        }
        // a warning or reminder given here is not repeated
        let mut told = (None, None);
        if let Some(held) = &held {
            if new.updated < held.updated {
                out.ingested.unchanged += 1;
                out.older("consent", new.id.as_str());
                return Ok(None);
            }
            told = (held.warned, held.reminded);
            if held.user != new.user {
                self.tx.move_consent(&new.id, &new.user)?;
                let (from, to) = (&held.user, &new.user);
                let (from, to) = (format!("user {from}"), format!("user {to}"));
                out.moved("consent", new.id.as_str(), &from, &to);
            }
        }
        let new = Consent {
            warned: told.0,
            reminded: told.1,
            ..new
        };
        let batch = Batch {
            consents: vec![new],
            ..Batch::default()
        };
        let done = self.ingest(batch, out)?;
        if held.is_some() {
            out.changed(done.consents, |d| &mut d.consents);
        }
        Ok(None)
    }

    fn refused_consent(
        &self,
        new: &Consent,
        held: Option<&Consent>,
    ) -> Result<Option<&'static str>> {
        let others = held.is_some_and(|held| held.user != new.user);
        if others && held.is_some_and(|held| new.updated <= held.updated) {
            return Ok(Some("is known as another user's"));
        }
        let active_here = held.is_some_and(|held| held.status == Status::Active);
        if new.status != Status::Active && active_here {
            let why = "has ended there and is active here; `consent end` ends it";
            return Ok(Some(why));
        }
        let active = self.tx.active_consent(&new.user)?;
        if new.status == Status::Active && active.is_some_and(|active| active.id != new.id) {
            return Ok(Some("is a second one of its user that is active"));
        }
        Ok(None)
    }
}
