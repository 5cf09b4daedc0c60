//! `timeline`, `note`, `take` and `snooze`: the history of a connection, and who works on it.

use super::hold::moment;
use crate::cli::args::{Format, Until};
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::cli::output::safe;
use crate::cli::prompt;
use crate::domain::rows::ConnectionRow;
use crate::domain::secret::Secret;
use crate::ops::Ops;

const ON_A_TERMINAL: u64 = 50;

pub(super) async fn timeline(
    ctx: &mut Context,
    id: &str,
    limit: Option<u64>,
) -> Result<(), Failure> {
    let all = if ctx.out.terminal && ctx.out.for_people() {
        ON_A_TERMINAL
    } else {
        u64::MAX
    };
    let limit = usize::try_from(limit.unwrap_or(all)).unwrap_or(usize::MAX);
    let ops = ctx.reading()?;
    let id = ops.resolve(id).await?;
    let entries = ops.timeline(&id, limit, ctx.level()).await?;
    list_formats::whole(&mut ctx.out, ops.now(), None, &entries)
}

pub(super) async fn note(ctx: &mut Context, id: &str, text: &str) -> Result<(), Failure> {
    let text = match text {
        // what stands in an argument stands in the list of processes too
        "-" => prompt::lines(1)?
            .into_iter()
            .next()
            .unwrap_or_else(|| "".into()),
        text => Secret::new(text.trim()),
    };
    let ops = ctx.writing()?;
    let id = ops.resolve(id).await?;
    let note = ops.note(&id, text, ctx.level()).await?;
    if ctx.out.for_people() {
        return ctx.out.line(&format!("noted about {}", id.short()));
    }
    list_formats::single(&mut ctx.out, &note, || documents::note(&note)).map(drop)
}

pub(super) async fn take(
    ctx: &mut Context,
    id: &str,
    force: bool,
    give_back: bool,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve(id).await?;
    let row = match give_back {
        true => ops.give_back(&id).await?,
        false => ops.take_on(&id, force).await?,
    };
    print(ctx, &ops, &row)
}

pub(super) async fn snooze(
    ctx: &mut Context,
    id: &str,
    until: Option<&Until>,
    reason: &str,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve(id).await?;
    let row = match until {
        Some(until) => {
            let until = moment(ctx, &ops, until)?;
            ops.snooze(&id, until, reason).await?
        }
        None => ops.wake(&id).await?,
    };
    print(ctx, &ops, &row)
}

fn print(ctx: &mut Context, ops: &Ops, row: &ConnectionRow) -> Result<(), Failure> {
    let out = &mut ctx.out;
    match out.manner.form {
        Format::Json | Format::Jsonl => return out.document(&documents::handling(row)),
        Format::Csv => return list_formats::whole(out, ops.now(), None, std::slice::from_ref(row)),
        Format::Table => {}
    }
    let zone = out.manner.zone;
    out.line(&format!("connection {}", row.id))?;
    let taken = match (&row.handling.taken_by, row.handling.taken) {
        (Some(by), Some(at)) => format!("by {}, {}", safe(by), zone.full(at)),
        _ => "by nobody".into(),
    };
    out.field(8, "taken", taken)?;
    let quiet = row.handling.snoozed.filter(|until| *until > ops.now());
    let quiet = quiet.map_or_else(
        || "no".into(),
        |until| format!("until {}, or until its status changes", zone.full(until)),
    );
    out.field(8, "quiet", quiet)?;
    let asked = row
        .handling
        .asked
        .map_or_else(|| "never".into(), |at| zone.date_time(at));
    out.field(8, "asked", asked)
}
