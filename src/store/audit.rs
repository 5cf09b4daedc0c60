//! The audit: who did what, was refused, or looked at personal data. Each line is appended in the act's transaction with
//! a keyed digest of itself and the line before; the newest digest is also in a file of its own.

use super::error::Result;
use super::{ReadTxn, WriteTxn};
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::store::row::Row;
use crate::vault::{AuditKey, GENESIS, Head, Mac};
use rusqlite::params;

/// A line about to be appended. Ids and codes, never anything personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    pub(crate) actor: String,
    /// Through which face: `dashboard`, `command`, `api`, `worker`.
    pub(crate) face: &'static str,
    /// `refresh`, `purge`, ...
    pub(crate) action: String,
    pub(crate) target: String,
    /// `done`, `refused: <reason>`, `failed: <code>`, ...
    pub(crate) outcome: String,
    /// What the person gave as a reason; may be empty.
    pub(crate) reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditLine {
    /// Its place, from 1, without gaps.
    pub(crate) seq: i64,
    pub(crate) at: Moment,
    pub(crate) actor: String,
    pub(crate) face: String,
    pub(crate) action: String,
    pub(crate) target: String,
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) change: Change,
    pub(crate) mac: Mac,
}

/// What an act found and what it left, in words; empty where a line is about no such thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) was: String,
    pub(crate) became: String,
}

/// Which lines; what is none does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditFilter {
    /// About this user, or about something of theirs.
    pub(crate) user: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) action: Option<String>,
    /// Not before.
    pub(crate) since: Option<Moment>,
    /// Before.
    pub(crate) until: Option<Moment>,
}

/// How a chain can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Break {
    /// A line does not match its digest: it was edited, swapped or written without the key.
    Changed,
    Missing,
    RolledBack,
    /// The head names a line with another digest.
    Replaced,
    /// The head was removed, cannot be read, or was made without the key.
    NoHead,
}

impl Break {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Break::Changed => "changed",
            Break::Missing => "missing",
            Break::RolledBack => "rolled_back",
            Break::Replaced => "replaced",
            Break::NoHead => "no-head",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuditVerdict {
    pub(crate) checked: u64,
    /// The first bad place and what is wrong with it.
    pub(crate) first_bad: Option<(i64, Break)>,
}

const COLUMNS: &str = "seq, at, actor, face, action, target, outcome, reason, was, became, mac";

/// What the digest of a line is made of, beside the digest before.
fn chained(
    key: &AuditKey,
    before: &Mac,
    seq: i64,
    at: Moment,
    texts: [&str; 6],
    change: &Change,
) -> Mac {
    let (seq, at) = (seq.to_be_bytes(), at.0.to_be_bytes());
    let mut parts: Vec<&[u8]> = vec![&seq, &at];
    parts.extend(texts.iter().map(|text| text.as_bytes()));
    // lines of earlier versions were digested without
    if *change != Change::default() {
        parts.extend([change.was.as_bytes(), change.became.as_bytes()]);
    }
    key.chain(before, &parts)
}

impl ReadTxn<'_> {
    pub(crate) fn audit_head(&self) -> Result<(i64, Mac)> {
        let sql = "SELECT seq, mac FROM audit WHERE seq = (SELECT max(seq) FROM audit)";
        let found = self.first(sql, [], |row| Ok((row.get("seq")?, row.get("mac")?)))?;
        Ok(found.unwrap_or((0, GENESIS)))
    }

