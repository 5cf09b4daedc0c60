//! JSON columns of certificates.

use super::error::{Error, Result};
use crate::domain::certificate::{Certificate, Rows};
use crate::domain::moment::Moment;
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

/// A certificate as the text that its digest is of.
pub(crate) fn certificate_text(c: &Certificate) -> String {
    let keys: Vec<Value> = c
        .keys
        .iter()
        .map(|(bank, slot)| json!([bank.as_str(), slot]))
        .collect();
    json!({
        "id": c.id,
        "kind": c.kind,
        "user": c.user.as_ref().map(|id| id.as_str()),
        "institution": c.institution.as_ref().map(|id| id.as_str()),
        "connection": c.connection.as_ref().map(|id| id.as_str()),
        "keys": keys,
        "before": rows(&c.before),
        "after": rows(&c.after),
        "files": rows(&c.files),
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
    let keys = value["keys"].as_array().map(|keys| {
        keys.iter()
            .filter_map(|key| Some((key[0].as_str()?.into(), key[1].as_u64()?)))
            .collect()
    });
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
        keys: keys.unwrap_or_default(),
        before: rows_read(&value["before"]),
        after: rows_read(&value["after"]),
        files: rows_read(&value["files"]),
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
            before: vec![("accounts".into(), 2)],
            after: vec![("accounts".into(), 0)],
            files: vec![("w.db".into(), 4096)],
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
