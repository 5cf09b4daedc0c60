//! `export WHAT [FILTER]`: a whole list, masked, in the form of the command that shows it.

use super::{audit, connections, consents, events, holdings, institutions, jobs, plan, user};
use crate::cli::args::{AuditArgs, EventsArgs, Exported, Format, HeldArgs, Part, TransactionsArgs};
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::domain::audit_words::AuditAsked;
use crate::domain::terms::Terms;

pub(crate) async fn run(
    ctx: &mut Context,
    what: Exported,
    words: &[String],
) -> Result<(), Failure> {
    if ctx.common.format.is_none() && ctx.out.for_people() && !ctx.out.pick.count {
        ctx.out.manner.form = Format::Csv;
    }
    // what is exported is whole, also where it is shown
    let part = Part {
        limit: Some(u64::MAX),
        ..Part::default()
    };
    match what {
        Exported::Connections => {
            let asked = connections::Asked {
                filter: words.join(" "),
                ..connections::Asked::default()
            };
            connections::run(ctx, asked, &part).await
        }
        Exported::Jobs => jobs::list(ctx, words, &part).await,
        Exported::Users => user::list(ctx, &words.join(" "), &part).await,
        Exported::Institutions => {
            terms(words, &[])?;
            institutions::list(ctx).await
        }
        Exported::Plans => {
            terms(words, &[])?;
            plan::plans(ctx, &part).await
        }
        Exported::Sequences => {
            terms(words, &[])?;
            plan::workflows(ctx, &part).await
        }
        Exported::Consents => {
            let user = terms(words, &["user"])?.take("user");
            consents::list(ctx, user.as_deref(), &part).await
        }
        Exported::Events => {
            let mut found = terms(words, &["user", "entity", "type", "since"])?;
            let since = found.take("since").map(|text| {
                let wrong = |_| Failure::Usage(format!("since:{text} is not a place in the feed"));
                text.parse().map_err(wrong)
            });
            let args = EventsArgs {
                user: found.take("user"),
                entity: found.take("entity"),
                happened: found.take("type"),
                since: Some(since.transpose()?.unwrap_or(0)),
                ..EventsArgs::default()
            };
            events::run(ctx, &args).await
        }
        Exported::Audit => {
            let asked = AuditAsked::read(&words.join(" "))
                .map_err(|bad| Failure::Usage(bad.to_string()))?;
            let about = AuditArgs {
                user: asked.user,
                actor: asked.actor,
                action: asked.action,
                since: asked.since,
                until: asked.until,
            };
            audit::run(ctx, None, &about, &part).await
        }
        Exported::Accounts => {
            let mut found = terms(words, &["user", "connection", "institution"])?;
            holdings::accounts(ctx, &held(&mut found), &part).await
        }
        Exported::Transactions => {
            let keys = ["user", "connection", "institution", "account"];
            let mut found = terms(words, &keys)?;
            let args = TransactionsArgs {
                held: held(&mut found),
                account: found.take("account"),
                part,
                ..TransactionsArgs::default()
            };
            holdings::transactions(ctx, &args).await
        }
    }
}

/// The words of a filter as they came.
fn terms(words: &[String], keys: &[&'static str]) -> Result<Terms, Failure> {
    Terms::read(&words.join(" "), keys).map_err(|bad| Failure::Usage(bad.to_string()))
}

fn held(terms: &mut Terms) -> HeldArgs {
    HeldArgs {
        user: terms.take("user"),
        connection: terms.take("connection"),
        institution: terms.take("institution"),
    }
}
