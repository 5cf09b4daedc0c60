//! Certificates: a draft when a deletion is ordered, with a keyed digest once it is proven.

use super::codec::{read_json, unreadable};
use super::error::Result;
use super::{ReadTxn, WriteTxn};
use crate::domain::certificate::{Certificate, Rows, Stored};
use crate::domain::ids::{InstitutionId, UserId};
use crate::domain::moment::Moment;
use rusqlite::params;
use serde_json::{Value, json};

impl ReadTxn<'_> {
    /// What was written down when a deletion was ordered, while it is not proven.
    pub(crate) fn certificate_draft(&self, id: &str) -> Result<Option<Certificate>> {
        let sql = "SELECT document FROM certificates WHERE id = ?1 AND mac IS NULL";
        let found: Option<String> = self.find(sql, [id])?;
        found.as_deref().map(certificate_read).transpose()
    }

    /// A certificate, its digest, and whether that is what this database's key gives for its text.
    pub(crate) fn certificate(&self, id: &str) -> Result<Option<(Certificate, Vec<u8>, bool)>> {
        let sql = "SELECT document, mac FROM certificates WHERE id = ?1 AND mac IS NOT NULL";
        let found: Option<(String, Vec<u8>)> =
            self.first(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((document, mac)) = found else {
            return Ok(None);
        };
        let true_mac = self
            .keys
            .audit_key()?
            .certify(&[id.as_bytes(), document.as_bytes()]);
        let holds = mac == true_mac;
        Ok(Some((certificate_read(&document)?, mac, holds)))
    }

    /// Every certificate about a user, in the order in which they were written.
    pub(crate) fn certificates_of(&self, user: &UserId) -> Result<Vec<Certificate>> {
        let sql =
            "SELECT document FROM certificates WHERE user_id = ?1 AND mac IS NOT NULL ORDER BY at";
        self.all(sql, [user], |row| {
            certificate_read(&row.get::<_, String>(0)?)
        })
    }

    pub(crate) fn sqlite_version(&self) -> &'static str {
        rusqlite::version()
    }
}

impl WriteTxn<'_> {
    pub(crate) fn draft_certificate(&self, draft: &Certificate) -> Result<()> {
        let sql = "INSERT INTO certificates (id, user_id, at, document) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (id) DO UPDATE SET document = excluded.document WHERE mac IS NULL";
        let user = draft.user.as_ref().map_or("", |u| u.as_str());
        let text = certificate_text(draft);
        self.conn
            .prepare_cached(sql)?
            .execute(params![draft.id, user, draft.started.0, text])?;
        Ok(())
    }

    /// Makes the draft a certificate: whoever calls this has proven it.
    pub(crate) fn issue_certificate(&self, proven: &Certificate, now: Moment) -> Result<()> {
        let text = certificate_text(proven);
        let mac = self
            .keys
            .audit_key()?
            .certify(&[proven.id.as_bytes(), text.as_bytes()]);
        let user = proven.user.as_ref().map_or("", |u| u.as_str());
        let sql = "INSERT INTO certificates (id, user_id, at, document, mac) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET at = excluded.at, document = excluded.document, mac = excluded.mac
            WHERE mac IS NULL";
        self.conn
            .prepare_cached(sql)?
            .execute(params![proven.id, user, now.0, text, mac])?;
        Ok(())
    }

    /// Forgets a draft of what will not be proven.
    pub(crate) fn drop_draft(&self, id: &str) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM certificates WHERE id = ?1 AND mac IS NULL")?
            .execute([id])?;
        Ok(())
    }
}

fn rows(rows: &Rows) -> Value {
    Value::Array(
        rows.iter()
            .map(|(table, count)| json!([table, count]))
            .collect(),
    )
}

fn rows_read(value: &Value) -> Rows {
    let one = |row: &Value| Some((row[0].as_str()?.to_owned(), row[1].as_u64()?));
    value
        .as_array()
        .map(|rows| rows.iter().filter_map(one).collect())
        .unwrap_or_default()
}

fn slots(slots: &[(InstitutionId, u64)]) -> Value {
    let slots = slots.iter();
    slots
        .map(|(bank, slot)| json!([bank.as_str(), slot]))
        .collect()
}

