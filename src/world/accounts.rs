//! Accounts and transactions of a generated world, from the sandbox's own functions, so that a refresh adds to them.

use super::World;
use super::roster::Link;
use super::story::Story;
use crate::connector::sandbox::holding::{Holding, holdings};
use crate::connector::sandbox::ledger;
use crate::connector::sandbox::people::Person;
use crate::domain::ids::{AccountId, TransactionId, UserId};
use crate::domain::import_records::{AccountRecord, Batch, TransactionRecord};
use crate::domain::moment::Moment;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredData {
    pub(crate) accounts: usize,
    pub(crate) transactions: u64,
}

pub(crate) fn store(
    world: &World,
    link: &Link,
    story: &Story,
    user: &UserId,
    person: &Person,
    batch: &mut Batch,
) -> StoredData {
    let Some(at) = story.accounts_at else {
        return StoredData::default();
    };
    let held = holdings(world.settings.seed, link.script, person);
    let mut stored = StoredData {
        accounts: held.len(),
        transactions: 0,
    };
    for holding in held {
        let id = AccountId::derived(&story.id, &holding.reference);
        let held_back = ledger::held_back(&holding, at);
        let account = holding.account(
            link.script,
            person,
            ledger::balance(&holding, at),
            held_back,
        );
        if story.transactions {
            stored.transactions += transactions(world, link, &holding, &id, at, batch);
        }
        batch.accounts.push(AccountRecord {
            id,
            user: user.clone(),
            connection: Some(story.id.clone()),
            institution: link.script.id.as_str().into(),
            account,
            updated: at,
        });
    }
    stored
}

fn transactions(
    world: &World,
    link: &Link,
    holding: &Holding,
    account: &AccountId,
    at: Moment,
    batch: &mut Batch,
) -> u64 {
    let wanted = usize::try_from(world.settings.transactions_per_account).unwrap_or(usize::MAX);
    let entries = ledger::newest(holding, wanted, at);
    batch.transactions.extend(entries.iter().map(|entry| {
        let transaction = entry.transaction(holding, link.method);
        let id = TransactionId::derived(account, &transaction.reference);
        TransactionRecord {
            id,
            account: account.clone(),
            transaction,
            decimals: None,
            currency: None,
            made: None,
        }
    }));
    entries.len() as u64
}
