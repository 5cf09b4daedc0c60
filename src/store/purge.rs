//! What a purge does to the file: the data key goes first, then the rows, then what they left. Each part may be repeated.

use super::error::{Error, Result};
use super::lock_safe_file;
use super::{ReadTxn, Store, WriteTxn};
use crate::domain::certificate::Rows;
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::vault::{Sealed, codec};
use aho_corasick::AhoCorasick;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// Needles shorter than this prove nothing: they occur anywhere by chance.
const NEEDLE: usize = 8;

/// At most so many needles are carried in memory.
const NEEDLES: usize = 5_000;

/// A file up to this size is rewritten whole at once; a larger one is left to its overwritten free pages.
const SMALL: i64 = 64 << 20;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PurgeCounts {
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    pub(crate) profiles: u64,
    pub(crate) waiting: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scrub {
    /// Nothing of the deleted rows is left in the file or its log.
    Done {
        /// Whether the file was rewritten whole.
        rewritten: bool,
    },
    /// A reader holds the log; tried again later.
    Pending,
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

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    pub(crate) needles: u64,
    pub(crate) hits: u64,
    /// The files, with the bytes that were read of each.
    pub(crate) files: Vec<(String, u64)>,
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
        let sql = "SELECT count(*) FROM waiting WHERE user_id = ?1 AND institution_id = ?2";
        let waiting: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row([user.as_str(), at.as_str()], |r| r.get(0))?;
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

    /// The plain values a purge will destroy, to look for afterwards. In memory only, wiped when dropped.
    pub(crate) fn needles(&self, user: &UserId, at: &InstitutionId) -> Result<Vec<Secret>> {
        let (user_n, institution_n) = self.pair(user, at)?;
        let Some(slot) = self.slot(user_n, institution_n)? else {
            return Ok(vec![]);
        };
        let Some(key) = self.keys.data_key(slot)? else {
            return Ok(vec![]);
        };
        let mut found: BTreeSet<String> = BTreeSet::new();
        let mut add = |text: &Secret| {
            if text.expose().len() >= NEEDLE && found.len() < NEEDLES {
                found.insert(text.expose().to_owned());
            }
        };
        let mut rows = self.conn.prepare_cached(
            "SELECT c.id, p.sealed FROM profiles p JOIN connections c ON c.n = p.connection_n
             WHERE c.user_n = ?1 AND c.institution_n = ?2",
        )?;
        let mut rows = rows.query([user_n, institution_n])?;
        while let Some(r) = rows.next()? {
            let (id, sealed): (String, Vec<u8>) = (r.get(0)?, r.get(1)?);
            let Ok(plain) = key.open(Sealed::Profile, &id, &sealed) else {
                continue;
            };
            let Ok(profile) = codec::read_profile(&plain) else {
                continue;
            };
            // the name is the app's own record's too, which stays; what only the bank sent has to go
            profile
                .phones
                .iter()
                .chain(&profile.emails)
                .for_each(&mut add);
            profile
                .addresses
                .iter()
                .for_each(|a| [&a.line1, &a.formatted].into_iter().for_each(&mut add));
        }
        let mut accounts = self.conn.prepare_cached(
            "SELECT n, id, sealed FROM accounts WHERE user_n = ?1 AND institution_n = ?2",
        )?;
        let mut accounts = accounts.query([user_n, institution_n])?;
        let mut sent = self
            .conn
            .prepare_cached("SELECT id, sealed FROM transactions WHERE account_n = ?1 LIMIT 200")?;
        while let Some(r) = accounts.next()? {
            let (n, id, sealed): (i64, String, Vec<u8>) = (r.get(0)?, r.get(1)?, r.get(2)?);
            if let Ok(plain) = key.open(Sealed::Account, &id, &sealed)
                && let Ok(details) = codec::read_account(&plain)
            {
                // the holder's name is the app's own record's too, which stays
                add(&details.number);
            }
            let mut rows = sent.query([n])?;
            while let Some(r) = rows.next()? {
                let (id, sealed): (String, Vec<u8>) = (r.get(0)?, r.get(1)?);
                if let Ok(plain) = key.open(Sealed::Transaction, &id, &sealed)
                    && let Ok(details) = codec::read_transaction(&plain)
                {
                    add(&details.description);
                }
            }
        }
        Ok(found.into_iter().map(Secret::new).collect())
    }

    /// Contact details, and the name where nobody else has it; to look for after the deletion.
    pub(crate) fn user_needles(&self, user: &UserId) -> Result<Vec<Secret>> {
        let Some(record) = self.user(user)? else {
            return Ok(vec![]);
        };
        let name = (!self.named_alike(user)?).then(|| Secret::new(record.name));
        let found = [record.email, record.mobile, name].into_iter().flatten();
        Ok(found.filter(|text| text.expose().len() >= NEEDLE).collect())
    }

    pub(crate) fn key_slot(&self, user: &UserId, at: &InstitutionId) -> Result<Option<u64>> {
        let (user_n, institution_n) = self.pair(user, at)?;
        Ok(self.slot(user_n, institution_n)?.map(i64::unsigned_abs))
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
    pub(crate) fn purge(&self, user: &UserId, at: &InstitutionId) -> Result<PurgeCounts> {
        let counts = self.purge_counts(user, at)?;
        let (user_n, institution_n) = self.pair(user, at)?;
        if let Some(slot) = self.slot(user_n, institution_n)? {
            self.keys.destroy_data_key(slot)?;
        }
        let pair = params![user_n, institution_n];
        for sql in [
            "DELETE FROM transactions WHERE account_n IN (
               SELECT n FROM accounts WHERE user_n = ?1 AND institution_n = ?2)",
            "DELETE FROM accounts WHERE user_n = ?1 AND institution_n = ?2",
            "DELETE FROM profiles WHERE connection_n IN (
               SELECT n FROM connections WHERE user_n = ?1 AND institution_n = ?2)",
            "DELETE FROM data_keys WHERE user_n = ?1 AND institution_n = ?2",
            "UPDATE connections SET accounts = 0, transactions = 0, version = version + 1
             WHERE user_n = ?1 AND institution_n = ?2",
        ] {
            self.conn.prepare_cached(sql)?.execute(pair)?;
        }
        let sql = "DELETE FROM waiting WHERE user_id = ?1 AND institution_id = ?2";
        self.conn
            .prepare_cached(sql)?
            .execute([user.as_str(), at.as_str()])?;
        Ok(counts)
    }
}

