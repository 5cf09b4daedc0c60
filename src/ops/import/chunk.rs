//! One chunk of documents in one transaction: what fits goes in, what refers to something that is not there
//! waits or goes in with the reference left open, and what contradicts the file is left out and said.

use super::merge;
use super::needs::{Needs, Unmet, mentioned};
use crate::clock::Clock;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::{
    AccountRecord, Batch, ConnectionRecord, InstitutionRecord, JobRecord, UserRecord,
};
use crate::domain::job::{Kind, State};
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::secret::Secret;
use crate::store::{AccountPlace, Guard, Ingested, NewEvent, Result, Waiting, WriteTxn};
use crate::wire::{self, Documents, Entity, Loose, Note, Source};
use std::collections::{BTreeMap, HashMap};

/// What a chunk came to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Records by type.
    pub(crate) ingested: Ingested,
    /// Documents that wait from now on.
    pub(crate) kept: u64,
    /// References to look at again when all is read.
    pub(crate) unmet: Vec<Unmet>,
    /// What was left out, and why.
    pub(crate) notes: Vec<Note>,
}

/// A chunk on its way into the file.
pub(crate) struct Chunk<'a> {
    /// Where to.
    pub(crate) tx: &'a WriteTxn<'a>,
    /// When.
    pub(crate) now: Moment,
    /// Makes the ids of events.
    pub(crate) clock: &'a Clock,
    /// Who imports.
    pub(crate) actor: &'a str,
    /// Whether these documents wait already; then what still cannot go in stays as it is.
    pub(crate) again: bool,
}

