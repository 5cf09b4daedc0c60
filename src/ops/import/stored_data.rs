//! Imports a chunk's accounts and transactions together, so that each account is written once and the transactions
//! of a connection are one event.

use super::chunk::{Chunk, Outcome, Sources};
use super::merge;
use super::needs::{Needs, Unmet};
use crate::domain::ids::{AccountId, ConnectionId, UserId};
use crate::domain::import_records::{AccountRecord, Batch, TransactionRecord};
use crate::domain::money;
use crate::store::{AccountPlace, NewEvent, Result};
use crate::wire::{Entity, Note};
use std::collections::{BTreeMap, HashMap};

impl Chunk<'_> {
    /// `true` marks a summary that came with its connection.
    pub(super) fn accounts(
        &self,
        accounts: impl Iterator<Item = (AccountRecord, bool)>,
        sources: &Sources<'_>,
        out: &mut Outcome,
    ) -> Result<()> {
        let mut merged: Vec<AccountRecord> = vec![];
        let mut places: HashMap<AccountId, usize> = HashMap::new();
        for (account, summary) in accounts {
            let id = account.id.to_string();
            if !self.tx.user_exists(&account.user)? {
                // a summary comes again with its connection, which waits for the same user
                if !summary {
                    let needs = Needs::User(account.user);
                    self.settle(Entity::Account, id, Some(needs), sources, out)?;
                }
                continue;
            }
            self.account(account, summary, &mut merged, &mut places, out)?;
            out.settled.push((Entity::Account, id));
        }
        let accounts = Batch {
            accounts: merged,
            ..Batch::default()
        };
        self.ingest(accounts, out)?;
        Ok(())
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

    pub(super) fn transactions(
        &self,
        transactions: Vec<TransactionRecord>,
        sources: &Sources<'_>,
        out: &mut Outcome,
    ) -> Result<()> {
        let mut places: HashMap<AccountId, Option<AccountPlace>> = HashMap::new();
        let mut links: HashMap<ConnectionId, bool> = HashMap::new();
        let mut grouped: BTreeMap<(UserId, Option<ConnectionId>), Batch> = BTreeMap::new();
        for mut transaction in transactions {
            let id = transaction.id.to_string();
            let source = sources.get(&(Entity::Transaction, id.as_str()));
            let place = match places.get(&transaction.account) {
                Some(place) => place.clone(),
                None => {
                    let place = self.tx.account_place(&transaction.account)?;
                    places.insert(transaction.account.clone(), place.clone());
                    place
                }
            };
            let Some(place) = place else {
                let needs = Needs::Account(transaction.account);
                self.settle(Entity::Transaction, id, Some(needs), sources, out)?;
                continue;
            };
            let (amount, kept) = (
                transaction.transaction.amount,
                money::decimals(&place.currency),
            );
            let amount = match transaction.decimals {
                Some(read) => money::rescaled(amount, read, kept),
                None => Some(amount),
            };
            let Some(amount) = amount else {
                let why = "its amount is not one of its account's currency";
                let needs = Needs::Said(why.into());
                self.settle(Entity::Transaction, id, Some(needs), sources, out)?;
                continue;
            };
            transaction.transaction.amount = amount;
            if let Some(link) = source.and_then(|source| source.connection.as_ref()) {
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
            out.settled.push((Entity::Transaction, id));
        }
        for ((user, connection), batch) in grouped {
            let new = self.ingest(batch, out)?.transactions;
            if new > 0 {
                self.event(&NewEvent {
                    connection: connection.as_ref(),
                    count: Some(new),
                    ..NewEvent::of_user("transactions", "updated", &user, self.actor)
                })?;
            }
        }
        Ok(())
    }
}
