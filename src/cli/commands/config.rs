//! `config path`, `check`, `show` and `init`.

use crate::cli::args::ConfigCommand;
use crate::cli::context::{Context, make_folder};
use crate::cli::exit::Failure;
use crate::cli::list_formats::{self, Column, Listed, text};
use crate::config::keys::{ConfigKey, KEYS, template};
use crate::config::{Config, ConfigPath};
use crate::ops::{Error, Refusal};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;

pub(crate) fn run(ctx: &mut Context, what: ConfigCommand) -> Result<(), Failure> {
    match what {
        ConfigCommand::Path => path(ctx),
        ConfigCommand::Check => check(ctx),
        ConfigCommand::Show => show(ctx),
        ConfigCommand::Init => init(ctx),
    }
}

fn place(ctx: &Context) -> Result<Option<PathBuf>, Failure> {
    Ok(match ctx.places.config()? {
        ConfigPath::Named(path) | ConfigPath::Usual(path) => Some(path),
        ConfigPath::Nowhere => None,
    })
}

fn nowhere() -> Failure {
    Failure::Usage(
        "HOME is not set, so there is no usual place; name the file with --config".into(),
    )
}

fn path(ctx: &mut Context) -> Result<(), Failure> {
    let place = place(ctx)?;
    let text = place.as_ref().map(|p| p.to_string_lossy().into_owned());
    if !ctx.out.for_people() {
        let exists = place.as_ref().is_some_and(|p| p.exists());
        return ctx
            .out
            .document(&json!({"type": "config-path", "path": text, "exists": exists}));
    }
    ctx.out.line(&text.ok_or_else(nowhere)?)
}

fn init(ctx: &mut Context) -> Result<(), Failure> {
    let path = place(ctx)?.ok_or_else(nowhere)?;
    let shown = path.to_string_lossy().into_owned();
    if !ctx.places.config_named()
        && let Some(folder) = path.parent()
    {
        make_folder(folder)?;
    }
    let created = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path);
    let written = created.and_then(|mut file| file.write_all(template().as_bytes()));
    match written {
        Err(cause) if cause.kind() == std::io::ErrorKind::AlreadyExists => {
            let refusal = Refusal::new(
                "resource-already-exists",
                format!("{shown} exists and is not overwritten"),
                "Move it away, or name another file with --config.",
            );
            return Err(Failure::Ops(Error::Refused(refusal)));
        }
        Err(cause) => {
            return Err(Failure::File {
                what: format!("{shown} cannot be written"),
                cause,
            });
        }
        Ok(()) => {}
    }
    if !ctx.out.for_people() {
        return ctx
            .out
            .document(&json!({"type": "config-init", "path": shown}));
    }
    ctx.out.line(&format!("{shown} was written"))
}

struct Setting {
    key: &'static ConfigKey,
    value: toml::Value,
    origin: &'static str,
}

impl Listed for Setting {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] =
        &["key", "value", "origin", "default", "allowed", "about"];

    fn doc(&self) -> Value {
        json!({
            "type": "setting",
            "key": self.key.path(),
            "value": self.value,
            "origin": self.origin,
            "default": self.key.value(&Config::default()),
            "allowed": self.key.allowed(),
            "about": self.key.about,
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("KEY", 24, |s, _| s.key.path().into()),
            text("VALUE", 24, |s, _| s.value.to_string().into()),
            text("FROM", 11, |s, _| s.origin.into()),
            text("MEANING", 80, |s, _| s.key.about.into()),
        ]
    }
}

fn show(ctx: &mut Context) -> Result<(), Failure> {
    let setting = |key: &'static ConfigKey| {
        let value = key.value(&ctx.config);
        if key.path() == "audit.actor" && ctx.config.audit.actor.is_empty() {
            let origin = if ctx.env.user.is_some() {
                "environment"
            } else {
                "default"
            };
            let value = ctx.caller("command").actor.into();
            return Setting { key, value, origin };
        }
        let origin = if key.set_by_file(&ctx.config) {
            "file"
        } else {
            "default"
        };
        Setting { key, value, origin }
    };
    let settings: Vec<Setting> = KEYS.iter().map(setting).collect();
    let now = ctx.clock().now();
    list_formats::whole(&mut ctx.out, now, Some(settings.len() as u64), &settings)
}

/// Says that the file has no errors; errors were reported when it was read.
fn check(ctx: &mut Context) -> Result<(), Failure> {
    super::look::look(ctx)?;
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
        Some(file) => ctx.out.line(&format!("{file} has no errors")),
        None => ctx
            .out
            .line("there is no configuration file; every key has its default"),
    }
}
