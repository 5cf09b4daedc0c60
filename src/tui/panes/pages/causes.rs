//! Causes: what is broken, by what it failed with.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::diagnosis::{CauseShown, Trend, Whose};
use crate::domain::job::Title;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column, figures};

impl Listed for CauseShown {
    const COLUMNS: &'static [Column<Self>] = &[
        figures("COUNT", 5, 0, |it, _| Cell::number(it.cause.count)),
        column("BANK", (12, 28), 0, |it, _| {
            Cell::text(&it.cause.institution_name)
        }),
        column("VIA", (3, 3), 2, |it, _| Cell::dim(it.cause.method.short())),
        column("STEP", (12, 14), 4, |it, _| Cell::dim(step(it))),
        column("CODE", (14, 30), 0, |it, _| Cell::text(code(it))),
        column("SINCE", (7, 7), 6, |it, _| Cell::age(it.cause.first)),
        column("TREND", (7, 16), 3, trend),
        column("MOVE", (4, 6), 5, |it, _| whose(it.remedy.whose)),
        column("REMEDY", (16, 80), 1, |it, _| {
            let held = it.hold.as_ref().map(|_| "held");
            let first = it.remedy.what_to_do.first().copied();
            Cell::text(held.or(first).unwrap_or(""))
        }),
    ];

    fn key(&self) -> String {
        let cause = &self.cause;
        format!(
            "{} {} {} {}",
            cause.institution,
            cause.method.short(),
            step(self),
            code(self)
        )
    }

    fn item(self) -> Item {
        Item::Cause(Box::new(self))
    }
}

pub(super) fn name(it: &CauseShown) -> String {
    let cause = &it.cause;
    let (bank, method) = (&cause.institution_name, cause.method.words());
    match step(it) {
        "" => format!("{bank} ({method})  {}", code(it)),
        step => format!("{bank} ({method})  {step}  {}", code(it)),
    }
}

fn step(it: &CauseShown) -> &str {
    it.cause.step.as_ref().map_or("", Title::short)
}

fn code(it: &CauseShown) -> &str {
    it.cause.code.as_deref().unwrap_or("none recorded")
}

/// Of a day, against the day before.
fn trend(it: &CauseShown, _: Told) -> Cell {
    let (cause, trend) = (&it.cause, it.cause.trend());
    let role = match trend {
        Trend::Rising => Role::Warning,
        Trend::Steady | Trend::Falling => Role::Dim,
    };
    Cell::of(
        format!("{} {}/{}", trend.word(), cause.day, cause.before),
        role,
    )
}

fn whose(whose: Whose) -> Cell {
    let role = match whose {
        // only this is for whoever reads it
        Whose::Us => Role::Danger,
        Whose::Nobody | Whose::User | Whose::Bank | Whose::System => Role::Text,
    };
    Cell::of(whose.word(), role)
}

pub(super) fn detail(it: &CauseShown, told: Told, wide: usize) -> Vec<Row> {
    let (cause, remedy) = (&it.cause, &it.remedy);
    let mut said = Said::new(6, wide);
    said.say("WHY", remedy.headline);
    said.say("MOVE", remedy.whose.words());
    for (at, line) in remedy.what_to_do.iter().enumerate() {
        said.say(if at == 0 { "NEXT" } else { "" }, line);
    }
    if let Some(outage) = &it.outage {
        said.say_as("BANK", &outage.words(), Role::Warning);
    }
    if let Some(hold) = &it.hold {
        said.say_as("HELD", &hold.words(told.zone, told.now), Role::Pending);
    }
    let (first, last) = (
        told.zone.when(cause.first, told.now),
        told.zone.when(cause.last, told.now),
    );
    let retrying = match cause.retrying {
        0 => String::new(),
        n => format!("; {n} retried by themselves"),
    };
    let seen = format!(
        "first {first}, last {last}; {} in the last hour, {} in 24 hours, {} in the 24 hours before{retrying}",
        cause.hour, cause.day, cause.before
    );
    said.say_as("SEEN", &seen, Role::Dim);
    said.say_as("FIND", &cause.filter(), Role::Dim);
    said.rows
}
