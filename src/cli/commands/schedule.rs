//! `schedule`: the coming background refreshes and which would be skipped.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::domain::time_format;

const ON_A_TERMINAL: u64 = 50;

const HOW: &str = "write `enabled = true` under `[smart_cache]` in the configuration";

pub(crate) async fn run(
    ctx: &mut Context,
    limit: Option<u64>,
    institution: Option<&str>,
) -> Result<(), Failure> {
    let all = if ctx.out.terminal && ctx.out.for_people() {
        ON_A_TERMINAL
    } else {
        u64::MAX
    };
    let limit = usize::try_from(limit.unwrap_or(all))
        .unwrap_or(usize::MAX)
        .min(usize::MAX >> 1);
    let ops = ctx.reading()?;
    let bank = institution.map(|id| id.trim().to_uppercase().as_str().into());
    let schedule = ops.schedule(bank.as_ref(), limit).await?;
    if ctx.out.manner.form == Format::Json {
        return ctx.out.document(&documents::schedule(&schedule, HOW));
    }
    match schedule.every {
        None => ctx.out.say(&format!(
            "background refreshing is off; to switch it on, {HOW}"
        )),
        Some(every) => ctx.out.say(&format!(
            "background refreshing: each connection every {}",
            time_format::write(every)
        )),
    }
    if schedule.every.is_none() && ctx.out.for_people() {
        return Ok(());
    }
    list_formats::whole(
        &mut ctx.out,
        ops.now(),
        Some(schedule.size),
        &schedule.planned,
    )
}
