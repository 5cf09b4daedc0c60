//! Imports a chunk's transactions. Those of one connection are one event.

use super::chunk::{Chunk, Sources};
use super::merge_transaction::{self as merge, Came};
use super::needs::{Needs, Unmet};
use super::outcome::Outcome;
use crate::domain::ids::{AccountId, ConnectionId, UserId};
use crate::domain::import_records::TransactionRecord;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::store::{AccountPlace, Known, NewEvent, Result};
use crate::wire::{Entity, Source};
use std::collections::{BTreeMap, HashMap};

/// What is looked up once for many transactions.
#[derive(Default)]
struct Looked {
    places: HashMap<AccountId, Option<AccountPlace>>,
    purged: HashMap<AccountId, Option<Moment>>,
    connections: HashMap<ConnectionId, bool>,
    known: Known,
    /// How many were written, by user and connection.
    wrote: BTreeMap<(UserId, Option<ConnectionId>), u64>,
}

impl Chunk<'_> {
    pub(super) fn transactions(
        &self,
        transactions: Vec<TransactionRecord>,
        sources: &mut Sources,
        out: &mut Outcome,
    ) -> Result<()> {
        let mut looked = Looked::default();
        for transaction in transactions {
            let source = sources.next(Entity::Transaction);
            let id = transaction.id.to_string();
            if self.held_back(&transaction, &mut looked)? {
                out.held_back += 1;
                continue;
            }
            let needs = self.transaction(transaction, source.as_ref(), &mut looked, out)?;
            self.settle(Entity::Transaction, id, needs, source, out)?;
        }
        self.tx.recount_touched(&mut looked.known)?;
        for ((user, connection), wrote) in looked.wrote {
            self.event(&NewEvent {
                connection: connection.as_ref(),
                count: Some(wrote),
                ..NewEvent::of_user("transactions", "updated", &user, self.actor)
            })?;
        }
        Ok(())
    }

    /// Whether it is of before the purge of its account.
    fn held_back(&self, transaction: &TransactionRecord, looked: &mut Looked) -> Result<bool> {
        if !self.any_purged || self.course.restore {
            return Ok(false);
        }
        let until = match looked.purged.get(&transaction.account) {
            Some(until) => *until,
            None => {
                let until = self.tx.account_purged_until(&transaction.account)?;
                looked.purged.insert(transaction.account.clone(), until);
                until
            }
        };
        Ok(until.is_some_and(|until| transaction.transaction.at <= until))
    }

    fn transaction(
        &self,
        mut new: TransactionRecord,
        source: Option<&Source>,
        looked: &mut Looked,
        out: &mut Outcome,
    ) -> Result<Option<Needs>> {
        let place = match looked.places.get(&new.account) {
            Some(place) => place.clone(),
            None => {
                let place = self.tx.account_place(&new.account)?;
                looked.places.insert(new.account.clone(), place.clone());
                place
            }
        };
        let Some(place) = place else {
            return Ok(Some(Needs::Account(new.account)));
        };
        if !in_its_currency(&mut new, &place.currency) {
            let why = "its amount is not one of its account's currency";
            return Ok(Some(Needs::Said(why.into())));
        }
        if let Some(link) = source.and_then(|source| source.connection.as_ref()) {
            self.check_link(link, new.id.as_str(), looked, out)?;
        }
        let emptied = source.map_or(&[][..], |source| source.emptied.as_slice());
        let known = &mut looked.known;
        let old = self.tx.transaction_record(&new.id, &new.account, known)?;
        let came = match old {
            Some(old) => merge::transaction(&old, new, &place.currency, emptied),
            None => {
                self.take_over(&new, &place.currency, known, out)?;
                Came::New(new)
            }
        };
        let (record, was) = match came {
            Came::New(record) => (record, 0),
            Came::Changed(record) => (record, 1),
            Came::Same => {
                out.ingested.unchanged += 1;
                return Ok(None);
            }
            Came::Older(id) => {
                out.ingested.unchanged += 1;
                out.older("transaction", id.as_str());
                return Ok(None);
            }
        };
        self.tx.write_transaction(&record, known)?;
        out.ingested.transactions += 1;
        out.changed(was, |d| &mut d.transactions);
        *looked
            .wrote
            .entry((place.user, place.connection))
            .or_default() += 1;
        Ok(None)
    }

    /// The same transaction in another account of the same user, from an earlier import, has moved. In one import the
    /// two are two, because an id is unique within its account only.
    fn take_over(
        &self,
        new: &TransactionRecord,
        currency: &str,
        known: &mut Known,
        out: &mut Outcome,
    ) -> Result<()> {
        let before = self.course.before;
        if before == 0 {
            return Ok(());
        }
        let others = self
            .tx
            .transactions_elsewhere(&new.id, &new.account, before, known)?;
        for other in others {
            let held_in = self.tx.account_place(&other.account)?;
            let held_in = held_in.map_or_else(String::new, |place| place.currency);
            if merge::is_alike(&other, &held_in, new, currency) {
                self.tx.drop_transaction(&new.id, &other.account, known)?;
                out.moved(
                    "transaction",
                    new.id.as_str(),
                    &format!("account {}", other.account),
                    &format!("account {}", new.account),
                );
                out.changed(1, |d| &mut d.transactions);
                return Ok(());
            }
        }
        Ok(())
    }

    fn check_link(
        &self,
        link: &ConnectionId,
        id: &str,
        looked: &mut Looked,
        out: &mut Outcome,
    ) -> Result<()> {
        let known = match looked.connections.get(link) {
            Some(known) => *known,
            None => {
                let known = self.tx.connection_place(link)?.is_some();
                looked.connections.insert(link.clone(), known);
                known
            }
        };
        if !known {
            out.unmet.push(Unmet {
                kind: Entity::Transaction.word(),
                id: id.to_owned(),
                needs: Needs::Connection(link.clone()),
            });
        }
        Ok(())
    }
}

/// Puts the amount into minor units of the currency that the document names, or else of the account's. `false` when it
/// is not an amount of that.
fn in_its_currency(new: &mut TransactionRecord, currency: &str) -> bool {
    if new.currency.is_some() {
        new.currency.take_if(|code| code == currency);
        return true;
    }
    let Some(read) = new.decimals else {
        return true;
    };
    let amount = money::rescaled(new.transaction.amount, read, money::decimals(currency));
    new.transaction.amount = amount.unwrap_or_default();
    amount.is_some()
}
