//! `jobs [FILTER]` and `job ID`: the job history, and one job with its steps.

use super::connections::filter;
use super::paged::{self, counted, exact};
use crate::cli::args::{Format, Part};
use crate::cli::context::Context;
use crate::cli::documents::{self, job_tone};
use crate::cli::exit::Failure;
use crate::cli::given_ids;
use crate::cli::list_formats;
use crate::cli::output::{Out, safe};
use crate::domain::job::{Job, Kind, State, Step, StepStatus};
use crate::domain::query::Scope;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::domain::views::Sort;
use crate::ops::{List, Ops};

pub(crate) async fn list(ctx: &mut Context, words: &[String], part: &Part) -> Result<(), Failure> {
    let query = filter(ctx, &words.join(" "), Scope::Jobs)?;
    let list = format!("jobs {}", query.text);
    let ops = ctx.reading()?;
    let most = counted(ctx);
    let size = async { Ok(exact(ops.job_size(&query, most).await?)) };
    let ask = |from, limit| {
        ops.jobs(List {
            query: query.clone(),
            sort: Sort::default(),
            from,
            limit,
        })
    };
    paged::print(ctx, &ops, &list, part, size, ask).await
}

/// With `follow`, prints every change until it has ended.
pub(crate) async fn one(ctx: &mut Context, id: &str, follow: bool) -> Result<(), Failure> {
    let id = given_ids::one(id)?;
    let ops = ctx.reading()?;
    let id = ops.resolve_job(&id).await?;
    if !follow {
        let job = ops.job(&id).await?;
        return present(&mut ctx.out, &ops, &job, false).await;
    }
    let out = &mut ctx.out;
    let mut written = Ok(());
    let mut before: Vec<Step> = vec![];
    let job = ops
        .wait(&id, None, |job| {
            let said = match out.manner.form {
                Format::Jsonl => out.document(&documents::job(job)),
                Format::Table => changes(out, job, &before),
                Format::Json | Format::Csv => Ok(()),
            };
            let said = said.and_then(|()| out.flush());
            if written.is_ok() {
                written = said;
            }
            before.clone_from(&job.steps);
        })
        .await?;
    written?;
    if out.manner.form != Format::Jsonl {
        present(out, &ops, &job, false).await?;
    }
    ended_well(&job)
}

fn changes(out: &mut Out, job: &Job, before: &[Step]) -> Result<(), Failure> {
    for (at, step) in job.steps.iter().enumerate() {
        if before.get(at) != Some(step) {
            let line = step_line(step);
            let at = out.manner.zone.clock(job.updated);
            out.line(&format!("{at} {line}"))?;
        }
    }
    Ok(())
}

/// Prints a job; a finished purge with its certificate.
pub(crate) async fn present(
    out: &mut Out,
    ops: &Ops,
    job: &Job,
    again: bool,
) -> Result<(), Failure> {
    let documented = matches!(out.manner.form, Format::Json | Format::Jsonl);
    if !documented || job.kind != Kind::Purge || job.state != State::Succeeded {
        return print(out, job, again);
    }
    // an old purge has no certificate, and without the master key none can be read
    let proof = ops.certificate(job.id.as_str()).await.ok();
    let proof =
        proof.map(|(certificate, digest)| documents::certificate(&certificate, &digest, &[]));
    out.document(&documents::proven(job, again, proof))
}

pub(crate) fn print(out: &mut Out, job: &Job, again: bool) -> Result<(), Failure> {
    if list_formats::single(out, job, || documents::deduplicated(job, again))? {
        return Ok(());
    }
    people(out, job)
}

fn people(out: &mut Out, job: &Job) -> Result<(), Failure> {
    let zone = out.manner.zone;
    let label = out.toned(job_tone(job.label()), job.label().name());
    let bank = Shown::of_limited(&job.institution_name, 60).into_plain();
    out.line(&format!("job {}", safe(job.id.as_str())))?;
    out.line(&format!(
        "{} of connection {} at {bank}",
        job.kind.word(),
        safe(job.connection.as_str())
    ))?;
    out.line(&format!(
        "{label}, {}; made {}, updated {}",
        job.state,
        zone.full(job.created),
        zone.date_time(job.updated)
    ))?;
    if job.attempt > 1 || job.next_attempt.is_some() {
        let next = job.next_attempt.map_or_else(String::new, |at| {
            format!(", the next at {}", zone.date_time(at))
        });
        out.line(&format!("attempts: {}{next}", job.attempt))?;
    }
    for step in &job.steps {
        out.line(&format!("  {}", step_line(step)))?;
    }
    if let Some(challenge) = job
        .challenge
        .as_ref()
        .filter(|_| matches!(job.state, State::WaitingMfa | State::Paused))
    {
        out.line(&format!(
            "the bank asks until {}: {}",
            zone.full(challenge.expires),
            safe(&challenge.description)
        ))?;
        for input in &challenge.input {
            out.line(&format!("  {}", safe(input)))?;
        }
        match job.state {
            State::WaitingMfa => out.line(&format!(
                "answer with: switchboard answer {} TEXT...",
                job.id.short()
            ))?,
            _ => out.line("it came by an import, and is answered where it runs")?,
        }
    }
    Ok(())
}

fn step_line(step: &Step) -> String {
    let took = match (step.started, step.ended) {
        (Some(started), Some(ended)) => format!("  {}", time_format::took(ended.since(started))),
        _ => String::new(),
    };
    let note = step
        .note
        .as_deref()
        .map_or_else(String::new, |note| format!("  {}", safe(note)));
    let failure = step.failure.as_ref().map_or_else(String::new, |f| {
        format!("  {}: {}", safe(&f.code), safe(&f.detail))
    });
    format!(
        "{:<22} {:<11}{took}{note}{failure}",
        safe(step.title.word()),
        step.status.word()
    )
}

pub(crate) fn ended_well(job: &Job) -> Result<(), Failure> {
    if job.state.open() || job.state == State::Succeeded {
        return Ok(());
    }
    let step = job.steps.iter().find(|s| s.status == StepStatus::Failed);
    let at = step.map_or("before it began", |s| s.title.word());
    let code = job
        .failed_step()
        .map_or("cancelled", |(_, failure)| failure.code.as_str());
    Err(Failure::JobFailed(format!(
        "the {} failed at {at} ({code}); `switchboard why {}` says what to do",
        job.kind.word(),
        job.connection.short()
    )))
}
