//! Imports single records of a chunk. A method returns what its record needs and does not find.

use super::chunk::{Chunk, Outcome};
use super::merge;
use super::needs::Needs;
use crate::domain::consent::{Consent, Status};
use crate::domain::import_records::{
    Batch, ConnectionRecord, InstitutionRecord, JobRecord, UserRecord,
};
use crate::domain::job::{Kind, State};
use crate::domain::policy;
use crate::store::{NewEvent, Result};
use crate::wire;

impl Chunk<'_> {
    pub(super) fn institution(&self, new: InstitutionRecord, out: &mut Outcome) -> Result<()> {
        let merged = match self.tx.institution(&new.id)? {
            Some(old) => merge::institution(&old, new),
            None => new,
        };
        self.ingest(
            Batch {
                institutions: vec![merged],
                ..Batch::default()
            },
            out,
        )?;
        Ok(())
    }

    pub(super) fn user(&self, new: UserRecord, out: &mut Outcome) -> Result<()> {
        let id = new.id.clone();
        let old = self.tx.user(&id)?;
        let merged = match &old {
            Some(old) => merge::user(old, new),
            None => new,
        };
        self.ingest(
            Batch {
                users: vec![merged],
                ..Batch::default()
            },
            out,
        )?;
        if old.is_none() {
            self.event(&NewEvent::of_user("user", "created", &id, self.actor))?;
        }
        Ok(())
    }

    pub(super) fn connection(
        &self,
        new: ConnectionRecord,
        out: &mut Outcome,
    ) -> Result<Option<Needs>> {
        let (id, user) = (new.id.clone(), new.user.clone());
        if !self.tx.user_exists(&user)? {
            return Ok(Some(Needs::User(user)));
        }
        let old = self.tx.connection(&id)?;
        let merged = match &old {
            Some(old) if (&old.user, &old.institution) != (&new.user, &new.institution) => {
                out.left_out(
                    "connection",
                    id.as_str(),
                    "is known as another user's or at another institution",
                );
                return Ok(None);
            }
            Some(old) => merge::connection(old, self.tx.profile(&id)?, new),
            None => new,
        };
        let merged = match merge::lawful(merged) {
            Ok(merged) => merged,
            Err(why) => {
                out.left_out("connection", id.as_str(), &format!("is {why}"));
                return Ok(None);
            }
        };
        self.tx.ensure_institution(&merged.institution)?;
        self.ingest(
            Batch {
                connections: vec![merged],
                ..Batch::default()
            },
            out,
        )?;
        self.tx.adopt_accounts(&id)?;
        if old.is_none() {
            self.event(&NewEvent::of_connection("created", &user, &id, self.actor))?;
        }
        Ok(None)
    }

    pub(super) fn job(&self, mut new: JobRecord, out: &mut Outcome) -> Result<Option<Needs>> {
        let Some(connection) = self.tx.connection(&new.connection)? else {
            return Ok(Some(Needs::Connection(new.connection)));
        };
        // where jobs run here, a question that was put elsewhere cannot be answered
        if new.state == State::WaitingMfa && policy::executes(connection.origin).is_ok() {
            (new.state, new.challenge) = (State::Paused, None);
        }
        if let Some(old) = self.tx.job(&new.id)? {
            // a job that runs elsewhere is kept here as it was then; one that runs here is not changed
            let held = matches!(old.state, State::Paused | State::WaitingMfa)
                && old.owner.is_none()
                && old.epoch == 0;
            if !held || new.updated <= old.updated || old.connection != new.connection {
                out.ingested.unchanged += 1;
                return Ok(None);
            }
            self.ingest(
                Batch {
                    jobs: vec![new],
                    ..Batch::default()
                },
                out,
            )?;
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
        self.ingest(
            Batch {
                jobs: vec![new],
                ..Batch::default()
            },
            out,
        )?;
        Ok(None)
    }

    /// A consent that would end an active one is left out: ending a consent deletes data.
    pub(super) fn consent(&self, new: Consent, out: &mut Outcome) -> Result<Option<Needs>> {
        if !self.tx.user_exists(&new.user)? {
            return Ok(Some(Needs::User(new.user)));
        }
        let held = self.tx.consent(&new.id)?;
        if held.as_ref().is_some_and(|held| held.user != new.user) {
            out.left_out("consent", new.id.as_str(), "is known as another user's");
            return Ok(None);
        }
        if new.status != Status::Active
            && held
                .as_ref()
                .is_some_and(|held| held.status == Status::Active)
        {
            out.left_out(
                "consent",
                new.id.as_str(),
                "has ended there and is active here; `consent end` ends it",
            );
            return Ok(None);
        }
        let active = self.tx.active_consent(&new.user)?;
        if new.status == Status::Active && active.is_some_and(|active| active.id != new.id) {
            out.left_out(
                "consent",
                new.id.as_str(),
                "is a second one of its user that is active",
            );
            return Ok(None);
        }
        // a warning or reminder given here is not repeated
        let told = held
            .map(|held| (held.warned, held.reminded))
            .unwrap_or_default();
        let new = Consent {
            warned: told.0,
            reminded: told.1,
            ..new
        };
        self.ingest(
            Batch {
                consents: vec![new],
                ..Batch::default()
            },
            out,
        )?;
        Ok(None)
    }
}
