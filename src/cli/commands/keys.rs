//! `keys`: the current key bindings.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::tui::keymap::{Keymap, Lost};
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
    let at = ctx
        .config
        .keys
        .first()
        .map_or(super::dashboard::FIRST, |b| b.at);
    Keymap::with(&user).map_err(|wrong| super::dashboard::refused(ctx, at, &wrong))
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
