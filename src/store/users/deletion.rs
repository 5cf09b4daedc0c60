//! What the file holds of a user, and taking it all out: for the end of a consent and of a user. Deliberately
//! absent: one bank's data, which is the purge's.

use crate::domain::certificate::Rows;
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::OptionalExtension;

/// What is counted of a user, by table; the first part is data that was fetched, then what leads to it, then
/// the user's own record.
const COUNTED: [(&str, &str); 11] = [
    (
        "transactions",
        "SELECT coalesce(sum(transactions), 0) FROM accounts WHERE user_n = ?1",
    ),
    (
        "accounts",
        "SELECT count(*) FROM accounts WHERE user_n = ?1",
    ),
    (
        "profiles",
        "SELECT count(*) FROM profiles WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    ),
    (
        "waiting",
        "SELECT count(*) FROM waiting WHERE user_id = (SELECT id FROM users WHERE n = ?1)",
    ),
    (
        "data_keys",
        "SELECT count(*) FROM data_keys WHERE user_n = ?1",
    ),
    (
        "credentials",
        "SELECT count(*) FROM credentials WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    ),
    (
        "connections",
        "SELECT count(*) FROM connections WHERE user_n = ?1 AND status <> 5",
    ),
    (
        "consents",
        "SELECT count(*) FROM consents WHERE user_n = ?1 AND status = 0",
    ),
    (
        "revoked_connections",
        "SELECT count(*) FROM connections WHERE user_n = ?1 AND status = 5",
    ),
    (
        "jobs",
        "SELECT count(*) FROM jobs WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    ),
    ("users", "SELECT count(*) FROM users WHERE n = ?1"),
];

/// How many of them have to be gone when a user is erased. When a user is deleted, all have to.
pub(crate) const ERASED: usize = 8;

/// What goes with a user, child before parent.
const REMOVED: [&str; 13] = [
    "DELETE FROM job_answers WHERE job_n IN (
       SELECT j.n FROM connections c JOIN jobs j ON j.connection_n = c.n WHERE c.user_n = ?1)",
    "DELETE FROM jobs WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM credentials WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM profiles WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM transactions WHERE account_n IN (SELECT n FROM accounts WHERE user_n = ?1)",
    "DELETE FROM accounts WHERE user_n = ?1",
    "DELETE FROM data_keys WHERE user_n = ?1",
    "DELETE FROM waiting WHERE user_id = (SELECT id FROM users WHERE n = ?1)",
    "DELETE FROM connections WHERE user_n = ?1",
    "DELETE FROM consents WHERE user_n = ?1",
    "DELETE FROM auth_links WHERE user_n = ?1",
    "DELETE FROM user_words WHERE rowid = ?1",
    "DELETE FROM users WHERE n = ?1",
];

impl ReadTxn<'_> {
    /// What the file holds of a user, by table. Of one that is not there, nothing.
    pub(crate) fn left_of(&self, user: &UserId) -> Result<Rows> {
        let n = self.user_n(user)?.unwrap_or(-1);
        let count = |(table, sql): (&str, &str)| -> Result<(String, u64)> {
            let count: i64 = self
                .conn
                .prepare_cached(sql)?
                .query_row([n], |r| r.get(0))?;
            Ok((table.to_owned(), count.unsigned_abs()))
        };
        COUNTED.into_iter().map(count).collect()
    }

    /// The banks of which something is stored of a user, whichever connection brought it.
    pub(crate) fn banks_of(&self, user: &UserId) -> Result<Vec<InstitutionId>> {
        let sql = "SELECT i.id FROM institutions i WHERE i.n IN (
              SELECT institution_n FROM accounts WHERE user_n = ?1
              UNION SELECT institution_n FROM data_keys WHERE user_n = ?1
              UNION SELECT c.institution_n FROM connections c JOIN profiles p ON p.connection_n = c.n WHERE c.user_n = ?1)
            ORDER BY i.id";
        let Some(n) = self.user_n(user)? else {
            return Ok(vec![]);
        };
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([n], |r| r.get::<_, String>(0))?;
        Ok(rows
            .map(|id| id.map(InstitutionId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The slots of a user's data keys, by bank.
    pub(crate) fn key_slots(&self, user: &UserId) -> Result<Vec<(InstitutionId, u64)>> {
        let sql =
            "SELECT i.id, k.slot FROM data_keys k JOIN institutions i ON i.n = k.institution_n
            WHERE k.user_n = (SELECT n FROM users WHERE id = ?1) ORDER BY i.id";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([user.as_str()], |r| {
            Ok((
                r.get::<_, String>(0)?.into(),
                r.get::<_, i64>(1)?.unsigned_abs(),
            ))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether the data key in a slot is gone.
    pub(crate) fn key_gone(&self, slot: u64) -> Result<bool> {
        self.keys.destroyed(i64::try_from(slot).unwrap_or(i64::MAX))
    }

    /// A user's connections that have not ended.
    pub(crate) fn live_connections(&self, user: &UserId) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT id FROM connections WHERE user_n = (SELECT n FROM users WHERE id = ?1) AND status <> 5";
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map([user.as_str()], |r| r.get::<_, String>(0))?;
        Ok(ids
            .map(|id| id.map(ConnectionId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Whether somebody else is called so, so that the name may be found although its owner has gone.
    pub(crate) fn named_alike(&self, user: &UserId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM users o, users me WHERE me.id = ?1 AND o.n <> me.n
            AND instr(lower(o.name), lower(me.name)) > 0)";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([user.as_str()], |r| r.get(0))
            .optional()?;
        Ok(found.unwrap_or(false))
    }
}

impl WriteTxn<'_> {
    /// Forgets what an import keeps of a user.
    pub(crate) fn drop_waiting_of(&self, user: &UserId) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM waiting WHERE user_id = ?1")?
            .execute([user.as_str()])?;
        Ok(())
    }

    /// Removes every row of a user, the words of the name too. Ids stay in the history of events and in the
    /// audit. `false`: there is no such user.
    pub(crate) fn remove_user(&self, user: &UserId) -> Result<bool> {
        let Some(n) = self.user_n(user)? else {
            return Ok(false);
        };
        for sql in REMOVED {
            self.conn.prepare_cached(sql)?.execute([n])?;
        }
        // the index marks a deleted row and keeps its words until its parts are merged
        self.conn
            .prepare_cached("INSERT INTO user_words (user_words) VALUES ('optimize')")?
            .execute([])?;
        Ok(true)
    }
}
