//! How the dashboard looks: theme, signs and keys, as the configuration and the terminal have them.

use super::keys;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::tui::colour_depth::Depth;
use crate::tui::glyphs::Signs;
use crate::tui::keymap::Keymap;
use crate::tui::model::{Environment, Settings};
use crate::tui::runtime::Themes;
use crate::tui::terminal::background::Background;
use crate::tui::theme::Theme;
use std::sync::Arc;

pub(super) struct Look {
    pub(super) keymap: Keymap,
    pub(super) theme: Theme,
    pub(super) signs: Signs,
}

/// The theme and the keymap of the configuration, with every mistake in them.
pub(super) fn look(ctx: &Context) -> Result<(), Failure> {
    keys::keymap(ctx)?;
    theme(ctx).map(drop)
}

/// The shipped themes with the changes of the configuration, for this terminal.
pub(super) fn themes(ctx: &Context) -> Themes {
    let (own, depth) = (own(ctx), depth(ctx));
    let colours = !ctx.env.no_color;
    Arc::new(move |name| {
        let theme = Theme::with(name, &own).ok().filter(|_| colours)?;
        Some(theme.at(depth))
    })
}

fn depth(ctx: &Context) -> Depth {
    Depth::of(ctx.env.color_term.as_deref(), ctx.env.term.as_deref())
}

/// What the configuration changes of any theme.
fn own(ctx: &Context) -> toml::Table {
    let own = ctx.config.theme.iter();
    own.map(|p| (p.role.clone(), p.style.clone())).collect()
}

/// The configured one, or else the one for what `COLORFGBG` says of the background.
fn name(ctx: &Context) -> &str {
    let told = ctx.env.color_fgbg.as_deref();
    let told = told.filter(|_| by_background(ctx));
    let background = told.and_then(Background::of_variable);
    match background {
        Some(background) => background.theme(),
        None => &ctx.config.ui.theme,
    }
}

fn by_background(ctx: &Context) -> bool {
    !ctx.env.no_color && !ctx.config.given.contains_key("ui.theme")
}

/// Whether the terminal is asked for its background. The console of Linux and old terminals do not know the question.
pub(super) fn asks_background(ctx: &Context) -> bool {
    by_background(ctx) && !matches!(ctx.env.term.as_deref(), Some("linux" | "vt100"))
}

fn theme(ctx: &Context) -> Result<Theme, Failure> {
    let config = &ctx.config;
    let own = own(ctx);
    let at = |role: Option<&str>| match role {
        Some(role) => config.theme.iter().find(|p| p.role == role).map(|p| p.at),
        None => config.given.get("ui.theme").copied(),
    };
    Theme::with(name(ctx), &own).map_err(|wrong| {
        let placed = wrong.iter().map(|m| (at(m.role()), m.to_string()));
        keys::refused(ctx, placed.collect())
    })
}

impl Look {
    pub(super) fn settings(&self, ctx: &Context, environment: Environment) -> Settings {
        Settings {
            keymap: self.keymap.clone(),
            signs: self.signs,
            zone: ctx.out.manner.zone,
            actor: ctx.caller("dashboard").actor,
            role: ctx.config.access.role,
            environment,
            level: ctx.level(),
            floor: ctx.config.privacy.floor,
            idle_after: u64::try_from(ctx.config.privacy.idle_after.as_millis()).ok(),
            refused_limit: ctx.config.limits.refused_sign_ins,
            countdown: u64::try_from(ctx.config.ui.countdown.as_millis()).unwrap_or(0),
        }
    }

    pub(super) fn of(ctx: &Context) -> Result<Self, Failure> {
        let signs = Signs::of(
            ctx.common.ascii,
            ctx.env.locale.as_deref(),
            ctx.env.term.as_deref(),
        );
        let theme = match ctx.env.no_color {
            true => Theme::mono(),
            false => theme(ctx)?,
        };
        Ok(Self {
            keymap: keys::keymap(ctx)?,
            theme: theme.at(depth(ctx)),
            signs,
        })
    }
}
