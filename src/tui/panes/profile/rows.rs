//! What the profile says; the person comes first, so that a low pane still shows name, phones and emails.

use crate::domain::connection::{Label, Method, Origin};
use crate::domain::counts::stored_data;
use crate::domain::diagnosis::remarks;
use crate::domain::mask::MaskedProfile;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::policy;
use crate::domain::rows::{AccountRow, ConnectionRow};
use crate::domain::text::Shown;
use crate::domain::time_format;
use crate::domain::views::ConnectionPane;
use crate::domain::zone::Zone;
use crate::tui::glyphs::Signs;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands, width, wrap};

const CAPTION: usize = 11;

pub(super) fn rows(model: &Model, wide: u16) -> Vec<Row> {
    let Some(line) = model.list.current() else {
        return vec![];
    };
    let (row, wide) = (&line.row, usize::from(wide));
    let pane = model.profile.of(&row.id);
    let sign = model.signs.label(row.label);
    let mut rows = vec![vec![
        span(
            format!("{sign} {:<11}", row.label.word()),
            Role::of(row.label),
        ),
        text(&row.institution_name),
        span(format!(" ({})", ways(row)), Role::Dim),
    ]];
    match pane {
        None => rows.push(vec![span("Reading ...", Role::Dim)]),
        Some(pane) => {
            person(&mut rows, row, pane.profile.as_ref(), wide);
            stored(&mut rows, pane, wide);
        }
    }
    rows.push(vec![]);
    if let Some(pane) = pane {
        around(&mut rows, pane, model, wide);
    }
    let next = pane.and_then(|pane| pane.next_background);
    dates(&mut rows, row, next, model, wide);
    if let Some(pane) = pane {
        accounts(&mut rows, &pane.accounts, wide);
        siblings(&mut rows, pane, model.signs);
    }
    rows
}

/// How it is reached; and where it is from, when that is not the sandbox.
fn ways(row: &ConnectionRow) -> String {
    match row.origin {
        Origin::Sandbox => row.method.words().into(),
        origin => format!("{}, {}", row.method.words(), origin.word()),
    }
}

fn caption(word: &str) -> Row {
    vec![span(format!("{word:<CAPTION$}"), Role::Dim)]
}

fn paragraph(rows: &mut Vec<Row>, word: &str, body: &str, role: Role, wide: usize) {
    let head = span(format!("{word:<CAPTION$}"), Role::Dim);
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
    if !remarks.is_empty() {
        rows.push(vec![]);
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
    let mut name = caption("Full name");
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
    let mut words = stored_data(stored.accounts.len() as u64, stored.transactions);
    if let Some((first, last)) = stored.days {
        words.push_str(&format!(
            " {}..{}",
            Zone::UTC.date(first),
            Zone::UTC.date(last)
        ));
    }
    paragraph(rows, "Stored", &words, Role::Text, wide);
}

fn dates(
    rows: &mut Vec<Row>,
    row: &ConnectionRow,
    next: Option<Moment>,
    model: &Model,
    wide: usize,
) {
    let (now, zone) = (model.now, model.zone);
    for (word, id) in [("User", row.user.as_str()), ("Connection", row.id.as_str())] {
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
            "Sign-in",
            &format!(
                "refused {} in a row{held}",
                count(row.refused.into(), "time")
            ),
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
    paragraph(rows, "Last tried", &last, Role::Text, wide);
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

fn accounts(rows: &mut Vec<Row>, accounts: &[AccountRow], wide: usize) {
    if accounts.is_empty() {
        return;
    }
    rows.push(vec![]);
    rows.push(vec![span("ACCOUNTS", Role::Dim)]);
    for account in accounts {
        let (product, number) = match &account.shown {
            Some(shown) => (shown.product.as_str(), shown.number.as_str()),
            None if account.lost => ("lost, its key is gone", ""),
            None => ("sealed, its key is missing", ""),
        };
        let balance = account.balance.map_or(String::new(), |minor| {
            let currency = &account.currency;
            format!("{currency} {}", money::text(minor, currency))
        });
        let product = Shown::of_limited(product, 60);
        let figures = format!(
            "{}  {balance}  {} tx",
            account.class,
            thousands(account.transactions)
        );
        let number = text(format!("{number:<CAPTION$}"));
        if CAPTION + product.width() + 2 + Shown::of(&figures).width() <= wide {
            rows.push(vec![
                number,
                text(product),
                span(format!("  {figures}"), Role::Dim),
            ]);
        } else {
            rows.push(vec![
                number,
                text(product.cut(wide.saturating_sub(CAPTION))),
            ]);
            rows.push(vec![text(" ".repeat(CAPTION)), span(figures, Role::Dim)]);
        }
    }
}

fn siblings(rows: &mut Vec<Row>, pane: &ConnectionPane, signs: Signs) {
    if pane.siblings.is_empty() {
        return;
    }
    rows.push(vec![]);
    rows.push(vec![span("SAME USER", Role::Dim)]);
    for other in &pane.siblings {
        rows.push(vec![
            span(
                format!("{} {:<9} ", signs.label(other.label), other.label.word()),
                Role::of(other.label),
            ),
            span(format!("{} ", other.id.short()), Role::Dim),
            text(&other.institution_name),
            span(format!(" ({})", other.method.short()), Role::Dim),
        ]);
    }
}
