//! `work [--until-idle]`: runs jobs without the dashboard.

use super::wait::signalled;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::start_worker;
use crate::engine::Worker;
use crate::ops::{Held, Maintenance, Ops};
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How often is looked whether what waited is done.
const LOOK: Duration = Duration::from_millis(200);

pub(crate) async fn run(ctx: &mut Context, until_idle: bool) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    if until_idle {
        // maintenance may create jobs, and those count too
        ops.clone()
            .with_caller(Maintenance::caller())
            .maintain()
            .await?;
        if let Some(held) = ops.held().await? {
            ctx.out.complain(&held.words());
        }
    }
    let worker = start_worker::worker(ctx, &ops, "work").await?;
    let upkeep = (!until_idle).then(|| Maintenance::start(&ops));
    let mut held = upkeep.as_ref().map(Maintenance::held);
    ctx.out.say(&format!(
        "worker {} runs jobs of {}",
        worker.id(),
        ops.store.path().display()
    ));
    let mut trouble = worker.trouble();
    let out = &mut ctx.out;
    let tell = async {
        loop {
            let said = tokio::select! {
                changed = trouble.changed() => match changed {
                    Ok(()) => trouble.borrow_and_update().as_ref().map(|text| format!("trouble: {text}")),
                    Err(_) => break,
                },
                Some(why) = next_of(&mut held) => why.map(|held| held.words()),
            };
            match said {
                Some(text) => out.complain(&text),
                None => out.say("the trouble has ended"),
            }
        }
        std::future::pending::<()>().await;
    };
    let idle = async {
        if !until_idle {
            std::future::pending::<()>().await;
        }
        until_done(&ops, &worker).await
    };
    let stuck = async {
        if !until_idle {
            std::future::pending::<()>().await;
        }
        stuck(&ops, &worker).await
    };
    let done = tokio::select! {
        done = idle => done,
        trouble = stuck => Err(Failure::Waits(format!("not everything is done: {trouble}"))),
        () = tell => Ok(()),
        error = ops.store.moved() => Err(error.into()),
        number = signalled() => Err(number.map_or_else(|failed| failed, Failure::Signal)),
    };
    let id = worker.id().to_string();
    worker.stop().await;
    if done.is_ok() && !ctx.out.for_people() {
        ctx.out
            .document(&json!({"type": "work", "worker": id, "idle": until_idle}))?;
    }
    done
}

/// Why nothing ends by itself, when that changes; never without maintenance here.
async fn next_of(held: &mut Option<watch::Receiver<Option<Held>>>) -> Option<Option<Held>> {
    match held {
        Some(held) => {
            held.changed().await.ok()?;
            Some(held.borrow_and_update().clone())
        }
        None => std::future::pending().await,
    }
}

/// Until nothing runs, nothing is due, and no purge or workflow is open. One that waits for something else, such as
/// another program that reads the file, is given some time.
async fn until_done(ops: &Ops, worker: &Worker) -> Result<(), Failure> {
    let upkeep = ops.clone().with_caller(Maintenance::caller());
    let mut wakes = ops.store.wakes();
    let (mut before, mut since) = (Vec::new(), Instant::now());
    loop {
        let taken_up = upkeep.take_up_workflows().await;
        worker.until_idle().await;
        // told when everything else is done
        taken_up?;
        wakes.mark_unchanged();
        let open = ops.open_deletions().await?;
        if open.is_empty() {
            return Ok(());
        }
        if open != before {
            (before, since) = (open, Instant::now());
        } else if since.elapsed() >= ops.patience() {
            return Err(Failure::Waits(format!(
                "not everything is done: {} still {}; a running dashboard or worker goes on with it, and so does this \
                 command when it is run again",
                before.join(", "),
                if before.len() == 1 { "waits" } else { "wait" },
            )));
        }
        tokio::select! {
            _ = wakes.changed() => {}
            // it falls due by the clock, and its reader ends without telling anybody
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Ends when the worker has trouble, such as a full disk, and no work was done by any process for some time.
async fn stuck(ops: &Ops, worker: &Worker) -> String {
    let (mut wakes, mut trouble) = (ops.store.wakes(), worker.trouble());
    let (mut told, mut until) = (None, Instant::now() + ops.patience());
    loop {
        tokio::select! {
            _ = wakes.changed() => {
                (told, until) = (None, Instant::now() + ops.patience());
            }
            _ = trouble.changed() => {
                told = trouble.borrow_and_update().clone().or(told);
            }
            // nothing happens that could be waited for
            () = tokio::time::sleep_until(until.into()) => match told.take() {
                Some(trouble) => return trouble,
                None => until = Instant::now() + ops.patience(),
            },
        }
    }
}
