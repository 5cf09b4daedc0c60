//! What a purge does to the file: the data key goes first, then the rows, then what they left. Each part may be repeated.

mod search;
mod search_list;
mod together;
mod unused_space;
mod values;
mod waiting_values;

pub(crate) use search::{Scan, Scrub};
pub(crate) use search_list::Whose;
pub(crate) use together::Together;
#[cfg(test)]
pub(crate) use unused_space::Scrubbed;

use super::error::Result;
use super::import::OF_PAIR;
use super::{ReadTxn, WriteTxn};
use crate::domain::certificate::Rows;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::vault::{Destroyed, Slot};
use rusqlite::{OptionalExtension, params};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PurgeCounts {
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    pub(crate) profiles: u64,
    pub(crate) waiting: u64,
}

/// What a purge destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Purged {
    pub(crate) counts: PurgeCounts,
    /// The slot of the data key, and whether it held anything until now. None when the pair had none.
    pub(crate) key: Option<(u64, Destroyed)>,
}

/// The slots of data keys, by bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeySlots {
    pub(crate) held: Vec<(InstitutionId, u64)>,
    /// The database knows a key there, and the key file has zeros.
    pub(crate) absent: Vec<(InstitutionId, u64)>,
}

impl PurgeCounts {
    /// The same by table, in the order in which they are deleted.
    pub(crate) fn rows(&self) -> Rows {
        [
            ("transactions", self.transactions),
            ("accounts", self.accounts),
            ("profiles", self.profiles),
            ("waiting", self.waiting),
        ]
        .map(|(table, count)| (table.to_owned(), count))
        .into()
    }
}

impl ReadTxn<'_> {
    fn pair(&self, user: &UserId, at: &InstitutionId) -> Result<(i64, i64)> {
        let sql = "SELECT u.n, i.n FROM users u, institutions i WHERE u.id = ?1 AND i.id = ?2";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([user.as_str(), at.as_str()], |r| Ok((r.get(0)?, r.get(1)?)));
        found
            .optional()?
            .ok_or_else(|| super::keys::unknown_bank(at))
    }

    fn slot(&self, user_n: i64, institution_n: i64) -> Result<Option<i64>> {
        let sql = "SELECT slot FROM data_keys WHERE user_n = ?1 AND institution_n = ?2";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([user_n, institution_n], |r| r.get(0))
            .optional()?)
    }

    pub(crate) fn purge_counts(&self, user: &UserId, at: &InstitutionId) -> Result<PurgeCounts> {
        let (user_n, institution_n) = self.pair(user, at)?;
        let sql = "SELECT count(*), coalesce(sum(transactions), 0) FROM accounts
            WHERE user_n = ?1 AND institution_n = ?2";
        let (accounts, transactions): (i64, i64) = self
            .conn
            .prepare_cached(sql)?
            .query_row([user_n, institution_n], |r| Ok((r.get(0)?, r.get(1)?)))?;
        let sql = "SELECT count(*) FROM profiles p JOIN connections c ON c.n = p.connection_n
            WHERE c.user_n = ?1 AND c.institution_n = ?2";
        let profiles: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row([user_n, institution_n], |r| r.get(0))?;
        let sql = format!("SELECT count(*) FROM waiting WHERE {OF_PAIR}");
        let waiting: i64 = self.value(&sql, params![user_n, institution_n])?;
        Ok(PurgeCounts {
            accounts: accounts.unsigned_abs(),
            transactions: transactions.unsigned_abs(),
            profiles: profiles.unsigned_abs(),
            waiting: waiting.unsigned_abs(),
        })
    }

    /// Accounts of a user at a bank whose connection is over, or is not in this file.
    pub(crate) fn stranded(&self, user: &UserId, at: &InstitutionId) -> Result<u64> {
        let (user_n, institution_n) = self.pair(user, at)?;
        let sql = "SELECT count(*) FROM accounts a LEFT JOIN connections c ON c.n = a.connection_n
            WHERE a.user_n = ?1 AND a.institution_n = ?2 AND (c.status IS NULL OR c.status = 5)";
        let count: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row([user_n, institution_n], |r| r.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// The first and last day of the transactions a purge would delete.
    pub(crate) fn purge_span(
        &self,
        user: &UserId,
        at: &InstitutionId,
    ) -> Result<Option<(Moment, Moment)>> {
        let (user_n, institution_n) = self.pair(user, at)?;
        let sql = "SELECT min(first), max(last) FROM (
              SELECT (SELECT min(at) FROM transactions WHERE account_n = a.n) AS first,
                     (SELECT max(at) FROM transactions WHERE account_n = a.n) AS last
              FROM accounts a WHERE a.user_n = ?1 AND a.institution_n = ?2)";
        let span: (Option<i64>, Option<i64>) = self
            .conn
            .prepare_cached(sql)?
            .query_row([user_n, institution_n], |r| Ok((r.get(0)?, r.get(1)?)))?;
        Ok(span
            .0
            .zip(span.1)
            .map(|(first, last)| (Moment(first), Moment(last))))
    }

    /// The slots of the data keys of a user, at one bank or at all.
    pub(crate) fn key_slots(&self, user: &UserId, at: Option<&InstitutionId>) -> Result<KeySlots> {
        let sql = "SELECT i.id, k.slot FROM data_keys k JOIN institutions i ON i.n = k.institution_n
            WHERE k.user_n = (SELECT n FROM users WHERE id = ?1) AND (?2 IS NULL OR i.id = ?2) ORDER BY i.id";
        let mut slots = KeySlots::default();
        self.all(sql, params![user, at], |row| {
            let slot: i64 = row.get("slot")?;
            let held = match self.keys.slot(slot)? {
                Slot::Key | Slot::Damaged => &mut slots.held,
                Slot::Empty => &mut slots.absent,
                Slot::Beyond => return Err(self.keys.missing(slot)),
            };
            held.push((row.get("id")?, slot.unsigned_abs()));
            Ok(())
        })?;
        Ok(slots)
    }

    /// Whether the data key of the pair is gone and no row is left.
    pub(crate) fn purged(&self, user: &UserId, at: &InstitutionId) -> Result<bool> {
        let (user_n, institution_n) = self.pair(user, at)?;
        let key_gone = match self.slot(user_n, institution_n)? {
            None => true,
            Some(slot) => self.keys.destroyed(slot)?,
        };
        Ok(key_gone && self.purge_counts(user, at)? == PurgeCounts::default())
    }
}

