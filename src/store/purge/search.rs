//! Scrubs the file after a deletion, and searches it and its neighbours for what was deleted.

use super::unused_space::{self, Scrubbed};
use crate::domain::secret::Secret;
use crate::store::Store;
use crate::store::error::{BUSY, Error, Result};
use crate::store::file::threads::apart;
use crate::store::file::{lock_safe_file, open};
use aho_corasick::AhoCorasick;
use rusqlite::Connection;
use std::collections::BTreeSet;
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
    /// Rewrites a small file whole, and empties the log. A reader in the way is [`Scrub::Pending`]. All that wait for a
    /// scrub share the next one.
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
        let scrubs = |asked: Vec<i64>| async move {
            let most = asked.iter().copied().max().unwrap_or(SMALL);
            let done = apart("store-scrub", move || rewrite(&store, most)).await?;
            Ok(vec![done; asked.len()])
        };
        // deletions that wait for the writer now come before
        let gathered = async {
            let nothing = self.write(|_| Err::<(), _>(Error::Interrupted));
            drop(nothing.await);
        };
        self.0.scrubs.ask(most, gathered, scrubs).await
    }

    #[cfg(test)]
    /// How many of these texts stand in the database, its log or its neighbours.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) async fn scan(&self, needles: Vec<Secret>) -> Result<u64> {
        Ok(self.scan_files(needles).await?.hits)
    }

    /// The same, with which files were read. All that wait for a search share the next one; each is told what was found
    /// of its own.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) async fn scan_files(&self, needles: Vec<Secret>) -> Result<Scan> {
        let files = self.files().searched();
        let search = |lists: Vec<_>| async move {
            apart("store-search", move || scan(&files, &lists, AT_ONCE)).await
        };
        // lists that are being read now come before; they are read by turns
        let gathered = async {
            for _ in 0..2 {
                drop(self.read(|_| Ok::<_, Error>(())).await);
            }
        };
        self.0.searches.ask(needles, gathered, search).await
    }
}

fn rewrite(store: &Store, most: i64) -> Result<Scrub> {
    let conn = open::maintenance(store.path(), || store.unmoved())?;
    if log_is_held(&conn)? {
        // a rewritten file would be added to the log, at each attempt anew
        return Ok(Scrub::Pending);
    }
    let pages: i64 = conn.query_row("PRAGMA page_count", [], |r| r.get(0))?;
    let size: i64 = conn.query_row("PRAGMA page_size", [], |r| r.get(0))?;
    let mut rewritten = pages * size <= most;
    if rewritten {
        match conn.execute_batch("VACUUM").map_err(Error::from) {
            Err(Error::Busy { .. }) => return Ok(Scrub::Pending),
            // what was deleted is overwritten in its place all the same
            Err(Error::Full) => rewritten = false,
            other => other?,
        }
    }
    let how = match unused_space::scrubbed(&conn, rewritten) {
        Err(Error::Busy { .. }) => return Ok(Scrub::Pending),
        other => other?,
    };
    Ok(match empty_log(&conn)? {
        true => Scrub::Done(how),
        false => Scrub::Pending,
    })
}

/// Whether somebody reads an earlier state of the file, so that its log cannot be moved into it.
fn log_is_held(conn: &Connection) -> Result<bool> {
    // longer than another process rewrites a small file, or writes
    conn.busy_timeout(Duration::from_secs(1))?;
    let row: (i64, i64, i64) = conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |r| {
        Ok((r.get(0)?, r.get(1)?, r.get(2)?))
    })?;
    conn.busy_timeout(BUSY)?;
    let (busy, pages, moved) = row;
    Ok(busy != 0 && moved < pages)
}

/// Empties the log; the answer is in the row, not in an error. `false`: somebody still reads it.
fn empty_log(conn: &Connection) -> Result<bool> {
    // longer than others write or read a page of a list; one that reads for longer was noticed before
    conn.busy_timeout(Duration::from_secs(3))?;
    let busy: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get(0))?;
    Ok(busy == 0)
}

/// Searches for all lists in one reading of the files, and answers for each.
fn scan(files: &[PathBuf], lists: &[Vec<Secret>], at_once: usize) -> Result<Vec<Scan>> {
    let all: BTreeSet<&str> = lists.iter().flatten().map(|n| n.expose()).collect();
    let all: Vec<&str> = all.into_iter().collect();
    let mut found = BTreeSet::new();
    let mut rest = &all[..];
    let searched = loop {
        let (part, left) = rest.split_at(fitting(rest, at_once));
        let searched = scan_for(files, part, &mut found)?;
        rest = left;
        if rest.is_empty() {
            break searched;
        }
    };
    let answer = |list: &Vec<Secret>| {
        let hit = |needle: &&Secret| found.contains(needle.expose());
        Scan {
            needles: list.len() as u64,
            hits: list.iter().filter(hit).count() as u64,
            files: searched.clone(),
        }
    };
    Ok(lists.iter().map(answer).collect())
}

