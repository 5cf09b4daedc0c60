//! `sandbox ...`: acts as the user in the open-banking flow, and makes banks fail.

use super::wait;
use crate::cli::args::{SandboxCommand, Waiting};
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::views::BankAnswer;
use serde_json::json;

pub(crate) async fn run(ctx: &mut Context, what: SandboxCommand) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let (id, visit) = match what {
        SandboxCommand::Authorise { id } => (id, BankAnswer::Authorise),
        SandboxCommand::Abandon { id } => (id, BankAnswer::Abandon),
        SandboxCommand::Deny { id } => (id, BankAnswer::Deny),
        SandboxCommand::Health {
            bank,
            state,
            method,
        } => {
            let bank = bank.trim().to_uppercase();
            ops.declare_health(&bank.as_str().into(), method, state)
                .await?;
            if ctx.out.for_people() {
                let way = method.map_or_else(String::new, |m| format!(" by {}", m.words()));
                return ctx
                    .out
                    .line(&format!("{bank}{way} is declared {}", state.word()));
            }
            let method = method.map(crate::domain::connection::Method::word);
            let said = json!({"type": "health", "institutionId": bank, "method": method, "status": state.word()});
            return ctx.out.document(&said);
        }
        SandboxCommand::Outage { bank, lasting } => {
            let bank = bank.trim().to_uppercase();
            let until = (!lasting.is_zero()).then(|| ops.now().plus(lasting));
            ops.outage(&bank.as_str().into(), until).await?;
            if ctx.out.for_people() {
                let said = until.map_or_else(
                    || format!("{bank} works"),
                    |at| format!("{bank} is down until {at}"),
                );
                return ctx.out.line(&said);
            }
            let until = until.map(crate::domain::moment::Moment::rfc3339);
            return ctx
                .out
                .document(&json!({"type": "outage", "institutionId": bank, "until": until}));
        }
    };
    let id = ops.resolve(&id).await?;
    let visited = ops.authorise(&id, visit).await?;
    if !visited.changed {
        ctx.out.say("nothing changed");
    }
    match visited.job {
        Some(job) => wait::finish(ctx, &ops, job, false, Waiting::default()).await,
        None => super::show::run(ctx, id.as_str()).await,
    }
}