impl Chunk<'_> {
    /// Takes the documents in.
    pub(crate) fn take(&self, docs: Documents) -> Result<Outcome> {
        let mut out = Outcome::default();
        let any_waiting = self.tx.any_waiting()?;
        let sources: HashMap<(Entity, &str), &Source> = docs
            .sources
            .iter()
            .map(|s| ((s.entity, s.id.as_str()), s))
            .collect();
        let source = |entity, id: &str| sources.get(&(entity, id)).copied();
        let mut settled: Vec<(Entity, String)> = vec![];
        for institution in docs.batch.institutions {
            self.institution(institution, &mut out)?;
        }
        for user in docs.batch.users {
            self.user(user, &mut out)?;
        }
        for connection in docs.batch.connections {
            let id = connection.id.as_str().to_owned();
            match self.connection(connection, &mut out)? {
                Some(needs) => self.keep(source(Entity::Connection, &id), needs, &mut out)?,
                None => settled.push((Entity::Connection, id)),
            }
        }
        for consent in docs.batch.consents {
            let id = consent.id.as_str().to_owned();
            match self.consent(consent, &mut out)? {
                Some(needs) => self.keep(source(Entity::Consent, &id), needs, &mut out)?,
                None => settled.push((Entity::Consent, id)),
            }
        }
        let summaries = docs.summaries.into_iter().map(|a| (a, true));
        let accounts = summaries.chain(docs.batch.accounts.into_iter().map(|a| (a, false)));
        let mut merged: Vec<AccountRecord> = vec![];
        let mut places: HashMap<AccountId, usize> = HashMap::new();
        for (account, summary) in accounts {
            let id = account.id.as_str().to_owned();
            if !self.tx.user_exists(&account.user)? {
                // a summary comes again with its connection, which waits for the same user
                if !summary {
                    let needs = Needs::User(account.user.clone());
                    self.keep(source(Entity::Account, &id), needs, &mut out)?;
                }
                continue;
            }
            self.account(account, summary, &mut merged, &mut places, &mut out)?;
            settled.push((Entity::Account, id));
        }
        self.ingest(
            Batch {
                accounts: merged,
                ..Batch::default()
            },
            &mut out,
        )?;
        self.transactions(docs.batch.transactions, &source, &mut settled, &mut out)?;
        for job in docs.batch.jobs {
            let id = job.id.as_str().to_owned();
            match self.job(job, &mut out)? {
                Some(needs) => self.keep(source(Entity::Job, &id), needs, &mut out)?,
                None => settled.push((Entity::Job, id)),
            }
        }
        self.ingest(
            Batch {
                events: docs.batch.events,
                ..Batch::default()
            },
            &mut out,
        )?;
        for loose in docs.loose {
            self.loose(loose, &mut out)?;
        }
        out.unmet
            .extend(docs.mentions.into_iter().filter_map(mentioned));
        if any_waiting {
            for (entity, id) in settled {
                self.tx.drop_waiting(entity.word(), &id)?;
            }
        }
        Ok(out)
    }

    pub(super) fn ingest(&self, batch: Batch, out: &mut Outcome) -> Result<Ingested> {
        let done = self.tx.ingest(&batch, self.now)?;
        out.ingested.add(done);
        Ok(done)
    }

    fn event(
        &self,
        entity: &'static str,
        event_type: &str,
        user: &UserId,
        connection: Option<&ConnectionId>,
        count: Option<u64>,
    ) -> Result<()> {
        let event = NewEvent {
            entity,
            event_type,
            user: Some(user),
            connection,
            job: None,
            count,
            actor: self.actor,
        };
        self.tx
            .append_event(&self.clock.fresh_id().into(), &event, self.now)
    }

    fn institution(&self, new: InstitutionRecord, out: &mut Outcome) -> Result<()> {
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

    fn user(&self, new: UserRecord, out: &mut Outcome) -> Result<()> {
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
            self.event("user", "created", &id, None, None)?;
        }
        Ok(())
    }

    fn connection(&self, new: ConnectionRecord, out: &mut Outcome) -> Result<Option<Needs>> {
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
            self.event("connection", "created", &user, Some(&id), None)?;
        }
        Ok(None)
    }

    fn account(
        &self,
        mut new: AccountRecord,
        summary: bool,
        merged: &mut Vec<AccountRecord>,
        places: &mut HashMap<AccountId, usize>,
        out: &mut Outcome,
    ) -> Result<()> {
        if let Some(connection) = new.connection.clone() {
            match self.tx.connection_place(&connection)? {
                None => out.unmet.push(Unmet {
                    kind: Entity::Account.word(),
                    id: new.id.as_str().into(),
                    needs: Needs::Connection(connection),
                }),
                Some(place) if place != (new.user.clone(), new.institution.clone()) => {
                    let what = "names a connection of another user or institution, and is taken in without it";
                    out.notes.push(Note {
                        at: format!("account {}", new.id),
                        what: what.into(),
                    });
                    new.connection = None;
                }
                Some(_) => {}
            }
        }
        let place = places.get(&new.id).copied();
        let old = match place {
            Some(place) => Some(merged[place].clone()),
            None => self.tx.account_record(&new.id)?,
        };
        let record = match &old {
            Some(old) if (&old.user, &old.institution) != (&new.user, &new.institution) => {
                out.left_out(
                    "account",
                    new.id.as_str(),
                    "is known as another user's or at another institution",
                );
                return Ok(());
            }
            Some(old) => merge::account(old, new, summary),
            None => new,
        };
        self.tx.ensure_institution(&record.institution)?;
        match place {
            Some(place) => merged[place] = record,
            None => {
                places.insert(record.id.clone(), merged.len());
                merged.push(record);
            }
        }
        Ok(())
    }

    fn transactions<'s>(
        &self,
        transactions: Vec<crate::domain::import_records::TransactionRecord>,
        source: &dyn Fn(Entity, &str) -> Option<&'s Source>,
        settled: &mut Vec<(Entity, String)>,
        out: &mut Outcome,
    ) -> Result<()> {
        let mut places: HashMap<AccountId, Option<AccountPlace>> = HashMap::new();
        let mut links: HashMap<ConnectionId, bool> = HashMap::new();
        let mut grouped: BTreeMap<(UserId, Option<ConnectionId>), Batch> = BTreeMap::new();
        for mut transaction in transactions {
            let id = transaction.id.as_str().to_owned();
            let document = source(Entity::Transaction, &id);
            let place = match places.get(&transaction.account) {
                Some(place) => place.clone(),
                None => {
                    let place = self.tx.account_place(&transaction.account)?;
                    places.insert(transaction.account.clone(), place.clone());
                    place
                }
            };
            let Some(place) = place else {
                self.keep(document, Needs::Account(transaction.account), out)?;
                continue;
            };
            let (read, kept) = (
                document.map_or(2, |d| d.decimals),
                money::decimals(&place.currency),
            );
            match money::rescaled(transaction.transaction.amount, read, kept) {
                Some(amount) => transaction.transaction.amount = amount,
                None => {
                    let why = "its amount is not one of its account's currency";
                    self.keep(document, Needs::Said(why.into()), out)?;
                    continue;
                }
            }
            if let Some(link) = document.and_then(|d| d.connection.as_ref()) {
                let known = match links.get(link) {
                    Some(known) => *known,
                    None => {
                        let known = self.tx.connection_place(link)?.is_some();
                        links.insert(link.clone(), known);
                        known
                    }
                };
                if !known {
                    let needs = Needs::Connection(link.clone());
                    out.unmet.push(Unmet {
                        kind: Entity::Transaction.word(),
                        id: id.clone(),
                        needs,
                    });
                }
            }
            grouped
                .entry((place.user, place.connection))
                .or_default()
                .transactions
                .push(transaction);
            settled.push((Entity::Transaction, id));
        }
        for ((user, connection), batch) in grouped {
            let new = self.ingest(batch, out)?.transactions;
            if new > 0 {
                self.event(
                    "transactions",
                    "updated",
                    &user,
                    connection.as_ref(),
                    Some(new),
                )?;
            }
        }
        Ok(())
    }

    fn job(&self, mut new: JobRecord, out: &mut Outcome) -> Result<Option<Needs>> {
        let Some(connection) = self.tx.connection(&new.connection)? else {
            return Ok(Some(Needs::Connection(new.connection)));
        };
        if let Some(mut old) = self.tx.job(&new.id)? {
            // one that runs elsewhere was held here as it stood then; one that runs here is not touched
            let held = old.state == State::Paused && old.owner.is_none() && old.epoch == 0;
            if !held || new.updated <= old.updated || old.connection != new.connection {
                out.ingested.unchanged += 1;
                return Ok(None);
            }
            let guard = Guard {
                epoch: old.epoch,
                state: old.state,
            };
            (old.state, old.steps, old.updated, old.ended) =
                (new.state, new.steps, new.updated, new.ended);
            out.ingested.jobs += u64::from(self.tx.save_job(&old, guard)?);
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
        self.wait(loose.entity, id, Needs::Said(loose.why), loose.raw, out)
    }

    fn keep(&self, source: Option<&Source>, needs: Needs, out: &mut Outcome) -> Result<()> {
        match source {
            Some(source) => self.wait(
                source.entity,
                source.id.clone(),
                needs,
                source.raw.clone(),
                out,
            ),
            // every record of these types came with its document
            None => Ok(()),
        }
    }

    fn wait(
        &self,
        entity: Entity,
        id: String,
        needs: Needs,
        body: Secret,
        out: &mut Outcome,
    ) -> Result<()> {
        out.unmet.push(Unmet {
            kind: entity.word(),
            id: id.clone(),
            needs: needs.clone(),
        });
        if self.again {
            return Ok(());
        }
        let (user, institution): (Option<UserId>, Option<InstitutionId>) = wire::owner(&body);
        let waiting = Waiting {
            kind: entity.word().into(),
            id,
            missing: needs.to_string(),
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
