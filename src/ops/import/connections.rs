//! Imports connections, and what events and identities tell of them.

use super::chunk::Chunk;
use super::merge::{self, HeldConnection};
use super::needs::{Needs, only_connection};
use super::outcome::Outcome;
use crate::domain::connection::{Origin, Status};
use crate::domain::ids::ConnectionId;
use crate::domain::import_records::{Batch, ConnectionRecord};
use crate::domain::rows::ConnectionRow;
use crate::store::{Known, NewEvent, Result};
use crate::wire::{Identity, Source, StatusTold};

impl Chunk<'_> {
    pub(super) fn connection(
        &self,
        mut new: ConnectionRecord,
        source: Option<&Source>,
        out: &mut Outcome,
    ) -> Result<Option<Needs>> {
        let id = new.id.clone();
        if !self.tx.user_exists(&new.user)? {
            return Ok(Some(Needs::User(new.user)));
        }
        self.hold_profile_back(&mut new, out)?;
        let emptied = source.map_or(&[][..], |source| source.emptied.as_slice());
        let mut old = self.held_connection(&id)?;
        if let Some(old) = &mut old
            && !self.same_owner(old, &new, out)?
        {
            return Ok(None);
        }
        let merged = match &old {
            Some(old) => merge::connection(old, new.clone(), emptied, self.course.live),
            None => new.clone(),
        };
        let merged = match merge::lawful(merged) {
            Ok(merged) => merged,
            Err(why) => {
                out.left_out("connection", id.as_str(), &format!("is {why}"));
                return Ok(None);
            }
        };
        let wrote = self.write_connection(merged, old.as_ref().map(|old| &old.row), out)?;
        match &old {
            Some(old) if wrote == 0 && new.last_used < old.as_of() && !self.course.live => {
                out.older("connection", id.as_str());
            }
            Some(_) => {}
            None => self.tell_before(&new, out)?,
        }
        self.tx.adopt_accounts(&id)?;
        Ok(None)
    }

    fn held_connection(&self, id: &ConnectionId) -> Result<Option<HeldConnection>> {
        let Some(row) = self.tx.connection(id)? else {
            return Ok(None);
        };
        Ok(Some(HeldConnection {
            row,
            mfa_enabled: self.tx.meets_challenges(id)?,
            profile: self.tx.profile(id)?,
            told: self.tx.told(id)?,
        }))
    }

    fn hold_profile_back(&self, new: &mut ConnectionRecord, out: &mut Outcome) -> Result<()> {
        if !self.any_purged || new.profile.is_none() {
            return Ok(());
        }
        let until = self.tx.purged_until(&new.user, &new.institution)?;
        if until.is_none_or(|until| new.last_used > until) {
            return Ok(());
        }
        match self.course.restore {
            // its accounts are restored by their own times
            true => Ok(()),
            false => {
                new.profile = None;
                out.held_back += 1;
                Ok(())
            }
        }
    }

    /// Whether the connection belongs to whom the document says, after a newer one moved it.
    fn same_owner(
        &self,
        old: &mut HeldConnection,
        new: &ConnectionRecord,
        out: &mut Outcome,
    ) -> Result<bool> {
        let row = &mut old.row;
        if (&row.user, &row.institution) == (&new.user, &new.institution) {
            return Ok(true);
        }
        // two documents of the same time contradict each other
        let movable = row.origin == Origin::Imported
            && new.last_used > row.last_used
            && row.status != Status::Deleted
            && self.tx.open_purge(&row.user, &row.institution)?.is_none();
        if !movable {
            out.left_out(
                "connection",
                row.id.as_str(),
                "is known as another user's or at another institution",
            );
            return Ok(false);
        }
        let mut known = Known::default();
        self.tx
            .move_connection(&new.id, &new.user, &new.institution, &mut known)?;
        let place = |user: &str, at: &str| format!("user {user} at {at}");
        out.moved(
            "connection",
            row.id.as_str(),
            &place(row.user.as_str(), row.institution.as_str()),
            &place(new.user.as_str(), new.institution.as_str()),
        );
        row.user = new.user.clone();
        row.institution = new.institution.clone();
        Ok(true)
    }

    fn write_connection(
        &self,
        merged: ConnectionRecord,
        old: Option<&ConnectionRow>,
        out: &mut Outcome,
    ) -> Result<u64> {
        let (id, user, status) = (merged.id.clone(), merged.user.clone(), merged.status);
        self.tx.ensure_institution(&merged.institution)?;
        let batch = Batch {
            connections: vec![merged],
            ..Batch::default()
        };
        let wrote = self.ingest(batch, out)?.connections;
        let happened = match old {
            None => "created",
            Some(_) if wrote == 0 => return Ok(0),
            Some(old) if old.status == status => "updated",
            Some(_) => match status {
                Status::Active => "activated",
                Status::Invalid => "invalidated",
                Status::Deleted => "deleted",
                Status::Pending | Status::PreInit | Status::Init => "updated",
            },
        };
        if old.is_some() {
            out.changed(wrote, |d| &mut d.connections);
        }
        if old.is_some_and(|old| old.status != Status::Deleted) && status == Status::Deleted {
            self.tx.forget_login(&id)?;
        }
        self.event(&NewEvent::of_connection(happened, &user, &id, self.actor))?;
        Ok(wrote)
    }

    /// What imported events told of a connection before it came.
    fn tell_before(&self, new: &ConnectionRecord, out: &mut Outcome) -> Result<()> {
        match self.tx.status_told(&new.user, &new.id)? {
            Some((status, at)) => {
                let told = StatusTold {
                    connection: new.id.clone(),
                    user: new.user.clone(),
                    status,
                    at,
                };
                self.status_told(&told, out)
            }
            None => Ok(()),
        }
    }

    /// An event that is newer than what is known of a connection decides its status.
    pub(super) fn status_told(&self, told: &StatusTold, out: &mut Outcome) -> Result<()> {
        let id = &told.connection;
        let Some(old) = self.held_connection(id)? else {
            return Ok(());
        };
        let row = &old.row;
        if row.user != told.user {
            let what = "its connection is another user's; the status stays";
            out.note(format!("event of connection {id}"), what);
            return Ok(());
        }
        if told.at <= old.as_of() || row.status == Status::Deleted || row.origin != Origin::Imported
        {
            return Ok(());
        }
        let changed = ConnectionRecord {
            id: id.clone(),
            user: row.user.clone(),
            institution: row.institution.clone(),
            method: row.method,
            origin: row.origin,
            status: told.status,
            ever_active: row.ever_active,
            since: Some(match told.status == row.status {
                true => row.since,
                false => told.at,
            }),
            created: row.created,
            last_used: row.last_used,
            expiry: row.expiry,
            mfa_enabled: old.mfa_enabled,
            profile: None,
            credentials: None,
        };
        match merge::lawful(changed) {
            Ok(changed) => {
                self.write_connection(changed, Some(row), out)?;
                self.tx.set_told(id, told.at)
            }
            Err(why) => {
                let what = format!("tells that it is {why}; the status stays");
                out.note(format!("event of connection {id}"), what);
                Ok(())
            }
        }
    }

    /// Takes a profile that came by itself: where there is none, or when it is newer.
    pub(super) fn identity(&self, new: Identity, out: &mut Outcome) -> Result<Option<Needs>> {
        let id = match self.connection_of(&new)? {
            Ok(id) => id,
            Err(needs) => return Ok(Some(needs)),
        };
        let Some(row) = self.tx.connection(&id)? else {
            return Ok(Some(Needs::Connection(id)));
        };
        if row.status == Status::Deleted {
            out.left_out("identity", &new.id, "is of a connection that has ended");
            return Ok(None);
        }
        if self.any_purged && !self.course.restore {
            let until = self.tx.purged_until(&row.user, &row.institution)?;
            if until.is_some_and(|until| new.updated <= until) {
                out.held_back += 1;
                return Ok(None);
            }
        }
        let old = self.tx.profile(&id)?;
        let stays = old.is_some() && new.updated <= row.last_used;
        if stays || old.as_ref() == Some(&new.profile) {
            out.ingested.unchanged += 1;
            return Ok(None);
        }
        self.tx.put_profile(&id, &new.profile)?;
        out.ingested.identities += 1;
        out.changed(u64::from(old.is_some()), |d| &mut d.identities);
        let event = NewEvent::of_connection("updated", &row.user, &id, self.actor);
        self.event(&event)?;
        Ok(None)
    }

    /// The connection that an identity names, or the only one of its user at its bank.
    fn connection_of(&self, new: &Identity) -> Result<std::result::Result<ConnectionId, Needs>> {
        if let Some(id) = &new.connection {
            return Ok(Ok(id.clone()));
        }
        let (Some(user), Some(bank)) = (&new.user, &new.institution) else {
            return Ok(Err(Needs::Said("its connection is not known".into())));
        };
        let only = only_connection(self.tx, user, bank)?;
        Ok(only.ok_or_else(|| Needs::OnlyConnection(user.clone(), bank.clone())))
    }
}
