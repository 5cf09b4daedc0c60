//! Imports one record each: checks whether the file says the same already, else writes it.

use super::{Account, Known, Newest, Pair};
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::import_records::{
    AccountRecord, ConnectionRecord, EventRecord, JobRecord, TransactionRecord,
};
use crate::domain::job;
use crate::domain::moment::Moment;
use crate::store::WriteTxn;
use crate::store::bank_data::{Owner, opened};
use crate::store::codec::{self, urgency};
use crate::store::error::{Result, absent, clash};
use crate::store::jobs::{failure_code, step_word};
use rusqlite::params;

macro_rules! event_values {
    ($e:expr) => {
        params![
            $e.id,
            $e.at,
            $e.entity,
            $e.event_type,
            $e.user,
            $e.connection,
            $e.count,
        ]
    };
}

struct StoredConnection {
    n: i64,
    pair: Pair,
    method: Method,
    status: Status,
    ever_active: bool,
    last_used: Moment,
    expiry: Option<Moment>,
    mfa_enabled: bool,
    since: Moment,
}

impl StoredConnection {
    fn says(&self, c: &ConnectionRecord) -> bool {
        Label::of(c.status, c.ever_active) == Label::of(c.status, self.ever_active)
            && self.status == c.status
            && self.last_used == c.last_used
            && self.expiry == c.expiry
            && self.mfa_enabled == c.mfa_enabled
            && c.since.is_none_or(|since| since == self.since)
    }
}

