//! `why ID`: explains a status in plain words.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::given_ids;
use crate::cli::output::{Out, Tone};
use crate::domain::connection::Label;
use crate::domain::diagnosis::Meaning;
use crate::domain::policy::{Act, Reason};
use crate::domain::rows::ConnectionRow;
use crate::ops::Explained;
use serde_json::json;

pub(crate) async fn run(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let id = given_ids::one(id)?;
    let ops = ctx.reading()?;
    let id = ops.resolve(&id).await?;
    let Explained { row, meaning, acts } = ops.why(&id).await?;
    if ctx.out.for_people() {
        return people(&mut ctx.out, &row, &meaning, &acts);
    }
    ctx.out.document(&json!({
        "type": "why",
        "id": row.id.as_str(),
        "connectionId": row.id.as_str(),
        "status": row.status.word(),
        "label": row.label.name(),
        "since": row.since.rfc3339(),
        "headline": meaning.headline,
        "sinceWords": meaning.since,
        "whose": meaning.whose.word(),
        "evidence": meaning.evidence,
        "whatToDo": meaning.what_to_do,
        "tellCustomer": meaning.tell_customer,
        "willNotHelp": meaning.will_not_help,
        "allowed": allowed(&acts),
        "refused": acts
            .iter()
            .filter_map(|(act, no)| Some(json!({"action": act.word(), "reason": no.as_ref()?.words})))
            .collect::<Vec<_>>(),
    }))
}

fn allowed(acts: &[(Act, Option<Reason>)]) -> Vec<&'static str> {
    acts.iter()
        .filter(|(_, no)| no.is_none())
        .map(|(act, _)| act.word())
        .collect()
}

fn people(
    out: &mut Out,
    row: &ConnectionRow,
    meaning: &Meaning,
    acts: &[(Act, Option<Reason>)],
) -> Result<(), Failure> {
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
    let allowed = allowed(acts);
    let allowed = if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    };
    out.line(&format!("\nAllowed now: {allowed}"))
}
