//! Counts and deletes all rows of one user. Data of one bank only is deleted by a purge.

use crate::domain::certificate::Rows;
use crate::domain::ids::{InstitutionId, UserId};
use crate::store::codec::{CONSENTED, DELETED};
use crate::store::error::Result;
use crate::store::import::OF_USER;
use crate::store::{ReadTxn, WriteTxn};

/// Of the user number `?1`, by table: fetched data first, then keys and links, then the user's own record.
fn counted() -> [(&'static str, String); 11] {
    let of_user = |table: &str| format!("{table} WHERE user_n = ?1");
    let of_connections = |table: &str| {
        format!("{table} WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)")
    };
    [
        ("transactions", of_user("accounts")),
        ("accounts", of_user("accounts")),
        ("profiles", of_connections("profiles")),
        ("waiting", format!("waiting WHERE {OF_USER}")),
        ("data_keys", of_user("data_keys")),
        ("credentials", of_connections("credentials")),
        (
            "connections",
            format!("connections WHERE user_n = ?1 AND status <> {DELETED}"),
        ),
        (
            "consents",
            format!("consents WHERE user_n = ?1 AND status = {CONSENTED}"),
        ),
        (
            "revoked_connections",
            format!("connections WHERE user_n = ?1 AND status = {DELETED}"),
        ),
        ("jobs", of_connections("jobs")),
        ("users", "users WHERE n = ?1".into()),
    ]
}

/// How many of these have to be zero when a user is erased. When one is deleted, all have to.
pub(crate) const ERASED: usize = 8;

/// Deletes everything of the user number `?1`, child before parent.
const REMOVED: [&str; 13] = [
    "DELETE FROM notes WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM job_answers WHERE job_n IN (
       SELECT j.n FROM connections c JOIN jobs j ON j.connection_n = c.n WHERE c.user_n = ?1)",
    "DELETE FROM bank_words WHERE job_n IN (
       SELECT j.n FROM connections c JOIN jobs j ON j.connection_n = c.n WHERE c.user_n = ?1)",
    "DELETE FROM jobs WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM credentials WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM profiles WHERE connection_n IN (SELECT n FROM connections WHERE user_n = ?1)",
    "DELETE FROM transactions WHERE account_n IN (SELECT n FROM accounts WHERE user_n = ?1)",
    "DELETE FROM accounts WHERE user_n = ?1",
    "DELETE FROM data_keys WHERE user_n = ?1",
    "DELETE FROM connections WHERE user_n = ?1",
    "DELETE FROM consents WHERE user_n = ?1",
    "DELETE FROM auth_links WHERE user_n = ?1",
    "DELETE FROM users WHERE n = ?1",
];

impl ReadTxn<'_> {
    pub(crate) fn left_of(&self, user: &UserId) -> Result<Rows> {
        let n = self.user_n(user)?.unwrap_or(-1);
        let count = |(table, rows): (&str, String)| {
            let what = match table {
                "transactions" => "coalesce(sum(transactions), 0)",
                _ => "count(*)",
            };
            let count = self.value(&format!("SELECT {what} FROM {rows}"), [n])?;
            Ok((table.to_owned(), count))
        };
        counted().into_iter().map(count).collect()
    }

    /// The banks of which something is stored of a user, whichever connection brought it, or where operators have notes.
    pub(crate) fn banks_of(&self, user: &UserId) -> Result<Vec<InstitutionId>> {
        let sql = "SELECT i.id FROM institutions i WHERE i.n IN (
              SELECT institution_n FROM accounts WHERE user_n = ?1
              UNION SELECT institution_n FROM data_keys WHERE user_n = ?1
              UNION SELECT c.institution_n FROM connections c JOIN profiles p ON p.connection_n = c.n WHERE c.user_n = ?1
              UNION SELECT c.institution_n FROM connections c JOIN notes t ON t.connection_n = c.n WHERE c.user_n = ?1)
            ORDER BY i.id";
        match self.user_n(user)? {
            Some(n) => self.column(sql, [n]),
            None => Ok(vec![]),
        }
    }

    pub(crate) fn key_gone(&self, slot: u64) -> Result<bool> {
        self.keys.destroyed(i64::try_from(slot).unwrap_or(i64::MAX))
    }

    /// Whether the name of another user contains this user's name: then it may still be found after deletion.
    pub(crate) fn named_alike(&self, user: &UserId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM users o, users me WHERE me.id = ?1 AND o.n <> me.n
            AND instr(lower(o.name), lower(me.name)) > 0)";
        self.value(sql, [user])
    }
}

impl WriteTxn<'_> {
    /// Deletes the documents of a user that an import keeps waiting.
    pub(crate) fn drop_waiting_of(&self, user: &UserId) -> Result<()> {
        match self.user_n(user)? {
            Some(n) => self.drop_waiting_of_n(n),
            None => Ok(()),
        }
    }

    fn drop_waiting_of_n(&self, n: i64) -> Result<()> {
        self.execute(&format!("DELETE FROM waiting WHERE {OF_USER}"), [n])
            .map(drop)
    }

    /// Ids stay in the history of events and in the audit. `false`: there is no such user.
    pub(crate) fn remove_user(&self, user: &UserId) -> Result<bool> {
        let Some(n) = self.user_n(user)? else {
            return Ok(false);
        };
        // first, because what names an account or a connection is found by it
        self.drop_waiting_of_n(n)?;
        self.forget_words(user)?;
        for sql in REMOVED {
            self.execute(sql, [n])?;
        }
        // the beginnings of deleted words may be left where a page of the index begins, until its parts are merged
        let sql = "INSERT INTO user_words (user_words) VALUES ('optimize')";
        self.execute(sql, [])?;
        Ok(true)
    }
}
