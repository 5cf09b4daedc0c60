//! Where a dialog's rows stand: over the panes, on a small screen over all of it. Only the text scrolls.

use super::field::{FormField, Value};
use super::{Button, Dialog, Press, Scene, Spot};
use crate::domain::text::Shown;
use crate::tui::layout::Class;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, width, wrap};
use ratatui::layout::Rect;

const WIDEST: u16 = 80;

const CAPTION: usize = 15;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) outer: Rect,
    pub(crate) text: Rect,
    pub(crate) foot: Rect,
    pub(crate) rows: usize,
}

impl Place {
    pub(crate) fn fits(&self) -> bool {
        self.end() == 0
    }

    pub(crate) fn end(&self) -> usize {
        self.rows.saturating_sub(usize::from(self.text.height))
    }
}

pub(crate) fn place(model: &Model, dialog: &Dialog) -> Place {
    let (columns, rows) = model.size;
    let whole = model.class <= Class::Single;
    let wide = if whole {
        columns
    } else {
        WIDEST.min(columns.saturating_sub(4))
    };
    let inside = wide.saturating_sub(4);
    let foot = foot(dialog, inside, rows).rows.len() as u16;
    let content = content(model, dialog, inside).len();
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

pub(crate) fn content(model: &Model, dialog: &Dialog, wide: u16) -> Vec<Row> {
    let scene = Scene {
        signs: model.signs,
        now: model.now,
        zone: model.zone,
        wide: usize::from(wide),
    };
    dialog.question.content(&dialog.form, scene)
}

/// Fields and buttons, and where they stand: the row, and from which cell on how many.
#[derive(Default)]
pub(super) struct Foot {
    pub(super) rows: Vec<Row>,
    pub(super) spots: Vec<(Spot, usize, u16, u16)>,
}

pub(super) fn foot(dialog: &Dialog, wide: u16, screen_rows: u16) -> Foot {
    let wide = usize::from(wide);
    let form = &dialog.form;
    let mut fields: Vec<(usize, Vec<Row>)> = (form.fields.iter().enumerate())
        .map(|(at, field)| (at, field_rows(field, dialog.focus == Spot::Field(at), wide)))
        .collect();
    let mut said = match (&form.refused, form.sending) {
        (Some(reason), _) => wrap(&format!("! {reason}"), wide, Role::Danger),
        (None, Some(_)) => vec![vec![span("Sending ...", Role::Busy)]],
        (None, None) => vec![],
    };
    let room = usize::from(screen_rows.saturating_sub(9));
    let needed = fields.iter().map(|(_, rows)| rows.len()).sum::<usize>() + said.len();
    if needed > room && fields.len() > 1 {
        let of = fields.len();
        let at = match dialog.focus {
            Spot::Field(at) => at,
            Spot::Button(_) => 0,
        };
        let (at, mut only) = fields.swap_remove(at.min(of - 1));
        let row = only.last_mut().expect("a field has a row");
        row.push(span(format!("  {}/{of}", at + 1), Role::Dim));
        said.truncate(room.saturating_sub(only.len()));
        fields = vec![(at, only)];
    }
    let mut foot = Foot::default();
    for (at, rows) in fields {
        let first = foot.rows.len();
        let spots = (first..first + rows.len()).map(|y| (Spot::Field(at), y, 0, wide as u16));
        foot.spots.extend(spots);
        foot.rows.extend(rows);
    }
    foot.rows.append(&mut said);
    if !foot.rows.is_empty() {
        foot.rows.push(vec![]);
    }
    buttons(dialog, wide, &mut foot);
    foot
}

fn field_rows(it: &FormField, focused: bool, wide: usize) -> Vec<Row> {
    let role = if focused { Role::Title } else { Role::Dim };
    let caption = span(format!("{:<CAPTION$}", it.caption), role);
    let caption_wide = caption.text.width();
    match &it.value {
        Value::Tick(on) => {
            let role = if focused { Role::HintKey } else { Role::Text };
            let sign = if *on { "x" } else { " " };
            vec![vec![span(format!("[{sign}] {}", it.caption), role)]]
        }
        Value::Choice { words, at } => {
            let mut row = vec![caption];
            row.extend(words.iter().enumerate().map(|(i, word)| match i == *at {
                true if focused => span(format!("({word})"), Role::HintKey),
                true => span(format!("({word})"), Role::Text),
                false => span(format!(" {word} "), Role::Dim),
            }));
            vec![row]
        }
        Value::Text {
            field,
            hidden,
            optional,
        } => {
            let own_row = caption_wide > CAPTION && caption_wide + 24 > wide;
            let indent = if own_row { 2 } else { caption_wide };
            let (before, after) = field.window(wide.saturating_sub(indent + 6).max(4));
            let shown = |text: &str| match hidden {
                true => "•".repeat(text.chars().count()),
                false => text.to_owned(),
            };
            let empty = before.is_empty() && after.is_empty();
            let (before, after) = (shown(before), shown(after));
            let mut line = vec![span(before, Role::Input)];
            if focused {
                let mut rest = after.chars();
                let under = rest.next().map_or(" ".into(), String::from);
                line.extend([span(under, Role::Caret), span(rest.as_str(), Role::Input)]);
            } else {
                line.extend([span(after, Role::Input), span("_", Role::Dim)]);
            }
            // a hint on what to type stays readable while it is typed
            let hint = Shown::of(&it.hint).width();
            let hint_below = !optional && hint > 0 && indent + 2 * hint + 4 > wide;
            if hint > 0 && (empty || !optional) && !hint_below {
                line.push(span(format!("  {}", it.hint), Role::Dim));
            }
            let mut rows = if own_row {
                vec![vec![caption], [vec![text("  ")], line].concat()]
            } else {
                vec![[vec![caption], line].concat()]
            };
            if hint_below {
                rows.push(vec![text("  "), span(&it.hint, Role::HintKey)]);
            }
            rows
        }
    }
}

/// On as many rows as they need, with what Enter does behind them where there is room.
fn buttons(dialog: &Dialog, wide: usize, foot: &mut Foot) {
    let drawn: Vec<(Press, Row)> = (dialog.buttons().iter())
        .map(|b| {
            (
                b.press,
                button_row(b, dialog.focus == Spot::Button(b.press)),
            )
        })
        .collect();
    let needed: usize = drawn.iter().map(|(_, b)| width(b) + 3).sum();
    let (indent, gap) = if needed + 5 <= wide {
        ("     ", "   ")
    } else {
        ("", " ")
    };
    let mut row: Row = vec![text(indent)];
    for (press, button) in drawn {
        if width(&row) > indent.len() && width(&row) + width(&button) > wide {
            foot.rows.push(std::mem::take(&mut row));
        }
        let (x, cells) = (width(&row) as u16, width(&button) as u16);
        let spot = Spot::Button(press);
        foot.spots.push((spot, foot.rows.len(), x, cells));
        row.extend(button);
        row.push(text(gap));
    }
    let says = match dialog.focus {
        _ if dialog.enter_cancels() => "<- Enter and Esc",
        Spot::Button(Press::Confirm | Press::Choose(_)) => "<- Enter",
        _ => "",
    };
    if width(&row) + says.len() <= wide {
        row.push(span(says, Role::Dim));
    }
    foot.rows.push(row);
}

fn button_row(button: &Button, focused: bool) -> Row {
    let role = match (button.armed, focused, button.destroys) {
        (false, ..) => Role::Disabled,
        (true, _, true) => Role::Danger,
        (true, true, false) => Role::HintKey,
        (true, false, false) => Role::Text,
    };
    let (open, close) = if focused { ("[>", "<]") } else { ("[ ", " ]") };
    let mut row = vec![span(format!("{open}{}{close}", button.words), role)];
    if !button.armed {
        row.push(span(" (not armed)", Role::Disabled));
    }
    row
}
