//! Paints the palette: what is typed, and under it the lines that match, with their sort and their keys.

use super::Model as Palette;
use crate::tui::model::Model;
use crate::tui::panes::help::view::{Searched, searched};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, span, text};

pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, palette: &Palette) {
    let title = match palette.guessed && !palette.shown.is_empty() {
        true => "Palette  nothing matches; the nearest:",
        false => "Palette  actions, pages, views, banks, people, settings",
    };
    let keys = palette.shown.iter().map(|it| it.keys.chars().count());
    let wide = keys.max().unwrap_or(0).min(12);
    let row = |it: &super::Entry| -> Row {
        let role = |on| match it.off {
            Some(_) => Role::Disabled,
            None => on,
        };
        let off = it.off.as_ref().map(|why| format!("  (off: {why})"));
        vec![
            span(format!("{:<8}", it.sort.word()), Role::Dim),
            span(format!("{:<wide$}  ", it.keys), role(Role::HintKey)),
            match it.off {
                Some(_) => span(&it.words, Role::Disabled),
                None => text(&it.words),
            },
            span(off.unwrap_or_default(), Role::Disabled),
        ]
    };
    searched(
        canvas,
        model.over_area(),
        &Searched {
            title,
            hint: "Enter runs  Esc closes",
            label: ": ",
            typed: palette.search.text(),
            rows: palette.shown.iter().map(row).collect(),
            none: "Nothing matches.",
            cursor: palette.cursor,
        },
    );
}
