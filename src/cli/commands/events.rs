//! `events [--follow]`: what happened, in order.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list::{PAGE, Printer};
use crate::ops::Ops;
use crate::store::Event;
use std::time::Duration;

/// How often another process's events are looked for.
const LOOK: Duration = Duration::from_millis(250);

/// Rows on a terminal when nobody says how many: the newest.
const ON_A_TERMINAL: i64 = 50;

/// Prints events, and goes on with `follow`.
pub async fn run(ctx: &mut Context, follow: bool, since: Option<i64>, limit: Option<u64>) -> Result<(), Failure> {
    if follow && ctx.out.manner.form == Format::Json {
        return Err(Failure::Usage("--follow has no end, so it is no document; use --jsonl".into()));
    }
    let ops = ctx.reading()?;
    let last = ops.last_event().await?;
    let newest = if ctx.out.terminal && limit.is_none() { ON_A_TERMINAL } else { i64::MAX };
    let mut seq = since.unwrap_or_else(|| last.saturating_sub(newest).max(0)).max(0);
    let mut left = limit.unwrap_or(u64::MAX);
    let mut wakes = ops.store.wakes();
    let mut printer = Printer::begin(&mut ctx.out, ops.now(), None)?;
    loop {
        wakes.mark_unchanged();
        let events: Vec<Event> = ops.events_after(seq, usize::try_from(left).unwrap_or(PAGE).min(PAGE)).await?;
        printer.rows(&events)?;
        left = left.saturating_sub(events.len() as u64);
        if let Some(event) = events.last() {
            seq = event.seq;
        }
        match (left, events.is_empty(), follow) {
            (0, ..) | (_, true, false) => return printer.end(None),
            (_, true, true) => {
                printer.flush()?;
                others(&ops, &mut wakes).await?;
            }
            (_, false, _) => {}
        }
    }
}

async fn others(ops: &Ops, wakes: &mut tokio::sync::watch::Receiver<u64>) -> Result<(), Failure> {
    tokio::select! {
        _ = wakes.changed() => {}
        () = tokio::time::sleep(LOOK) => { ops.store.look_for_others()?; }
    }
    Ok(())
}
