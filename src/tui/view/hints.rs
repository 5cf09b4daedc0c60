//! The last rows: the keys worth naming in this place. One that is off is dim and in brackets.

use crate::domain::diagnosis::{self, Facts};
use crate::tui::action::Action;
use crate::tui::availability::possible;
use crate::tui::dialogs;
use crate::tui::dialogs::{Dialog, Press};
use crate::tui::footer::Hint;
use crate::tui::hit::Hit;
use crate::tui::layer::Layer;
use crate::tui::layout::Class;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::terminal::key::Key;
use crate::tui::widgets::canvas::{Canvas, Row, inset, span, text, width};
use ratatui::layout::Rect;

pub(super) fn paint(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    if area.height == 0 {
        return;
    }
    let mut area = inset(area);
    if model.dialog.is_some() {
        // a dialog may come down to the last row, and no further
        (area.y, area.height) = (area.bottom() - 1, 1);
    } else if model.class <= Class::Single && area.height > 1 {
        canvas.row(area.x, area.y, area.width, &peek(model));
        (area.y, area.height) = (area.y + 1, area.height - 1);
    }
    let rows = if model.which.is_empty() {
        flow(model, usize::from(area.width), usize::from(area.height))
    } else {
        vec![onward(model)]
    };
    // the way out and help stand in the last row, however many there are
    let first = area.bottom().saturating_sub(rows.len() as u16).max(area.y);
    for (row, y) in rows.iter().zip(first..area.bottom()) {
        let mut x = area.x;
        for (action, words) in row {
            let room = area.right().saturating_sub(x);
            let used = canvas.row(x, y, room, words);
            canvas.hits(Rect::new(x, y, used, 1), Hit::Run(*action));
            x += used + GAP as u16;
        }
    }
}

/// Blanks between two hints.
const GAP: usize = 2;

/// The words of a hint, and what a click on them runs.
type Piece = (Action, Row);

fn onward(model: &Model) -> Vec<Piece> {
    let way = |(key, action): &(Key, Action)| {
        let words = vec![
            span(key.label(), Role::HintKey),
            span(format!(" {} ", action.words()), Role::Hint),
        ];
        (*action, words)
    };
    model.which.iter().map(way).collect()
}

/// What ends the list is kept in every width, so that the way out and help are never cut.
fn flow(model: &Model, wide: usize, lines: usize) -> Vec<Vec<Piece>> {
    let hints = model.hints.at(model.place());
    let kept = hints
        .iter()
        .filter(|h| matches!(h.action, Action::Help | Action::Quit | Action::Back))
        .count()
        .min(2);
    let (body, last) = hints.split_at(hints.len() - kept);
    let piece = |hint: &Hint| (hint.action, words(model, hint));
    // with the blanks behind each, of which the last needs none
    let width = |pieces: &[Piece]| {
        pieces
            .iter()
            .map(|(_, words)| width(words) + GAP)
            .sum::<usize>()
    };
    let wide = wide + GAP;
    let tail: Vec<Piece> = last.iter().map(piece).collect();
    let mut rows: Vec<Vec<Piece>> = vec![];
    let mut row: Vec<Piece> = vec![];
    for hint in body.iter().filter(|hint| worth_naming(model, hint.action)) {
        let words = [piece(hint)];
        let last_line = rows.len() + 1 == lines;
        let room = wide.saturating_sub(if last_line { width(&tail) } else { 0 });
        if width(&row) + width(&words) > room {
            if last_line {
                break;
            }
            rows.push(std::mem::take(&mut row));
        }
        row.extend(words);
    }
    if width(&row) + width(&tail) > wide {
        rows.push(std::mem::take(&mut row));
    }
    row.extend(tail);
    rows.push(row);
    rows
}

/// Hides what is mostly off, and dialog keys the dialog has no use for.
fn worth_naming(model: &Model, action: Action) -> bool {
    use Action as A;
    let asks = |dialog: &Dialog| {
        let mut buttons = dialog.buttons().into_iter();
        buttons.any(|button| button.press == Press::Confirm)
    };
    match (action, &model.dialog) {
        (
            A::Answer
            | A::Invite
            | A::TakeBack
            | A::Authorise
            | A::Follow
            | A::MarkClear
            | A::ViewDelete
            | A::Migrate
            | A::UpdateCredentials,
            _,
        ) => possible(model, action).is_ok(),
        (A::DialogYes | A::DialogNo | A::DialogNext, Some(dialog)) => asks(dialog),
        (A::MoveDown, Some(dialog)) => !dialogs::place::place(model, dialog).fits(),
        _ => true,
    }
}

fn words(model: &Model, hint: &Hint) -> Row {
    let menu = matches!(model.place(), Layer::Sort | Layer::Copy);
    if !menu && possible(model, hint.action).is_err() {
        let words = format!("({} {})", hint.key, hint.words);
        return vec![span(words, Role::Disabled)];
    }
    vec![
        span(&hint.key, Role::HintKey),
        span(format!(" {}", hint.words), Role::Hint),
    ]
}

fn peek(model: &Model) -> Row {
    let Some(line) = model.selected() else {
        return vec![];
    };
    let meaning = diagnosis::explain(&Facts::of_row(&line.row, model.now).told_in(model.zone));
    let label = line.row.label;
    let head = format!("{} {}: ", line.id.plain(), label.word());
    let mut row = vec![span(head, Role::of(label)), text(&meaning.headline)];
    if width(&row) < 200 {
        let next = format!(" Next step: {}.", meaning.whose.words());
        row.push(span(next, Role::Dim));
    }
    row
}
