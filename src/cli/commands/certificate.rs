//! `certificate ID [--verify]`: the proof that data was deleted, and whether it still holds.

use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::{Out, safe};
use crate::domain::certificate::{Certificate, Rows};
use crate::domain::counts::count;
use crate::ops::{Error, Ops};

async fn named(ops: &Ops, text: &str) -> Result<String, Failure> {
    match ops.certificate(text.trim()).await {
        Ok(_) => return Ok(text.trim().to_owned()),
        Err(Error::NotFound { .. }) => {}
        Err(other) => return Err(other.into()),
    }
    match ops.resolve_job(text).await {
        Ok(job) => Ok(job.to_string()),
        Err(Error::NotFound { .. }) => Ok(ops.resolve_workflow(text).await?.to_string()),
        Err(other) => Err(other.into()),
    }
}

/// With `verify`, checked against the database as it is now.
pub(crate) async fn run(ctx: &mut Context, id: &str, verify: bool) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let id = named(&ops, id).await?;
    let (certificate, digest) = ops.certificate(&id).await?;
    let checks = if verify {
        ops.check_certificate(&id).await?
    } else {
        vec![]
    };
    let reported = ops.platform_report(&id).await?;
    let out = &mut ctx.out;
    if !out.for_people() {
        let mut document = documents::certificate(&certificate, &digest, &checks);
        if let Some(reported) = reported {
            document["platform"] = reported.into();
        }
        out.document(&document)?;
    } else {
        people(out, &certificate, &digest)?;
        if let Some(reported) = reported {
            // its word, beside the proof, which is of these files only
            out.field(9, "platform", reported)?;
        }
        for check in &checks {
            let sign = out.verdict(check.holds);
            out.line(&format!("{sign}  {:<9} {}", check.what, safe(&check.seen)))?;
        }
    }
    match checks.iter().find(|c| !c.holds) {
        None => Ok(()),
        Some(bad) => Err(Failure::Unverified(format!("{}: {}", bad.what, bad.seen))),
    }
}

fn people(out: &mut Out, it: &Certificate, digest: &[u8]) -> Result<(), Failure> {
    let rows = |rows: &Rows| {
        let rows: Vec<String> = rows.iter().map(|(t, n)| format!("{n} {t}")).collect();
        rows.join(", ")
    };
    let (proves, search) = it.search();
    let bank = it
        .institution
        .as_ref()
        .map_or("every bank", |id| id.as_str());
    let user = it.user.as_ref().map_or("", |id| id.as_str());
    out.line(&format!("certificate {}", safe(&it.id)))?;
    out.line(&format!(
        "  {} of user {} at {}",
        it.kind,
        safe(user),
        safe(bank)
    ))?;
    let zone = out.manner.zone;
    let (ordered, proven) = (zone.full(it.started), zone.date_time(it.ended));
    out.field(9, "ordered", format!("{ordered} by {}", it.operator))?;
    out.field(9, "reason", &it.reason)?;
    out.field(
        9,
        if proves { "proven" } else { "written" },
        format!("{proven}, line {} of the audit", it.audit),
    )?;
    out.line(&format!("  before    {}", rows(&it.before)))?;
    out.line(&format!("  after     {}", rows(&it.after)))?;
    let values = count(it.needles, "value");
    out.line(&format!(
        "  searched  {} for {values}, {} found",
        rows(&it.files),
        it.hits
    ))?;
    out.field(9, if proves { "proof" } else { "no proof" }, search)?;
    if !it.purges.is_empty() {
        let ids = safe(&it.purges.join(", "));
        out.line(&format!(
            "  of that    by its purges, each with a certificate of its own: {ids}"
        ))?;
    }
    out.field(9, "SQLite", &it.sqlite)?;
    out.field(9, "digest", documents::hex(digest))
}
