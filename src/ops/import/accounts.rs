//! Imports a chunk's accounts together, so that each is written once.

use super::chunk::{Chunk, Sources};
use super::merge;
use super::needs::{Needs, Unmet};
use super::outcome::Outcome;
use crate::domain::ids::AccountId;
use crate::domain::import_records::{AccountRecord, Batch};
use crate::domain::money;
use crate::store::{Known, Result};
use crate::wire::{Entity, Source};
use std::collections::{HashMap, HashSet};

/// The accounts of a chunk as they will be written, and which of them are in the file.
#[derive(Default)]
struct Merged {
    records: Vec<AccountRecord>,
    places: HashMap<AccountId, usize>,
    stored: HashSet<AccountId>,
}

impl Chunk<'_> {
    pub(super) fn accounts(
        &self,
        summaries: Vec<AccountRecord>,
        accounts: Vec<AccountRecord>,
        sources: &mut Sources,
        out: &mut Outcome,
    ) -> Result<()> {
        let mut merged = Merged::default();
        for summary in summaries {
            // one of an unknown user comes again with its connection, which waits for that user
            if self.tx.user_exists(&summary.user)? {
                self.account(summary, None, &mut merged, out)?;
            }
        }
        for account in accounts {
            let source = sources.next(Entity::Account);
            let id = account.id.to_string();
            let needs = match self.tx.user_exists(&account.user)? {
                true => {
                    self.account(account, source.as_ref(), &mut merged, out)?;
                    None
                }
                false => Some(Needs::User(account.user)),
            };
            self.settle(Entity::Account, id, needs, source, out)?;
        }
        let (old, new): (Vec<_>, Vec<_>) = merged
            .records
            .into_iter()
            .partition(|record| merged.stored.contains(&record.id));
        for (accounts, stored) in [(old, true), (new, false)] {
            let batch = Batch {
                accounts,
                ..Batch::default()
            };
            let wrote = self.ingest(batch, out)?.accounts;
            out.changed(if stored { wrote } else { 0 }, |d| &mut d.accounts);
        }
        Ok(())
    }

    /// One without a source is a summary that came with its connection.
    fn account(
        &self,
        mut new: AccountRecord,
        source: Option<&Source>,
        merged: &mut Merged,
        out: &mut Outcome,
    ) -> Result<()> {
        if self.was_purged(&new)? {
            out.held_back += 1;
            return Ok(());
        }
        self.check_connection(&mut new, out)?;
        let (id, summary) = (new.id.clone(), source.is_none());
        let emptied = source.map_or(&[][..], |source| source.emptied.as_slice());
        let place = merged.places.get(&id).copied();
        let old = match place {
            Some(place) => Some(merged.records[place].clone()),
            None => {
                let old = self.tx.account_record(&id)?;
                merged.stored.extend(old.iter().map(|old| old.id.clone()));
                old
            }
        };
        resolve_currency(old.as_ref(), &mut new, out);
        let record = match old {
            None => merge::first_account(new, emptied),
            Some(mut old) => {
                if !self.same_place(&mut old, &new, out)? {
                    return Ok(());
                }
                let older = new.updated < old.updated;
                let record = merge::account(&old, new, summary, emptied);
                if older && record == old && !summary {
                    out.older("account", id.as_str());
                }
                record
            }
        };
        self.tx.ensure_institution(&record.institution)?;
        match place {
            Some(place) => merged.records[place] = record,
            None => {
                merged.places.insert(id, merged.records.len());
                merged.records.push(record);
            }
        }
        Ok(())
    }

    fn was_purged(&self, account: &AccountRecord) -> Result<bool> {
        if !self.any_purged {
            return Ok(false);
        }
        let until = self.tx.purged_until(&account.user, &account.institution)?;
        let Some(until) = until.filter(|until| account.updated <= *until) else {
            return Ok(false);
        };
        if self.course.restore {
            self.tx.forget_purge(&account.user, &account.institution)?;
            self.tx.forget_purged_account(&account.id)?;
            return Ok(false);
        }
        // so that its transactions are known as purged too
        self.tx.note_purged_account(&account.id, until)?;
        Ok(true)
    }

    /// An account without its connection is noted, and one of another's connection is taken in without it.
    fn check_connection(&self, new: &mut AccountRecord, out: &mut Outcome) -> Result<()> {
        let Some(connection) = new.connection.clone() else {
            return Ok(());
        };
        match self.tx.connection_place(&connection)? {
            None => out.unmet.push(Unmet {
                kind: Entity::Account.word(),
                id: new.id.as_str().into(),
                needs: Needs::Connection(connection),
            }),
            Some(place) if place != (new.user.clone(), new.institution.clone()) => {
                let what =
                    "names a connection of another user or institution, and is taken in without it";
                out.note(format!("account {}", new.id), what);
                new.connection = None;
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Whether the account belongs where the document says, after a newer one moved it. Its id is unique within its
    /// user only, so it never becomes another user's.
    fn same_place(
        &self,
        old: &mut AccountRecord,
        new: &AccountRecord,
        out: &mut Outcome,
    ) -> Result<bool> {
        if (&old.user, &old.institution) == (&new.user, &new.institution) {
            return Ok(true);
        }
        if old.user != new.user || new.updated <= old.updated {
            out.left_out(
                "account",
                new.id.as_str(),
                "is known as another user's or at another institution",
            );
            return Ok(false);
        }
        let mut known = Known::default();
        self.tx
            .move_account(&new.id, &new.institution, &mut known)?;
        out.moved(
            "account",
            new.id.as_str(),
            old.institution.as_str(),
            new.institution.as_str(),
        );
        old.institution = new.institution.clone();
        old.connection = None;
        Ok(true)
    }
}

/// An account that names no currency has the one that is known of it, or else the usual one.
fn resolve_currency(old: Option<&AccountRecord>, new: &mut AccountRecord, out: &mut Outcome) {
    if !new.account.currency.is_empty() {
        return;
    }
    let currency = match old {
        Some(old) => old.account.currency.clone(),
        None => {
            let what = format!("no currency; taken as {}", money::USUAL);
            out.note(format!("account {}.currency", new.id), what);
            money::USUAL.to_owned()
        }
    };
    let decimals = money::decimals(&currency);
    let account = &mut new.account;
    for amount in [
        &mut account.balance,
        &mut account.available,
        &mut account.credit_limit,
    ] {
        let Some(minor) = *amount else { continue };
        *amount = money::rescaled(minor, money::MOST_DECIMALS, decimals);
        if amount.is_none() {
            let what = format!("an amount that is not one of {currency}; left out");
            out.note(format!("account {}", new.id), what);
        }
    }
    account.currency = currency;
}
