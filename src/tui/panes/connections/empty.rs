//! What stands where there are no rows: how to begin, or what the filter hides.

use crate::tui::action::Action;
use crate::tui::layer::Layer;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Canvas, Row, count, span, text, thousands};
use ratatui::layout::Rect;

pub(super) fn rows(model: &Model) -> Vec<Row> {
    let list = &model.list;
    match (list.loading, list.filter.field.text()) {
        (Some(_), _) => vec![vec![span("Reading the list ...", Role::Dim)]],
        (None, "") => {
            let command = |name: &str, words: &str| {
                let name = format!("  switchboard {name:<13}");
                vec![span(name, Role::HintKey), text(words)]
            };
            vec![
                vec![text("No connections yet.")],
                vec![],
                vec![text("A connection appears here when a user links a bank.")],
                vec![],
                command("demo", "a made-up world of its own; nothing is sent"),
                command("user create", "a user, who can then link a bank"),
                command("connect", "link a bank for a user"),
                command("import", "read documents in the API's shapes"),
            ]
        }
        (None, filter) => {
            let total = model.counts.map_or(0, |c| c.total());
            let are = if total == 1 { "is" } else { "are" };
            let key = model.hints.key(Layer::Connections, Action::Filter);
            let key = key.unwrap_or("?");
            vec![
                vec![text("Nothing matches   "), span(filter, Role::Input)],
                vec![],
                vec![text(format!(
                    "{} {are} hidden.",
                    count(total, "connection")
                ))],
                vec![text(format!("Esc clears the filter; {key} changes it."))],
            ]
        }
    }
}

pub(super) fn hidden(canvas: &mut Canvas<'_>, area: Rect, used: u16, model: &Model) {
    let list = &model.list;
    let (Some(size), Some(counts)) = (list.size, &model.counts) else {
        return;
    };
    let hidden = counts.total().saturating_sub(size.count);
    if list.filter.query.expr.is_none() || !size.exact || hidden == 0 || !list.window.whole() {
        return;
    }
    let y = area.y + used + 1;
    let (shown, hidden) = (thousands(size.count), thousands(hidden));
    let words = format!("-- {shown} shown, {hidden} hidden by the filter (Esc clears it) --");
    let wide = area.width.saturating_sub(4);
    canvas.text(area.x + 3, y, wide, &words, Role::Dim);
}
