//! Who did, was refused, or looked at what. Appended in the transaction of the deed; each line carries a
//! keyed digest of itself and the line before, and the newest is repeated in a file of its own.

use super::error::Result;
use super::{ReadTxn, WriteTxn};
use crate::domain::moment::Moment;
use crate::vault::{GENESIS, Mac};
use rusqlite::{OptionalExtension, params};

/// A line about to be appended. Ids and codes, never anything personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    /// Who.
    pub(crate) actor: String,
    /// Through which face: `dashboard`, `command`, `api`, `worker`.
    pub(crate) face: &'static str,
    /// What: `refresh`, `purge`, ...
    pub(crate) action: String,
    /// To what: an id.
    pub(crate) target: String,
    /// `done`, `refused: <reason>`, `failed: <code>`, ...
    pub(crate) outcome: String,
    /// What the person gave as a reason; may be empty.
    pub(crate) reason: String,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditLine {
    /// Its place, from 1, without gaps.
    pub(crate) seq: i64,
    /// When.
    pub(crate) at: Moment,
    /// Who.
    pub(crate) actor: String,
    /// Through which face.
    pub(crate) face: String,
    /// What.
    pub(crate) action: String,
    /// To what.
    pub(crate) target: String,
    /// How it ended.
    pub(crate) outcome: String,
    /// Why.
    pub(crate) reason: String,
    /// The chain.
    pub(crate) mac: Mac,
}

/// How a chain can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// A line does not match its digest: it was edited, swapped or written without the key.
    Changed,
    /// A place is missing.
    Missing,
    /// The chain ends before the head says.
    RolledBack,
    /// The head names a line with another digest.
    Replaced,
}

impl Break {
    /// The word in documents.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Break::Changed => "changed",
            Break::Missing => "missing",
            Break::RolledBack => "rolled_back",
            Break::Replaced => "replaced",
        }
    }
}

/// What a check of the whole chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuditVerdict {
    /// Lines checked.
    pub(crate) checked: u64,
    /// The first bad place and what is wrong with it.
    pub(crate) first_bad: Option<(i64, Break)>,
}

fn fields<'a>(seq: &'a [u8; 8], at: &'a [u8; 8], e: &'a AuditEntry) -> [&'a [u8]; 8] {
    let text = [&e.actor, &e.action, &e.target, &e.outcome, &e.reason];
    [
        seq,
        at,
        text[0].as_bytes(),
        e.face.as_bytes(),
        text[1].as_bytes(),
        text[2].as_bytes(),
        text[3].as_bytes(),
        text[4].as_bytes(),
    ]
}

impl ReadTxn<'_> {
    /// The newest line's place and digest; the start of the chain when there is none.
    pub(crate) fn audit_head(&self) -> Result<(i64, Mac)> {
        let sql = "SELECT seq, mac FROM audit WHERE seq = (SELECT max(seq) FROM audit)";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([], |r| Ok((r.get(0)?, r.get(1)?)))
            .optional()?;
        Ok(found.unwrap_or((0, GENESIS)))
    }

    /// The newest lines before a place, newest first.
    pub(crate) fn audit_before(&self, seq: i64, limit: usize) -> Result<Vec<AuditLine>> {
        let sql = "SELECT seq, at, actor, face, action, target, outcome, reason, mac FROM audit
            WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map(params![seq, limit as i64], line)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Checks every line against the one before and the head.
    pub(crate) fn audit_verify(&self) -> Result<AuditVerdict> {
        // before the first row, which is where this view begins: others go on writing
        let key = self.keys.audit_key()?;
        let head = self.keys.head()?;
        let mut query = self
            .conn
            .prepare("SELECT seq, at, actor, face, action, target, outcome, reason, mac FROM audit ORDER BY seq")?;
        let mut rows = query.query([])?;
        let (mut before, mut checked, mut expected) = (GENESIS, 0u64, 1i64);
        let bad = |checked, seq, kind| {
            Ok(AuditVerdict {
                checked,
                first_bad: Some((seq, kind)),
            })
        };
        while let Some(row) = rows.next()? {
            let Ok(line) = line(row) else {
                return bad(checked, expected, Break::Changed);
            };
            if line.seq != expected {
                return bad(checked, expected, Break::Missing);
            }
            let text = [
                &line.actor,
                &line.face,
                &line.action,
                &line.target,
                &line.outcome,
                &line.reason,
            ];
            let (seq, at) = (line.seq.to_be_bytes(), line.at.0.to_be_bytes());
            let mut parts: Vec<&[u8]> = vec![&seq, &at];
            parts.extend(text.iter().map(|t| t.as_bytes()));
            if key.chain(&before, &parts) != line.mac {
                return bad(checked, line.seq, Break::Changed);
            }
            if head.is_some_and(|h| h.seq == line.seq.unsigned_abs() && h.mac != line.mac) {
                return bad(checked, line.seq, Break::Replaced);
            }
            before = line.mac;
            checked += 1;
            expected += 1;
        }
        if head.is_some_and(|h| h.seq >= expected.unsigned_abs()) {
            return bad(checked, expected, Break::RolledBack);
        }
        Ok(AuditVerdict {
            checked,
            first_bad: None,
        })
    }
}

fn line(r: &rusqlite::Row<'_>) -> rusqlite::Result<AuditLine> {
    Ok(AuditLine {
        seq: r.get(0)?,
        at: Moment(r.get(1)?),
        actor: r.get(2)?,
        face: r.get(3)?,
        action: r.get(4)?,
        target: r.get(5)?,
        outcome: r.get(6)?,
        reason: r.get(7)?,
        mac: r.get(8)?,
    })
}

impl WriteTxn<'_> {
    /// Appends a line.
    pub(crate) fn append_audit(&self, entry: &AuditEntry, now: Moment) -> Result<()> {
        let (last, before) = self.audit_head()?;
        let seq = last + 1;
        let (seq_bytes, at) = (seq.to_be_bytes(), now.0.to_be_bytes());
        let mac = self
            .keys
            .audit_key()?
            .chain(&before, &fields(&seq_bytes, &at, entry));
        let sql = "INSERT INTO audit (seq, at, actor, face, action, target, outcome, reason, mac)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.conn.prepare_cached(sql)?.execute(params![
            seq,
            now.0,
            entry.actor,
            entry.face,
            entry.action,
            entry.target,
            entry.outcome,
            entry.reason,
            mac,
        ])?;
        self.keys.head_moves();
        Ok(())
    }
}
