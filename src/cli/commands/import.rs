//! `import FILE|-`: documents in the API's format, merged by id; and the documents that wait.

use super::paged;
use crate::cli::args::{ImportArgs, Part};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::progress::{Progress, stoppable};
use crate::cli::start_worker;
use crate::domain::text::Shown;
use crate::ops::ImportReport;
use std::fs::File;
use std::io::{BufReader, Read, stdin};
use std::path::Path;

/// The most lines of each list in text output.
const SHOWN: usize = 20;

pub(crate) async fn run(ctx: &mut Context, what: &ImportArgs, part: &Part) -> Result<(), Failure> {
    if what.list_waiting {
        return list_waiting(ctx, part).await;
    }
    if part.limit.is_some() || part.cursor.is_some() {
        let why = "--limit and --cursor are for `import --list-waiting`";
        return Err(Failure::Usage(why.into()));
    }
    let (reader, name) = input(what.file.as_deref().unwrap_or("-"))?;
    let ops = ctx.creating(crate::clock::Clock::system())?;
    start_worker::declare_banks(&ops).await?;
    let mut bar = Progress::of(ctx, "record");
    let again = "what was taken in is whole; the same command takes in the rest";
    let work = async {
        match what.restore_purged {
            true => {
                ops.import_purged(reader, &name, |read| bar.at(read, None))
                    .await
            }
            false => ops.import(reader, &name, |read| bar.at(read, None)).await,
        }
    };
    let report = stoppable(work, again).await?;
    drop(bar);
    if ctx.out.for_people() {
        for line in lines(&report) {
            ctx.out.line(&Shown::of(&line).into_plain())?;
        }
    } else {
        ctx.out.document(&documents::import(&report))?;
    }
    verdict(&report, &name)
}

/// The input and what messages call it.
fn input(file: &str) -> Result<(Box<dyn Read + Send>, String), Failure> {
    if file == "-" {
        return Ok((Box::new(stdin()), "stdin".into()));
    }
    if Path::new(file).is_dir() {
        let why = format!("{file} is a folder; import takes a file, or - for stdin");
        return Err(Failure::Usage(why));
    }
    let opened = File::open(file).map_err(|cause| Failure::File {
        what: format!("{file} cannot be read"),
        cause,
    })?;
    let name = Path::new(file)
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok((Box::new(BufReader::new(opened)), name))
}

/// Success only when everything is in, or waits for what it refers to.
fn verdict(report: &ImportReport, name: &str) -> Result<(), Failure> {
    let (lost, held) = (report.lost, report.held_back);
    if held > 0 {
        return Err(Failure::Some(format!(
            "{held} records of {name} are data that was purged here, and were left out; --restore-purged brings it back"
        )));
    }
    match lost {
        0 => Ok(()),
        _ if report.nothing_came() => Err(Failure::Usage(format!(
            "nothing of {name} could be taken in; the notes say why"
        ))),
        _ => Err(Failure::Some(format!(
            "{lost} records or values of {name} could not be taken in; the notes say why, and \
             `switchboard import --list-waiting` names the documents that are kept"
        ))),
    }
}

async fn list_waiting(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let size = async { Ok(Some(ops.waiting_size().await?)) };
    paged::print(ctx, &ops, "waiting", part, size, |from, limit| {
        ops.waiting(from, limit)
    })
    .await
}

fn lines(report: &ImportReport) -> Vec<String> {
    let changed = report.changed.by_type();
    let some: Vec<String> = report
        .imported
        .by_type()
        .into_iter()
        .zip(changed)
        .filter(|((_, n), _)| *n > 0)
        .map(|((name, n), (_, changed))| match changed {
            0 => format!("{n} {name}"),
            changed => format!("{n} {name} ({changed} changed)"),
        })
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