/// How many of these are searched for at once: at least one, where there is one.
fn fitting(needles: &[&str], at_once: usize) -> usize {
    let mut bytes = 0;
    let fits = |needle: &&&str| {
        bytes += needle.len();
        bytes <= at_once
    };
    let count = needles.iter().take_while(fits).count();
    count.max(1).min(needles.len())
}

/// Adds to `found` those that stand in a file; answers the files with the bytes that were read of each.
fn scan_for<'a>(
    files: &[PathBuf],
    needles: &[&'a str],
    found: &mut BTreeSet<&'a str>,
) -> Result<Vec<(String, u64)>> {
    let search = AhoCorasick::new(needles)
        .map_err(|e| Error::Io(format!("the scan could not be made: {e}")))?;
    let longest = needles.iter().map(|n| n.len()).max().unwrap_or(0);
    let mut searched = Vec::new();
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
                // overlapping, so that a value of one deletion does not hide a longer one of another
                let hits = search.find_overlapping_iter(&block[..end]);
                found.extend(hits.map(|hit| needles[hit.pattern().as_usize()]));
            }
            let keep = longest.saturating_sub(1).min(end);
            block.copy_within(end - keep..end, 0);
            kept = keep;
        }
        searched.push((name, bytes));
    }
    Ok(searched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn one(path: &Path, needles: &[Secret], at_once: usize) -> Scan {
        let lists = [needles.to_vec()];
        let mut scans = scan(&[path.into()], &lists, at_once).unwrap();
        scans.remove(0)
    }

    #[test]
    fn a_needle_on_a_block_border_is_found_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let needle = "HOOLI CAFE SYDNEY";
        for at in [0, (1 << 20) - 3, (1 << 20) + 16, (2 << 20) - 1] {
            let mut bytes = vec![b'.'; 3 << 20];
            bytes[at..at + needle.len()].copy_from_slice(needle.as_bytes());
            std::fs::write(&path, &bytes).unwrap();
            let seen = one(&path, &[needle.into()], AT_ONCE);
            assert_eq!(
                (seen.hits, seen.needles, seen.files),
                (1, 1, vec![("f".into(), 3 << 20)]),
                "at {at}"
            );
        }
        let none = one(&dir.path().join("none"), &[needle.into()], AT_ONCE);
        assert_eq!(none.files, vec![]);
    }

    #[test]
    fn more_values_than_are_searched_for_at_once_are_all_searched_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        let value = |n: usize| format!("value number {n:04}");
        std::fs::write(&path, [value(0), value(50), value(99)].join(" ")).unwrap();
        let needles: Vec<Secret> = (0..100).map(|n| Secret::new(value(n))).collect();
        for at_once in [1, 17, 500, AT_ONCE] {
            let seen = one(&path, &needles, at_once);
            assert_eq!((seen.needles, seen.hits, seen.files.len()), (100, 3, 1));
        }
        let none = one(&path, &[], AT_ONCE);
        assert_eq!((none.needles, none.hits, none.files.len()), (0, 0, 1));
    }

    #[test]
    fn each_list_is_told_what_was_found_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, "at HOOLI CAFE SYDNEY today").unwrap();
        let list = |texts: &[&str]| texts.iter().map(|t| Secret::from(*t)).collect::<Vec<_>>();
        let lists = [
            list(&["HOOLI CAFE"]),
            // begins with, is within, and overlaps what the first list finds
            list(&["HOOLI CAFE SYDNEY", "nowhere at all"]),
            list(&["CAFE SYDNEY", "OLI CAFE", "nowhere at all"]),
            list(&["nowhere at all"]),
            list(&[]),
        ];
        for at_once in [1, 20, AT_ONCE] {
            let seen = scan(std::slice::from_ref(&path), &lists, at_once).unwrap();
            let figures: Vec<_> = seen.iter().map(|s| (s.needles, s.hits)).collect();
            assert_eq!(
                figures,
                [(1, 1), (2, 1), (3, 2), (1, 0), (0, 0)],
                "{at_once}"
            );
            assert!(seen.iter().all(|s| s.files == [("f".into(), 26)]));
        }
    }
}
