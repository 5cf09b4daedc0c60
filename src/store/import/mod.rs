//! Whole records in bulk: an import or a made-up world, merged by id. The same records twice are once.

mod counts;
mod deferred_documents;
mod lookup;

pub(crate) use lookup::AccountPlace;

pub(crate) use counts::Ingested;
pub(crate) use deferred_documents::Waiting;

use crate::domain::connection::Label;
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::{
    AccountRecord, Batch, ConnectionRecord, EventRecord, JobRecord, TransactionRecord,
};
use crate::domain::job;
use crate::domain::moment::Moment;
use crate::store::WriteTxn;
use crate::store::bank_data::PUT_TRANSACTION;
use crate::store::codec::{self, Coded, urgency};
use crate::store::error::{Error, Result};
use crate::vault::{DataKey, Sealed, codec as plain};
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeSet, HashMap};

/// What was already made or found in this batch: one pair has many rows.
#[derive(Default)]
struct Known {
    keys: HashMap<(i64, i64), DataKey>,
    users: HashMap<UserId, i64>,
    banks: HashMap<InstitutionId, i64>,
    links: HashMap<ConnectionId, Link>,
    account: Option<(AccountId, Account)>,
}

/// A connection by its numbers: itself, its user, its bank.
type Link = (i64, i64, i64);

/// A job that may be its connection's newest.
struct Newest {
    connection_n: i64,
    n: i64,
    recency: i64,
}

impl Newest {
    /// Of two the newer; of two made at once the later one.
    fn or(self, later: Newest) -> Newest {
        if later.recency <= self.recency {
            later
        } else {
            self
        }
    }
}

/// The account that the last transaction was of; the next one is mostly of the same.
#[derive(Clone, Copy)]
struct Account {
    n: i64,
    pair: (i64, i64),
    connection_n: Option<i64>,
}

