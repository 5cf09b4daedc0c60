//! Consents that come in: one that would end here what is stored under it is left out and said, since ending
//! a consent deletes data and is an act of its own.

use super::chunk::{Chunk, Outcome};
use super::needs::Needs;
use crate::domain::consent::{Consent, Status};
use crate::domain::import_records::Batch;
use crate::store::Result;

impl Chunk<'_> {
    /// Takes one in; answers what it lacks.
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
        // what was told of it here stays told
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
