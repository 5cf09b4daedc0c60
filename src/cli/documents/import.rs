//! The report of an import, and documents that wait.

use crate::cli::list_formats::{Column, Listed, date, text};
use crate::domain::import_records::WaitingRow;
use crate::ops::ImportReport;
use crate::store::Ingested;
use serde_json::{Map, Value, json};

fn by_type(counts: &Ingested) -> Map<String, Value> {
    let counts = counts.by_type().into_iter();
    counts
        .map(|(name, n)| (name.to_owned(), json!(n)))
        .collect()
}

pub(crate) fn import(report: &ImportReport) -> Value {
    let dangling: Vec<Value> = report
        .dangling
        .iter()
        .map(|d| json!({ "type": d.kind, "id": d.id, "missing": d.missing }))
        .collect();
    let placeholders: Vec<Value> = report
        .placeholders
        .iter()
        .map(|p| json!({ "path": p.at, "text": p.text }))
        .collect();
    let notes: Vec<Value> = report
        .notes
        .iter()
        .map(|n| json!({ "path": n.at, "what": n.what }))
        .collect();
    json!({
        "type": "import",
        "imported": by_type(&report.imported),
        "changed": by_type(&report.changed),
        "unchanged": report.unchanged,
        "kept": report.kept,
        "leftOut": report.lost,
        "heldBack": report.held_back,
        "dangling": dangling,
        "placeholders": placeholders,
        "notes": notes,
    })
}

impl Listed for WaitingRow {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] =
        &["kind", "id", "missing", "userId", "institutionId", "since"];

    fn doc(&self) -> Value {
        json!({
            "type": "waiting",
            "kind": self.kind,
            "id": self.id,
            "missing": self.missing,
            "userId": self.user.as_ref().map(|id| id.as_str()),
            "institutionId": self.institution.as_ref().map(|id| id.as_str()),
            "since": self.at.rfc3339(),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("KIND", 11, |w, _| w.kind.as_str().into()),
            text("ID", 36, |w, _| w.id.as_str().into()),
            text("WAITS FOR", 60, |w, _| w.missing.as_str().into()),
            text("USER", 36, |w, _| {
                w.user.as_ref().map_or("", |id| id.as_str()).into()
            }),
            text("BANK", 8, |w, _| {
                w.institution.as_ref().map_or("", |id| id.as_str()).into()
            }),
            date("SINCE", |w| w.at),
        ]
    }
}
