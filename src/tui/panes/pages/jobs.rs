//! All jobs, newest first, whatever connection they are of.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::job::Job;
use crate::domain::job::countdown;
use crate::domain::stuck;
use crate::domain::time_format;
use crate::tui::panes::jobs::cells::{job_role, result, took};
use crate::tui::panes::jobs::view::steps;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column, figures};

impl Listed for Job {
    const COLUMNS: &'static [Column<Self>] = &[
        column("STATE", (9, 16), 0, |job, told| {
            let words = format!("{} {}", told.signs.job(job.state), job.state.word());
            Cell::of(words, job_role(job))
        }),
        column("JOB", (6, 6), 4, |job, _| Cell::dim(job.id.short())),
        column("WHAT", (7, 18), 5, |job, _| Cell::text(job.kind.word())),
        column("BANK", (10, 28), 0, |job, _| {
            Cell::text(&job.institution_name)
        }),
        column("CONNECTION", (10, 10), 1, |job, _| {
            Cell::dim(job.connection.short())
        }),
        column("MADE", (7, 7), 6, |job, _| Cell::age(job.created)),
        figures("TOOK", 7, 2, |job, told| {
            Cell::dim(took(job, told.now).unwrap_or_default())
        }),
        figures("TRIES", 5, 3, |job, _| match job.attempt {
            0 => Cell::dim(""),
            n => Cell::number(u64::from(n)),
        }),
        column("RESULT", (14, 44), 0, |job, told| {
            let wait = countdown::words(job.state, countdown::due(job), told.now, true);
            Cell::of(wait.unwrap_or_else(|| result(job)), job_role(job))
        }),
    ];

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn item(self) -> Item {
        Item::Job(Box::new(self))
    }
}

pub(super) fn detail(job: &Job, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(6, wide);
    let (zone, now) = (told.zone, told.now);
    let ended = job.ended.map_or_else(String::new, |at| {
        let (at, took) = (zone.when(at, now), at.since(job.created));
        format!("; ended {at}, {} later", time_format::words(took))
    });
    let tries = match job.attempt {
        0 | 1 => String::new(),
        n => format!("; {n} tries"),
    };
    let made = zone.when(job.created, now);
    said.say("WHEN", &format!("made {made}{ended}{tries}"));
    said.say(
        "OF",
        &format!("{} of user {}", job.connection, job.user.short()),
    );
    if let Some((runs, stuck)) = job.step_runs(now) {
        let role = if stuck { Role::Danger } else { Role::Text };
        let title = job.steps[job.current()].title.short();
        let words = format!("at {title} {}", stuck::told(runs, job.usual));
        said.say_as(if stuck { "STUCK" } else { "NOW" }, &words, role);
    }
    said.rows.extend(steps(job, told.signs, now, false));
    said.rows
}
