//! Banks: what is declared and measured of each, what waits and runs there, and what holds it back.

use super::said::Said;
use super::{Item, Listed};
use crate::domain::banks::BankNow;
use crate::domain::diagnosis::Health;
use crate::domain::time_format;
use crate::tui::glyphs::Signs;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::Row;
use crate::tui::widgets::table::{Cell, Column, Told, column, figures};

impl Listed for BankNow {
    const COLUMNS: &'static [Column<Self>] = &[
        column("BANK", (18, 30), 0, |it, _| {
            Cell::text(&it.bank.record.name)
        }),
        column("DECLARED", (11, 20), 5, |it, _| {
            let word = it.bank.declared();
            match Health::parse(word) {
                Some(health) => state(health),
                None => Cell::dim(word),
            }
        }),
        column("MEASURED", (11, 20), 0, |it, _| match it.bank.measured() {
            Some(health) => state(health),
            None => Cell::dim("few fetches"),
        }),
        column("SUCCESSES OF 24 HOURS", (24, 24), 4, |it, told| {
            Cell::text(sparkline(it, told.signs))
        }),
        figures("OK 24H", 6, 6, |it, _| {
            Cell::text(it.bank.day().rate_words())
        }),
        figures("OF", 4, 1, |it, _| Cell::number(it.bank.day().sample())),
        figures("BAD 1H", 6, 2, |it, _| match it.bank.failed {
            0 => Cell::dim("0"),
            n => Cell::of(n.to_string(), Role::Warning),
        }),
        figures("QUEUE", 5, 3, |it, _| match it.waiting {
            0 => Cell::dim("0"),
            n => Cell::number(n),
        }),
        figures("SLOTS", 5, 3, |it, _| {
            Cell::text(format!("{}/{}", it.bank.running, it.slots))
        }),
        column("TROUBLE", (11, 34), 0, trouble),
    ];

    fn key(&self) -> String {
        self.bank.record.id.to_string()
    }

    fn item(self) -> Item {
        Item::Bank(Box::new(self))
    }
}

fn state(health: Health) -> Cell {
    let role = match health {
        Health::Operational => Role::Dim,
        Health::UnderMaintenance | Health::DegradedPerformance => Role::Warning,
        Health::PartialOutage | Health::MajorOutage => Role::Danger,
    };
    Cell::of(health.short(), role)
}

/// Held until when, or failing since when.
fn trouble(it: &BankNow, told: Told) -> Cell {
    let held = it.hold.as_ref().map(|hold| {
        let left = time_format::span(hold.ends.since(told.now));
        Cell::of(format!("held {left}"), Role::Pending)
    });
    let open = it.bank.incidents().first().map(|open| {
        let (began, now) = (open.started, told.now);
        // the column has room for a time of today, and for an age, but not for a date
        let text = match told.zone.date(began) == told.zone.date(now) {
            true => format!("since {}", told.zone.spoken(began, now)),
            false => format!("for {}", time_format::age(began, now)),
        };
        Cell::of(text, Role::Danger)
    });
    held.or(open).unwrap_or_else(|| Cell::dim(""))
}

/// Successes an hour, the newest at the right, against the most there were in one; an hour without any is blank.
fn sparkline(it: &BankNow, signs: Signs) -> String {
    let most = it.hours.iter().map(|hour| hour.passed).max().unwrap_or(0);
    let bar = |passed: u64| match passed {
        0 => " ",
        n => signs.bar(usize::try_from(n * 8 / most.max(1)).unwrap_or(0)),
    };
    it.hours.iter().map(|hour| bar(hour.passed)).collect()
}

pub(super) fn detail(it: &BankNow, told: Told, wide: usize) -> Vec<Row> {
    let mut said = Said::new(9, wide);
    let (zone, now) = (told.zone, told.now);
    for way in &it.bank.ways {
        let declared = match way.declared() {
            Some(health) => health.word(),
            None => &way.record.status,
        };
        let words = format!("declared {declared}; measured {}", way.seen());
        let role = if way.healthy() {
            Role::Text
        } else {
            Role::Warning
        };
        said.say_as(way.record.method.short(), &words, role);
    }
    for open in it.bank.incidents() {
        let words = format!(
            "{}; {} ({})",
            open.words(zone, now),
            open.what(),
            open.method.short()
        );
        said.say_as("incident", &words, Role::Danger);
    }
    if let Some(until) = it.bank.outage {
        let words = format!("an outage of the sandbox until {}", zone.spoken(until, now));
        said.say_as("outage", &words, Role::Warning);
    }
    if let Some(hold) = &it.hold {
        said.say_as("held", &hold.words(zone, now), Role::Pending);
    }
    let queue = format!(
        "{} of {} slots in use, {} waiting",
        it.bank.running, it.slots, it.waiting
    );
    said.say("queue", &queue);
    let command = format!("switchboard institution {}", it.bank.record.id);
    said.say_as("command", &command, Role::Dim);
    said.rows
}
