//! `keys`: the key table as it is bound now, the user's own keys over the shipped ones.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::list::{Cell, Column, Listed, Printer, text};
use crate::config::{Mistake, Position};
use crate::domain::moment::Moment;
use crate::tui::keymap::{self, Binding, Keymap};
use crate::tui::theme::{self, Depth, Theme};
use serde_json::{Value, json};
use toml::Table;

/// Where a mistake stands that no line can be found for.
const TOP: Position = Position { line: 1, column: 1 };

/// The keymap with the user's own keys over it.
///
/// # Errors
/// With everything that is wrong in the user's keys, each at its place.
pub fn keymap(ctx: &Context) -> Result<Keymap, Failure> {
    let mut user = Table::new();
    for own in &ctx.config.keys {
        let layer = user.entry(own.layer.clone()).or_insert_with(|| Table::new().into());
        if let Some(layer) = layer.as_table_mut() {
            let keys: Vec<toml::Value> = own.keys.iter().map(|k| k.as_str().into()).collect();
            layer.insert(own.action.clone(), keys.into());
        }
    }
    Keymap::with(&user).map_err(|mistakes| refused(ctx, mistakes.iter().map(|m| (place(ctx, m), m.to_string()))))
}

/// The colours that the configuration asks for, as far as the terminal has them.
///
/// # Errors
/// With everything that is wrong in them.
pub fn theme(ctx: &Context) -> Result<Theme, Failure> {
    let user: Table = ctx.config.theme.iter().map(|paint| (paint.role.clone(), paint.style.clone())).collect();
    let at = |mistake: &theme::Mistake| {
        let role = match mistake {
            theme::Mistake::Theme { .. } => return TOP,
            theme::Mistake::Role { role, .. } => role.as_str(),
            theme::Mistake::Style { role, .. } | theme::Mistake::Color { role, .. } => role.name(),
        };
        ctx.config.theme.iter().find(|paint| paint.role == role).map_or(TOP, |paint| paint.at)
    };
    let name = if ctx.env.no_color { "mono" } else { &ctx.config.ui.theme };
    let theme =
        Theme::with(name, &user).map_err(|mistakes| refused(ctx, mistakes.iter().map(|m| (at(m), m.to_string()))))?;
    Ok(theme.at(Depth::of(ctx.env.color_term.as_deref(), ctx.env.term.as_deref())))
}

fn refused(ctx: &Context, mistakes: impl Iterator<Item = (Position, String)>) -> Failure {
    let mistakes = mistakes.map(|(at, what)| Mistake::new(at, what)).collect();
    match ctx.config.refused(mistakes) {
        Some(error) => error.into(),
        None => Failure::Usage("the keys or colours are wrong".into()),
    }
}

/// The line of the file that a mistake is about.
fn place(ctx: &Context, mistake: &keymap::Mistake) -> Position {
    use keymap::Mistake as M;
    let (layer, actions): (&str, Vec<&str>) = match mistake {
        M::Layer { layer, .. } => (layer, vec![]),
        M::Action { layer, action, .. } => (layer.name(), vec![action]),
        M::Key { layer, action, .. } => (layer.name(), vec![action.name()]),
        M::Shape { place, .. } => (place, vec![]),
        M::WayOut => return TOP,
        M::Clash { layer, first, second, .. } => (layer.name(), vec![first.name(), second.name()]),
    };
    let here = || ctx.config.keys.iter().filter(|own| own.layer == layer);
    let exact = here().find(|own| actions.contains(&own.action.as_str()));
    exact.or_else(|| here().next()).map_or(TOP, |own| own.at)
}

/// One row of the table.
struct Row<'k>(&'k Binding);

impl Listed for Row<'_> {
    type Doc<'a>
        = Value
    where
        Self: 'a;
    const COLUMNS: &'static [Column] = &[text("LAYER", 16), text("KEY", 14), text("ACTION", 30), text("WHAT", 60)];
    const FIELDS: &'static [&'static str] = &["layer", "keys", "action", "words"];

    fn doc(&self) -> Value {
        let [layer, keys, action, words] = self.parts();
        json!({"type": "binding", "layer": layer, "keys": keys, "action": action, "words": words})
    }

    fn cells(&self, _now: Moment) -> Vec<Cell> {
        self.parts().iter().map(|part| Cell::of(part)).collect()
    }

    fn record(&self) -> Vec<String> {
        self.parts().into()
    }
}

impl Row<'_> {
    fn parts(&self) -> [String; 4] {
        let b = self.0;
        [b.layer.name().into(), b.keys.label(), b.action.name().into(), b.action.words().into()]
    }
}

/// Prints the table.
pub fn run(ctx: &mut Context) -> Result<(), Failure> {
    let keymap = keymap(ctx)?;
    let rows: Vec<Row<'_>> = keymap.bindings().iter().map(Row).collect();
    let now = ctx.clock().now();
    let mut printer = Printer::begin(&mut ctx.out, now, Some(rows.len() as u64))?;
    printer.rows(&rows)?;
    printer.end(None)
}
