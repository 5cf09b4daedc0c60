//! JSON columns of certificates, and what is read of documents that wait.

use super::error::{Error, Result};
use crate::domain::certificate::{Certificate, Rows, Stored};
use crate::domain::ids::InstitutionId;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use serde_json::{Value, json};

fn bad(table: &'static str) -> Error {
    Error::Row {
        table,
        what: "a text that does not read".into(),
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

/// The personal values of a document that waits, as far as they are sealed where such a document goes.
pub(super) fn sent_values(document: &str) -> Vec<Secret> {
    fn collect(value: &Value, found: &mut Vec<Secret>) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field {
                        Value::String(text)
                            if ["description", "accountNo"].contains(&name.as_str()) =>
                        {
                            found.push(Secret::from(text.as_str()));
                        }
                        _ => collect(field, found),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(document) {
        collect(&value, &mut found);
    }
    found
}

/// A certificate as the text that its digest is of.
pub(crate) fn certificate_text(c: &Certificate) -> String {
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

pub(crate) fn certificate_read(text: &str) -> Result<Certificate> {
    let value: Value = serde_json::from_str(text).map_err(|_| bad("certificates"))?;
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
        id: word("id").ok_or_else(|| bad("certificates"))?.to_owned(),
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
