//! `audit`, `audit verify`, `audit head`: who did or viewed what, and whether the chain is intact.

use super::paged::{limit, page};
use crate::cli::args::{AuditArgs, AuditCommand, Format, Part};
use crate::cli::context::Context;
use crate::cli::documents::{hex, verdict};
use crate::cli::exit::Failure;
use crate::cli::list_formats::Printer;
use crate::cli::output::Out;
use crate::domain::audit_words::AuditAsked;
use crate::domain::counts;
use crate::ops::{Error, Refusal};
use crate::store::AuditFilter;
use crate::vault::Head;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

pub(crate) async fn run(
    ctx: &mut Context,
    what: Option<AuditCommand>,
    about: &AuditArgs,
    part: &Part,
) -> Result<(), Failure> {
    match what {
        None => list(ctx, about, part).await,
        Some(AuditCommand::Verify { against }) => verify(ctx, against).await,
        Some(AuditCommand::Head) => head(ctx).await,
        Some(AuditCommand::Export { file }) => export(ctx, &file, about).await,
    }
}

async fn list(ctx: &mut Context, about: &AuditArgs, part: &Part) -> Result<(), Failure> {
    let wrong = |_| Failure::Usage("--cursor: the cursor of the audit is a number".into());
    let mut before = part
        .cursor
        .as_deref()
        .map(str::parse::<i64>)
        .transpose()
        .map_err(wrong)?
        .unwrap_or(i64::MAX);
    let ops = ctx.reading()?;
    let mut left = limit(ctx, part);
    let filter = ops.audit_filter(&asked(about), ctx.out.manner.zone).await?;
    // how many lines a filter leaves is not known before they are read
    let size = match filter == AuditFilter::default() {
        true => Some(ops.audit_head().await?.0.unsigned_abs()),
        false => None,
    };
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), size)?;
    let next = loop {
        if printer.knows_enough() {
            break None;
        }
        let lines = ops.audit_before(&filter, before, page(left)).await?;
        printer.rows(&lines)?;
        left = left.saturating_sub(lines.len() as u64);
        match lines.last() {
            None => break None,
            Some(last) if last.seq <= 1 => break None,
            Some(last) if left == 0 => break Some(last.seq.to_string()),
            Some(last) => before = last.seq,
        }
    };
    printer.end(next)
}

fn asked(about: &AuditArgs) -> AuditAsked {
    let about = about.clone();
    AuditAsked {
        user: about.user,
        actor: about.actor,
        action: about.action,
        since: about.since,
        until: about.until,
    }
}

async fn verify(ctx: &mut Context, against: Option<Head>) -> Result<(), Failure> {
    let found = ctx.examining()?.audit_verify(against).await?;
    if ctx.out.for_people() {
        ctx.out.line(&match found.first_bad {
            None => format!(
                "the audit is intact: {}",
                counts::count(found.checked, "line")
            ),
            Some((seq, kind)) => format!("the audit is broken at line {seq}: {}", kind.word()),
        })?;
    } else {
        let mut document = verdict(&found);
        document["type"] = "audit-verification".into();
        ctx.out.document(&document)?;
    }
    match found.first_bad {
        None => Ok(()),
        Some((seq, kind)) => Err(Failure::Unverified(format!(
            "line {seq} of the audit: {}",
            kind.word()
        ))),
    }
}

/// The lines with their digests, so that they can be compared later.
async fn export(ctx: &mut Context, file: &Path, about: &AuditArgs) -> Result<(), Failure> {
    if ctx.out.for_people() {
        ctx.out.manner.form = Format::Jsonl;
    }
    let part = Part {
        limit: Some(u64::MAX),
        ..Part::default()
    };
    if file == Path::new("-") {
        return list(ctx, about, &part).await;
    }
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    let made = made.map_err(|cause| match cause.kind() {
        ErrorKind::AlreadyExists => Failure::from(Error::Refused(Refusal::new(
            "resource-already-exists",
            format!("{} exists and is not overwritten", file.display()),
            "Name another file, or move this one away.",
        ))),
        _ => Failure::File {
            what: format!("{} cannot be written", file.display()),
            cause,
        },
    })?;
    let into = Out::new(Box::new(made), ctx.out.manner, false, None);
    let stdout = std::mem::replace(&mut ctx.out, into);
    let written = list(ctx, about, &part).await;
    let written = written.and_then(|()| ctx.out.flush());
    ctx.out = stdout;
    written?;
    match ctx.out.manner.form {
        Format::Json => ctx
            .out
            .document(&json!({"type": "audit-export", "path": file.to_string_lossy()})),
        _ => Ok(()),
    }
}

async fn head(ctx: &mut Context) -> Result<(), Failure> {
    let (seq, mac) = ctx.examining()?.audit_head().await?;
    if ctx.out.for_people() {
        return ctx.out.line(&format!("{seq} {}", hex(&mac)));
    }
    ctx.out
        .document(&json!({"type": "audit-head", "seq": seq, "mac": hex(&mac)}))
}
