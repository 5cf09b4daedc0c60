//! `import FILE|-`: documents in the API's format, merged by id.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::start_worker;
use crate::domain::text::Shown;
use crate::ops::ImportReport;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufReader, Read, stdin};
use std::path::Path;

/// The most lines of each list in text output.
const SHOWN: usize = 20;

pub(crate) async fn run(ctx: &mut Context, file: &str) -> Result<(), Failure> {
    let (reader, name): (Box<dyn Read + Send>, String) = if file == "-" {
        (Box::new(stdin()), "stdin".into())
    } else {
        let opened = File::open(file).map_err(|cause| Failure::File {
            what: format!("{file} cannot be read"),
            cause,
        })?;
        let name = Path::new(file)
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        (Box::new(BufReader::new(opened)), name)
    };
    let ops = ctx.creating(crate::clock::Clock::system())?;
    start_worker::declare_banks(&ops).await?;
    let report = ops.import(reader, &name, |_| {}).await?;
    if !ctx.out.for_people() {
        return ctx.out.document(&document(&report));
    }
    for line in lines(&report) {
        ctx.out.line(&Shown::of(&line).into_plain())?;
    }
    Ok(())
}

fn counts(report: &ImportReport) -> [(&'static str, u64); 7] {
    let done = &report.imported;
    [
        ("institutions", done.institutions),
        ("users", done.users),
        ("connections", done.connections),
        ("accounts", done.accounts),
        ("transactions", done.transactions),
        ("jobs", done.jobs),
        ("consents", done.consents),
    ]
}

fn document(report: &ImportReport) -> Value {
    let imported: serde_json::Map<String, Value> = counts(report)
        .into_iter()
        .map(|(name, n)| (name.to_owned(), json!(n)))
        .collect();
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
    json!({
        "type": "import",
        "imported": imported,
        "unchanged": report.unchanged,
        "kept": report.kept,
        "dangling": dangling,
        "placeholders": placeholders,
        "notes": report.notes.iter().map(|n| json!({ "path": n.at, "what": n.what })).collect::<Vec<_>>(),
    })
}

fn lines(report: &ImportReport) -> Vec<String> {
    let some: Vec<String> = counts(report)
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(name, n)| format!("{n} {name}"))
        .collect();
    let imported = if some.is_empty() {
        "nothing new".to_owned()
    } else {
        some.join(", ")
    };
    let mut lines = vec![format!(
        "Imported: {imported}; {} unchanged.",
        report.unchanged
    )];
    let mut list = |title: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(format!("{title} ({}):", rows.len()));
            let more = rows.len().saturating_sub(SHOWN);
            lines.extend(rows.into_iter().take(SHOWN).map(|row| format!("  {row}")));
            if more > 0 {
                lines.push(format!("  and {more} more; --json has them all"));
            }
        }
    };
    list(
        "Refers to what is not there",
        report
            .dangling
            .iter()
            .map(|d| format!("{} {}: {}", d.kind, d.id, d.missing))
            .collect(),
    );
    list(
        "Placeholders",
        report
            .placeholders
            .iter()
            .map(|p| format!("{}: {}", p.at, p.text))
            .collect(),
    );
    list(
        "Notes",
        report
            .notes
            .iter()
            .map(|n| format!("{}: {}", n.at, n.what))
            .collect(),
    );
    lines
}
