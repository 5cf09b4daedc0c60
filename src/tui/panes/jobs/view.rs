//! Paints the job history and, under it, the steps of the job under the cursor.
//!
//! ```text
//! |   JOB    WHAT     STARTED    TOOK  RESULT     |
//! |>v 8c21f0 refresh  08:31:02   0:48  3/3 done   |
//! |                                               |
//! | 8c21f0 v sign-in        0:06                  |
//! |        v accounts       0:03  3 accounts      |
//! ```

use super::{Model, countdown};
use crate::domain::diagnosis;
use crate::domain::job::{Job, State, Step, StepStatus};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::domain::views::ConnectionRow;
use crate::tui::glyphs::{CURSOR, Signs};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text, wrap};
use ratatui::layout::Rect;

/// Cells from which jobs are shown with their ids and times.
const WIDE: u16 = 42;

/// Cells from which what is left of a wait is told in whole words.
const ROOMY: u16 = 56;

/// How the pane is painted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    /// The world's time.
    pub(crate) now: Moment,
    /// Whether the pane has the keys.
    pub(crate) focused: bool,
    /// Whether the steps of the job under the cursor belong here.
    pub(crate) steps: bool,
}

/// Paints the pane into the rectangle inside its frame.
pub(crate) fn paint(
    canvas: &mut Canvas<'_>,
    area: Rect,
    model: &Model,
    row: &ConnectionRow,
    scene: Scene,
) {
    let Scene {
        now,
        focused,
        steps: with_steps,
    } = scene;
    if model.of.as_ref() != Some(&row.id) {
        canvas.text(
            area.x + 1,
            area.y,
            area.width.saturating_sub(1),
            "reading ...",
            Role::Dim,
        );
        return;
    }
    let Some(current) = model.current() else {
        return none(canvas, area, row);
    };
    let steps = steps(current, canvas.signs, now, area.width >= WIDE);
    // Steps get their rows as long as one job stays visible above them.
    let below = if with_steps && area.height >= 4 {
        (steps.len() as u16).min(area.height - 1)
    } else {
        0
    };
    let spare = area.height - below;
    let titled = u16::from(spare >= 4);
    let gap = u16::from(spare >= 6 && below > 0);
    if titled > 0 {
        canvas.text(
            area.x + 3,
            area.y,
            area.width.saturating_sub(3),
            head(area.width),
            Role::Dim,
        );
    }
    let height = usize::from(spare - gap - titled);
    let top = (model.at() + 1).saturating_sub(height);
    for (i, job) in model.jobs.iter().enumerate().skip(top).take(height) {
        let y = area.y + titled + (i - top) as u16;
        let selected = i == model.at();
        if selected {
            canvas.text(area.x, y, 1, CURSOR, Role::Text);
        }
        line(
            canvas,
            Rect {
                x: area.x + 1,
                y,
                width: area.width - 1,
                height: 1,
            },
            job,
            now,
        );
        if selected && focused {
            canvas.over(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                Role::Selected,
            );
        }
    }
    for (i, row) in steps.iter().take(usize::from(below)).enumerate() {
        canvas.row(
            area.x + 1,
            area.bottom() - below + i as u16,
            area.width.saturating_sub(1),
            row,
        );
    }
}

fn none(canvas: &mut Canvas<'_>, area: Rect, row: &ConnectionRow) {
    canvas.text(
        area.x + 1,
        area.y,
        area.width.saturating_sub(1),
        "No job has run.",
        Role::Text,
    );
    let advice = diagnosis::state(row.label);
    let words = format!(
        "{} {}: {}.",
        canvas.signs.label(row.label),
        row.label.word(),
        advice.headline
    );
    let lines = wrap(
        &words,
        usize::from(area.width.saturating_sub(2)),
        Role::of(row.label),
    );
    for (line, y) in lines.iter().zip(area.y + 2..area.bottom()) {
        canvas.row(area.x + 1, y, area.width.saturating_sub(1), line);
    }
}

