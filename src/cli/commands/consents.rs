//! `consents [--user U]` and `consent ID`: consents of users.

use super::paged;
use crate::cli::args::Part;
use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::list;
use crate::domain::consent::Consent;
use crate::domain::text::Shown;
use crate::domain::time_format;

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
    let size = ops.consent_size(user.clone()).await?;
    paged::print(ctx, &ops, &list, part, Some(size), |from, limit| {
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
    if list::single(out, consent, || documents::consent(consent))? {
        return Ok(());
    }
    let shown = |text: &str| Shown::of_limited(text, 200).into_plain();
    out.line(&format!("consent {}", consent.id))?;
    out.line(&format!("  user     {}", shown(consent.user.as_str())))?;
    out.line(&format!("  status   {}", consent.status.word()))?;
    out.line(&format!(
        "  given    {}, last changed {}",
        time_format::date_time(consent.created),
        time_format::date_time(consent.updated)
    ))?;
    out.line(&format!(
        "  ends     {}",
        time_format::date_time(consent.expiry)
    ))?;
    if let Some(at) = consent.revoked {
        out.line(&format!("  revoked  {}", time_format::date_time(at)))?;
    }
    out.line(&format!("  for      {}", shown(&consent.purpose)))?;
    out.line(&format!(
        "  reaches  {} back",
        time_format::count(consent.retrieval_days.into(), "day")
    ))?;
    for permission in &consent.permissions {
        let agreed = if permission.consented {
            "agreed"
        } else {
            "not agreed"
        };
        out.line(&format!("  {:<24} {agreed}", shown(&permission.scope)))?;
    }
    Ok(())
}