impl WriteTxn<'_> {
    pub(super) fn put_connection_record(
        &self,
        c: &ConnectionRecord,
        known: &mut Known,
    ) -> Result<bool> {
        let pair = self.pair_of(&c.user, &c.institution, known)?;
        let label = Label::of(c.status, c.ever_active);
        if self.same_connection(c, pair)? {
            return Ok(false);
        }
        let sql = "INSERT INTO connections (id, user_n, institution_n, method, status, ever_active, label, urgency,
              since, created, last_used, expiry, mfa_enabled, bank_sort, user_sort, origin)
            SELECT ?1, u.n, i.n, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, i.folded, u.folded, ?15
            FROM users u, institutions i WHERE u.n = ?2 AND i.n = ?3
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, ever_active = excluded.ever_active,
              urgency = CASE WHEN label = excluded.label THEN urgency ELSE excluded.urgency END,
              since = CASE WHEN ?14 AND label = excluded.label THEN since ELSE excluded.since END,
              label = excluded.label, last_used = excluded.last_used, expiry = excluded.expiry, mfa_enabled = excluded.mfa_enabled,
              version = version + 1";
        let values = params![
            c.id,
            pair.user_n,
            pair.institution_n,
            c.method,
            c.status,
            c.ever_active,
            label,
            urgency(label, false),
            c.since.unwrap_or(c.last_used),
            c.created,
            c.last_used,
            c.expiry,
            c.mfa_enabled,
            c.since.is_none(),
            c.origin,
        ];
        self.execute(sql, values)?;
        if let Some(profile) = &c.profile {
            self.put_profile_under(&c.id, profile, self.key(known, pair)?)?;
        }
        if let Some(credentials) = &c.credentials {
            self.put_credentials(&c.id, credentials)?;
        }
        Ok(true)
    }

    /// What the record does not say it does not change.
    fn same_connection(&self, c: &ConnectionRecord, pair: Pair) -> Result<bool> {
        let sql = "SELECT n, user_n, institution_n, method, status, ever_active, last_used, expiry, mfa_enabled, since
            FROM connections WHERE id = ?1";
        let stored = self.first(sql, [&c.id], |row| {
            Ok(StoredConnection {
                n: row.get("n")?,
                pair: Pair {
                    user_n: row.get("user_n")?,
                    institution_n: row.get("institution_n")?,
                },
                method: row.get("method")?,
                status: row.get("status")?,
                ever_active: row.get("ever_active")?,
                last_used: row.get("last_used")?,
                expiry: row.get("expiry")?,
                mfa_enabled: row.get("mfa_enabled")?,
                since: row.get("since")?,
            })
        })?;
        let Some(stored) = stored else {
            return Ok(false);
        };
        if stored.pair != pair || stored.method != c.method {
            return Err(clash("connection", &c.id));
        }
        Ok(stored.says(c)
            && (c.profile.is_none() || self.profile(&c.id)? == c.profile)
            && self.same_login(stored.n, c)?)
    }

    fn same_login(&self, n: i64, c: &ConnectionRecord) -> Result<bool> {
        let Some(credentials) = &c.credentials else {
            return Ok(true);
        };
        let sql = "SELECT EXISTS (SELECT 1 FROM credentials WHERE connection_n = ?1)";
        let stored: bool = self.value(sql, [n])?;
        Ok(stored && self.credentials(&c.id)?.as_ref() == Some(credentials))
    }

    /// Answers also the connections here that had fetched the account and that have now.
    pub(super) fn put_account_record(
        &self,
        a: &AccountRecord,
        known: &mut Known,
    ) -> Result<(bool, [Option<i64>; 2])> {
        let pair = self.pair_of(&a.user, &a.institution, known)?;
        let connection_n = match &a.connection {
            Some(id) => self.link(id, known)?.map(|link| link.n),
            None => None,
        };
        let missing = a.connection.as_ref().filter(|_| connection_n.is_none());
        let owner = Owner {
            user_n: pair.user_n,
            institution_n: pair.institution_n,
            connection_n,
            connection_ref: missing.map(|id| id.as_str()),
        };
        let (same, old_n) = self.same_account(a, owner, known)?;
        if same {
            return Ok((false, [None, None]));
        }
        let key = self.key(known, pair)?;
        self.put_account(&a.id, owner, &a.account, a.updated, key)?;
        Ok((true, [old_n, connection_n]))
    }

    /// Whether the file says the same already, and which connection here had fetched the account.
    fn same_account(
        &self,
        a: &AccountRecord,
        owner: Owner<'_>,
        known: &mut Known,
    ) -> Result<(bool, Option<i64>)> {
        // an account of another pair does not match, and writing it is refused
        let sql = "SELECT updated, balance, available, credit_limit, currency, status, class, connection_n,
              connection_ref, sealed FROM accounts
            WHERE id = ?1 AND user_n = ?2 AND institution_n = ?3";
        let values = params![a.id, owner.user_n, owner.institution_n];
        let pair = Pair {
            user_n: owner.user_n,
            institution_n: owner.institution_n,
        };
        let found = self.first(sql, values, |row| {
            let (connection_n, connection_ref): (Option<i64>, Option<String>) =
                (row.get("connection_n")?, row.get("connection_ref")?);
            let fetched = a.connection.is_none()
                || (connection_n, connection_ref.as_deref())
                    == (owner.connection_n, owner.connection_ref);
            let same = fetched
                && row.get::<_, Moment>("updated")? == a.updated
                && row.get::<_, Option<i64>>("balance")? == a.account.balance
                && row.get::<_, Option<i64>>("available")? == a.account.available
                && row.get::<_, Option<i64>>("credit_limit")? == a.account.credit_limit
                && row.get::<_, String>("currency")? == a.account.currency
                && row.get::<_, String>("status")? == a.account.status
                && row.get::<_, String>("class")? == a.account.class;
            if !same {
                return Ok((false, connection_n));
            }
            let sealed: Vec<u8> = row.get("sealed")?;
            let details = opened(self.key(known, pair)?, &a.id, &sealed);
            Ok((details.as_ref() == Some(&a.account.details), connection_n))
        })?;
        Ok(found.unwrap_or_default())
    }

    /// Writes a transaction that is not there; one that is stays as it is.
    pub(super) fn put_transaction_record(
        &self,
        t: &TransactionRecord,
        known: &mut Known,
    ) -> Result<bool> {
        let Account { n, pair } = self.account(&t.account, known)?;
        let key = self.key(known, pair)?;
        let wrote = self.put_transaction(&t.id, n, &t.transaction, key)?;
        if wrote {
            known.touched.insert(n);
        }
        Ok(wrote)
    }

    /// Answers the written job; none when nothing changed.
    pub(super) fn put_job_record(
        &self,
        j: &JobRecord,
        known: &mut Known,
    ) -> Result<Option<Newest>> {
        let Some(link) = self.link(&j.connection, known)? else {
            return Err(absent("connection", &j.connection));
        };
        let label = match j.state {
            job::State::Cancelled => job::Label::Failed,
            _ => job::Label::of(&j.steps),
        };
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
        let values = params![
            j.id,
            link.n,
            link.pair.user_n,
            link.pair.institution_n,
            j.kind,
            j.state,
            label,
            j.state.open(),
            j.created,
            j.updated,
            j.ended.or((!j.state.open()).then_some(j.updated)),
            j.attempt,
            j.next_attempt,
            step_word(&j.steps),
            failure_code(&j.steps),
            codec::steps_text(&j.steps, j.created),
            j.challenge.as_ref().map(codec::challenge_text),
        ];
        let Some(n) = self.find(sql, values)? else {
            return Ok(None);
        };
        if j.state.open() {
            self.tag_job(n)?;
        }
        if !j.words.is_empty() {
            self.keep_bank_words(&j.id, &j.words)?;
        }
        // what an imported one asks is answered elsewhere: nobody here has to act
        let sql = "SELECT origin FROM connections WHERE n = ?1";
        if j.state == job::State::WaitingMfa
            && self.value::<Origin>(sql, [link.n])? == Origin::Sandbox
        {
            self.set_asking(&j.connection, true)?;
        }
        Ok(Some(Newest {
            connection_n: link.n,
            n,
            recency: -j.created.0,
        }))
    }

    pub(super) fn put_event_record(&self, e: &EventRecord) -> Result<bool> {
        let sql = "INSERT INTO events (id, at, entity, type, user_id, connection_id, count, actor)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '') ON CONFLICT (id) DO NOTHING";
        Ok(self.execute(sql, event_values!(e))? == 1)
    }

    /// Writes an imported event over the one of its id.
    pub(crate) fn change_event(&self, e: &EventRecord) -> Result<()> {
        let sql = "UPDATE events SET at = ?2, entity = ?3, type = ?4, user_id = ?5, connection_id = ?6, count = ?7
            WHERE id = ?1";
        self.execute(sql, event_values!(e)).map(drop)
    }
}
