//! The rows above and below the panes: header, trouble, filter, hints; and the toasts over them.

use super::peek;
use crate::domain::connection::Label;
use crate::domain::time_format;
use crate::tui::action::Action;
use crate::tui::availability::possible;
use crate::tui::dialogs::Press;
use crate::tui::footer::Hint;
use crate::tui::layout::Class;
use crate::tui::model::Model;
use crate::tui::panes::connections::filter::Filter;
use crate::tui::panes::messages::view::{role, sign};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text, thousands, width};
use ratatui::layout::Rect;

/// Program, environment, counts; how much is hidden, messages, clock.
pub(crate) fn header(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let mut left: Row = vec![span("switchboard", Role::Title)];
    if !model.environment.is_empty() {
        left.push(span(format!("  [{}]", model.environment), Role::Warning));
    }
    if model.read_only {
        left.push(span("  READ-ONLY", Role::Warning));
    }
    if let Some(trouble) = &model.trouble {
        left.push(span(format!("  {}", trouble.word), Role::Danger));
    }
    // Seconds are told only while a job is watched: a clock that moves costs a write each time.
    let watched = model.ticks();
    let clock = if watched {
        time_format::clock(model.now)
    } else {
        time_format::clock_minutes(model.now)
    };
    let mut right: Row = vec![];
    if model.notices.unseen > 0 {
        right.push(span(format!("! {}  ", model.notices.unseen), Role::Warning));
    }
    if area.width >= 100 {
        right.push(span(format!("PII: {}  ", model.level.word()), Role::Text));
    }
    if area.width >= 60 {
        right.push(span("live  ", Role::Good));
    }
    right.push(text(clock));
    let room =
        usize::from(area.width.saturating_sub(4)).saturating_sub(width(&left) + width(&right));
    left.extend(counts(model, room));
    canvas.row(area.x + 1, area.y, area.width.saturating_sub(1), &left);
    canvas.right(area.right() - 1, area.y, area.width, &right);
    canvas.over(area, Role::Header);
}

/// As much of the counts as there is room for: each label, or the sum and who needs action, or the sum.
fn counts(model: &Model, room: usize) -> Row {
    let Some(counts) = &model.counts else {
        return vec![];
    };
    let total = counts.total();
    let sum = format!(
        "  {} connection{}",
        thousands(total),
        if total == 1 { "" } else { "s" }
    );
    let need = span(
        format!("  ! {} need action", thousands(counts.attention)),
        Role::Warning,
    );
    let labels = Label::ALL.map(|label| {
        let words = format!(
            "  {} {} {}",
            model.signs.label(label),
            thousands(counts.of(label)),
            label.word()
        );
        span(words, Role::of(label))
    });
    let all: Row = [text(format!("{sum}:"))]
        .into_iter()
        .chain(labels.clone())
        .chain([need.clone()])
        .collect();
    let without_need: Row = labels.to_vec();
    let signs = Label::ALL.map(|label| {
        span(
            format!(
                "  {} {}",
                model.signs.label(label),
                thousands(counts.of(label))
            ),
            Role::of(label),
        )
    });
    let brief: Row = signs.to_vec();
    let two = vec![text(&sum), need.clone()];
    let choices = [all, without_need, two, brief, vec![text(&sum)]];
    choices
        .into_iter()
        .find(|row| width(row) <= room)
        .unwrap_or_default()
}

/// What stands in the way of trust.
pub(crate) fn band(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let Some(trouble) = &model.trouble else {
        return;
    };
    let rows = [
        span(format!("x {}", trouble.what), Role::Danger),
        span(format!("  {}", trouble.advice), Role::Text),
    ];
    for (row, y) in rows.into_iter().zip(area.top()..area.bottom()) {
        canvas.row(area.x + 1, y, area.width.saturating_sub(2), &[row]);
    }
    canvas.over(area, Role::Band);
}

