//! `sequences` and `sequence ID`: endings of several acts, where they stand.

use super::paged;
use crate::cli::args::Part;
use crate::cli::context::Context;
use crate::cli::documents::{self, standing_tone};
use crate::cli::exit::Failure;
use crate::cli::list;
use crate::cli::output::Out;
use crate::domain::sequence::Sequence;
use crate::domain::text::Shown;
use crate::domain::time_format;

/// Prints them, newest first.
pub(crate) async fn list(ctx: &mut Context, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let size = ops.sequence_size().await?;
    paged::print(ctx, &ops, "sequences", part, Some(size), |from, limit| {
        ops.sequences(from, limit)
    })
    .await
}

/// Prints one.
pub(crate) async fn one(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let id = ops.resolve_sequence(id).await?;
    let it = ops.sequence(&id).await?;
    print(&mut ctx.out, &it)
}

/// Prints one in the form that was asked for.
///
/// # Errors
/// When stdout takes no more.
pub(crate) fn print(out: &mut Out, it: &Sequence) -> Result<(), Failure> {
    if list::single(out, it, || documents::sequence(it))? {
        return Ok(());
    }
    let shown = |text: &str| Shown::of_limited(text, 300).into_plain();
    let standing = out.toned(standing_tone(it.standing()), it.standing().word());
    out.line(&format!("sequence {}", it.id))?;
    out.line(&format!(
        "{} of user {}, ordered {} by {}",
        it.kind.word(),
        shown(it.user.as_str()),
        time_format::date_time(it.created),
        shown(&it.actor)
    ))?;
    let result = if it.result.is_empty() || it.result == "done" {
        String::new()
    } else {
        format!(": {}", shown(&it.result))
    };
    out.line(&format!("{standing}{result}"))?;
    for step in &it.steps {
        let job = step
            .job
            .as_ref()
            .map_or_else(String::new, |id| format!("  job {}", id.short()));
        let note = step
            .note
            .as_deref()
            .map_or_else(String::new, |note| format!("  {}", shown(note)));
        out.line(&format!(
            "  {:<12} {:<11} {}{job}{note}",
            step.act.word(),
            step.status.word(),
            shown(&step.target)
        ))?;
    }
    Ok(())
}
