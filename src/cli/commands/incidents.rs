//! `incidents [ID]`: trouble of banks as our own fetches showed it, and the connections that one hit.

use super::paged;
use crate::cli::args::Part;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::documents;
use crate::domain::counts::count;
use crate::domain::incident::RULE;
use crate::domain::text::Shown;
use crate::domain::time_format;

/// How many of the connections are printed for people; the others are found by the filter.
const PRINTED: usize = 10;

pub(super) async fn run(ctx: &mut Context, id: Option<&str>, part: &Part) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let Some(id) = id else {
        let size = async { Ok(Some(ops.incident_size().await?)) };
        return paged::print(ctx, &ops, "incidents", part, size, |from, limit| {
            ops.incidents(from, limit)
        })
        .await;
    };
    let shown = ops.incident(id).await?;
    let (out, now) = (&mut ctx.out, ops.now());
    if list_formats::single(out, &shown.incident, || documents::incident_shown(&shown))? {
        return Ok(());
    }
    let (it, zone) = (&shown.incident, out.manner.zone);
    let safe = |text: &str| Shown::of_limited(text, 80).into_plain();
    out.line(&format!("incident {}, {}", it.number, it.state()))?;
    let bank = format!(
        "{} ({}), {}",
        safe(&it.institution_name),
        it.institution,
        it.method.words()
    );
    out.field(8, "at", bank)?;
    out.field(8, "fails", safe(&it.what()))?;
    out.field(8, "since", zone.full(it.started))?;
    if let Some(ended) = it.ended {
        out.field(8, "until", zone.full(ended))?;
    }
    out.field(8, "lasts", time_format::words(it.lasted(now)))?;
    let rule = format!(
        "{} of {} fetches failed (of at least {})",
        it.failed,
        it.sample(),
        RULE.least
    );
    out.field(8, "sample", rule)?;
    out.field(8, "hit", count(it.connections, "connection"))?;
    for (id, at) in shown.hit.iter().take(PRINTED) {
        out.line(&format!("  {}  {}", id, zone.full(*at)))?;
    }
    if shown.hit.len() > PRINTED {
        out.line(&format!("  and {} more", shown.hit.len() - PRINTED))?;
    }
    out.line(&format!(
        "list them: switchboard connections '{}'",
        it.filter()
    ))
}
