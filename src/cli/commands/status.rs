//! `status`: one line of at most 80 characters for a monitor.
//! Exit 0: no trouble, 1: a bank fails, 6: jobs are due and no worker is alive, something does not go on, or nothing
//! ends by itself: the clock looks wrong, or more has run out at once than may.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::counts;
use crate::domain::diagnosis::{Health, mostly_fails};
use crate::domain::text::Shown;
use crate::ops::{BankShown, Held};
use serde_json::json;

/// The bank with the most failures, of those where most fetches failed.
fn suspect(banks: &[BankShown]) -> Option<&BankShown> {
    banks
        .iter()
        .filter(|b| mostly_fails(b.passed, b.failed))
        .max_by_key(|b| b.failed)
}

/// A bank with a connector in a declared major outage.
fn down(banks: &[BankShown]) -> Option<&BankShown> {
    banks.iter().find(|b| {
        b.ways
            .iter()
            .any(|way| way.declared() == Some(Health::MajorOutage))
    })
}

pub(crate) async fn run(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let counts = ops.counts().await?;
    let banks = ops.institutions().await?;
    let workers = ops.workers(ctx.config.limits.heartbeat).await?;
    let alive = workers.iter().filter(|(_, alive)| *alive).count();
    let due = ops.due().await?;
    let failing = suspect(&banks);
    let bank = failing.or_else(|| down(&banks));
    let stuck = ops.stuck(alive > 0).await?.words();
    let held = ops.held().await?;
    let (kind, exit) = match (&held, bank, due > 0 && alive == 0, &stuck) {
        // how long ago a bank failed is not known by a wrong clock
        (Some(Held::Clock { .. }), ..) => ("clock", 6),
        (_, Some(_), ..) => ("bank", 1),
        (_, None, true, _) => ("worker", 6),
        (_, None, false, Some(_)) => ("stuck", 6),
        (Some(Held::Share { .. }), None, false, None) => ("held", 6),
        (None, None, false, None) => ("ok", 0),
    };
    let what = match (bank, kind) {
        (_, "clock" | "held") => {
            let short = held.map(|held| held.short()).unwrap_or_default();
            format!("{short}; see doctor")
        }
        (Some(b), _) if failing.is_none() => format!("BANK {}: major outage declared", b.record.id),
        (Some(b), _) => format!(
            "BANK {}: {} of {} failed in 1h",
            b.record.id,
            b.failed,
            b.failed + b.passed
        ),
        (None, "worker") => format!("NO WORKER: {} due", counts::count(due, "job")),
        (None, _) => stuck.map_or_else(|| "OK".into(), |what| format!("STUCK: {what}")),
    };
    let endings = ops.open_workflows().await?.len();
    let open = if endings > 0 {
        format!("; {} open", counts::count(endings as u64, "ending"))
    } else {
        String::new()
    };
    let alive_ones = counts::count(alive as u64, "worker");
    let line = format!(
        "{what}; {} of {} need action; {alive_ones}{open}",
        counts.attention,
        counts.total()
    );
    let line = Shown::of(&line).cut(80).into_plain();
    if ctx.out.for_people() {
        ctx.out.line(&line)?;
    } else {
        ctx.out.document(&json!({
            "type": "status",
            "kind": kind,
            "line": line,
            "attention": counts.attention,
            "connections": counts.total(),
            "due": due,
            "workers": alive,
            "sequences": endings,
            "institution": bank.map(|b| json!({"id": b.record.id.as_str(), "failed": b.failed, "succeeded": b.passed})),
            "exit": exit,
        }))?;
    }
    if exit == 0 {
        Ok(())
    } else {
        Err(Failure::Trouble { line, exit })
    }
}
