//! Paints the job history and, under it, the steps of the job under the cursor.

use super::cells::{job_role, result, short, step_role, step_took, step_words, took, tries};
use crate::domain::diagnosis;
use crate::domain::job::countdown;
use crate::domain::job::{Job, Kind, State, Step, StepStatus};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::zone::Zone;
use crate::tui::glyphs::{CURSOR, Signs};
use crate::tui::hit::Hit;
use crate::tui::model::Model;
use crate::tui::panes::Pane;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text, wrap};
use ratatui::layout::Rect;

/// Cells from which a job has its id.
const WIDE: u16 = 48;

/// Cells under which the time it took is left out.
const NARROW: u16 = 32;

/// Cells from which the rest of a wait is told in whole words.
const ROOMY: u16 = 56;

pub(crate) fn paint(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let focused = model.focused(Pane::Jobs);
    let title = model.pane_title(Pane::Jobs, "3 Jobs");
    let following = [span("following", Role::Busy)];
    let following = &following[..usize::from(model.jobs.follow.is_some())];
    canvas.hits(area, Hit::Pane(Pane::Jobs));
    let area = canvas.frame(area, &title, following, focused);
    if let Some(row) = model.beside() {
        inside(canvas, area, model, row, focused);
    }
}

fn inside(canvas: &mut Canvas<'_>, area: Rect, model: &Model, row: &ConnectionRow, focused: bool) {
    // An open job beside it shows the steps.
    let with_steps = !model.panes().iter().any(|(other, _)| *other == Pane::Job);
    let (zone, now) = (model.zone, model.now);
    let model = &model.jobs;
    if model.of.as_ref() != Some(&row.id) {
        let wide = area.width.saturating_sub(1);
        canvas.text(area.x + 1, area.y, wide, "Reading ...", Role::Dim);
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
            &head(area.width),
            Role::Dim,
        );
    }
    let height = usize::from(spare - gap - titled);
    let top = (model.at() + 1).saturating_sub(height);
    for (i, job) in model.jobs.iter().enumerate().skip(top).take(height) {
        let y = area.y + titled + (i - top) as u16;
        let selected = i == model.at();
        let row = Rect {
            y,
            height: 1,
            ..area
        };
        canvas.hits(row, Hit::Job(i));
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
            zone,
            now,
        );
        if selected && focused {
            canvas.over(row, Role::Selected);
        }
    }
    let under = Rect {
        x: area.x + 1,
        y: area.bottom() - below,
        width: area.width.saturating_sub(1),
        height: below,
    };
    canvas.rows(under, &steps);
}

fn none(canvas: &mut Canvas<'_>, area: Rect, row: &ConnectionRow) {
    canvas.text(
        area.x + 1,
        area.y,
        area.width.saturating_sub(1),
        "No job has run yet.",
        Role::Text,
    );
    // no job is known, so nothing is said of one
    let advice = diagnosis::unfetched(row.label);
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

fn head(width: u16) -> String {
    let id = if width >= WIDE { "JOB    " } else { "" };
    let took = if width >= NARROW { " TOOK  " } else { "" };
    format!("{id}{:<8}{:<12}{took}RESULT", "WHAT", "ENDED")
}

/// When it ended; what is open says that in its result.
fn line(canvas: &mut Canvas<'_>, area: Rect, job: &Job, zone: Zone, now: Moment) {
    let (sign, role) = (canvas.signs.job(job.state), job_role(job));
    let kind = match job.kind {
        Kind::UpdateCredentials => "update",
        kind => kind.word(),
    };
    let mut row: Row = vec![span(sign, role), text(" ")];
    if area.width + 1 >= WIDE {
        row.push(span(format!("{:<7}", job.id.short()), Role::Dim));
    }
    row.push(text(format!("{kind:<8}")));
    let wait = countdown::words(job.state, countdown::due(job), now, area.width < ROOMY);
    let result = match (tries(job), result(job)) {
        // under a narrow head the steps below have the code
        (Some(tries), _) if job.state == State::Failed && area.width < WIDE => tries,
        (Some(tries), result) if job.state == State::Failed => format!("{result}, {tries}"),
        (_, result) => result,
    };
    match (job.ended, wait) {
        // what is left of a wait stands where its end and the time it took would
        (None, Some(wait)) => {
            row.push(text(wait));
            if let Some(tries) = tries(job) {
                row.push(span(format!(", {tries}"), Role::Dim));
            }
        }
        (ended, _) => {
            let ended = ended.map_or_else(|| "now".into(), |at| zone.when(at, now));
            row.push(span(format!("{ended:<12}"), Role::Dim));
            if area.width + 1 >= NARROW {
                let took = took(job, now).unwrap_or_default();
                row.push(span(format!("{took:>5}  "), Role::Dim));
            }
            row.push(text(result));
        }
    }
    canvas.row(area.x, area.y, area.width, &row);
}

/// The steps of a job; the first has its id where they are named.
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
                match named {
                    true => step_words(job, at, step, now),
                    false => short(&step_words(job, at, step, now)),
                },
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
