//! Paints the foot of a form: its inputs, what was refused, and the buttons below them. Where the window
//! is low only the input with the keys is left, with its number.

use super::Form;
use super::input::{Input, Value};
use crate::domain::text::Shown;
use crate::tui::dialogs::Spot;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, wrap};

/// Cells of the captions.
const CAPTION: usize = 15;

/// The rows above the buttons, at most `most` of them.
pub(crate) fn rows(form: &Form, focus: Spot, wide: usize, most: usize) -> Vec<Row> {
    if form.over() {
        return form
            .refused
            .iter()
            .flat_map(|reason| wrap(&format!("! {reason}"), wide, Role::Danger))
            .collect();
    }
    let drawn = |(at, it): (usize, &Input)| {
        let mut rows = vec![input(it, focus == Spot::Field(at), wide)];
        if own_row(it, wide) {
            rows.push(vec![text("  "), span(&it.hint, Role::HintKey)]);
        }
        rows
    };
    let mut inputs: Vec<Vec<Row>> = form.inputs.iter().enumerate().map(drawn).collect();
    let mut said = match (&form.refused, form.sending) {
        (Some(reason), _) => wrap(&format!("! {reason}"), wide, Role::Danger),
        (None, true) => vec![vec![span("Sending ...", Role::Busy)]],
        (None, false) => vec![],
    };
    let room = most.saturating_sub(1);
    if inputs.iter().map(Vec::len).sum::<usize>() + said.len() > room && inputs.len() > 1 {
        let (at, of) = (
            if let Spot::Field(at) = focus { at } else { 0 },
            inputs.len(),
        );
        let mut only = inputs.swap_remove(at.min(of - 1));
        only[0].push(span(format!("  {}/{of}", at + 1), Role::Dim));
        said.truncate(room.saturating_sub(only.len()));
        inputs = vec![only];
    }
    let mut rows = inputs.concat();
    rows.append(&mut said);
    rows
}

/// Whether a hint that has to stay readable while typing is too long to stand behind what is typed.
fn own_row(input: &Input, wide: usize) -> bool {
    let hint = Shown::of(&input.hint).width();
    matches!(
        input.value,
        Value::Text {
            optional: false,
            ..
        }
    ) && hint > 0
        && CAPTION + 2 * hint + 4 > wide
}

fn input(input: &Input, focused: bool, wide: usize) -> Row {
    let room = wide.saturating_sub(CAPTION + 6).max(4);
    let role = if focused { Role::Title } else { Role::Dim };
    let mut row: Row = vec![span(format!("{:<CAPTION$}", input.caption), role)];
    match &input.value {
        Value::Choice { words, at } => {
            for (i, word) in words.iter().enumerate() {
                let chosen = i == *at;
                let role = match (chosen, focused) {
                    (true, true) => Role::HintKey,
                    (true, false) => Role::Text,
                    (false, _) => Role::Dim,
                };
                row.push(span(
                    if chosen {
                        format!("({word})")
                    } else {
                        format!(" {word} ")
                    },
                    role,
                ));
            }
        }
        Value::Text {
            field,
            hidden,
            optional,
        } => {
            let (before, after) = field.window(room);
            let dots = |text: &str| "•".repeat(text.chars().count());
            let (before, after) = if *hidden {
                (dots(before), dots(after))
            } else {
                (before.to_owned(), after.to_owned())
            };
            let empty = before.is_empty() && after.is_empty();
            row.push(span(before, Role::Input));
            if focused {
                let mut rest = after.chars();
                row.push(span(
                    rest.next().map_or(" ".into(), String::from),
                    Role::Caret,
                ));
                row.push(span(rest.as_str(), Role::Input));
            } else {
                row.push(span(after, Role::Input));
                row.push(span("_", Role::Dim));
            }
            if !input.hint.is_empty() && (empty || !optional) && !own_row(input, wide) {
                row.push(span(format!("  {}", input.hint), Role::Dim));
            }
        }
    }
    row.push(text(""));
    row
}