/// The filter, how many rows match, the marks, the order.
pub(crate) fn filter(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let filter = &model.list.filter;
    let right = facts(model, area.width);
    let wide = area.width.saturating_sub(width(&right) as u16 + 4);
    canvas.text(
        area.x + 1,
        area.y,
        1,
        "/",
        if filter.typing {
            Role::HintKey
        } else {
            Role::Dim
        },
    );
    let x = area.x + 3;
    if filter.typing || !filter.field.text().is_empty() {
        let (before, after) = filter.field.window(usize::from(wide));
        let caret = canvas.text(x, area.y, wide, before, Role::Input);
        canvas.text(x + caret, area.y, wide - caret, after, Role::Input);
        if filter.typing {
            canvas.over(Rect::new(x + caret, area.y, 1, 1), Role::Caret);
        }
    } else {
        canvas.text(x, area.y, wide, "no filter", Role::Dim);
    }
    canvas.right(area.right() - 1, area.y, area.width, &right);
    if area.height > 1 {
        explain(canvas, x, area, filter);
    }
}

fn facts(model: &Model, wide: u16) -> Row {
    let list = &model.list;
    let mut row: Row = vec![];
    let total = model.counts.map(|c| c.total());
    if let Some(size) = list.size {
        let more = if size.exact { "" } else { "+" };
        let of = total.map_or(String::new(), |total| format!(" of {}", thousands(total)));
        row.push(text(format!("{}{more}{of}", thousands(size.count))));
    }
    if !list.marks.is_empty() {
        row.push(span(
            format!("  marked {}", thousands(list.marks.len() as u64)),
            Role::Marked,
        ));
    }
    if wide >= 60 {
        let turned = if list.sort.reversed { " turned" } else { "" };
        row.push(span(
            format!("  sort: {}{turned}", list.sort.field.word()),
            Role::Dim,
        ));
    }
    row
}

/// What is wrong, under the word it is about; or what Tab offers.
fn explain(canvas: &mut Canvas<'_>, x: u16, area: Rect, filter: &Filter) {
    let y = area.y + 1;
    let room = area.right().saturating_sub(x);
    let Some(mistake) = &filter.mistake else {
        if let Some(offer) = filter.offer() {
            canvas.text(
                x,
                y,
                room,
                &format!("Tab: {}  {}", offer.text, offer.words),
                Role::Dim,
            );
        }
        return;
    };
    let chars = |n: usize| filter.field.text().chars().take(n).collect::<String>();
    let cells = |n: usize| crate::domain::text::Shown::of(&chars(n)).width();
    let (start, end) = (
        cells(mistake.start),
        cells(mistake.end).max(cells(mistake.start) + 1),
    );
    let mut words = format!("{} {}", "^".repeat(end - start), mistake.message);
    if let Some(suggestion) = &mistake.suggestion {
        words.push_str(&format!("; Tab takes {suggestion}"));
    }
    // Near the right edge the words begin further left than what they point at.
    let start = (start as u16).min(room.saturating_sub(words.chars().count() as u16));
    canvas.text(x + start, y, room - start, &words, Role::Danger);
}