impl WriteTxn<'_> {
    /// Makes room in memory for a process that fills a large file and does little else: ids come in no order,
    /// so every index is written all over. Batches then want to be large, some ten thousand connections.
    pub(crate) fn bulk(&self, megabytes: u32) -> Result<()> {
        let (kilobytes, pages) = (i64::from(megabytes) * 1024, i64::from(megabytes) * 256);
        let sql = format!("PRAGMA cache_size = -{kilobytes}; PRAGMA wal_autocheckpoint = {pages}");
        self.conn.execute_batch(&sql)?;
        Ok(())
    }

    /// Gives that room back.
    pub(crate) fn bulk_done(&self) -> Result<()> {
        self.conn.execute_batch(
            "PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 1000; PRAGMA shrink_memory",
        )?;
        Ok(())
    }

    /// Writes a batch. Records must not refer to what is neither in the batch nor in the file, but for an
    /// account whose connection has gone.
    pub(crate) fn ingest(&self, batch: &Batch, now: Moment) -> Result<Ingested> {
        let mut done = Ingested::default();
        let mut known = Known::default();
        let (mut touched, mut moved): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
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
            done.count(self.put_connection(connection, &mut known)?, |d| {
                &mut d.connections
            });
        }
        for account in &batch.accounts {
            let (wrote, connection_n) = self.put_account_record(account, &mut known)?;
            done.count(wrote, |d| &mut d.accounts);
            touched.extend(connection_n);
        }
        for transaction in &batch.transactions {
            let (wrote, connection_n) = self.put_transaction_record(transaction, &mut known)?;
            done.count(wrote, |d| &mut d.transactions);
            moved.extend(connection_n);
        }
        let mut newest: Option<Newest> = None;
        for job in &batch.jobs {
            let written = self.put_job_record(job, &mut known)?;
            done.count(written.is_some(), |d| &mut d.jobs);
            let Some(written) = written else { continue };
            // jobs of one connection come together: what shows its newest one is written once
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
        let moved: BTreeSet<i64> = moved.into_iter().collect();
        for connection_n in &moved {
            self.recount_accounts(*connection_n)?;
        }
        let touched: BTreeSet<i64> = touched.into_iter().collect();
        for connection_n in touched.difference(&moved) {
            self.recount(*connection_n)?;
        }
        Ok(done)
    }

    fn key<'p>(&self, known: &'p mut Known, pair: (i64, i64)) -> Result<&'p DataKey> {
        use std::collections::hash_map::Entry;
        Ok(match known.keys.entry(pair) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.pair_key(pair.0, pair.1)?),
        })
    }

    fn owner(&self, user: &UserId, at: &InstitutionId, known: &mut Known) -> Result<(i64, i64)> {
        let user_n = match known.users.get(user) {
            Some(n) => *n,
            None => {
                let n = self.user_n(user)?.ok_or_else(|| Error::Absent {
                    what: format!("user {user}"),
                })?;
                known.users.insert(user.clone(), n);
                n
            }
        };
        let bank_n = match known.banks.get(at) {
            Some(n) => *n,
            None => {
                let sql = "SELECT n FROM institutions WHERE id = ?1";
                let found = self
                    .conn
                    .prepare_cached(sql)?
                    .query_row([at.as_str()], |r| r.get(0))
                    .optional()?;
                let n = found.ok_or_else(|| crate::store::keys::unknown_bank(at))?;
                known.banks.insert(at.clone(), n);
                n
            }
        };
        Ok((user_n, bank_n))
    }

    fn link(&self, id: &ConnectionId, known: &mut Known) -> Result<Option<Link>> {
        if let Some(link) = known.links.get(id) {
            return Ok(Some(*link));
        }
        let link = self.numbered(id)?.map(|c| (c.n, c.user_n, c.institution_n));
        known.links.extend(link.map(|link| (id.clone(), link)));
        Ok(link)
    }

    fn account(&self, id: &AccountId, known: &mut Known) -> Result<Account> {
        if let Some((last, account)) = &known.account
            && last == id
        {
            return Ok(*account);
        }
        let sql = "SELECT n, user_n, institution_n, connection_n FROM accounts WHERE id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok(Account {
                    n: r.get(0)?,
                    pair: (r.get(1)?, r.get(2)?),
                    connection_n: r.get(3)?,
                })
            });
        let account = found.optional()?.ok_or_else(|| Error::Absent {
            what: format!("account {id}"),
        })?;
        known.account = Some((id.clone(), account));
        Ok(account)
    }

    fn put_connection(&self, c: &ConnectionRecord, known: &mut Known) -> Result<bool> {
        let (user_n, institution_n) = self.owner(&c.user, &c.institution, known)?;
        let label = Label::of(c.status, c.ever_active);
        if self.same_connection(c, (user_n, institution_n))? {
            return Ok(false);
        }
        let sql = "INSERT INTO connections (id, user_n, institution_n, method, status, ever_active, label, urgency,
              since, created, last_used, expiry, mfa_enabled, bank_sort, user_sort)
            SELECT ?1, u.n, i.n, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, i.folded, u.folded
            FROM users u, institutions i WHERE u.n = ?2 AND i.n = ?3
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, ever_active = excluded.ever_active,
              urgency = CASE WHEN label = excluded.label THEN urgency ELSE excluded.urgency END,
              since = CASE WHEN ?14 AND label = excluded.label THEN since ELSE excluded.since END,
              label = excluded.label, last_used = excluded.last_used, expiry = excluded.expiry, mfa_enabled = excluded.mfa_enabled,
              version = version + 1";
        self.conn.prepare_cached(sql)?.execute(params![
            c.id.as_str(),
            user_n,
            institution_n,
            c.method.code(),
            c.status.code(),
            c.ever_active,
            label.code(),
            urgency(label, false),
            c.since.unwrap_or(c.last_used).0,
            c.created.0,
            c.last_used.0,
            c.expiry.map(|m| m.0),
            c.mfa_enabled,
            c.since.is_none(),
        ])?;
        if let Some(profile) = &c.profile {
            self.put_profile_under(&c.id, profile, self.key(known, (user_n, institution_n))?)?;
        }
        if let Some(credentials) = &c.credentials {
            self.put_credentials(&c.id, credentials)?;
        }
        Ok(true)
    }

    /// Whether the file says all that the record says. What the record does not say it does not change.
    fn same_connection(&self, c: &ConnectionRecord, pair: (i64, i64)) -> Result<bool> {
        let sql = "SELECT user_n, institution_n, method, status, ever_active, last_used, expiry, mfa_enabled, since, n
            FROM connections WHERE id = ?1";
        type Old = (
            (i64, i64, i64),
            (i64, bool, i64, Option<i64>, bool),
            i64,
            i64,
        );
        let old = self
            .conn
            .prepare_cached(sql)?
            .query_row([c.id.as_str()], |r| {
                let rest = (r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?);
                Ok((
                    (r.get(0)?, r.get(1)?, r.get(2)?),
                    rest,
                    r.get(8)?,
                    r.get(9)?,
                ))
            });
        let Some((owner, rest, since, n)): Option<Old> = old.optional()? else {
            return Ok(false);
        };
        if owner != (pair.0, pair.1, c.method.code()) {
            return Err(Error::Clash {
                what: format!("connection {}", c.id),
            });
        }
        let ever_active = Label::of(c.status, c.ever_active) == Label::of(c.status, rest.1);
        Ok(ever_active
            && rest
                == (
                    c.status.code(),
                    rest.1,
                    c.last_used.0,
                    c.expiry.map(|m| m.0),
                    c.mfa_enabled,
                )
            && c.since.is_none_or(|m| m.0 == since)
            && (c.profile.is_none() || self.profile(&c.id)? == c.profile)
            && self.same_login(n, c)?)
    }

    fn same_login(&self, n: i64, c: &ConnectionRecord) -> Result<bool> {
        let Some(credentials) = &c.credentials else {
            return Ok(true);
        };
        let sql = "SELECT EXISTS (SELECT 1 FROM credentials WHERE connection_n = ?1)";
        let kept: bool = self
            .conn
            .prepare_cached(sql)?
            .query_row([n], |r| r.get(0))?;
        Ok(kept && self.credentials(&c.id)?.as_ref() == Some(credentials))
    }

    fn put_account_record(
        &self,
        a: &AccountRecord,
        known: &mut Known,
    ) -> Result<(bool, Option<i64>)> {
        let pair = self.owner(&a.user, &a.institution, known)?;
        let connection_n = match &a.connection {
            Some(id) => self.link(id, known)?.map(|link| link.0),
            None => None,
        };
        let left = a
            .connection
            .as_ref()
            .filter(|_| connection_n.is_none())
            .map(ConnectionId::as_str);
        if self.same_account(a, pair, known)? {
            return Ok((false, connection_n));
        }
        let key = self.key(known, pair)?;
        self.put_account(&a.id, &pair, connection_n, left, &a.account, a.updated, key)?;
        Ok((true, connection_n))
    }

    fn same_account(&self, a: &AccountRecord, pair: (i64, i64), known: &mut Known) -> Result<bool> {
        // of another pair it is no match, and writing it says so
        let sql = "SELECT updated, balance, available, status, class, sealed FROM accounts
            WHERE id = ?1 AND user_n = ?2 AND institution_n = ?3";
        type Old = (i64, Option<i64>, Option<i64>, String, String, Vec<u8>);
        let old: Option<Old> = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![a.id.as_str(), pair.0, pair.1], |r| {
                Ok((
                    r.get(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get(3)?,
                    r.get(4)?,
                    r.get(5)?,
                ))
            })
            .optional()?;
        let Some((updated, balance, available, status, class, sealed)) = old else {
            return Ok(false);
        };
        if (updated, balance, available) != (a.updated.0, a.account.balance, a.account.available)
            || (status.as_str(), class.as_str())
                != (a.account.status.as_str(), a.account.class.as_str())
        {
            return Ok(false);
        }
        let opened = self
            .key(known, pair)?
            .open(Sealed::Account, a.id.as_str(), &sealed);
        Ok(opened
            .is_ok_and(|bytes| plain::read_account(&bytes).is_ok_and(|d| d == a.account.details)))
    }

    fn put_transaction_record(
        &self,
        t: &TransactionRecord,
        known: &mut Known,
    ) -> Result<(bool, Option<i64>)> {
        let Account {
            n: account_n,
            pair,
            connection_n,
        } = self.account(&t.account, known)?;
        let key = self.key(known, pair)?;
        let sealed = key.seal(
            Sealed::Transaction,
            t.id.as_str(),
            &plain::write_transaction(&t.transaction.details),
        )?;
        let written = self.conn.prepare_cached(PUT_TRANSACTION)?.execute(params![
            t.id.as_str(),
            account_n,
            t.transaction.posted,
            t.transaction.at.0,
            t.transaction.amount,
            t.transaction.class,
            sealed,
        ])?;
        if written == 1 && connection_n.is_none() {
            let sql = "UPDATE accounts SET transactions = transactions + 1 WHERE n = ?1";
            self.conn.prepare_cached(sql)?.execute([account_n])?;
        }
        Ok((written == 1, connection_n))
    }

    fn show_newest(&self, newest: Newest) -> Result<()> {
        let sql = "UPDATE connections SET job_n = ?2, job_recency = ?3
            WHERE n = ?1 AND (job_n IS NULL OR job_recency >= ?3)";
        self.conn.prepare_cached(sql)?.execute(params![
            newest.connection_n,
            newest.n,
            newest.recency
        ])?;
        Ok(())
    }

    fn put_job_record(&self, j: &JobRecord, known: &mut Known) -> Result<Option<Newest>> {
        let Some((connection_n, user_n, institution_n)) = self.link(&j.connection, known)? else {
            return Err(Error::Absent {
                what: format!("connection {}", j.connection),
            });
        };
        let label = if j.state == job::State::Cancelled {
            job::Label::Failed
        } else {
            job::Label::of(&j.steps)
        };
        let code = j
            .steps
            .iter()
            .find_map(|s| s.failure.as_ref())
            .map(|f| f.code.as_str());
        let step = j
            .steps
            .get(job::current(&j.steps))
            .map_or("", |s| s.title.word());
        let sql = "INSERT INTO jobs (id, connection_n, user_n, institution_n, kind, state, label, open, created,
              updated, ended, attempt, due, step, code, steps, challenge, actor, method)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, '',
              (SELECT method FROM connections WHERE n = ?2))
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, label = excluded.label, open = excluded.open,
              updated = excluded.updated, ended = excluded.ended, attempt = excluded.attempt, due = excluded.due,
              step = excluded.step, code = excluded.code, steps = excluded.steps, challenge = excluded.challenge
            -- what a worker here has held is known better here
            WHERE connection_n = excluded.connection_n AND updated < excluded.updated AND epoch = 0
            RETURNING n";
        let ended = j.ended.or((!j.state.open()).then_some(j.updated));
        let mut query = self.conn.prepare_cached(sql)?;
        let written = query.query_row(
            params![
                j.id.as_str(),
                connection_n,
                user_n,
                institution_n,
                j.kind.code(),
                j.state.code(),
                label.code(),
                j.state.open(),
                j.created.0,
                j.updated.0,
                ended.map(|m| m.0),
                j.attempt,
                j.next_attempt.map(|m| m.0),
                step,
                code,
                codec::steps_text(&j.steps, j.created),
                j.challenge.as_ref().map(codec::challenge_text),
            ],
            |r| r.get::<_, i64>(0),
        );
        let Some(n) = written.optional()? else {
            return Ok(None);
        };
        if j.state == job::State::WaitingMfa {
            self.set_asking(&j.connection, true)?;
        }
        Ok(Some(Newest {
            connection_n,
            n,
            recency: -j.created.0,
        }))
    }

    fn put_event_record(&self, e: &EventRecord) -> Result<bool> {
        let sql = "INSERT INTO events (id, at, entity, type, user_id, connection_id, count, actor)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '') ON CONFLICT (id) DO NOTHING";
        Ok(self.conn.prepare_cached(sql)?.execute(params![
            e.id.as_str(),
            e.at.0,
            e.entity,
            e.event_type,
            e.user.as_str(),
            e.connection.as_ref().map(ConnectionId::as_str),
            e.count.map(|n| n as i64),
        ])? == 1)
    }

    /// Whether an account is there, for what refers to it.
    pub(crate) fn account_exists(&self, id: &AccountId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))?)
    }
}
