//! What the profile says: why it is so, whose move it is and what can be done come first, then the person and their data.

use super::{accounts, reason};
use crate::domain::connection::{Label, Method, Origin};
use crate::domain::diagnosis::remarks;
use crate::domain::insight::Insights;
use crate::domain::mask::MaskedProfile;
use crate::domain::moment::Moment;
use crate::domain::policy;
use crate::domain::rows::ConnectionRow;
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::domain::views::ConnectionPane;
use crate::domain::zone::Zone;
use crate::tui::glyphs::Signs;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, Span, count, hanging, span, text, thousands, width, wrap};

const CAPTION: usize = 8;

/// Cells from which the way to the bank is written out.
const ROOMY: usize = 44;

pub(super) fn rows(model: &Model, wide: u16) -> Vec<Row> {
    let Some(row) = model.beside() else {
        return vec![];
    };
    let wide = usize::from(wide);
    let pane = model.profile.of(&row.id);
    let mut rows = vec![vec![
        span(model.signs.label(row.label), Role::of(row.label)),
        text(format!(" {} ", row.label.word())),
        span(
            format!("{}  ", time_format::age(row.since, model.now)),
            Role::Dim,
        ),
        text(&row.institution_name),
        span(format!(" ({})", ways(row, wide)), Role::Dim),
    ]];
    reason::rows(&mut rows, model, row, pane, wide);
    shared(&mut rows, row, pane, model, wide);
    let Some(pane) = pane else {
        rows.push(vec![span("Reading ...", Role::Dim)]);
        return rows;
    };
    around(&mut rows, pane, model, wide);
    rows.push(vec![]);
    person(&mut rows, row, pane.profile.as_ref(), wide);
    stored(&mut rows, pane, wide);
    accounts::rows(&mut rows, &pane.accounts, wide);
    insights(&mut rows, &pane.insights, wide);
    consent(&mut rows, row, model, wide);
    siblings(&mut rows, row, pane, model.signs, wide);
    dates(&mut rows, row, pane.next_background, model, wide);
    rows
}

/// Who works on it, until when it is put off, and what was noted.
fn shared(
    rows: &mut Vec<Row>,
    row: &ConnectionRow,
    pane: Option<&ConnectionPane>,
    model: &Model,
    wide: usize,
) {
    let (handling, now, zone) = (&row.handling, model.now, model.zone);
    if let (Some(by), Some(at)) = (&handling.taken_by, handling.taken) {
        let who = if *by == model.actor { "you" } else { by };
        let words = format!("by {who}, {}", time_format::since(at, now, zone));
        paragraph(rows, "Taken", &words, Role::Text, wide);
    }
    if let Some(until) = handling.snoozed.filter(|_| handling.quiet(now)) {
        let words = format!(
            "put off until {} ({})",
            zone.spoken(until, now),
            time_format::until(until, now)
        );
        paragraph(rows, "Quiet", &words, Role::Text, wide);
    }
    if let Some(at) = handling.asked {
        let words = format!("to act, {}", time_format::ago(at, now));
        paragraph(rows, "Invited", &words, Role::Text, wide);
    }
    for note in pane.iter().flat_map(|pane| &pane.notes) {
        let words = format!(
            "{} ({}, {})",
            note.text,
            note.actor,
            zone.when(note.at, now)
        );
        paragraph(rows, "Note", &words, Role::Text, wide);
    }
}

/// How it is reached; and where it is from, when that is not the sandbox.
fn ways(row: &ConnectionRow, wide: usize) -> String {
    let method = match wide {
        ROOMY.. => row.method.words(),
        _ => row.method.short(),
    };
    match row.origin {
        Origin::Sandbox => method.into(),
        origin => format!("{method}, {}", origin.word()),
    }
}

pub(super) fn caption(word: &str) -> Row {
    vec![span(format!("{word:<CAPTION$}"), Role::Dim)]
}

pub(super) fn paragraph(rows: &mut Vec<Row>, word: &str, body: &str, role: Role, wide: usize) {
    // a longer word has its blank too
    let caption = CAPTION.max(word.len() + 1);
    let head = span(format!("{word:<caption$}"), Role::Dim);
    hanging(rows, head, body, role, wide);
}

fn around(rows: &mut Vec<Row>, pane: &ConnectionPane, model: &Model, wide: usize) {
    let remarks = remarks(&pane.around, model.now, model.zone);
    for remark in &remarks {
        let role = if remark.alarming {
            Role::Warning
        } else {
            Role::Busy
        };
        paragraph(rows, remark.about, &remark.words, role, wide);
    }
}

fn values(rows: &mut Vec<Row>, word: &str, values: &[String], wide: usize) {
    let mut row = caption(word);
    let mut begun = false;
    for value in values {
        let value = text(value);
        if begun && width(&row) + 2 + value.text.width() > wide {
            rows.push(std::mem::replace(&mut row, caption("")));
            begun = false;
        }
        if begun {
            row.push(text("  "));
        }
        row.push(value);
        begun = true;
    }
    if !begun {
        row.push(span("none given", Role::Dim));
    }
    rows.push(row);
}

fn person(rows: &mut Vec<Row>, row: &ConnectionRow, profile: Option<&MaskedProfile>, wide: usize) {
    let Some(profile) = profile else {
        let words = match row.label {
            Label::Deleted => "The profile was removed with the link.",
            _ if !row.ever_active => "No profile has been fetched yet.",
            _ if policy::executes(row.origin).is_err() => {
                "No profile is stored: no import brought one, or it was deleted."
            }
            _ => "No profile is stored: the bank gave none, or it was purged.",
        };
        rows.extend(wrap(words, wide, Role::Dim));
        return;
    };
    let mut name = caption("Name");
    name.push(if profile.full_name.is_empty() {
        span("none given", Role::Dim)
    } else {
        text(&profile.full_name)
    });
    rows.push(name);
    values(rows, "Phones", &profile.phones, wide);
    values(rows, "Emails", &profile.emails, wide);
    if profile.addresses.is_empty() {
        values(rows, "Address", &[], wide);
    }
    for (i, address) in profile.addresses.iter().enumerate() {
        paragraph(
            rows,
            if i == 0 { "Address" } else { "" },
            address,
            Role::Text,
            wide,
        );
    }
}

