//! `certificate ID [--verify]`: the proof that data was deleted, and whether it still holds.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::Tone;
use crate::domain::certificate::Rows;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::ops::{Error, Ops};

/// Resolves the id of a job or a sequence.
async fn named(ops: &Ops, text: &str) -> Result<String, Failure> {
    match ops.certificate(text.trim()).await {
        Ok(_) => return Ok(text.trim().to_owned()),
        Err(Error::NotFound { .. }) => {}
        Err(other) => return Err(other.into()),
    }
    match ops.resolve_job(text).await {
        Ok(job) => Ok(job.to_string()),
        Err(Error::NotFound { .. }) => Ok(ops.resolve_sequence(text).await?.to_string()),
        Err(other) => Err(other.into()),
    }
}

/// Prints a certificate; with `verify`, checked against the database as it is now.
pub(crate) async fn run(ctx: &mut Context, id: &str, verify: bool) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let id = named(&ops, id).await?;
    let (certificate, digest) = ops.certificate(&id).await?;
    let checks = if verify {
        ops.check_certificate(&id).await?
    } else {
        vec![]
    };
    let out = &mut ctx.out;
    if matches!(out.manner.form, Format::Json | Format::Jsonl) {
        out.document(&documents::certificate(&certificate, &digest, &checks))?;
    } else {
        let shown = |text: &str| Shown::of_limited(text, 200).into_plain();
        let rows = |rows: &Rows| {
            rows.iter()
                .map(|(t, n)| format!("{n} {t}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let or_all = certificate
            .institution
            .as_ref()
            .map_or("every bank", |id| id.as_str());
        let user = certificate.user.as_ref().map_or("", |id| id.as_str());
        out.line(&format!("certificate {}", shown(&certificate.id)))?;
        out.line(&format!(
            "  {} of user {} at {}",
            certificate.kind,
            shown(user),
            shown(or_all)
        ))?;
        out.line(&format!(
            "  ordered   {} by {}",
            time_format::date_time(certificate.started),
            shown(&certificate.operator)
        ))?;
        out.line(&format!("  reason    {}", shown(&certificate.reason)))?;
        out.line(&format!(
            "  proven    {}, line {} of the audit",
            time_format::date_time(certificate.ended),
            certificate.audit
        ))?;
        out.line(&format!("  before    {}", rows(&certificate.before)))?;
        out.line(&format!("  after     {}", rows(&certificate.after)))?;
        out.line(&format!(
            "  searched  {} for {}, {} found",
            rows(&certificate.files),
            time_format::count(certificate.needles, "value"),
            certificate.hits
        ))?;
        if !certificate.purges.is_empty() {
            let ids = shown(&certificate.purges.join(", "));
            out.line(&format!(
                "  of that    by its purges, each with a certificate of its own: {ids}"
            ))?;
        }
        out.line(&format!("  SQLite    {}", certificate.sqlite))?;
        out.line(&format!("  digest    {}", documents::hex(&digest)))?;
        for check in &checks {
            let sign = if check.holds {
                out.toned(Tone::Good, "ok ")
            } else {
                out.toned(Tone::Bad, "BAD")
            };
            out.line(&format!("{sign}  {:<9} {}", check.what, shown(&check.seen)))?;
        }
    }
    match checks.iter().find(|c| !c.holds) {
        None => Ok(()),
        Some(bad) => Err(Failure::Unverified(format!("{}: {}", bad.what, bad.seen))),
    }
}
