//! The health of the file: SQLite's own checks, stored counters, and the modes of its files. Reads only.

use crate::store::codec::{DELETED, FETCHES};
use crate::store::error::Result;
use crate::store::file::readable_tables::{self, WHAT_TO_DO, read_tables};
use crate::store::file::{Look, migrate};
use crate::store::{AuditVerdict, ReadTxn, WriteTxn};
use crate::vault::{is_private, mode_of};
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub(crate) struct Health {
    pub(crate) application_id: i64,
    pub(crate) user_version: i64,
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
    /// Stored counters that differ from the real count, by name.
    pub(crate) miscounted: Vec<String>,
    /// Rows with a text that is not UTF-8.
    pub(crate) damaged_rows: u64,
    /// The audit; none when the master key is missing.
    pub(crate) audit: Option<AuditVerdict>,
    pub(crate) wal_bytes: u64,
    pub(crate) freelist: i64,
    /// Each file with its mode; none when it is not there.
    pub(crate) modes: Vec<(PathBuf, Option<u32>)>,
    /// What else is wrong, a sentence each.
    pub(crate) findings: Vec<String>,
}

/// What a check of states is called; counting again does not help there.
const OPEN_JOBS: &str = "open jobs";

impl Health {
    /// Whether nothing is wrong but numbers that can be counted again.
    pub(crate) fn only_miscounted(&self) -> bool {
        let right = Self {
            miscounted: vec![],
            ..self.clone()
        };
        let counts = self.miscounted.iter().all(|m| !m.starts_with(OPEN_JOBS));
        right.ok() && !self.miscounted.is_empty() && counts
    }

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
            && self.findings.is_empty()
            && self.audit.is_some_and(|a| a.first_bad.is_none())
            && self
                .modes
                .iter()
                .all(|(_, mode)| mode.is_none_or(is_private))
    }
}

impl WriteTxn<'_> {
    /// Counts again everything that is stored as a number, and judges again who has to act on each connection.
    pub(crate) fn recount_all(&self) -> Result<()> {
        for sql in [
            // a platform counts its transactions itself, and none of them is here
            "UPDATE accounts SET transactions = (SELECT count(*) FROM transactions WHERE account_n = accounts.n)
             WHERE NOT EXISTS (SELECT 1 FROM live_platform)",
            "UPDATE connections SET (accounts, transactions) = (
               SELECT count(*), coalesce(sum(transactions), 0) FROM accounts WHERE connection_n = connections.n)",
            "UPDATE connection_counts SET value = (
               SELECT count(*) FROM connections WHERE label = connection_counts.label)",
            "UPDATE mover_counts SET value = (
               SELECT count(*) FROM connections WHERE mover = mover_counts.mover)",
            "UPDATE connections SET (job_kind, job_state, job_label, job_attempt, job_step, job_code) =
               (SELECT kind, state, label, attempt, step, code FROM jobs WHERE n = job_n)",
            "UPDATE connections SET judge_at = 0",
            "INSERT OR IGNORE INTO job_counts SELECT DISTINCT kind, state, 0 FROM jobs",
            "UPDATE job_counts SET value = (
               SELECT count(*) FROM jobs WHERE (kind, state) = (job_counts.kind, job_counts.state))",
        ] {
            self.execute(sql, [])?;
        }
        Ok(())
    }
}

