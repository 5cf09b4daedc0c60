//! `work [--until-idle]`: runs jobs without the dashboard.

use super::wait::signalled;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::start_worker;
use crate::ops::Held;
use tokio::sync::watch;

pub(crate) async fn run(ctx: &mut Context, until_idle: bool) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    if until_idle {
        // maintenance may create jobs, and those count too
        ops.clone()
            .with_caller(crate::ops::Maintenance::caller())
            .maintain()
            .await?;
        if let Some(held) = ops.held().await? {
            ctx.out.complain(&held.words());
        }
    }
    let worker = start_worker::worker(ctx, &ops, "work").await?;
    let upkeep = (!until_idle).then(|| crate::ops::Maintenance::start(&ops));
    let mut held = upkeep.as_ref().map(crate::ops::Maintenance::held);
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
        worker.until_idle().await;
    };
    let done = tokio::select! {
        () = idle => Ok(()),
        () = tell => Ok(()),
        error = ops.store.moved() => Err(error.into()),
        number = signalled() => Err(number.map_or_else(|failed| failed, Failure::Signal)),
    };
    worker.stop().await;
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
