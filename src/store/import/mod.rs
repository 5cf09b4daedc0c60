//! Writes whole records in bulk, merged by id. The same records twice change nothing.

mod counts;
mod deferred_documents;
mod lookup;
mod moves;
mod purged;
mod records;
mod transactions;

pub(crate) use lookup::AccountPlace;

pub(crate) use counts::Ingested;
pub(in crate::store) use deferred_documents::{OF_PAIR, OF_USER};
pub(crate) use deferred_documents::{Owner, Waiting};

use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::Batch;
use crate::domain::moment::Moment;
use crate::store::WriteTxn;
use crate::store::error::{Result, absent};
use crate::vault::DataKey;
use rusqlite::params;
use std::collections::{BTreeSet, HashMap};

/// Row numbers and keys that this batch has looked up: many rows belong to one pair of user and bank.
#[derive(Default)]
pub(crate) struct Known {
    keys: HashMap<Pair, DataKey>,
    users: HashMap<UserId, i64>,
    banks: HashMap<InstitutionId, i64>,
    links: HashMap<ConnectionId, Link>,
    /// The account of the last transaction; the next one is mostly of the same.
    account: Option<(AccountId, Account)>,
    /// The accounts whose transactions have to be counted again.
    touched: BTreeSet<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Pair {
    user_n: i64,
    institution_n: i64,
}

#[derive(Clone, Copy)]
struct Link {
    n: i64,
    pair: Pair,
}

#[derive(Clone, Copy)]
struct Account {
    n: i64,
    pair: Pair,
}

/// A job that may be its connection's newest.
struct Newest {
    connection_n: i64,
    n: i64,
    recency: i64,
}

impl Newest {
    /// The newer of two; of two made at the same time the later one.
    fn or(self, later: Newest) -> Newest {
        match later.recency <= self.recency {
            true => later,
            false => self,
        }
    }
}

impl WriteTxn<'_> {
    /// Enlarges the cache to fill a large file: ids come in no order, so every index is rewritten. Batches should be large.
    pub(crate) fn bulk(&self, megabytes: u32) -> Result<()> {
        let (kilobytes, pages) = (i64::from(megabytes) * 1024, i64::from(megabytes) * 256);
        let sql = format!("PRAGMA cache_size = -{kilobytes}; PRAGMA wal_autocheckpoint = {pages}");
        self.conn.execute_batch(&sql)?;
        Ok(())
    }

    pub(crate) fn bulk_done(&self) -> Result<()> {
        self.conn.execute_batch(
            "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 1000; PRAGMA shrink_memory",
        )?;
        Ok(())
    }

    /// Records must not refer to what is in neither the batch nor the file, except for an account's connection.
    pub(crate) fn ingest(&self, batch: &Batch, now: Moment) -> Result<Ingested> {
        let mut done = Ingested::default();
        let mut known = Known::default();
        for institution in &batch.institutions {
            done.count(self.put_institution(institution)?, |d| &mut d.institutions);
        }
        for user in &batch.users {
            done.count(self.put_user(user, now)?, |d| &mut d.users);
        }
        for consent in &batch.consents {
            done.count(self.put_consent(consent)?, |d| &mut d.consents);
        }
        for connection in &batch.connections {
            let wrote = self.put_connection_record(connection, &mut known)?;
            done.count(wrote, |d| &mut d.connections);
        }
        let mut touched = BTreeSet::new();
        for account in &batch.accounts {
            let (wrote, connections) = self.put_account_record(account, &mut known)?;
            done.count(wrote, |d| &mut d.accounts);
            touched.extend(connections.into_iter().flatten());
        }
        for transaction in &batch.transactions {
            let wrote = self.put_transaction_record(transaction, &mut known)?;
            done.count(wrote, |d| &mut d.transactions);
        }
        let mut newest: Option<Newest> = None;
        for job in &batch.jobs {
            let written = self.put_job_record(job, &mut known)?;
            done.count(written.is_some(), |d| &mut d.jobs);
            let Some(written) = written else { continue };
            // jobs of one connection come together: its newest one is written once
            newest = Some(match newest.take() {
                Some(held) if held.connection_n == written.connection_n => held.or(written),
                held => {
                    held.map_or(Ok(()), |held| self.show_newest(held))?;
                    written
                }
            });
        }
        newest.map_or(Ok(()), |held| self.show_newest(held))?;
        for event in &batch.events {
            done.count(self.put_event_record(event)?, |d| &mut d.events);
        }
        self.recount_touched(&mut known)?;
        for connection_n in touched {
            self.recount(connection_n)?;
        }
        Ok(done)
    }

    fn key<'p>(&self, known: &'p mut Known, pair: Pair) -> Result<&'p DataKey> {
        use std::collections::hash_map::Entry;
        Ok(match known.keys.entry(pair) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.pair_key(pair.user_n, pair.institution_n)?),
        })
    }

    fn pair_of(&self, user: &UserId, at: &InstitutionId, known: &mut Known) -> Result<Pair> {
        let user_n = match known.users.get(user) {
            Some(n) => *n,
            None => {
                let n = self.user_n(user)?.ok_or_else(|| absent("user", user))?;
                known.users.insert(user.clone(), n);
                n
            }
        };
        let institution_n = match known.banks.get(at) {
            Some(n) => *n,
            None => {
                let found = self.find("SELECT n FROM institutions WHERE id = ?1", [at])?;
                let n = found.ok_or_else(|| absent("institution", at))?;
                known.banks.insert(at.clone(), n);
                n
            }
        };
        Ok(Pair {
            user_n,
            institution_n,
        })
    }

    fn link(&self, id: &ConnectionId, known: &mut Known) -> Result<Option<Link>> {
        if let Some(link) = known.links.get(id) {
            return Ok(Some(*link));
        }
        let link = self.numbered(id)?.map(|c| Link {
            n: c.n,
            pair: Pair {
                user_n: c.user_n,
                institution_n: c.institution_n,
            },
        });
        known.links.extend(link.map(|link| (id.clone(), link)));
        Ok(link)
    }

    fn account(&self, id: &AccountId, known: &mut Known) -> Result<Account> {
        if let Some((last, account)) = &known.account
            && last == id
        {
            return Ok(*account);
        }
        let sql = "SELECT n, user_n, institution_n FROM accounts WHERE id = ?1";
        let found = self.first(sql, [id], |row| {
            Ok(Account {
                n: row.get("n")?,
                pair: Pair {
                    user_n: row.get("user_n")?,
                    institution_n: row.get("institution_n")?,
                },
            })
        })?;
        let account = found.ok_or_else(|| absent("account", id))?;
        known.account = Some((id.clone(), account));
        Ok(account)
    }

    /// Makes this job the newest of its connection, unless that has a newer one.
    fn show_newest(&self, newest: Newest) -> Result<()> {
        let sql = "UPDATE connections SET job_n = ?2, job_recency = ?3
            WHERE n = ?1 AND (job_n IS NULL OR job_recency >= ?3)";
        let values = params![newest.connection_n, newest.n, newest.recency];
        self.execute(sql, values).map(drop)
    }
}
