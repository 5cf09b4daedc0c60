//! What is said of a job or a step in one cell, in the history and in an open job.

use crate::domain::diagnosis;
use crate::domain::job::countdown;
use crate::domain::job::{Job, Kind, State, Step, StepStatus};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::tui::role::Role;

/// A wait shows what is left of it.
pub(crate) fn took(job: &Job, now: Moment) -> Option<String> {
    let from = job.steps.iter().find_map(|s| s.started)?;
    let until = match job.state {
        State::Running | State::WaitingMfa => now,
        _ => job.ended?,
    };
    Some(time_format::took(until.since(from)))
}

pub(crate) fn job_role(job: &Job) -> Role {
    match job.state {
        State::Running => Role::Busy,
        State::Succeeded => Role::Good,
        State::Failed => Role::Failed,
        State::Cancelled => Role::Deleted,
        State::Queued | State::Paused | State::WaitingMfa | State::WaitingRetry => Role::Pending,
    }
}

/// What it brought, what it failed with after how many tries, or where it stands.
pub(crate) fn result(job: &Job) -> String {
    let (of, at) = (job.steps.len(), job.current());
    let step = job.steps.get(at).map_or("", |s| s.title.short());
    match job.state {
        State::Succeeded => job
            .steps
            .iter()
            .rev()
            .find_map(|step| step.note.as_deref())
            .map_or_else(|| "done".into(), |note| brought(job.kind, note).to_owned()),
        State::Failed => job.failed_step().map_or_else(
            || "failed".into(),
            |(_, failure)| diagnosis::of_code(&failure.code),
        ),
        State::Cancelled => "cancelled".into(),
        State::Queued => "queued".into(),
        // what is paused until no time waits for its user
        State::Paused if job.next_attempt.is_none() => "awaits user".into(),
        State::Paused => "paused".into(),
        State::WaitingMfa => format!("{}/{of} asks the user", at + 1),
        State::WaitingRetry => format!("{}/{of} retries {step}", at + 1),
        State::Running => format!("{}/{of} {step}", at + 1),
    }
}

/// What a job that succeeded brought, from the note of its last step.
fn brought(kind: Kind, note: &str) -> &str {
    match kind {
        Kind::Purge if note.starts_with("0 of ") => "none found",
        Kind::Revoke => note.split(':').next().unwrap_or(note),
        _ => news(note),
    }
}

/// A note in few letters: `80, 12 new` of `80 read, 12 new`.
pub(super) fn short(note: &str) -> String {
    note.replace(" read, ", ", ").replace(" found, ", ", ")
}

/// Of `80 read, 12 new` and `80 (12 new)` what is new.
fn news(note: &str) -> &str {
    let inner = note
        .strip_suffix(')')
        .and_then(|note| note.rsplit('(').next());
    inner.or(note.rsplit(", ").next()).unwrap_or(note)
}

/// How often it was tried, where that was more than once: `85 tries`.
pub(super) fn tries(job: &Job) -> Option<String> {
    (job.attempt > 1).then(|| format!("{} tries", job.attempt))
}

pub(crate) fn step_role(status: StepStatus) -> Role {
    match status {
        StepStatus::Pending => Role::PreInit,
        StepStatus::InProgress => Role::Busy,
        StepStatus::Success => Role::Good,
        StepStatus::Failed => Role::Failed,
    }
}

pub(crate) fn step_took(step: &Step, now: Moment) -> String {
    step.started.map_or(String::new(), |from| {
        time_format::took(step.ended.unwrap_or(now).since(from))
    })
}

/// What a step brought, what it failed with, or what it waits for.
pub(crate) fn step_words(job: &Job, at: usize, step: &Step, now: Moment) -> String {
    let wait = || countdown::words(job.state, countdown::due(job), now, true);
    match (step.status, &step.failure, &step.note) {
        (StepStatus::Failed, Some(failure), _) => failure.code.clone(),
        (StepStatus::Pending, Some(failure), _) => {
            let waits = wait().unwrap_or_else(|| "waits to retry".into());
            format!("{waits}, after {}", failure.code)
        }
        (StepStatus::Pending, None, _) if !job.state.open() => "not reached".into(),
        (StepStatus::Pending, None, _) if at == 0 && job.state != State::Running => {
            wait().unwrap_or_else(|| job.state.word().into())
        }
        (StepStatus::InProgress, _, None) if job.state == State::WaitingMfa => {
            wait().unwrap_or_else(|| "waits for the user's answer".into())
        }
        (_, _, Some(note)) => note.clone(),
        _ => String::new(),
    }
}
