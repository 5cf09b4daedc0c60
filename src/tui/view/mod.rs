//! Paints the model, visible rows only, and changes nothing.

mod filter;
mod header;
mod hints;

use crate::tui::dialogs;
use crate::tui::hit::Hit;
use crate::tui::layout::{Class, LEAST};
use crate::tui::model::{Model, Over};
use crate::tui::panes::{
    Pane, columns, connections, help, job, jobs, menu, messages, pages, palette, profile, why,
};
use crate::tui::role::Role;
use crate::tui::theme::Theme;
use crate::tui::widgets::canvas::{Canvas, count, wrap};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub(crate) fn view(model: &Model, theme: &Theme, buffer: &mut Buffer) {
    let mut canvas = Canvas::new(buffer, theme, model.signs);
    let area = canvas.area();
    canvas.fill(area, Role::Text);
    if model.class == Class::Tiny || area.width < LEAST.0 || area.height < LEAST.1 {
        tiny(&mut canvas, area, model);
    } else {
        whole(&mut canvas, model);
    }
    model.signs.settle(buffer);
}

/// What stands at this cell. It is asked of the painting itself, so that a click meets what is seen there.
pub(crate) fn hit(model: &Model, x: u16, y: u16) -> Option<Hit> {
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let theme = Theme::mono();
    let mut canvas = Canvas::new(&mut buffer, &theme, model.signs);
    whole(&mut canvas, model);
    canvas.hit(x, y)
}

fn tiny(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let (columns, rows) = model.size;
    let mut kept = vec![count(model.list.marks.len() as u64, "mark")];
    if !model.list.filter.field.text().is_empty() {
        kept.push("1 filter".into());
    }
    if model.dialog.is_some() {
        kept.push("1 dialog".into());
    }
    let (w, h) = LEAST;
    let wide = usize::from(area.width.saturating_sub(1));
    let needs = format!("switchboard needs {w}x{h}; this is {columns}x{rows}.");
    let lost = format!("Nothing is lost: {}.  q quit", kept.join(", "));
    let rows = [needs, lost].map(|words| wrap(&words, wide, Role::Text));
    canvas.rows(area, &rows.concat());
}

fn whole(canvas: &mut Canvas<'_>, model: &Model) {
    let layout = model.layout();
    header::paint(canvas, &layout, model);
    header::band(canvas, layout.band, model);
    filter::paint(canvas, layout.filter, model);
    match model.pages.shown() {
        Some(page) => pages::view::paint(canvas, layout.body, model, page),
        None => panes(canvas, model),
    }
    messages::view::news(canvas, layout.news, model);
    if model.dialog.is_some() || model.over.is_some() {
        canvas.no_hits();
    }
    hints::paint(canvas, layout.hints, model);
    match (&model.dialog, &model.over) {
        (Some(dialog), _) => dialogs::view::paint(canvas, model, dialog),
        (None, Some(Over::Help(help))) => help::view::paint(canvas, model, help),
        (None, Some(Over::Palette(palette))) => palette::view::paint(canvas, model, palette),
        (None, Some(Over::Messages)) => messages::view::paint(canvas, model),
        (None, Some(Over::Why(why))) => why::view::paint(canvas, model, why),
        (None, Some(Over::Sort { then })) => {
            let title = if *then { "Then by" } else { "Sort by" };
            menu::paint(canvas, layout.body, model, title);
        }
        (None, Some(Over::Columns(columns))) => {
            columns::view::paint(canvas, layout.body, model, columns);
        }
        (None, Some(Over::Group)) => menu::paint(canvas, layout.body, model, "Group by"),
        (None, Some(Over::Copy)) => menu::paint(canvas, layout.body, model, "Copy"),
        (None, None) if layout.news.height == 0 => {
            messages::view::over_hints(canvas, layout.hints, model);
        }
        (None, None) => {}
    }
}

fn panes(canvas: &mut Canvas<'_>, model: &Model) {
    for (pane, area) in model.panes() {
        match pane {
            Pane::Connections => connections::view::paint(canvas, area, model),
            Pane::Profile => profile::view::paint(canvas, area, model),
            Pane::Jobs => jobs::view::paint(canvas, area, model),
            Pane::Job => job::view::paint(canvas, area, model),
        }
    }
    if let Some(strip) = model.layout().activity().filter(|_| !model.single()) {
        messages::view::strip(canvas, strip, model);
    }
}