fn stored(rows: &mut Vec<Row>, pane: &ConnectionPane, wide: usize) {
    let stored = &pane.stored;
    let accounts = count(stored.accounts.len() as u64, "account");
    let mut words = format!("{accounts}, {} tx", thousands(stored.transactions));
    if let Some((first, last)) = stored.days {
        words.push_str(&format!(
            " {}..{}",
            Zone::UTC.date(first),
            Zone::UTC.date(last)
        ));
    }
    paragraph(rows, "Stored", &words, Role::Text, wide);
}

/// Where money went, and what for, as far as it was derived.
fn insights(rows: &mut Vec<Row>, insights: &Insights, wide: usize) {
    let listed = |all: &[(String, u64)]| {
        let each = all
            .iter()
            .map(|(name, count)| format!("{name} {}", thousands(*count)));
        each.collect::<Vec<_>>().join(", ")
    };
    let Insights {
        categories,
        merchants,
        ..
    } = insights;
    if insights.known == 0 {
        return;
    }
    let of = format!("{} of the newest {} tx", insights.known, insights.of);
    let words = match categories.is_empty() {
        true => of,
        false => format!("{} ({of})", listed(categories)),
    };
    paragraph(rows, "Spent", &words, Role::Text, wide);
    if !merchants.is_empty() {
        paragraph(rows, "At", &listed(merchants), Role::Text, wide);
    }
}

fn dates(
    rows: &mut Vec<Row>,
    row: &ConnectionRow,
    next: Option<Moment>,
    model: &Model,
    wide: usize,
) {
    let (now, zone) = (model.now, model.zone);
    rows.push(vec![]);
    for (word, id) in [("User", row.user.as_str()), ("Id", row.id.as_str())] {
        let mut line = caption(word);
        line.push(text(middle(id, wide.saturating_sub(CAPTION))));
        rows.push(line);
    }
    if row.refused > 0 {
        let held = if row.guarded {
            "; refreshes are held back"
        } else {
            ""
        };
        paragraph(
            rows,
            "Refused",
            &format!("{} in a row{held}", count(row.refused.into(), "time")),
            Role::Text,
            wide,
        );
    }
    let last = if row.ever_used() {
        format!(
            "{} ({})",
            time_format::ago(row.last_used, now),
            zone.date_time(row.last_used)
        )
    } else {
        "never".into()
    };
    paragraph(rows, "Asked", &last, Role::Text, wide);
    if let Some(at) = next {
        let words = format!(
            "background refresh {} ({})",
            zone.spoken(at, now),
            time_format::until(at, now)
        );
        paragraph(rows, "Next", &words, Role::Text, wide);
    }
    let created = format!(
        "{}, {} {}",
        zone.date(row.created),
        row.label.word(),
        time_format::since(row.since, now, zone)
    );
    paragraph(rows, "Created", &created, Role::Text, wide);
}

fn consent(rows: &mut Vec<Row>, row: &ConnectionRow, model: &Model, wide: usize) {
    let (now, zone) = (model.now, model.zone);
    if row.method == Method::OpenBanking && row.label != Label::Deleted {
        let consent = match row.expiry {
            Some(end) if end > now => {
                format!("ends {} ({})", time_format::until(end, now), zone.date(end))
            }
            Some(end) => {
                format!("ended {} ({})", time_format::ago(end, now), zone.date(end))
            }
            None => "not given yet".into(),
        };
        paragraph(rows, "Consent", &consent, Role::Text, wide);
    }
}

/// An id that is too long loses its middle: people compare the ends.
fn middle(id: &str, wide: usize) -> String {
    let chars: Vec<char> = id.chars().take(200).collect();
    if chars.len() <= wide || wide < 8 {
        return chars.into_iter().collect();
    }
    let tail = (wide - 1) / 2;
    let head = wide - 1 - tail;
    chars[..head]
        .iter()
        .copied()
        .chain(['~'])
        .chain(chars[chars.len() - tail..].iter().copied())
        .collect()
}

/// The user's other connections. One that works at the same bank is a twin: each of the two is asked for the same data.
fn siblings(
    rows: &mut Vec<Row>,
    row: &ConnectionRow,
    pane: &ConnectionPane,
    signs: Signs,
    wide: usize,
) {
    let ended = |label| matches!(label, Label::Deleted | Label::PreInit);
    for (at, other) in pane.siblings.iter().enumerate() {
        let twin = other.institution_name == row.institution_name
            && !ended(other.label)
            && !ended(row.label);
        let mut line = caption(if at == 0 {
            "Same"
        } else if at == 1 {
            "user"
        } else {
            ""
        });
        line.extend([
            span(signs.label(other.label), Role::of(other.label)),
            text(format!(" {} ", other.label.word())),
            span(format!("{} ", other.id.short()), Role::Dim),
        ]);
        let more = format!(" ({})", other.method.short());
        let room = wide.saturating_sub(width(&line) + more.len());
        let bank = Shown::of_limited(&other.institution_name, 60).cut(room);
        line.push(match twin {
            true => span("at this bank too", Role::Warning),
            false => Span {
                text: bank,
                role: Role::Text,
            },
        });
        line.push(span(more, Role::Dim));
        rows.push(line);
    }
}
