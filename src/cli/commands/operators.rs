//! Hands the commands of operators to their files.

use super::{cancel, causes, handling, hold, incidents, invite, since};
use crate::cli::args::OperatorCommand;
use crate::cli::context::Context;
use crate::cli::exit::Failure;

pub(super) async fn run(ctx: &mut Context, command: OperatorCommand) -> Result<(), Failure> {
    use OperatorCommand as O;
    match command {
        O::Hold {
            ids,
            institution,
            until,
            reason,
        } => {
            let reason = reason.unwrap_or_default();
            hold::hold(ctx, &ids, institution.as_deref(), &until, &reason).await
        }
        O::Cancel { jobs, plan, reason } => {
            let reason = reason.unwrap_or_default();
            cancel::run(ctx, &jobs, plan.as_deref(), &reason).await
        }
        O::Causes { filter } => causes::run(ctx, &filter).await,
        O::Incidents { id, part } => incidents::run(ctx, id.as_deref(), &part).await,
        O::Since => since::run(ctx).await,
        O::Holds { part } => hold::list(ctx, &part).await,
        O::Timeline { id, limit } => handling::timeline(ctx, &id, limit).await,
        O::Note { id, text } => handling::note(ctx, &id, &text.join(" ")).await,
        O::Take {
            id,
            force,
            give_back,
        } => handling::take(ctx, &id, force, give_back).await,
        O::Snooze {
            id, until, reason, ..
        } => handling::snooze(ctx, &id, until.as_ref(), &reason.unwrap_or_default()).await,
        O::Invite { ids, mark_asked } => invite::run(ctx, &ids, mark_asked).await,
        O::Release { hold: id } => hold::release(ctx, &id).await,
    }
}
