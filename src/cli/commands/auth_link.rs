//! `auth-link create|show|delete USER`: the link that leads a user to the consent page.

use crate::cli::args::AuthLinkCommand;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::output::{Out, safe};
use crate::cli::prompt;
use crate::cli::start_worker::beside_outbox;
use crate::domain::auth_link::words;
use crate::domain::moment::Moment;
use crate::domain::time_format::until;
use crate::ops::AuthLinkShown;
use serde_json::json;

pub(crate) async fn run(ctx: &mut Context, what: AuthLinkCommand) -> Result<(), Failure> {
    let (link, now) = match what {
        AuthLinkCommand::Create { user, mobile } => {
            let ops = ctx.writing()?;
            let user = ops.resolve_user(&user).await?;
            let read = |m: String| prompt::personal(ctx, "--mobile", m.trim().to_owned());
            let mobile = mobile.map(read).transpose()?;
            let create = ops.create_auth_link(&user, mobile, ctx.level());
            (beside_outbox(&ops, create).await??, ops.now())
        }
        AuthLinkCommand::Show { user } => {
            let ops = ctx.reading()?;
            let user = ops.resolve_user(&user).await?;
            (ops.auth_link(&user, ctx.level()).await?, ops.now())
        }
        AuthLinkCommand::Delete { user } => {
            let ops = ctx.writing()?;
            let user = ops.resolve_user(&user).await?;
            ops.delete_auth_link(&user).await?;
            if ctx.out.for_people() {
                return ctx.out.line("the link is gone");
            }
            return ctx
                .out
                .document(&json!({"type": "auth_link", "userId": user.as_str(), "deleted": true}));
        }
    };
    match ctx.out.for_people() {
        true => people(&mut ctx.out, &link, now),
        false => ctx.out.document(&documents::auth_link(&link)),
    }
}

fn people(out: &mut Out, link: &AuthLinkShown, now: Moment) -> Result<(), Failure> {
    let id = safe(&link.id);
    out.line(&format!("auth link {id}"))?;
    out.field(7, "link", words(link.path.as_deref()))?;
    out.field(7, "user", &link.user)?;
    out.field(7, "mobile", link.mobile.as_deref().unwrap_or("none"))?;
    let (at, left) = (out.manner.zone.full(link.expires), until(link.expires, now));
    out.field(7, "ends", format!("{at} ({left})"))
}