fn slots_read(value: &Value) -> Vec<(InstitutionId, u64)> {
    let one = |slot: &Value| Some((slot[0].as_str()?.into(), slot[1].as_u64()?));
    value
        .as_array()
        .map(|slots| slots.iter().filter_map(one).collect())
        .unwrap_or_default()
}

/// A certificate as the text that its digest is of.
fn certificate_text(c: &Certificate) -> String {
    json!({
        "id": c.id,
        "kind": c.kind,
        "user": c.user.as_ref().map(|id| id.as_str()),
        "institution": c.institution.as_ref().map(|id| id.as_str()),
        "connection": c.connection.as_ref().map(|id| id.as_str()),
        "keys": slots(&c.keys),
        "before": rows(&c.before),
        "after": rows(&c.after),
        "files": rows(&c.files),
        "absent": slots(&c.absent),
        "stored": c.stored.map(|s| json!([s.values, s.short, s.unreadable])),
        "needles": c.needles,
        "hits": c.hits,
        "sqlite": c.sqlite,
        "started": c.started.0,
        "ended": c.ended.0,
        "operator": c.operator,
        "reason": c.reason,
        "audit": c.audit,
        "jobs": c.jobs.iter().map(|id| id.as_str()).collect::<Vec<_>>(),
        "purges": c.purges,
    })
    .to_string()
}

fn certificate_read(text: &str) -> Result<Certificate> {
    let value: Value = read_json("certificates", "a certificate", text)?;
    let word = |field: &str| value[field].as_str();
    let number = |field: &str| value[field].as_i64().unwrap_or_default();
    let text = |field: &str| word(field).unwrap_or_default().to_owned();
    let stored = |value: &Value| {
        Some(Stored {
            values: value[0].as_u64()?,
            short: value[1].as_u64()?,
            unreadable: value[2].as_u64()?,
        })
    };
    let jobs = value["jobs"].as_array().map(|jobs| {
        jobs.iter()
            .filter_map(|id| id.as_str().map(Into::into))
            .collect()
    });
    let purges = value["purges"]
        .as_array()
        .map(|ids| ids.iter().filter_map(|id| id.as_str().map(str::to_owned)));
    Ok(Certificate {
        id: word("id")
            .ok_or_else(|| unreadable("certificates", "a certificate's id"))?
            .to_owned(),
        kind: text("kind"),
        user: word("user").map(Into::into),
        institution: word("institution").map(Into::into),
        connection: word("connection").map(Into::into),
        keys: slots_read(&value["keys"]),
        absent: slots_read(&value["absent"]),
        before: rows_read(&value["before"]),
        after: rows_read(&value["after"]),
        files: rows_read(&value["files"]),
        stored: stored(&value["stored"]),
        needles: number("needles").unsigned_abs(),
        hits: number("hits").unsigned_abs(),
        sqlite: text("sqlite"),
        started: Moment(number("started")),
        ended: Moment(number("ended")),
        operator: text("operator"),
        reason: text("reason"),
        audit: number("audit"),
        jobs: jobs.unwrap_or_default(),
        purges: purges.map(Iterator::collect).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let certificate = Certificate {
            id: "j".into(),
            kind: "purge".into(),
            user: Some("u".into()),
            institution: Some("AU00000".into()),
            connection: Some("c".into()),
            keys: vec![("AU00000".into(), 3)],
            absent: vec![("AU00001".into(), 4)],
            before: vec![("accounts".into(), 2)],
            after: vec![("accounts".into(), 0)],
            files: vec![("w.db".into(), 4096)],
            stored: Some(Stored {
                values: 5,
                short: 1,
                unreadable: 2,
            }),
            needles: 5,
            hits: 0,
            sqlite: "3".into(),
            started: Moment(1),
            ended: Moment(2),
            operator: "t".into(),
            reason: "asked \"for\"".into(),
            audit: 9,
            jobs: vec!["j".into()],
            purges: vec!["j".into()],
        };
        assert_eq!(
            certificate_read(&certificate_text(&certificate)).unwrap(),
            certificate
        );
        assert!(certificate_read("[]").is_err());
    }
}
