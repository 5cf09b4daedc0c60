//! `institutions` and `institution ID`: banks, their connectors, and the health of those.

use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::documents::{self, connector_whose};
use crate::cli::exit::Failure;
use crate::cli::list_formats;
use crate::cli::output::{Out, Tone};
use crate::domain::diagnosis::{Health, advice};
use crate::domain::health::{Span, Window};
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::ops::Way;

/// How many of the most frequent codes are printed.
const CODES: usize = 5;

pub(crate) async fn list(ctx: &mut Context) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let banks = ops.institutions().await?;
    list_formats::whole(&mut ctx.out, ops.now(), Some(banks.len() as u64), &banks)
}

pub(crate) async fn one(ctx: &mut Context, id: &str) -> Result<(), Failure> {
    let ops = ctx.reading()?;
    let bank = ops.institution(&id.trim().to_uppercase().into()).await?;
    let slots = ctx.config.limits.per_institution;
    if matches!(ctx.out.manner.form, Format::Json | Format::Jsonl) {
        let mut document = documents::bank(&bank);
        document["slots"] = slots.into();
        return ctx.out.document(&document);
    }
    list_formats::whole(&mut ctx.out, ops.now(), None, std::slice::from_ref(&bank))?;
    if !ctx.out.for_people() {
        return Ok(());
    }
    let (out, now) = (&mut ctx.out, ops.now());
    out.line(&format!(
        "\n{} of {slots} places are taken by fetches that run now",
        bank.running
    ))?;
    if let Some(until) = bank.outage {
        out.line(&format!("sandbox outage until {until}"))?;
    }
    for way in &bank.ways {
        people(out, way, now)?;
    }
    Ok(())
}

fn people(out: &mut Out, way: &Way, now: Moment) -> Result<(), Failure> {
    let safe = |text: &str| Shown::of_limited(text, 80).into_plain();
    let record = &way.record;
    let heading = format!(
        "{} ({}; signs in by {})",
        record.method.words(),
        record.stage,
        record.authorization
    );
    let heading = out.toned(Tone::Strong, &safe(&heading));
    out.line(&format!("\n{heading}"))?;
    out.line(&format!(
        "  declared   {}",
        way.declared()
            .map_or_else(|| safe(&record.status), |h| h.word().into())
    ))?;
    out.line(&format!("  measured   {}", way.seen()))?;
    if let Some(open) = &way.incident {
        let words = open.words(out.manner.zone, now);
        let words = format!(
            "  incident   {}: {}; {}",
            open.number,
            words,
            safe(&open.what())
        );
        out.line(&words)?;
    }
    for window in Window::ALL {
        let figures = way.measured.figures(window);
        if figures.sample() + figures.user == 0 {
            out.line(&format!(
                "  {:<9}  nothing was fetched",
                format!("last {}", window.word())
            ))?;
            continue;
        }
        out.line(&format!(
            "  {:<9}  {} of {} worked; failed: {} user, {} bank, {} us",
            format!("last {}", window.word()),
            figures.rate_words(),
            figures.sample(),
            figures.user,
            figures.bank,
            figures.us
        ))?;
    }
    if way.measured.cut {
        out.line("             only the newest are counted; there are more")?;
    }
    if let Some(times) = &way.times {
        let took = |span: &Span| {
            format!(
                "half in {}, most in {}",
                seconds(span.p50_ms),
                seconds(span.p95_ms)
            )
        };
        for (title, span) in &times.steps {
            out.line(&format!("  {:<21}  {}", title.word(), took(span)))?;
        }
        out.line(&format!(
            "  {:<21}  {} ({} timed)",
            "a whole fetch",
            took(&times.total),
            times.total.sample
        ))?;
    }
    for line in way.health().map_or(&[][..], Health::advice) {
        out.line(&format!("  - {line}"))?;
    }
    for (code, count) in way.measured.codes.iter().take(CODES) {
        let words = advice(code);
        out.line(&format!(
            "  {count} x {}: {}; next step: {}",
            safe(code),
            words.headline,
            connector_whose(code).words()
        ))?;
        for line in words.to_do(record.method) {
            out.line(&format!("      {line}"))?;
        }
    }
    Ok(())
}

fn seconds(ms: i64) -> String {
    format!("{}.{}s", ms / 1_000, ms % 1_000 / 100)
}
