//! What is known of the newest line of the audit beside the database: the head in its own file, and its number in the
//! key file. Both are made with the master key, and neither is made again when it is gone.

use super::Keys;
use crate::store::error::Result;
use crate::vault::{AuditHead, GENESIS, Head, HeadKey};
use rusqlite::{Connection, OptionalExtension};
use std::sync::atomic::Ordering;

/// What the files beside the database say of the newest line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownHead {
    pub(crate) head: Option<Head>,
    /// The highest line that the key file knows.
    pub(crate) highest: Option<u64>,
    /// Whether both have been written, so that a missing one was taken away.
    pub(crate) written: bool,
}

impl KnownHead {
    pub(crate) fn missing(&self) -> bool {
        self.written && (self.head.is_none() || self.highest.is_none())
    }

    pub(crate) fn newest(&self) -> u64 {
        let head = self.head.map_or(0, |head| head.seq);
        head.max(self.highest.unwrap_or(0))
    }
}

impl Keys {
    fn head_key(&self) -> Option<HeadKey> {
        let database = self.known.id.as_ref()?;
        Some(self.master.as_ref()?.head_key(database))
    }

    fn highest(&self) -> Result<Option<u64>> {
        match (&self.data, &self.master) {
            (Some(data), Some(master)) => Ok(data.highest(master)?),
            _ => Ok(None),
        }
    }

    pub(crate) fn known_head(&self) -> Result<KnownHead> {
        let head = match (&self.head, self.head_key()) {
            (Some(file), Some(key)) => file.read(&key)?,
            _ => None,
        };
        Ok(KnownHead {
            head,
            highest: self.highest()?,
            written: self.known.written(),
        })
    }

    /// The highest line that a file beside the database speaks of, proven or not.
    pub(super) fn newest_spoken_of(&self) -> Result<u64> {
        let head = match &self.head {
            Some(file) => file.read_unproven()?.map_or(0, |head| head.seq),
            None => 0,
        };
        Ok(head.max(self.highest()?.unwrap_or(0)))
    }

    /// Remembers to write the head of the audit after the commit.
    pub(crate) fn head_moves(&self) {
        self.moved.store(true, Ordering::Relaxed);
    }

    /// Writes the head of the audit; runs right after a commit. A failure leaves the head behind the chain, which
    /// `audit verify` allows and the next line repairs.
    pub(crate) fn after_commit(&self, conn: &Connection) {
        if self.moved.swap(false, Ordering::Relaxed)
            && let (Some(file), Some(key)) = (&self.head, self.head_key())
            && let Ok(Some(head)) = follows(conn, file, &key)
        {
            let _ = file.write(&key, head);
            if let (Some(data), Some(master)) = (&self.data, &self.master)
                && let Ok(Some(known)) = data.highest(master)
                && known < head.seq
            {
                let _ = data.set_highest(master, head.seq);
            }
        }
    }

    /// Writes the head anew, and the number in the key file, from the newest line that is there.
    pub(super) fn reset_head(&mut self, conn: &Connection) -> Result<()> {
        let newest = line(conn, NEWEST, i64::MAX)?.unwrap_or(Head {
            seq: 0,
            mac: GENESIS,
        });
        if self.head.is_none() {
            self.head = AuditHead::open(&self.files.head, true, true)?;
        }
        if let (Some(file), Some(key)) = (&self.head, self.head_key()) {
            file.reset(&key, newest)?;
        }
        self.reset_highest(conn)
    }

    pub(super) fn reset_highest(&self, conn: &Connection) -> Result<()> {
        let newest = line(conn, NEWEST, i64::MAX)?.map_or(0, |head| head.seq);
        if let (Some(data), Some(master)) = (&self.data, &self.master) {
            data.set_highest(master, newest)?;
            data.sync()?;
        }
        Ok(())
    }

    /// Makes the first head. An older version's that names a line which is not there is left: it stays a break. So is
    /// a head that is missing while the key file knows of a newer line: this is not the first then.
    pub(super) fn first_head(&mut self, conn: &Connection) -> Result<()> {
        let old = match &self.head {
            Some(file) => file.read_unkeyed()?,
            None => None,
        };
        let kept = match old {
            Some(old) => line(conn, EXACT, place(old.seq))? == Some(old),
            None => true,
        };
        let newest = line(conn, NEWEST, i64::MAX)?.map_or(0, |head| head.seq);
        match kept && self.highest()?.unwrap_or(0) <= newest {
            true => self.reset_head(conn),
            false => Ok(()),
        }
    }
}

const NEWEST: &str = "SELECT seq, mac FROM audit WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1";
const EXACT: &str = "SELECT seq, mac FROM audit WHERE seq = ?1";

fn place(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn line(conn: &Connection, sql: &str, seq: i64) -> Result<Option<Head>> {
    let read = |r: &rusqlite::Row<'_>| {
        Ok(Head {
            seq: r.get("seq")?,
            mac: r.get("mac")?,
        })
    };
    Ok(conn
        .prepare_cached(sql)?
        .query_row([seq], read)
        .optional()?)
}

/// None when the chain no longer holds the line that the head names: an older copy of the file must not look whole.
/// The same when there is no head: one that was taken away must not come back.
fn follows(conn: &Connection, file: &AuditHead, key: &HeadKey) -> Result<Option<Head>> {
    let Some(known) = file.read(key)? else {
        return Ok(None);
    };
    let newest = line(conn, NEWEST, i64::MAX)?;
    if known.seq == 0 {
        return Ok(newest);
    }
    let kept = line(conn, EXACT, place(known.seq))?;
    Ok(newest.filter(|_| kept == Some(known)))
}
