//! `connection ID`: one connection with its profile (masked), accounts and last jobs.

use crate::cli::context::Context;
use crate::cli::documents::{self, connection_tone, job_tone};
use crate::cli::exit::Failure;
use crate::cli::given_ids;
use crate::cli::list_formats;
use crate::cli::output::{Out, Tone, safe};
use crate::domain::counts;
use crate::domain::mask::LOST;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::time_format;
use crate::ops::ConnectionDetail;

pub(crate) async fn run(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let id = given_ids::one(id)?;
    let ops = ctx.reading()?;
    let id = ops.resolve(&id).await?;
    let detail = ops.connection(&id, ctx.level()).await?;
    if list_formats::single(&mut ctx.out, &detail.row, || documents::detail(&detail))? {
        return Ok(());
    }
    people(&mut ctx.out, &detail, ops.now())
}

fn people(out: &mut Out, detail: &ConnectionDetail, now: Moment) -> Result<(), Failure> {
    let (row, zone) = (&detail.row, out.manner.zone);
    let label = out.toned(connection_tone(row.label), row.label.name());
    out.line(&format!("connection {}", safe(row.id.as_str())))?;
    out.line(&format!(
        "{label} {}, by {}",
        time_format::since(row.since, now, zone),
        row.method.words()
    ))?;
    let with_time = |at, then: String| format!("{} ({then})", zone.date_time(at));
    let user = format!("{} ({})", row.user_name, row.user);
    out.field(13, "user", user)?;
    let bank = format!("{} ({})", row.institution_name, row.institution);
    out.field(13, "bank", bank)?;
    out.field(13, "origin", row.origin.word())?;
    out.field(13, "created", zone.full(row.created))?;
    let used = match row.ever_used() {
        true => with_time(row.last_used, time_format::ago(row.last_used, now)),
        false => "never".into(),
    };
    out.field(13, "last used", used)?;
    if let Some(at) = row.expiry {
        match at <= now {
            true => out.field(
                13,
                "consent ended",
                with_time(at, time_format::ago(at, now)),
            )?,
            false => out.field(
                13,
                "consent ends",
                with_time(at, time_format::until(at, now)),
            )?,
        }
    }
    if let Some(at) = detail.next_background {
        let when = with_time(at, time_format::until(at, now));
        out.field(13, "next background refresh", when)?;
    }
    match &detail.profile {
        None => out.field(13, "profile", "none stored")?,
        Some(profile) => {
            out.field(13, "profile", &profile.full_name)?;
            for (name, values) in [
                ("phone", &profile.phones),
                ("email", &profile.emails),
                ("address", &profile.addresses),
            ] {
                for value in values {
                    out.field(13, name, value)?;
                }
            }
        }
    }
    heading(
        out,
        &format!(
            "accounts ({}, {})",
            row.accounts,
            counts::count(row.transactions, "transaction")
        ),
    )?;
    for account in &detail.accounts {
        let (product, number) = account.shown.as_ref().map_or(unseen(account.lost), |s| {
            (s.product.as_str(), s.number.as_str())
        });
        let balance = account
            .balance
            .map_or_else(|| "-".into(), |b| money::text(b, &account.currency));
        out.line(&format!(
            "  {}  {}  {} {balance}  {}",
            safe(number),
            safe(product),
            safe(&account.currency),
            safe(&account.status)
        ))?;
    }
    heading(out, "last jobs")?;
    for job in &detail.jobs {
        let label = out.toned(job_tone(job.label()), job.label().name());
        let code = job
            .failed_step()
            .map_or_else(String::new, |(_, f)| format!("  {}", safe(&f.code)));
        out.line(&format!(
            "  {}  {}  {}  {label}{code}",
            job.id.short(),
            zone.date_time(job.created),
            job.kind.word()
        ))?;
    }
    heading(out, "actions")?;
    for (act, no) in &detail.acts {
        out.line(&match no {
            None => format!("  {}", act.word()),
            Some(reason) => out.toned(
                Tone::Dim,
                &format!("  {}: not now; {}", act.word(), reason.words),
            ),
        })?;
    }
    Ok(())
}

fn heading(out: &mut Out, text: &str) -> Result<(), Failure> {
    let text = out.toned(Tone::Strong, text);
    out.line(&text)
}

/// What stands in the place of a product and a number that cannot be opened.
fn unseen(lost: bool) -> (&'static str, &'static str) {
    match lost {
        true => (LOST, LOST),
        false => ("(sealed)", "••••"),
    }
}
