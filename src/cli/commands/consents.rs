//! `consents [--user U]` and `consent ID`: consents of users.

use super::paged;
use crate::cli::args::Part;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::cli::output::safe;
use crate::domain::consent::Consent;
use crate::domain::counts::count;

/// Prints all consents of a user, newest first, or all active ones, the next to expire first.
pub(crate) async fn list(
    ctx: &mut Context,
    user: Option<&str>,
    part: &Part,
) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let user = match user {
        Some(user) => Some(ops.resolve_user(user).await?),
        None => None,
    };
    let list = format!("consents {}", user.as_ref().map_or("", |u| u.as_str()));
    let most = paged::counted(ctx);
    let size = async { Ok(paged::exact(ops.consent_size(user.clone(), most).await?)) };
    paged::print(ctx, &ops, &list, part, size, |from, limit| {
        ops.consents(user.clone(), from, limit)
    })
    .await
}

pub(crate) async fn one(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let id = ops.resolve_consent(id).await?;
    let consent = ops.consent(&id).await?;
    print(ctx, &consent)
}

pub(crate) async fn extend(ctx: &mut Context, id: &str, reason: &str) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve_consent(id).await?;
    let consent = ops.extend_consent(&id, reason).await?;
    print(ctx, &consent)
}

fn print(ctx: &mut Context, consent: &Consent) -> Result<(), Failure> {
    let out = &mut ctx.out;
    if list_formats::single(out, consent, || documents::consent(consent))? {
        return Ok(());
    }
    out.line(&format!("consent {}", consent.id))?;
    out.field(8, "user", &consent.user)?;
    out.field(8, "status", consent.status.word())?;
    let zone = out.manner.zone;
    let (given, changed) = (zone.full(consent.created), zone.date_time(consent.updated));
    out.field(8, "given", format!("{given}, last changed {changed}"))?;
    out.field(8, "ends", zone.date_time(consent.expiry))?;
    if let Some(at) = consent.revoked {
        out.field(8, "revoked", zone.date_time(at))?;
    }
    out.field(8, "for", &consent.purpose)?;
    let days = count(consent.retrieval_days.into(), "day");
    out.field(8, "reaches", format!("{days} back"))?;
    for permission in &consent.permissions {
        let agreed = if permission.consented {
            "agreed"
        } else {
            "not agreed"
        };
        out.field(24, &safe(&permission.scope), agreed)?;
    }
    Ok(())
}
