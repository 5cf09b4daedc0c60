//! Overwrites what SQLite leaves in the unused space of pages: when it moves rows between pages, it does not overwrite
//! their old places. It reads each page once, and writes only those where something is left.

use crate::store::error::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, params};

/// So many pages are looked at in one transaction, so that other writers wait briefly only.
const AT_ONCE: i64 = 2048;

/// In a larger file the first byte of a page does not tell whether rows are in it.
const MOST_PAGES: i64 = 0x0200_0000;

/// Pages of a table or an index that hold rows or lead to them, by their first byte, with the length of the header.
const KINDS: [(u8, usize); 4] = [(2, 12), (5, 12), (10, 8), (13, 8)];

/// The first page begins with the header of the file.
const FILE_HEADER: usize = 100;

/// How what deleted rows left was overwritten. The log is empty in each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scrubbed {
    /// The file was written anew.
    Rewritten,
    /// Freed pages, and the unused space of all others.
    Overwritten,
    /// Freed pages only: copies of rows may be left in the unused space of other pages.
    FreedPages,
}

impl Scrubbed {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Scrubbed::Rewritten => "file rewritten",
            Scrubbed::Overwritten => "freed pages and unused space overwritten, log emptied",
            Scrubbed::FreedPages => {
                "freed pages overwritten, log emptied; other unused space was not overwritten"
            }
        }
    }
}

/// Overwrites what a file that was not written anew holds of deleted rows.
pub(super) fn scrubbed(conn: &Connection, rewritten: bool) -> Result<Scrubbed> {
    if rewritten {
        return Ok(Scrubbed::Rewritten);
    }
    match overwrite(conn) {
        Ok(Some(_)) => Ok(Scrubbed::Overwritten),
        // the log grows by the pages that are written
        Ok(None) | Err(Error::Full) => Ok(Scrubbed::FreedPages),
        Err(other) => Err(other),
    }
}

/// Returns how many pages were written; none when the file is too large to tell its pages apart.
fn overwrite(conn: &Connection) -> Result<Option<u64>> {
    let size: i64 = conn.query_row("PRAGMA page_size", [], |r| r.get(0))?;
    let count = |conn: &Connection| -> Result<i64> {
        Ok(conn.query_row("PRAGMA page_count", [], |r| r.get(0))?)
    };
    if count(conn)? >= MOST_PAGES {
        return Ok(None);
    }
    // SQLite writes no page as it is while it defends itself against statements from elsewhere
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, false)?;
    let done = || -> Result<u64> {
        let (mut first, mut written) = (1, 0);
        while first <= count(conn)? {
            written += pages(conn, first, usize::try_from(size).unwrap_or_default())?;
            first += AT_ONCE;
        }
        Ok(written)
    };
    let done = done();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    done.map(Some)
}

fn pages(conn: &Connection, first: i64, size: usize) -> Result<u64> {
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let written = in_transaction(conn, first, size);
    match &written {
        Ok(_) => conn.execute_batch("COMMIT")?,
        Err(_) if !conn.is_autocommit() => conn.execute_batch("ROLLBACK")?,
        Err(_) => {}
    }
    written
}

fn in_transaction(conn: &Connection, first: i64, size: usize) -> Result<u64> {
    let mut found: Vec<(i64, Vec<u8>)> = Vec::new();
    {
        let sql = "SELECT pgno, data FROM sqlite_dbpage WHERE pgno = ?1";
        let mut read = conn.prepare_cached(sql)?;
        let last: i64 = conn.query_row("PRAGMA page_count", [], |r| r.get(0))?;
        for page in first..(first + AT_ONCE).min(last + 1) {
            let mut rows = read.query([page])?;
            let Some(row) = rows.next()? else { continue };
            let Ok(bytes) = row.get_ref(1)?.as_blob() else {
                continue;
            };
            if bytes.len() == size
                && let Some(clean) = cleaned(bytes, page == 1)
            {
                found.push((page, clean));
            }
        }
    }
    let mut write = conn.prepare_cached("UPDATE sqlite_dbpage SET data = ?2 WHERE pgno = ?1")?;
    for (page, bytes) in &found {
        if write.execute(params![page, bytes])? != 1 {
            return Err(Error::Io(format!("page {page} could not be overwritten")));
        }
    }
    Ok(found.len() as u64)
}