impl WriteTxn<'_> {
    /// Destroys the data key of the pair, then deletes its rows; answers what was deleted. The key is gone
    /// even when this transaction is rolled back afterwards, so the intent must be on disk before.
    pub(crate) fn purge(&self, user: &UserId, at: &InstitutionId) -> Result<Purged> {
        let counts = self.purge_counts(user, at)?;
        let (user_n, institution_n) = self.pair(user, at)?;
        let key = match self.slot(user_n, institution_n)? {
            Some(slot) => Some((slot.unsigned_abs(), self.keys.destroy_data_key(slot)?)),
            None => None,
        };
        let pair = params![user_n, institution_n];
        // first, because what names an account is found by it
        let waiting = format!("DELETE FROM waiting WHERE {OF_PAIR}");
        for sql in [
            waiting.as_str(),
            "DELETE FROM transactions WHERE account_n IN (
               SELECT n FROM accounts WHERE user_n = ?1 AND institution_n = ?2)",
            "DELETE FROM accounts WHERE user_n = ?1 AND institution_n = ?2",
            "DELETE FROM profiles WHERE connection_n IN (
               SELECT n FROM connections WHERE user_n = ?1 AND institution_n = ?2)",
            "DELETE FROM bank_words WHERE job_n IN (
               SELECT j.n FROM connections c JOIN jobs j ON j.connection_n = c.n
               WHERE c.user_n = ?1 AND c.institution_n = ?2)",
            "DELETE FROM notes WHERE connection_n IN (
               SELECT n FROM connections WHERE user_n = ?1 AND institution_n = ?2)",
            "DELETE FROM data_keys WHERE user_n = ?1 AND institution_n = ?2",
            "UPDATE connections SET accounts = 0, transactions = 0, version = version + 1
             WHERE user_n = ?1 AND institution_n = ?2",
        ] {
            self.execute(sql, pair)?;
        }
        Ok(Purged { counts, key })
    }
}
