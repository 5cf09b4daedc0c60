//! The rows of an open job.

use super::Model as OpenJob;
use crate::domain::connection::Method;
use crate::domain::diagnosis;
use crate::domain::job::countdown;
use crate::domain::job::{Job, State};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::domain::zone::Zone;
use crate::tui::glyphs::{CURSOR, Signs};
use crate::tui::model::Model;
use crate::tui::panes::jobs::cells::{job_role, step_role, step_took, step_words, took};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, hanging, span, text, width, wrap};

/// Cells from which a step has the time it began.
const ROOMY: usize = 44;

/// How far in stands what has no room beside its step.
const BELOW: usize = 6;

/// The rows, and which of them the cursor is on.
pub(super) fn rows(screen: &Model, model: &OpenJob, wide: u16) -> (Vec<Row>, usize) {
    let (signs, now, wide) = (screen.signs, screen.now, usize::from(wide));
    let Some(job) = &model.job else {
        let words = if model.missing {
            "This job no longer exists."
        } else {
            "Reading ..."
        };
        return (vec![vec![span(words, Role::Dim)]], 0);
    };
    let method = screen.beside().map_or(Method::Web, |row| row.method);
    let mut rows = vec![head(job, signs, now), vec![]];
    let mut cursor = rows.len();
    for (i, step) in job.steps.iter().enumerate() {
        let here = i == model.step;
        if here {
            cursor = rows.len();
        }
        let sign = if here { CURSOR } else { " " };
        let named = format!(
            "{} {} {:<12}",
            signs.step(step.status),
            i + 1,
            step.title.short()
        );
        // the open step has the time it began among its details
        let started = (step.started).map_or("-".into(), |at| screen.zone.clock(at));
        let started = match wide {
            ROOMY.. => format!(" {started:<8}"),
            _ => String::new(),
        };
        let mut row = vec![
            text(format!("{sign} ")),
            span(named, step_role(step.status)),
            span(
                format!("{started} {:>5}  ", step_took(step, now)),
                Role::Dim,
            ),
        ];
        let role = match step.failure {
            Some(_) => Role::Failed,
            None => Role::Text,
        };
        let words = span(step_words(job, i, step, now), role);
        let fits = width(&row) + words.text.width() <= wide;
        if fits {
            row.push(words);
            rows.push(row);
        } else {
            rows.push(row);
            let below = wrap(words.text.plain(), wide.saturating_sub(BELOW), role);
            let indented = |row: Row| {
                std::iter::once(text(" ".repeat(BELOW)))
                    .chain(row)
                    .collect()
            };
            rows.extend(below.into_iter().map(indented));
        }
        if here && model.detail {
            detail(&mut rows, job, i, screen.zone, wide);
        }
    }
    rows.push(vec![]);
    waiting(&mut rows, job, screen, wide);
    outcome(&mut rows, job, method, wide);
    rows.push(vec![span(
        format!("job {}   connection {}", job.id, job.connection),
        Role::Dim,
    )]);
    (rows, cursor)
}

fn head(job: &Job, signs: Signs, now: Moment) -> Row {
    let took = took(job, now);
    let wait = countdown::words(job.state, countdown::due(job), now, false);
    let place = format!("step {} of {}", job.current() + 1, job.steps.len());
    let words = match (job.state, took) {
        (State::Succeeded, Some(took)) => format!("all {} steps done in {took}", job.steps.len()),
        (State::Failed, Some(took)) => format!("at {place} after {took}"),
        (State::Cancelled | State::Succeeded | State::Failed, _) => String::new(),
        (_, Some(took)) => format!("{place}   {took} so far"),
        (_, None) if job.steps.iter().all(|s| s.started.is_none()) => {
            format!("{place}   not started")
        }
        (_, None) => place,
    };
    let words = wait.map_or(words.clone(), |wait| format!("{words}   {wait}"));
    let mut row = vec![
        span(
            format!("{} {}", signs.job(job.state), job.state.word()),
            job_role(job),
        ),
        text(format!("   {words}")),
    ];
    if job.attempt > 1 {
        row.push(span(format!("   attempt {}", job.attempt), Role::Dim));
    }
    if let Some(ended) = job.ended {
        row.push(span(
            format!("   ended {}", time_format::ago(ended, now)),
            Role::Dim,
        ));
    }
    row
}

fn detail(rows: &mut Vec<Row>, job: &Job, at: usize, zone: Zone, wide: usize) {
    let step = &job.steps[at];
    let mut line = |word: &str, words: &str, role| {
        let head = span(format!("      {word:<10}"), Role::Dim);
        hanging(rows, head, words, role, wide);
    };
    line("step", step.title.word(), Role::Text);
    line("status", step.status.word(), Role::Text);
    if let Some(started) = step.started {
        line("started", &zone.date_time(started), Role::Text);
    }
    if let Some(note) = &step.note {
        line("brought", note, Role::Text);
    }
    if let Some(failure) = &step.failure {
        line("code", &failure.code, Role::Failed);
        line("title", &failure.title, Role::Text);
        line("detail", &failure.detail, Role::Text);
    }
}

fn waiting(rows: &mut Vec<Row>, job: &Job, screen: &Model, wide: usize) {
    let clock = |at| screen.zone.when(at, screen.now);
    let words = match job.state {
        State::WaitingMfa => job.challenge.as_ref().map(|asked| {
            let by = clock(asked.expires);
            format!(
                "The bank asks: {} Answer with A by {by}, or the job fails.",
                asked.description
            )
        }),
        State::WaitingRetry => job.next_attempt.map(|at| {
            let next = screen.zone.spoken(at, screen.now);
            format!(
                "It retries by itself at {next}; r retries now. Attempts so far: {}.",
                job.attempt
            )
        }),
        State::Paused => Some(match job.next_attempt {
            Some(at) => format!(
                "Paused until {}: another connection uses the same login.",
                clock(at)
            ),
            None => "Paused until the user has finished the authorisation at the bank.".into(),
        }),
        State::Queued => {
            Some("Queued; a worker takes it as soon as there is room at this bank.".into())
        }
        State::Running => Some("The job continues if you quit, as long as a worker runs.".into()),
        State::Succeeded | State::Failed | State::Cancelled => None,
    };
    if let Some(words) = words {
        rows.extend(wrap(&words, wide, Role::Dim));
        rows.push(vec![]);
    }
}

fn outcome(rows: &mut Vec<Row>, job: &Job, method: Method, wide: usize) {
    let Some((step, failure)) = job.failed_step() else {
        return;
    };
    let advice = diagnosis::advice_for(failure, job.failed_at_challenge());
    let what = format!(
        "{} (code {}, step {}).",
        advice.headline,
        failure.code,
        step.title.short()
    );
    let mut lines = vec![
        ("WHAT", what),
        ("NEXT STEP", format!("{}.", advice.whose.words())),
    ];
    lines.extend(
        advice
            .to_do(method)
            .iter()
            .map(|todo| ("TO DO", (*todo).to_owned())),
    );
    lines.extend(
        advice
            .will_not_help
            .iter()
            .map(|no| ("WON'T HELP", (*no).to_owned())),
    );
    let mut before = "";
    for (word, words) in lines {
        let caption = if word == before { "" } else { word };
        let head = span(format!("{caption:<12}"), Role::Title);
        hanging(rows, head, &words, Role::Text, wide);
        before = word;
    }
    rows.push(vec![]);
}
