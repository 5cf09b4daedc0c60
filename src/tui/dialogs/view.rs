//! Paints a dialog over the panes; on a small screen it takes all of it. The fields and the buttons
//! stay where they are while the text above them scrolls.

use super::{Ask, Button, Dialog, Press, Scene, Spot, form};
use crate::tui::layout::Class;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, Span, span, text, width};
use crate::tui::widgets::field::Field;
use ratatui::layout::Rect;

/// The widest a dialog gets.
const WIDEST: u16 = 80;

/// Where the parts of a dialog stand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// With its frame.
    pub(crate) outer: Rect,
    /// What scrolls.
    pub(crate) text: Rect,
    /// Fields and buttons.
    pub(crate) foot: Rect,
    /// Rows of the text.
    pub(crate) rows: usize,
}

impl Place {
    /// Whether all of the text is on the screen.
    pub(crate) fn fits(&self) -> bool {
        self.rows <= usize::from(self.text.height)
    }

    /// How far the text can be scrolled.
    pub(crate) fn end(&self) -> usize {
        self.rows.saturating_sub(usize::from(self.text.height))
    }
}

/// Where a dialog stands on the screen of a model.
pub(crate) fn place(model: &Model, dialog: &Dialog) -> Place {
    let (columns, rows) = model.size;
    let whole = model.class <= Class::Single;
    let wide = if whole {
        columns
    } else {
        WIDEST.min(columns.saturating_sub(4))
    };
    let inside = wide.saturating_sub(4);
    let most = usize::from(rows.saturating_sub(6));
    let foot = foot(dialog, usize::from(inside), most).len() as u16;
    let content = dialog.content(scene(model, inside)).len();
    let high = if whole {
        rows.saturating_sub(1)
    } else {
        (content as u16 + foot + 3).min(rows.saturating_sub(2))
    };
    let outer = Rect::new(
        (columns - wide) / 2,
        if whole { 0 } else { (rows - high) / 2 },
        wide,
        high,
    );
    let foot = foot.min(high.saturating_sub(3));
    let text_high = high.saturating_sub(3 + foot);
    Place {
        outer,
        text: Rect::new(outer.x + 2, outer.y + 1, inside, text_high),
        foot: Rect::new(outer.x + 2, outer.y + 2 + text_high, inside, foot),
        rows: content,
    }
}

fn scene(model: &Model, wide: u16) -> Scene {
    Scene {
        signs: model.signs,
        now: model.now,
        wide: usize::from(wide),
    }
}

/// Paints the dialog.
pub(crate) fn paint(canvas: &mut Canvas<'_>, model: &Model, dialog: &Dialog) {
    let place = place(model, dialog);
    canvas.fill(place.outer, Role::Text);
    canvas.frame(place.outer, &dialog.title(), &[], true);
    let rows = dialog.content(scene(model, place.text.width));
    for (row, y) in rows
        .iter()
        .skip(dialog.scroll)
        .zip(place.text.top()..place.text.bottom())
    {
        canvas.row(place.text.x, y, place.text.width, row);
    }
    if dialog.scroll < place.end() {
        let words = span("more below", Role::Warning);
        canvas.right(
            place.outer.right() - 2,
            place.text.bottom(),
            place.text.width,
            &[words],
        );
    }
    let foot = foot(
        dialog,
        usize::from(place.foot.width),
        usize::from(model.size.1.saturating_sub(6)),
    );
    for (row, y) in foot.iter().zip(place.foot.top()..place.foot.bottom()) {
        canvas.row(place.foot.x, y, place.foot.width, row);
    }
}

fn foot(dialog: &Dialog, wide: usize, most: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    if let Ask::Form(form) = &dialog.ask {
        rows = form::view::rows(form, dialog.focus, wide, most.saturating_sub(2));
    }
    if let Ask::Purge(purge) = &dialog.ask {
        let ticked = if purge.refresh_after { "x" } else { " " };
        let role = if dialog.focus == Spot::Tick {
            Role::HintKey
        } else {
            Role::Text
        };
        rows.push(vec![span(
            format!("[{ticked}] refresh afterwards, so that results are not empty"),
            role,
        )]);
    }
    for (i, (caption, field, hidden)) in dialog.fields().into_iter().enumerate() {
        rows.extend(field_rows(
            &caption,
            field,
            hidden,
            dialog.focus == Spot::Field(i),
            wide,
        ));
    }
    if !rows.is_empty() {
        rows.push(vec![]);
    }
    rows.extend(buttons(dialog, wide));
    rows
}

