//! `hold`, `holds` and `release`: refreshes that are held back until a time.

use super::paged;
use crate::cli::args::{Part, Until};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::cli::output::safe;
use crate::domain::hold::Hold;
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::ops::Ops;

/// The moment that was typed, in the zone that times are shown in.
pub(super) fn moment(ctx: &Context, ops: &Ops, until: &Until) -> Result<Moment, Failure> {
    until.from(ops.now(), ctx.out.manner.zone).ok_or_else(|| {
        Failure::Usage(
            "--until is not a time; write it like 14:00, 2026-03-10T14:00:00Z or 2h".into(),
        )
    })
}

pub(super) async fn hold(
    ctx: &mut Context,
    ids: &[String],
    institution: Option<&str>,
    until: &Until,
    reason: &str,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let until = moment(ctx, &ops, until)?;
    let hold = match institution {
        Some(bank) => {
            let bank = bank.trim().to_uppercase();
            ops.hold_bank(&bank.as_str().into(), until, reason).await?
        }
        None => {
            let mut whole = Vec::with_capacity(ids.len());
            for id in ids {
                whole.push(ops.resolve(id).await?);
            }
            ops.hold_connections(&whole, until, reason).await?
        }
    };
    print(ctx, &ops, &hold)
}

pub(super) async fn release(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve_hold(id).await?;
    let hold = ops.release_hold(&id).await?;
    print(ctx, &ops, &hold)
}

pub(super) async fn list(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let size = async { Ok(Some(ops.hold_size().await?)) };
    paged::print(ctx, &ops, "holds", part, size, |from, limit| {
        ops.holds(from, limit)
    })
    .await
}

fn print(ctx: &mut Context, ops: &Ops, hold: &Hold) -> Result<(), Failure> {
    let (out, now) = (&mut ctx.out, ops.now());
    if list_formats::single(out, hold, || documents::hold(hold, now))? {
        return Ok(());
    }
    out.line(&format!("hold {}", hold.id))?;
    out.field(8, "of", hold.whom())?;
    let zone = out.manner.zone;
    let until = format!(
        "{} ({})",
        zone.full(hold.until),
        time_format::until(hold.until, now)
    );
    out.field(8, "until", until)?;
    out.field(8, "state", hold.stage(now).word())?;
    out.field(8, "made by", &hold.actor)?;
    if let Some(by) = &hold.released {
        out.field(8, "released", format!("by {by}"))?;
    }
    if !hold.reason.is_empty() {
        out.field(8, "reason", safe(&hold.reason))?;
    }
    Ok(())
}