/// The page with zeros where no row is; none when it holds no rows, is as it should be, or cannot be understood.
fn cleaned(page: &[u8], first: bool) -> Option<Vec<u8>> {
    let at = if first { FILE_HEADER } else { 0 };
    let (_, header) = KINDS.into_iter().find(|(kind, _)| *kind == page[at])?;
    let number = |at: usize| -> Option<usize> {
        let bytes = page.get(at..at + 2)?;
        Some(usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
    };
    let (mut block, cells, content) = (number(at + 1)?, number(at + 3)?, number(at + 5)?);
    // zero stands for 65,536
    let content = if content == 0 { 1 << 16 } else { content };
    let pointers = at + header + 2 * cells;
    if pointers > content || content > page.len() {
        return None;
    }
    let mut unused: Vec<_> = std::iter::once(pointers..content).collect();
    // the places of deleted rows, each with the place of the next and its own length
    while block != 0 {
        let (next, length) = (number(block)?, number(block + 2)?);
        if block < content
            || length < 4
            || block + length > page.len()
            || (next != 0 && next <= block)
        {
            return None;
        }
        unused.push(block + 4..block + length);
        block = next;
    }
    if unused
        .iter()
        .all(|part| page[part.clone()].iter().all(|b| *b == 0))
    {
        return None;
    }
    let mut clean = page.to_vec();
    for part in unused {
        clean[part].fill(0);
    }
    Some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(path: &std::path::Path, text: &[u8]) -> usize {
        let bytes = std::fs::read(path).unwrap();
        bytes.windows(text.len()).filter(|w| *w == text).count()
    }

    /// Rows that move between pages leave copies of themselves; a deletion does not reach those.
    #[test]
    fn copies_of_rows_that_moved_are_overwritten_and_no_row_is_harmed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch(
            "PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL;
             CREATE TABLE t (id TEXT PRIMARY KEY, more TEXT, long BLOB) WITHOUT ROWID; CREATE INDEX i ON t (more);",
        )
        .unwrap();
        let mut random = 1u64;
        conn.execute_batch("BEGIN").unwrap();
        let mut insert = conn.prepare("INSERT INTO t VALUES (?1, ?2, ?3)").unwrap();
        let whose = |n: u64| {
            format!(
                "{}-{n:08}",
                ["gone", "kept"][usize::from(!n.is_multiple_of(3))]
            )
        };
        for n in 0..20_000u64 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let long = vec![7u8; if n % 500 == 0 { 9_000 } else { 20 }];
            let id = format!("{:016x}-{}", random, whose(n));
            insert.execute(params![id, whose(n), long]).unwrap();
        }
        drop(insert);
        conn.execute_batch("COMMIT").unwrap();
        conn.execute("DELETE FROM t WHERE more LIKE 'gone%'", [])
            .unwrap();
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .unwrap();
        let before = left(&path, b"gone-");
        assert!(before > 0, "SQLite leaves copies, else this is not needed");
        let sum = "SELECT count(*) || ' ' || sum(length(id) + length(more) + length(long)) FROM t";
        let rows = |conn: &Connection| -> String { conn.query_row(sum, [], |r| r.get(0)).unwrap() };
        let kept = rows(&conn);
        assert!(overwrite(&conn).unwrap().unwrap() > 0);
        assert_eq!(
            overwrite(&conn).unwrap(),
            Some(0),
            "the second time nothing is left"
        );
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .unwrap();
        assert_eq!(left(&path, b"gone-"), 0, "of {before}");
        assert_eq!(rows(&conn), kept);
        let sound: String = conn
            .query_row("PRAGMA integrity_check", [], |r| r.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
    }

    #[test]
    fn a_page_that_cannot_be_understood_is_left_alone() {
        let page = |bytes: &[(usize, u8)]| {
            let mut page = vec![9u8; 512];
            page[..8].copy_from_slice(&[13, 0, 0, 0, 0, 1, 0, 0]);
            for (at, byte) in bytes {
                page[*at] = *byte;
            }
            page
        };
        assert!(cleaned(&page(&[]), false).is_some());
        for (what, bytes) in [
            ("no page of rows", vec![(0, 0)]),
            ("rows beyond the page", vec![(5, 9)]),
            ("more pointers than space", vec![(3, 9)]),
            ("a place of a deleted row inside the space", vec![(2, 40)]),
            ("such a place beyond the page", vec![(1, 1), (2, 250)]),
        ] {
            assert!(cleaned(&page(&bytes), false).is_none(), "{what}");
        }
    }
}
