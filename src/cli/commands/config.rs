//! `config path` and `config check`: where the configuration is, and whether it is right.

use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::config::ConfigPlace;
use serde_json::json;

/// Prints where the file is looked for; the paths are given as they are.
pub(crate) fn path(ctx: &mut Context) -> Result<(), Failure> {
    let place = match ctx.places.config()? {
        ConfigPlace::Named(path) | ConfigPlace::Usual(path) => Some(path),
        ConfigPlace::Nowhere => None,
    };
    let text = place.as_ref().map(|p| p.to_string_lossy().into_owned());
    if !ctx.out.for_people() {
        let exists = place.as_ref().is_some_and(|p| p.exists());
        return ctx
            .out
            .document(&json!({"type": "config-path", "path": text, "exists": exists}));
    }
    match text {
        Some(text) => ctx.out.line(&text),
        None => Err(Failure::Usage(
            "HOME is not set, so there is no usual place; name the file with --config".into(),
        )),
    }
}

/// Says that it is right; what is wrong was said when it was read.
pub(crate) fn check(ctx: &mut Context) -> Result<(), Failure> {
    let keymap = super::keys::keymap(ctx)?;
    for lost in keymap.lost() {
        ctx.out.say(&lost.to_string());
    }
    let file = ctx
        .config
        .file
        .as_ref()
        .map(|p| p.to_string_lossy().into_owned());
    if !ctx.out.for_people() {
        return ctx
            .out
            .document(&json!({"type": "config-check", "path": file, "ok": true}));
    }
    match file {
        Some(file) => ctx.out.line(&format!("{file} is right")),
        None => ctx
            .out
            .line("there is no configuration file; everything has its default"),
    }
}