/// A caption and its field; the field has a line of its own where both do not fit.
fn field_rows(caption: &str, field: &Field, hidden: bool, focused: bool, wide: usize) -> Vec<Row> {
    let caption = text(caption);
    let own_line = caption.text.width() + 24 > wide;
    let room = wide.saturating_sub(if own_line { 2 } else { caption.text.width() });
    let dots = |text: &str| "•".repeat(text.chars().count());
    let (before, after) = field.window(room);
    let (before, after) = if hidden {
        (dots(before), dots(after))
    } else {
        (before.to_owned(), after.to_owned())
    };
    let mut input = vec![span(before, Role::Input)];
    if focused {
        let mut rest = after.chars();
        input.push(span(
            rest.next().map_or(" ".into(), String::from),
            Role::Caret,
        ));
        input.push(span(rest.as_str(), Role::Input));
    } else {
        input.push(span(after, Role::Input));
        input.push(span("_", Role::Dim));
    }
    if own_line {
        let mut line = vec![text("  ")];
        line.extend(input);
        return vec![vec![caption], line];
    }
    let mut row = vec![caption];
    row.extend(input);
    vec![row]
}

/// The buttons, on as many rows as they need; what Enter does stands behind them where there is room.
fn buttons(dialog: &Dialog, wide: usize) -> Vec<Row> {
    let drawn: Vec<Row> = dialog
        .buttons()
        .iter()
        .map(|b| button_spans(b, dialog.focus == Spot::Button(b.press)))
        .collect();
    let needed: usize = drawn.iter().map(|b| width(b) + 3).sum();
    let (indent, gap) = if needed + 5 <= wide {
        ("     ", "   ")
    } else {
        ("", " ")
    };
    let mut rows: Vec<Row> = vec![vec![text(indent)]];
    for button in drawn {
        let row = rows.last_mut().expect("there is a first row");
        if width(row) > indent.len() && width(row) + width(&button) > wide {
            rows.push(button);
        } else {
            row.extend(button);
        }
        rows.last_mut()
            .expect("there is a first row")
            .push(text(gap));
    }
    let says = if enter_cancels(dialog) {
        "<- Enter and Esc"
    } else if matches!(
        dialog.focus,
        Spot::Button(Press::Confirm | Press::Choose(_))
    ) {
        "<- Enter"
    } else {
        ""
    };
    let last = rows.last_mut().expect("there is a first row");
    if width(last) + says.len() <= wide {
        last.push(span(says, Role::Dim));
    }
    rows
}

fn button_spans(button: &Button, focused: bool) -> Vec<Span> {
    let role = match (button.armed, focused, button.destroys) {
        (false, ..) => Role::Disabled,
        (true, _, true) => Role::Danger,
        (true, true, false) => Role::HintKey,
        (true, false, false) => Role::Text,
    };
    let (open, close) = if focused { ("[>", "<]") } else { ("[ ", " ]") };
    let mut spans = vec![span(format!("{open}{}{close}", button.words), role)];
    if !button.armed {
        spans.push(span(" (not armed)", Role::Disabled));
    }
    spans
}

/// Whether Enter leaves things as they are now.
pub(crate) fn enter_cancels(dialog: &Dialog) -> bool {
    match dialog.focus {
        Spot::Button(press) => press == Press::Cancel,
        Spot::Field(_) if matches!(&dialog.ask, Ask::Form(_)) => {
            matches!(&dialog.ask, Ask::Form(form) if form.blank())
        }
        Spot::Field(_) => dialog
            .fields()
            .iter()
            .all(|(_, field, _)| field.text().is_empty()),
        Spot::Tick => false,
    }
}
