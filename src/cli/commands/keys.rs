//! `keys`: the current key bindings.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::config::{Mistake, Position};
use crate::tui::keymap::{self, Keymap, Lost};
use serde_json::json;

pub(crate) fn keymap(ctx: &Context) -> Result<Keymap, Failure> {
    let mut user = toml::Table::new();
    for binding in &ctx.config.keys {
        let layer = user
            .entry(binding.layer.clone())
            .or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let keys = binding
            .keys
            .iter()
            .cloned()
            .map(toml::Value::String)
            .collect();
        if let toml::Value::Table(layer) = layer {
            layer.insert(binding.action.clone(), toml::Value::Array(keys));
        }
    }
    Keymap::with(&user).map_err(|wrong| {
        let placed = wrong.iter().map(|m| (position(ctx, m), m.to_string()));
        refused(ctx, placed.collect())
    })
}

/// Of a clash with a shipped key, the user's own line, whichever of the two actions it is.
fn position(ctx: &Context, mistake: &keymap::Mistake) -> Option<Position> {
    let (layer, action) = mistake.place();
    let bindings = || {
        ctx.config
            .keys
            .iter()
            .filter(|b| Some(b.layer.as_str()) == layer)
    };
    let own = bindings().find(|b| Some(b.action.as_str()) == action);
    let first = || layer.map_or_else(|| ctx.config.keys.first(), |_| bindings().next());
    own.or_else(first).map(|binding| binding.at)
}

/// The mistakes that the dashboard finds in the configuration, each at its place where that is known.
pub(super) fn refused(ctx: &Context, wrong: Vec<(Option<Position>, String)>) -> Failure {
    let first = Position { line: 1, column: 1 };
    let mistakes = wrong.into_iter().map(|(at, what)| Mistake {
        at: at.unwrap_or(first),
        what,
    });
    match ctx.config.refused(mistakes.collect()) {
        Some(error) => Failure::Config(error),
        None => Failure::Usage("the configuration is wrong".into()),
    }
}

pub(crate) fn run(ctx: &mut Context) -> Result<(), Failure> {
    let keymap = keymap(ctx)?;
    if !ctx.out.for_people() {
        let rows: Vec<_> = keymap
            .bindings()
            .iter()
            .map(|b| {
                json!({
                    "type": "key",
                    "layer": b.layer.name(),
                    "keys": b.keys.label(),
                    "action": b.action.name(),
                    "words": b.action.words(),
                })
            })
            .collect();
        let lost: Vec<_> = keymap.lost().iter().map(lost).collect();
        return ctx
            .out
            .document(&json!({ "type": "list", "count": rows.len(), "size": rows.len(), "data": rows, "lost": lost }));
    }
    for binding in keymap.bindings() {
        let line = format!(
            "{:<12} {:<12} {:<22} {}",
            binding.layer.name(),
            binding.keys.label(),
            binding.action.name(),
            binding.action.words()
        );
        ctx.out.line(line.trim_end())?;
    }
    if !keymap.lost().is_empty() {
        ctx.out.line("")?;
    }
    for lost in keymap.lost() {
        ctx.out.line(&lost.to_string())?;
    }
    Ok(())
}

fn lost(lost: &Lost) -> serde_json::Value {
    json!({
        "layer": lost.shipped.layer.name(),
        "keys": lost.shipped.keys.label(),
        "action": lost.shipped.action.name(),
        "to": lost.to.action.name(),
    })
}