/// The keys worth naming here; one that is off is dim and in brackets.
pub(crate) fn hints(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    if area.height == 0 {
        return;
    }
    let place = model.place();
    let mut lines = area.height;
    let mut y = area.y;
    let narrow = model.class <= Class::Single && lines > 1;
    if model.dialog.is_some() {
        // a dialog may come down to the last row, and no further
        (y, lines) = (area.bottom() - 1, 1);
    } else if narrow {
        canvas.row(area.x + 1, y, area.width.saturating_sub(2), &peek(model));
        y += 1;
        lines -= 1;
    }
    if !model.which.is_empty() {
        let ways = model.which.iter().flat_map(|(key, action)| {
            [
                span(key.label(), Role::HintKey),
                span(format!(" {}   ", action.words()), Role::Hint),
            ]
        });
        canvas.row(
            area.x + 1,
            y,
            area.width.saturating_sub(2),
            &ways.collect::<Row>(),
        );
        return;
    }
    let hints = model.hints.at(place);
    // What ends the list is kept in every width, so that the way out and help are never cut.
    let kept = hints
        .iter()
        .filter(|h| matches!(h.action, Action::Help | Action::Quit | Action::Back))
        .count()
        .min(2);
    let (body, last) = hints.split_at(hints.len() - kept);
    let mut rows: Vec<Row> = vec![vec![]];
    let tail: Row = last.iter().flat_map(|hint| spans(model, hint)).collect();
    let room = |row: usize| {
        let wide = usize::from(area.width.saturating_sub(2));
        if row + 1 == usize::from(lines) {
            wide.saturating_sub(width(&tail))
        } else {
            wide
        }
    };
    // What is off most of the time is named only while it is on.
    let seldom = |hint: &&Hint| {
        use Action::{Answer, Authorise, Follow, MarkClear, Migrate, UpdateCredentials};
        matches!(
            hint.action,
            Answer | Authorise | Follow | MarkClear | Migrate | UpdateCredentials
        )
    };
    let asks = model
        .dialog
        .as_ref()
        .is_none_or(|d| d.buttons().iter().any(|b| b.press == Press::Confirm));
    let answers = |hint: &&Hint| {
        asks || !matches!(
            hint.action,
            Action::DialogYes | Action::DialogNo | Action::DialogNext
        )
    };
    let fits = model
        .dialog
        .as_ref()
        .is_some_and(|d| crate::tui::dialogs::view::place(model, d).fits());
    let scrolls = |hint: &&Hint| !fits || hint.action != Action::MoveDown;
    for hint in body
        .iter()
        .filter(answers)
        .filter(scrolls)
        .filter(|hint| !seldom(hint) || possible(model, hint.action).is_ok())
    {
        let spans = spans(model, hint);
        let at = rows.len() - 1;
        if width(&rows[at]) + width(&spans) <= room(at) {
            rows[at].extend(spans);
        } else if rows.len() < usize::from(lines) {
            rows.push(spans);
        } else {
            break;
        }
    }
    let wide = usize::from(area.width.saturating_sub(2));
    if rows
        .last()
        .is_some_and(|row| width(row) + width(&tail) > wide)
    {
        rows.push(vec![]);
    }
    let end = rows.len() - 1;
    rows[end].extend(tail);
    for row in rows {
        canvas.row(area.x + 1, y, area.width.saturating_sub(2), &row);
        y += 1;
    }
}

fn spans(model: &Model, hint: &Hint) -> Row {
    let asked = matches!(
        model.place(),
        crate::tui::layer::Layer::Sort | crate::tui::layer::Layer::Copy
    );
    if !asked && possible(model, hint.action).is_err() {
        return vec![span(
            format!("({} {})  ", hint.key, hint.words),
            Role::Disabled,
        )];
    }
    vec![
        span(&hint.key, Role::HintKey),
        span(format!(" {}  ", hint.words), Role::Hint),
    ]
}

/// Toasts at the lower right, never over the row under the cursor.
pub(crate) fn toasts(canvas: &mut Canvas<'_>, body: Rect, model: &Model) {
    let list = model
        .panes()
        .into_iter()
        .find(|(pane, _)| *pane == crate::tui::panes::Pane::Connections)
        .map(|(_, area)| area);
    let cursor = list.map(|area| {
        let row = model
            .list
            .window
            .cursor
            .saturating_sub(model.list.window.top) as u16;
        area.y + 1 + u16::from(model.titled()) + row
    });
    let mut y = body.bottom();
    for toast in model.notices.toasts() {
        y = y.saturating_sub(1);
        if cursor == Some(y) {
            y = y.saturating_sub(1);
        }
        if y < body.y {
            return;
        }
        let row = [span(
            format!(" {} {} ", sign(toast.tone), toast.text),
            role(toast.tone),
        )];
        let wide = (width(&row) as u16).min(body.width);
        let area = Rect::new(body.right() - wide, y, wide, 1);
        canvas.fill(area, Role::Text);
        canvas.row(area.x, y, wide, &row);
    }
}
