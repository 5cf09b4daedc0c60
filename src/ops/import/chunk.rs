//! Imports one chunk in one transaction. A record whose references are missing is deferred or stored with them open;
//! one that contradicts the file is left out with a note.

use super::needs::{Needs, Unmet, mentioned};
use crate::clock::Clock;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::import_records::Batch;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::ops::Ops;
use crate::store::{Ingested, NewEvent, Result, Waiting, WriteTxn};
use crate::wire::{self, Documents, Entity, Loose, Note, Source};
use std::collections::HashMap;

pub(super) type Sources<'a> = HashMap<(Entity, &'a str), &'a Source>;

#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) ingested: Ingested,
    pub(crate) kept: u64,
    /// Open references, checked again when everything is read.
    pub(crate) unmet: Vec<Unmet>,
    pub(crate) notes: Vec<Note>,
    /// Records that went in; a deferred document of one is dropped.
    pub(super) settled: Vec<(Entity, String)>,
}

pub(crate) struct Chunk<'a> {
    pub(super) tx: &'a WriteTxn<'a>,
    now: Moment,
    clock: &'a Clock,
    pub(super) actor: &'a str,
    again: bool,
}

impl<'a> Chunk<'a> {
    /// `again` when the documents were deferred before; those that still cannot go in stay, and what they lack is
    /// written down again.
    pub(super) fn new(ops: &'a Ops, tx: &'a WriteTxn<'a>, again: bool) -> Self {
        Self {
            tx,
            now: ops.now(),
            clock: &ops.clock,
            actor: &ops.caller.actor,
            again,
        }
    }

    pub(crate) fn take(&self, docs: Documents) -> Result<Outcome> {
        let mut out = Outcome::default();
        let any_waiting = self.tx.any_waiting()?;
        let sources: Sources<'_> = docs
            .sources
            .iter()
            .map(|s| ((s.entity, s.id.as_str()), s))
            .collect();
        for institution in docs.batch.institutions {
            self.institution(institution, &mut out)?;
        }
        for user in docs.batch.users {
            self.user(user, &mut out)?;
        }
        for connection in docs.batch.connections {
            let id = connection.id.to_string();
            let needs = self.connection(connection, &mut out)?;
            self.settle(Entity::Connection, id, needs, &sources, &mut out)?;
        }
        for consent in docs.batch.consents {
            let id = consent.id.to_string();
            let needs = self.consent(consent, &mut out)?;
            self.settle(Entity::Consent, id, needs, &sources, &mut out)?;
        }
        let summaries = docs.summaries.into_iter().map(|a| (a, true));
        let accounts = docs.batch.accounts.into_iter().map(|a| (a, false));
        self.accounts(summaries.chain(accounts), &sources, &mut out)?;
        self.transactions(docs.batch.transactions, &sources, &mut out)?;
        for job in docs.batch.jobs {
            let id = job.id.to_string();
            let needs = self.job(job, &mut out)?;
            self.settle(Entity::Job, id, needs, &sources, &mut out)?;
        }
        let events = Batch {
            events: docs.batch.events,
            ..Batch::default()
        };
        self.ingest(events, &mut out)?;
        for loose in docs.loose {
            self.loose(loose, &mut out)?;
        }
        // a deferred document's mentions were named when it came
        if !self.again {
            out.unmet
                .extend(docs.mentions.into_iter().filter_map(mentioned));
        }
        let settled = std::mem::take(&mut out.settled);
        if any_waiting {
            for (entity, id) in settled {
                self.tx.drop_waiting(entity.word(), &id)?;
            }
        }
        Ok(out)
    }

    /// Notes that a record went in, or defers its document until what it needs is there.
    pub(super) fn settle(
        &self,
        entity: Entity,
        id: String,
        needs: Option<Needs>,
        sources: &Sources<'_>,
        out: &mut Outcome,
    ) -> Result<()> {
        match (needs, sources.get(&(entity, id.as_str()))) {
            (None, _) => out.settled.push((entity, id)),
            (Some(needs), Some(source)) => {
                self.defer(entity, source.id.clone(), needs, source.raw.clone(), out)?;
            }
            // every record that can be deferred came with its document
            (Some(_), None) => {}
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
        if matches!(
            loose.entity,
            Entity::Other | Entity::Institution | Entity::Event
        ) {
            out.notes.push(Note {
                at: loose.at,
                what: format!("left out: {}", loose.why),
            });
            return Ok(());
        }
        let id = loose.id.unwrap_or_else(|| wire::nameless(&loose.raw));
        self.defer(loose.entity, id, Needs::Said(loose.why), loose.raw, out)
    }

    fn defer(
        &self,
        entity: Entity,
        id: String,
        needs: Needs,
        body: Secret,
        out: &mut Outcome,
    ) -> Result<()> {
        let missing = needs.to_string();
        let unmet = Unmet {
            kind: entity.word(),
            id: id.clone(),
            needs,
        };
        if self.again {
            // what was named before is not named by every later import
            if self.tx.set_missing(entity.word(), &id, &missing)? {
                out.unmet.push(unmet);
            }
            return Ok(());
        }
        out.unmet.push(unmet);
        let (user, institution): (Option<UserId>, Option<InstitutionId>) = wire::owner(&body);
        let waiting = Waiting {
            kind: entity.word().into(),
            id,
            missing,
            user,
            institution,
            body,
        };
        match self.tx.keep_waiting(&waiting, self.now)? {
            true => out.kept += 1,
            false => out.ingested.unchanged += 1,
        }
        Ok(())
    }
}

impl Outcome {
    pub(super) fn left_out(&mut self, kind: &str, id: &str, why: &str) {
        self.notes.push(Note {
            at: format!("{kind} {id}"),
            what: format!("left out: it {why}"),
        });
    }
}
