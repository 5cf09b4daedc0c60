//! The health of the file: what SQLite says of it, what is kept against what is counted, and the modes of
//! the files beside it. Reads only.

use crate::store::error::Result;
use crate::store::file::migrate;
use crate::store::{AuditVerdict, ReadTxn};
use crate::vault::mode_of;
use std::path::PathBuf;

/// What the doctor saw.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    /// Ours is `0x73776264`.
    pub(crate) application_id: i64,
    /// The schema's number.
    pub(crate) user_version: i64,
    /// The library.
    pub(crate) sqlite: &'static str,
    /// `wal`.
    pub(crate) journal_mode: String,
    /// 2 is FULL.
    pub(crate) synchronous: i64,
    /// Whether deleted bytes are overwritten.
    pub(crate) secure_delete: bool,
    /// `ok`, or the first complaints.
    pub(crate) integrity: Vec<String>,
    /// Rows that refer to nothing.
    pub(crate) foreign_keys: u64,
    /// Whether the name index agrees with itself.
    pub(crate) name_index: bool,
    /// Kept numbers that are not what counting gives, by name.
    pub(crate) miscounted: Vec<String>,
    /// Rows whose text is not text.
    pub(crate) damaged_rows: u64,
    /// The audit; none when the master key is missing.
    pub(crate) audit: Option<AuditVerdict>,
    /// Bytes in the log.
    pub(crate) wal_bytes: u64,
    /// Free pages.
    pub(crate) freelist: i64,
    /// Each file with its mode; none when it is not there.
    pub(crate) modes: Vec<(PathBuf, Option<u32>)>,
}

impl Health {
    /// Whether all is well.
    pub(crate) fn ok(&self) -> bool {
        self.application_id == migrate::APPLICATION_ID
            && self.user_version == migrate::KNOWN
            && self.journal_mode == "wal"
            && self.secure_delete
            && self.integrity == ["ok"]
            && self.foreign_keys == 0
            && self.name_index
            && self.miscounted.is_empty()
            && self.damaged_rows == 0
            && self.audit.is_some_and(|a| a.first_bad.is_none())
            && self
                .modes
                .iter()
                .all(|(_, mode)| mode.is_none_or(|m| m & 0o077 == 0))
    }
}

impl ReadTxn<'_> {
    /// Looks at everything. Takes as long as the file is large.
    pub(crate) fn health(&self) -> Result<Health> {
        // first of all: the head beside the file has to be read before this view begins, else a line that is
        // written meanwhile looks as if it had been cut off
        let audit = if self.keys.have_master() {
            Some(self.audit_verify()?)
        } else {
            None
        };
        let number = |pragma: &str| -> Result<i64> {
            Ok(self
                .conn
                .query_row(&format!("PRAGMA {pragma}"), [], |r| r.get(0))?)
        };
        let mut integrity = self.conn.prepare("PRAGMA integrity_check(20)")?;
        let integrity: Vec<String> = integrity
            .query_map([], |r| r.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let foreign_keys =
            self.conn
                .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |r| {
                    r.get::<_, i64>(0)
                })?;
        let files = self.keys.files();
        let all = files.all();
        Ok(Health {
            application_id: number("application_id")?,
            user_version: number("user_version")?,
            sqlite: rusqlite::version(),
            journal_mode: self
                .conn
                .query_row("PRAGMA journal_mode", [], |r| r.get(0))?,
            synchronous: number("synchronous")?,
            secure_delete: number("secure_delete")? == 1,
            integrity,
            foreign_keys: foreign_keys.unsigned_abs(),
            name_index: self.name_index_agrees()?,
            miscounted: self.miscounted()?,
            damaged_rows: self.damaged_rows()?,
            audit,
            wal_bytes: std::fs::metadata(&all[1]).map_or(0, |m| m.len()),
            freelist: number("freelist_count")?,
            modes: all
                .into_iter()
                .map(|path| (path.clone(), mode_of(&path)))
                .collect(),
        })
    }

    fn name_index_agrees(&self) -> Result<bool> {
        let sql = "SELECT (SELECT count(*) FROM user_words) = (SELECT count(*) FROM users)";
        Ok(self.conn.query_row(sql, [], |r| r.get(0))?)
    }

    fn miscounted(&self) -> Result<Vec<String>> {
        let checks = [
            (
                "connections by label",
                "SELECT count(*) FROM connection_counts k
                 WHERE value <> (SELECT count(*) FROM connections WHERE label = k.label)",
            ),
            (
                "connections that need action",
                "SELECT count(*) FROM counters
                 WHERE name = 'attention' AND value <> (SELECT count(*) FROM connections WHERE urgency <= 2)",
            ),
            (
                "transactions of accounts",
                "SELECT count(*) FROM accounts
                 WHERE transactions <> (SELECT count(*) FROM transactions WHERE account_n = accounts.n)",
            ),
            (
                "accounts and transactions of connections",
                "SELECT count(*) FROM connections c WHERE (accounts, transactions) <> (
                   SELECT count(*), coalesce(sum(transactions), 0) FROM accounts WHERE connection_n = c.n)",
            ),
            (
                "open jobs",
                "SELECT count(*) FROM jobs WHERE open = 1 AND kind <= 2 AND connection_n IN (
                   SELECT n FROM connections WHERE status = 5)",
            ),
        ];
        let mut bad = Vec::new();
        for (name, sql) in checks {
            let wrong: i64 = self.conn.query_row(sql, [], |r| r.get(0))?;
            if wrong > 0 {
                bad.push(format!("{name}: {wrong}"));
            }
        }
        Ok(bad)
    }

    fn damaged_rows(&self) -> Result<u64> {
        let mut query = self
            .conn
            .prepare("SELECT name, first_name, last_name FROM users")?;
        let mut rows = query.query([])?;
        let mut damaged = 0;
        while let Some(row) = rows.next()? {
            let bad = (0..3).any(|at| match row.get_ref(at) {
                Ok(rusqlite::types::ValueRef::Text(bytes)) => std::str::from_utf8(bytes).is_err(),
                _ => true,
            });
            damaged += u64::from(bad);
        }
        Ok(damaged)
    }
}
