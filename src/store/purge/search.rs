//! Scrubs the file after a deletion, and searches it and its neighbours for what was deleted.

use super::unused_space::{self, Scrubbed};
use crate::domain::secret::Secret;
use crate::store::Store;
use crate::store::error::{Error, Result};
use crate::store::file::{lock_safe_file, open};
use aho_corasick::AhoCorasick;
use rusqlite::Connection;
use std::path::PathBuf;
use std::time::Duration;

/// A file up to this size is rewritten whole at once; in a larger one the unused space is overwritten.
const SMALL: i64 = 64 << 20;

/// So many bytes of values are searched for at a time, which bounds the memory of the search.
const AT_ONCE: usize = 4 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scrub {
    Done(Scrubbed),
    /// A reader holds the log; tried again later.
    Pending,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scan {
    pub(crate) needles: u64,
    pub(crate) hits: u64,
    /// The files, with the bytes that were read of each.
    pub(crate) files: Vec<(String, u64)>,
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
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || -> Result<Scrub> {
            let conn = open::maintenance(store.path(), || store.unmoved())?;
            let pages: i64 = conn.query_row("PRAGMA page_count", [], |r| r.get(0))?;
            let size: i64 = conn.query_row("PRAGMA page_size", [], |r| r.get(0))?;
            let mut rewritten = pages * size <= most;
            if rewritten {
                match conn.execute_batch("VACUUM").map_err(Error::from) {
                    Err(Error::Busy { .. }) => return Ok(Scrub::Pending),
                    // what was deleted is overwritten in its place
                    Err(Error::Full) => rewritten = false,
                    other => other?,
                }
            }
            let how = match unused_space::scrubbed(&conn, rewritten) {
                Err(Error::Busy { .. }) => return Ok(Scrub::Pending),
                other => other?,
            };
            Ok(if empty_log(&conn)? {
                Scrub::Done(how)
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
        let files = self.files().searched();
        let done = tokio::task::spawn_blocking(move || scan(&files, &needles, AT_ONCE));
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

fn scan(files: &[PathBuf], needles: &[Secret], at_once: usize) -> Result<Scan> {
    let mut seen = Scan {
        needles: needles.len() as u64,
        ..Scan::default()
    };
    let mut rest = needles;
    loop {
        let (part, left) = rest.split_at(fitting(rest, at_once));
        let (hits, files) = scan_for(files, part)?;
        seen.hits += hits;
        seen.files = files;
        rest = left;
        if rest.is_empty() {
            return Ok(seen);
        }
    }
}

/// How many of these are searched for at once: at least one, where there is one.
fn fitting(needles: &[Secret], at_once: usize) -> usize {
    let mut bytes = 0;
    let fits = |needle: &&Secret| {
        bytes += needle.expose().len();
        bytes <= at_once
    };
    let count = needles.iter().take_while(fits).count();
    count.max(1).min(needles.len())
}

type Searched = (u64, Vec<(String, u64)>);

fn scan_for(files: &[PathBuf], needles: &[Secret]) -> Result<Searched> {
    let search = AhoCorasick::new(needles.iter().map(|n| n.expose().as_bytes()))
        .map_err(|e| Error::Io(format!("the scan could not be made: {e}")))?;
    let longest = needles.iter().map(|n| n.expose().len()).max().unwrap_or(0);
    let (mut hits, mut searched) = (0, Vec::new());
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
                hits += search
                    .find_iter(&block[..end])
                    .filter(|m| m.end() > kept)
                    .count() as u64;
            }
            let keep = longest.saturating_sub(1).min(end);
            block.copy_within(end - keep..end, 0);
            kept = keep;
        }
        searched.push((name, bytes));
    }
    Ok((hits, searched))
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
            let seen = scan(std::slice::from_ref(&path), &[needle.into()], AT_ONCE).unwrap();
            assert_eq!(
                (seen.hits, seen.needles, seen.files),
                (1, 1, vec![("f".into(), 3 << 20)]),
                "at {at}"
            );
        }
        assert_eq!(
            scan(&[dir.path().join("none")], &[needle.into()], AT_ONCE)
                .unwrap()
                .files,
            vec![]
        );
    }

    #[test]
    fn more_values_than_are_searched_for_at_once_are_all_searched_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let value = |n: usize| format!("value number {n:04}");
        std::fs::write(&path, [value(0), value(50), value(99)].join(" ")).unwrap();
        let needles: Vec<Secret> = (0..100).map(|n| Secret::new(value(n))).collect();
        for at_once in [1, 17, 500, AT_ONCE] {
            let seen = scan(std::slice::from_ref(&path), &needles, at_once).unwrap();
            assert_eq!((seen.needles, seen.hits, seen.files.len()), (100, 3, 1));
        }
        let none = scan(std::slice::from_ref(&path), &[], AT_ONCE).unwrap();
        assert_eq!((none.needles, none.hits, none.files.len()), (0, 0, 1));
    }
}
