//! Imports one chunk in one transaction. A record whose references are missing is deferred or stored with them open;
//! one that contradicts the file is left out with a note.

use super::needs::{Needs, Unmet, mentioned};
use super::outcome::Outcome;
use super::owner::owner;
use crate::clock::Clock;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::import_records::Batch;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::ops::Ops;
use crate::store::{Ingested, NewEvent, Result, Waiting, WriteTxn};
use crate::wire::{self, Documents, Entity, Loose, Source};
use std::collections::{HashMap, VecDeque};

/// The documents behind the records, of each entity in the order of its records.
pub(super) struct Sources(HashMap<Entity, VecDeque<Source>>);

impl Sources {
    fn of(all: Vec<Source>) -> Self {
        let mut by_entity: HashMap<Entity, VecDeque<Source>> = HashMap::new();
        for source in all {
            by_entity
                .entry(source.entity)
                .or_default()
                .push_back(source);
        }
        Self(by_entity)
    }

    /// The document behind the next record of this entity.
    pub(super) fn next(&mut self, entity: Entity) -> Option<Source> {
        self.0.get_mut(&entity)?.pop_front()
    }
}

/// A document that does not name its owner may be anybody's.
fn same_owner(one: &str, other: &str) -> bool {
    one == other || one.is_empty() || other.is_empty()
}

/// What holds for all chunks of an import.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// Whether purged data comes back.
    pub(super) restore: bool,
    /// The number of the newest transaction that was there before.
    pub(super) before: i64,
    /// Whether a platform says it of what it owns: then its word is taken, whatever is stored.
    pub(super) live: bool,
}

pub(crate) struct Chunk<'a> {
    pub(super) tx: &'a WriteTxn<'a>,
    now: Moment,
    clock: &'a Clock,
    pub(super) actor: &'a str,
    pub(super) course: Course,
    again: bool,
    pub(super) any_purged: bool,
    any_waiting: bool,
}

impl<'a> Chunk<'a> {
    /// `again` when the documents were deferred before; those that still cannot go in stay, and what they lack is
    /// written down again.
    pub(super) fn new(
        ops: &'a Ops,
        tx: &'a WriteTxn<'a>,
        course: Course,
        again: bool,
    ) -> Result<Self> {
        Ok(Self {
            tx,
            now: ops.now(),
            clock: &ops.clock,
            actor: &ops.caller.actor,
            course,
            again,
            any_purged: tx.any_purged()?,
            any_waiting: tx.any_waiting()?,
        })
    }

    pub(crate) fn take(&self, docs: Documents) -> Result<Outcome> {
        let mut out = Outcome {
            lost: docs.lost,
            ..Outcome::default()
        };
        let mut sources = Sources::of(docs.sources);
        for institution in docs.batch.institutions {
            self.institution(institution, &mut out)?;
        }
        for user in docs.batch.users {
            let source = sources.next(Entity::User);
            let emptied = source.map(|source| source.emptied).unwrap_or_default();
            self.user(user, &emptied, &mut out)?;
        }
        for connection in docs.batch.connections {
            let source = sources.next(Entity::Connection);
            let id = connection.id.to_string();
            let needs = self.connection(connection, source.as_ref(), &mut out)?;
            self.settle(Entity::Connection, id, needs, source, &mut out)?;
        }
        for consent in docs.batch.consents {
            let source = sources.next(Entity::Consent);
            let id = consent.id.to_string();
            let needs = self.consent(consent, &mut out)?;
            self.settle(Entity::Consent, id, needs, source, &mut out)?;
        }
        self.accounts(docs.summaries, docs.batch.accounts, &mut sources, &mut out)?;
        self.transactions(docs.batch.transactions, &mut sources, &mut out)?;
        for identity in docs.identities {
            let source = sources.next(Entity::Identity);
            let id = identity.id.clone();
            let needs = self.identity(identity, &mut out)?;
            self.settle(Entity::Identity, id, needs, source, &mut out)?;
        }
        for job in docs.batch.jobs {
            let source = sources.next(Entity::Job);
            let id = job.id.to_string();
            let needs = self.job(job, &mut out)?;
            self.settle(Entity::Job, id, needs, source, &mut out)?;
        }
        for event in docs.batch.events {
            self.imported_event(event, &mut out)?;
        }
        for told in docs.statuses {
            self.status_told(&told, &mut out)?;
        }
        for loose in docs.loose {
            self.loose(loose, &mut out)?;
        }
        // a deferred document's mentions were named when it came
        if !self.again {
            out.unmet
                .extend(docs.mentions.into_iter().filter_map(mentioned));
        }
        Ok(out)
    }