impl ReadTxn<'_> {
    #[cfg(test)]
    pub(crate) fn health(&self) -> Result<Health> {
        self.examine(Look {
            deep: true,
            now: crate::domain::moment::Moment(i64::MAX >> 1),
        })
    }

    /// Checks the whole file; the time grows with its size.
    pub(crate) fn examine(&self, look: Look) -> Result<Health> {
        // first: the head beside the file has to be read before this transaction sees the database, else a line
        // written meanwhile looks as if it had been cut off
        let mut failed = Vec::new();
        let audit = match self.keys.have_master() {
            true => tried(&mut failed, "the audit", self.audit_verify().map(Some))?,
            false => None,
        };
        let number = |pragma: &str| self.value::<i64>(&format!("PRAGMA {pragma}"), []);
        let files = self.keys.files();
        let all = files.all();
        let integrity = self.column("PRAGMA integrity_check(20)", []);
        let integrity: Vec<String> = tried(&mut failed, "the pages", integrity)?;
        let broken = "SELECT count(*) FROM pragma_foreign_key_check";
        let foreign_keys = tried(&mut failed, "foreign keys", self.value(broken, []))?;
        let name_index = tried(&mut failed, "the name index", self.name_index_agrees())?;
        let miscounted = tried(&mut failed, "the counts", self.miscounted())?;
        let tables = tried(&mut failed, "the tables", read_tables(self.conn))?;
        let mut findings = tried(&mut failed, "keys and rows", self.findings(look))?;
        findings.extend(readable_tables::texts(&tables));
        if integrity != ["ok"] || !failed.is_empty() {
            let damage = failed.into_iter().chain(readable_tables::told(&tables));
            findings.splice(0..0, damage);
            findings.push(format!("what to do: {WHAT_TO_DO}"));
        }
        Ok(Health {
            application_id: number("application_id")?,
            user_version: number("user_version")?,
            sqlite: rusqlite::version(),
            journal_mode: self.value("PRAGMA journal_mode", [])?,
            synchronous: number("synchronous")?,
            secure_delete: number("secure_delete")? == 1,
            integrity,
            foreign_keys,
            name_index,
            miscounted,
            damaged_rows: tables.iter().map(|table| table.damaged).sum(),
            audit,
            findings,
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
        self.value(sql, [])
    }

    pub(crate) fn miscounted(&self) -> Result<Vec<String>> {
        let checks: [(&str, String); 7] = [
            (
                "jobs by kind and state",
                "(SELECT kind, state, count(*) AS value FROM jobs GROUP BY kind, state
                  EXCEPT SELECT kind, state, value FROM job_counts)".into(),
            ),
            (
                "connections by label",
                "connection_counts k
                 WHERE value <> (SELECT count(*) FROM connections WHERE label = k.label)".into(),
            ),
            (
                "connections by who has to act",
                "mover_counts k
                 WHERE value <> (SELECT count(*) FROM connections WHERE mover = k.mover)".into(),
            ),
            (
                "newest jobs of connections",
                "connections c LEFT JOIN jobs j ON j.n = c.job_n
                 WHERE (c.job_kind, c.job_state, c.job_label, c.job_attempt) IS NOT (j.kind, j.state, j.label, j.attempt)
                   OR (c.job_step, c.job_code) IS NOT (j.step, j.code)".into(),
            ),
            (
                "transactions of accounts",
                "accounts
                 WHERE transactions <> (SELECT count(*) FROM transactions WHERE account_n = accounts.n)
                   AND NOT EXISTS (SELECT 1 FROM live_platform)".into(),
            ),
            (
                "accounts and transactions of connections",
                "connections c WHERE (accounts, transactions) <> (
                   SELECT count(*), coalesce(sum(transactions), 0) FROM accounts WHERE connection_n = c.n)".into(),
            ),
            (
                OPEN_JOBS,
                format!(
                    "jobs WHERE open = 1 AND kind <= {FETCHES}
                     AND connection_n IN (SELECT n FROM connections WHERE status = {DELETED})"
                ),
            ),
        ];
        let mut bad = Vec::new();
        for (name, rows) in checks {
            let wrong: u64 = self.value(&format!("SELECT count(*) FROM {rows}"), [])?;
            if wrong > 0 {
                bad.push(format!("{name}: {wrong}"));
            }
        }
        Ok(bad)
    }
}

/// What a check found; when it could not be made because of what is stored, that is noted and the others go on.
fn tried<T: Default>(failed: &mut Vec<String>, what: &str, found: Result<T>) -> Result<T> {
    match found {
        Err(error) if error.of_one_row() => {
            let why = match error.of_the_file() {
                true => "pages that it needs are damaged".to_owned(),
                false => error.to_string(),
            };
            failed.push(format!("{what}: cannot be checked, {why}"));
            Ok(T::default())
        }
        other => other,
    }
}
