//! `why ID`: explains a status in plain words.

use crate::cli::context::Context;
use crate::cli::documents;
use crate::cli::exit::Failure;
use crate::cli::given_ids;
use crate::cli::output::{Out, Tone};
use crate::domain::connection::Label;
use crate::ops::Explained;

pub(crate) async fn run(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let id = given_ids::one(id)?;
    let ops = ctx.reading()?;
    let id = ops.resolve(&id).await?;
    let explained = ops.why(&id).await?;
    if ctx.out.for_people() {
        return people(&mut ctx.out, &explained);
    }
    ctx.out.document(&documents::why(&explained))
}

fn people(out: &mut Out, explained: &Explained) -> Result<(), Failure> {
    let Explained { row, meaning, .. } = explained;
    let tone = if row.label == Label::Active {
        Tone::Good
    } else {
        Tone::Bad
    };
    let label = out.toned(tone, row.label.name());
    out.line(&format!(
        "{} is {label} {}: {}",
        row.id.short(),
        meaning.since,
        meaning.headline
    ))?;
    out.line(&format!("Next step: {}", meaning.whose.words()))?;
    for (name, lines) in [
        ("Evidence", &meaning.evidence),
        ("What to do", &meaning.what_to_do),
        ("Won't help", &meaning.will_not_help),
    ] {
        if lines.is_empty() {
            continue;
        }
        let heading = out.toned(Tone::Strong, name);
        out.line(&format!("\n{heading}"))?;
        for line in lines {
            out.line(&format!("  - {line}"))?;
        }
    }
    let heading = out.toned(Tone::Strong, "What to tell the customer");
    out.line(&format!("\n{heading}\n  {}", meaning.tell_customer))?;
    let allowed = explained.allowed();
    let allowed = if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    };
    out.line(&format!("\nAllowed now: {allowed}"))
}
