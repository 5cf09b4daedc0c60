//! `work [--until-idle]`: runs jobs without the dashboard.

use super::wait::signalled;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::start_worker;

pub(crate) async fn run(ctx: &mut Context, until_idle: bool) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    if until_idle {
        // maintenance may create jobs, and those count too
        ops.clone()
            .with_caller(crate::ops::Maintenance::caller())
            .maintain()
            .await?;
    }
    let worker = start_worker::worker(ctx, &ops, "work").await?;
    let _upkeep = (!until_idle).then(|| crate::ops::Maintenance::start(&ops));
    ctx.out.say(&format!(
        "worker {} runs jobs of {}",
        worker.id(),
        ops.store.path().display()
    ));
    let mut trouble = worker.trouble();
    let out = &mut ctx.out;
    let tell = async {
        while trouble.changed().await.is_ok() {
            let said = trouble.borrow_and_update().clone();
            match said {
                Some(text) => out.complain(&format!("trouble: {text}")),
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