fn head(width: u16) -> &'static str {
    if width >= WIDE {
        "JOB    WHAT     STARTED       TOOK  RESULT"
    } else {
        "WHAT      TOOK  RESULT"
    }
}

fn line(canvas: &mut Canvas<'_>, area: Rect, job: &Job, now: Moment) {
    let (sign, role) = (canvas.signs.job(job.state), job_role(job));
    let took = took(job, now).unwrap_or_default();
    let kind = if job.kind.word().len() > 8 {
        "update"
    } else {
        job.kind.word()
    };
    let mut row: Row = vec![span(sign, role), text(" ")];
    if area.width + 1 >= WIDE {
        row.push(span(format!("{:<7}", job.id.short()), Role::Dim));
        row.push(text(format!("{kind:<9}")));
        row.push(span(
            format!("{:<12}", started(job.created, now)),
            Role::Dim,
        ));
    } else {
        row.push(text(format!("{kind:<8}")));
    }
    // What is left of a wait stands where the time it took would, and has both columns.
    match countdown::words(job.state, countdown::due(job), now, area.width < ROOMY) {
        Some(wait) => row.push(span(format!(" {wait}"), role)),
        None => {
            row.push(span(format!("{took:>6}  "), Role::Dim));
            row.push(span(result(job), role));
        }
    }
    canvas.row(area.x, area.y, area.width, &row);
}

/// How long it took, or has taken so far. What is left of a wait is told instead of what has passed of it.
pub(crate) fn took(job: &Job, now: Moment) -> Option<String> {
    let from = job.steps.iter().find_map(|s| s.started)?;
    let until = match job.state {
        State::Running | State::WaitingMfa => now,
        _ => job.ended?,
    };
    Some(time_format::took(until.since(from)))
}

/// Today's jobs by their time, older ones by their day too.
fn started(at: Moment, now: Moment) -> String {
    if at.day() == now.day() {
        time_format::clock(at)
    } else {
        at.utc().format("%m-%d %H:%M").to_string()
    }
}

/// The role of a job.
pub(crate) fn job_role(job: &Job) -> Role {
    match job.state {
        State::Running => Role::Busy,
        State::Succeeded => Role::Good,
        State::Failed => Role::Failed,
        State::Cancelled => Role::Deleted,
        State::Queued | State::Paused | State::WaitingMfa | State::WaitingRetry => Role::Pending,
    }
}

/// One job's outcome in few words.
pub(crate) fn result(job: &Job) -> String {
    let (of, at) = (job.steps.len(), job.current());
    let step = job.steps.get(at).map_or("", |s| s.title.short());
    match job.state {
        State::Succeeded => format!("{of}/{of} done"),
        State::Failed => match job.failed_step() {
            Some((step, failure)) => format!("{} {}", step.title.short(), failure.code),
            None => "failed".into(),
        },
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

/// The steps of a job, a row each.
pub(crate) fn steps(job: &Job, signs: Signs, now: Moment, named: bool) -> Vec<Row> {
    let head = |at| match (named, at) {
        (false, _) => "  ".into(),
        (true, 0) => format!("{:<7}", job.id.short()),
        (true, _) => " ".repeat(7),
    };
    let row = |(at, step): (usize, &Step)| {
        vec![
            span(head(at), Role::Dim),
            span(
                format!("{} {:<12}", signs.step(step.status), step.title.short()),
                step_role(step.status),
            ),
            span(format!(" {:>5}  ", step_took(step, now)), Role::Dim),
            span(
                step_words(job, at, step, now),
                if step.status == StepStatus::Failed {
                    Role::Failed
                } else {
                    Role::Text
                },
            ),
        ]
    };
    job.steps.iter().enumerate().map(row).collect()
}

/// The role of a step.
pub(crate) fn step_role(status: StepStatus) -> Role {
    match status {
        StepStatus::Pending => Role::PreInit,
        StepStatus::InProgress => Role::Busy,
        StepStatus::Success => Role::Good,
        StepStatus::Failed => Role::Failed,
    }
}

/// How long a step took, or has taken so far.
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