    /// Drops the document of a record that went in, or defers it until what it needs is there.
    pub(super) fn settle(
        &self,
        entity: Entity,
        id: String,
        needs: Option<Needs>,
        source: Option<Source>,
        out: &mut Outcome,
    ) -> Result<()> {
        // every record that can be deferred came with its document
        let Some(source) = source else { return Ok(()) };
        debug_assert_eq!((source.entity, &source.id), (entity, &id));
        match needs {
            // the platform is asked again, and the user with the rest
            Some(_) if self.course.live => Ok(()),
            Some(needs) => self.defer(entity, id, needs, source.raw, out),
            None if self.any_waiting => self.drop_waiting(entity, &id, &source.raw),
            None => Ok(()),
        }
    }

    fn drop_waiting(&self, entity: Entity, id: &str, raw: &Secret) -> Result<()> {
        let owner = wire::belongs_to(raw);
        for name in [id.to_owned(), format!("{owner}/{id}")] {
            let held = self.tx.waiting_body(entity.word(), &name)?;
            if held.is_some_and(|held| same_owner(&wire::belongs_to(&held), &owner)) {
                self.tx.drop_waiting(entity.word(), &name)?;
            }
        }
        Ok(())
    }

    pub(super) fn ingest(&self, batch: Batch, out: &mut Outcome) -> Result<Ingested> {
        let done = self.tx.ingest(&batch, self.now)?;
        out.ingested.add(done);
        Ok(done)
    }

    pub(super) fn event(&self, event: &NewEvent<'_>) -> Result<()> {
        self.tx
            .append_event(&self.clock.fresh_id().into(), event, self.now)
    }

    fn loose(&self, loose: Loose, out: &mut Outcome) -> Result<()> {
        if self.again {
            return Ok(());
        }
        if matches!(
            loose.entity,
            Entity::Other | Entity::Institution | Entity::Event | Entity::User
        ) {
            out.lost += 1;
            out.note(loose.at, format!("left out: {}", loose.why));
            return Ok(());
        }
        let id = loose.id.unwrap_or_else(|| wire::nameless(&loose.raw));
        let needs = match loose.unnamed {
            true => Needs::Unnamed(loose.why),
            false => Needs::Said(loose.why),
        };
        self.defer(loose.entity, id, needs, loose.raw, out)
    }

    fn defer(
        &self,
        entity: Entity,
        id: String,
        needs: Needs,
        body: Secret,
        out: &mut Outcome,
    ) -> Result<()> {
        let owner = owner(self.tx, &body)?;
        let holds_data = matches!(
            entity,
            Entity::Account | Entity::Transaction | Entity::Identity
        );
        if let (Some(user), Some(institution), true) = (&owner.user, &owner.institution, holds_data)
            && self.purged(user, institution)?.is_some()
        {
            // kept here it would be back as well
            out.held_back += 1;
            return Ok(());
        }
        let name = self.waiting_name(entity, &id, &body)?;
        let missing = needs.to_string();
        // what was named before is not named by every later import
        if !self.again || self.tx.set_missing(entity.word(), &name, &missing)? {
            out.lost += u64::from(matches!(needs, Needs::Said(_)));
            out.unmet.push(Unmet {
                kind: entity.word(),
                id,
                needs,
            });
        }
        if self.again {
            return Ok(());
        }
        let waiting = Waiting {
            kind: entity.word().into(),
            id: name,
            missing,
            owner,
            body,
        };
        match self.tx.keep_waiting(&waiting, self.now)? {
            true => out.kept += 1,
            false => out.ingested.unchanged += 1,
        }
        Ok(())
    }

    /// A document waits under its id, or with its owner in front when another owner's document has that id.
    fn waiting_name(&self, entity: Entity, id: &str, body: &Secret) -> Result<String> {
        let owner = wire::belongs_to(body);
        let held = self.tx.waiting_body(entity.word(), id)?;
        Ok(match held {
            Some(held) if !same_owner(&wire::belongs_to(&held), &owner) => format!("{owner}/{id}"),
            _ => id.to_owned(),
        })
    }

    /// Until when the data of a user at a bank was purged, unless it is to come back.
    pub(super) fn purged(&self, user: &UserId, at: &InstitutionId) -> Result<Option<Moment>> {
        match self.any_purged && !self.course.restore {
            true => self.tx.purged_until(user, at),
            false => Ok(None),
        }
    }
}