impl Store {
    /// Rewrites a small file whole, and empties the log. A reader in the way is [`Scrub::Pending`].
    pub(crate) async fn scrub(&self) -> Result<Scrub> {
        self.scrub_up_to(SMALL).await
    }

    /// Rewrites the file whole, however large: for what was stored in plain.
    pub(crate) async fn scrub_whole(&self) -> Result<Scrub> {
        self.scrub_up_to(i64::MAX).await
    }

    async fn scrub_up_to(&self, most: i64) -> Result<Scrub> {
        if self.read_only() {
            return Err(Error::ReadOnly);
        }
        let path = self.path().to_path_buf();
        let done = tokio::task::spawn_blocking(move || -> Result<Scrub> {
            let conn = super::open::maintenance(&path)?;
            let pages: i64 = conn.query_row("PRAGMA page_count", [], |r| r.get(0))?;
            let size: i64 = conn.query_row("PRAGMA page_size", [], |r| r.get(0))?;
            let rewritten = pages * size <= most;
            if rewritten {
                match conn.execute_batch("VACUUM").map_err(Error::from) {
                    Err(Error::Busy { .. }) => return Ok(Scrub::Pending),
                    other => other?,
                }
            }
            Ok(if empty_log(&conn)? {
                Scrub::Done { rewritten }
            } else {
                Scrub::Pending
            })
        });
        done.await.unwrap_or(Err(Error::Closed))
    }

    #[cfg(test)]
    /// How often any of these texts stands in the database, its log or its neighbours.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) async fn scan(&self, needles: Vec<Secret>) -> Result<u64> {
        Ok(self.scan_files(needles).await?.hits)
    }

    /// The same, with which files were read.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) async fn scan_files(&self, needles: Vec<Secret>) -> Result<Scan> {
        let files = self.files().all();
        let done = tokio::task::spawn_blocking(move || scan(&files, &needles));
        done.await.unwrap_or(Err(Error::Closed))
    }
}

/// Empties the log; the answer is in the row, not in an error. `false`: somebody still reads it.
fn empty_log(conn: &Connection) -> Result<bool> {
    // what is not done now is done later: waiting for a reader here would only hold up the purge
    conn.busy_timeout(Duration::from_millis(100))?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
    Ok(busy == 0)
}

fn scan(files: &[PathBuf], needles: &[Secret]) -> Result<Scan> {
    let search = AhoCorasick::new(needles.iter().map(|n| n.expose().as_bytes()))
        .map_err(|e| Error::Io(format!("the scan could not be made: {e}")))?;
    let longest = needles.iter().map(|n| n.expose().len()).max().unwrap_or(0);
    let mut seen = Scan {
        needles: needles.len() as u64,
        ..Scan::default()
    };
    for path in files {
        let file = match lock_safe_file::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => continue,
            Err(e) => return Err(Error::Io(format!("{}: {e}", path.display()))),
        };
        let (name, mut bytes) = (
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            0,
        );
        // blocks overlap by the longest needle, so that none hides on a border
        let mut block = vec![0u8; (1 << 20) + longest];
        let mut kept = 0;
        loop {
            let read = file
                .read_at(&mut block[kept..], bytes)
                .map_err(|e| Error::Io(e.to_string()))?;
            if read == 0 {
                break;
            }
            bytes += read as u64;
            let end = kept + read;
            if !needles.is_empty() {
                seen.hits += search
                    .find_iter(&block[..end])
                    .filter(|m| m.end() > kept)
                    .count() as u64;
            }
            let keep = longest.saturating_sub(1).min(end);
            block.copy_within(end - keep..end, 0);
            kept = keep;
        }
        seen.files.push((name, bytes));
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needle_on_a_block_border_is_found_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let needle = "HOOLI CAFE SYDNEY";
        for at in [0, (1 << 20) - 3, (1 << 20) + 16, (2 << 20) - 1] {
            let mut bytes = vec![b'.'; 3 << 20];
            bytes[at..at + needle.len()].copy_from_slice(needle.as_bytes());
            std::fs::write(&path, &bytes).unwrap();
            let seen = scan(std::slice::from_ref(&path), &[needle.into()]).unwrap();
            assert_eq!(
                (seen.hits, seen.needles, seen.files),
                (1, 1, vec![("f".into(), 3 << 20)]),
                "at {at}"
            );
        }
        assert_eq!(
            scan(&[dir.path().join("none")], &[needle.into()])
                .unwrap()
                .files,
            vec![]
        );
    }
}