    /// The newest lines before a place, newest first.
    pub(crate) fn audit_before(&self, seq: i64, limit: usize) -> Result<Vec<AuditLine>> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2");
        self.all(&sql, params![seq, limit], line)
    }

    /// The same of those lines only.
    pub(crate) fn audit_matching(
        &self,
        filter: &AuditFilter,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<AuditLine>> {
        // what is gone with its user is still named by the events
        let sql = format!(
            "SELECT {COLUMNS} FROM audit
             WHERE seq < ?1 AND (?3 IS NULL OR actor = ?3) AND (?4 IS NULL OR action = ?4)
               AND (?5 IS NULL OR at >= ?5) AND (?6 IS NULL OR at < ?6)
               AND (?7 IS NULL OR target = ?7 OR target IN (
                 SELECT c.id FROM connections c JOIN users u ON u.n = c.user_n WHERE u.id = ?7
                 UNION SELECT j.id FROM jobs j JOIN users u ON u.n = j.user_n WHERE u.id = ?7
                 UNION SELECT id FROM plans WHERE user_id = ?7
                 UNION SELECT o.id FROM consents o JOIN users u ON u.n = o.user_n WHERE u.id = ?7
                 UNION SELECT connection_id FROM events WHERE user_id = ?7 AND connection_id IS NOT NULL
                 UNION SELECT job_id FROM events WHERE user_id = ?7 AND job_id IS NOT NULL))
             ORDER BY seq DESC LIMIT ?2"
        );
        let AuditFilter {
            user,
            actor,
            action,
            since,
            until,
        } = filter;
        self.all(
            &sql,
            params![seq, limit, actor, action, since, until, user],
            line,
        )
    }

    /// The newest lines about a connection and its jobs, at most `limit` of each, in no order.
    pub(crate) fn audit_of_connection(
        &self,
        id: &ConnectionId,
        limit: usize,
    ) -> Result<Vec<AuditLine>> {
        let sql = format!(
            "SELECT * FROM (SELECT {COLUMNS} FROM audit WHERE target = ?1 ORDER BY seq DESC LIMIT ?2)
             UNION ALL SELECT * FROM (SELECT {COLUMNS} FROM audit WHERE target IN (
               SELECT id FROM jobs WHERE connection_n = (SELECT n FROM connections WHERE id = ?1))
               ORDER BY seq DESC LIMIT ?2)"
        );
        self.all(&sql, params![id, limit], line)
    }

    /// Checks every line and the head.
    pub(crate) fn audit_verify(&self) -> Result<AuditVerdict> {
        self.audit_verify_against(None)
    }

    /// The same, also against a head that was noted elsewhere.
    pub(crate) fn audit_verify_against(&self, against: Option<Head>) -> Result<AuditVerdict> {
        // before the first row, which is where this view begins: others go on writing
        let key = self.keys.audit_key()?;
        let known = self.keys.known_head()?;
        let heads = [known.head, against.filter(|noted| noted.seq > 0)];
        let sql = format!("SELECT {COLUMNS} FROM audit ORDER BY seq");
        let mut query = self.conn.prepare(&sql)?;
        let mut rows = query.query([])?;
        let (mut before, mut checked, mut expected) = (GENESIS, 0u64, 1i64);
        let bad = |checked, seq, kind| {
            Ok(AuditVerdict {
                checked,
                first_bad: Some((seq, kind)),
            })
        };
        while let Some(row) = rows.next()? {
            let Ok(line) = line(&Row::of(row)) else {
                return bad(checked, expected, Break::Changed);
            };
            if line.seq != expected {
                return bad(checked, expected, Break::Missing);
            }
            let texts = [
                &*line.actor,
                &line.face,
                &line.action,
                &line.target,
                &line.outcome,
                &line.reason,
            ];
            if chained(&key, &before, line.seq, line.at, texts, &line.change) != line.mac {
                return bad(checked, line.seq, Break::Changed);
            }
            let differs = |h: &Head| h.seq == line.seq.unsigned_abs() && h.mac != line.mac;
            if heads.iter().flatten().any(differs) {
                return bad(checked, line.seq, Break::Replaced);
            }
            before = line.mac;
            checked += 1;
            expected += 1;
        }
        let noted = against.map_or(0, |noted| noted.seq);
        if known.newest().max(noted) >= expected.unsigned_abs() {
            return bad(checked, expected, Break::RolledBack);
        }
        if known.missing() {
            return bad(checked, expected, Break::NoHead);
        }
        Ok(AuditVerdict {
            checked,
            first_bad: None,
        })
    }
}

fn line(row: &Row<'_>) -> Result<AuditLine> {
    Ok(AuditLine {
        seq: row.get("seq")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        face: row.get("face")?,
        action: row.get("action")?,
        target: row.get("target")?,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        change: Change {
            was: row.get("was")?,
            became: row.get("became")?,
        },
        mac: row.get("mac")?,
    })
}

impl WriteTxn<'_> {
    pub(crate) fn append_audit(&self, entry: &AuditEntry, now: Moment) -> Result<()> {
        self.append_audit_of(entry, &Change::default(), now)
    }

    /// With what the act found and left.
    pub(crate) fn append_audit_of(
        &self,
        entry: &AuditEntry,
        change: &Change,
        now: Moment,
    ) -> Result<()> {
        let (last, before) = self.audit_head()?;
        let texts = [
            &*entry.actor,
            entry.face,
            &entry.action,
            &entry.target,
            &entry.outcome,
            &entry.reason,
        ];
        let mac = chained(
            &self.keys.audit_key()?,
            &before,
            last + 1,
            now,
            texts,
            change,
        );
        let [actor, face, action, target, outcome, reason] = texts;
        let sql = format!(
            "INSERT INTO audit ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        );
        let values = params![
            last + 1,
            now,
            actor,
            face,
            action,
            target,
            outcome,
            reason,
            change.was,
            change.became,
            mac
        ];
        self.execute(&sql, values)?;
        self.keys.head_moves();
        Ok(())
    }
}
