//! The screen: keys in, frames out. Pure but for `runtime/` and `terminal/`.

pub(crate) mod action;
pub(crate) mod availability;
pub(crate) mod colour_depth;
pub(crate) mod countdown;
pub(crate) mod deeds;
pub(crate) mod dialogs;
pub(crate) mod effect;
pub(crate) mod endings;
pub(crate) mod event;
pub(crate) mod footer;
pub(crate) mod glyphs;
pub(crate) mod hit;
pub(crate) mod kept;
pub(crate) mod keymap;
pub(crate) mod layer;
pub(crate) mod layout;
pub(crate) mod model;
mod pane_areas;
pub(crate) mod panes;
pub(crate) mod receipt;
pub(crate) mod rest;
pub(crate) mod role;
pub(crate) mod runtime;
pub(crate) mod settings;
pub(crate) mod terminal;
pub(crate) mod theme;
pub(crate) mod update;
pub(crate) mod view;
pub(crate) mod widgets;

#[cfg(test)]
mod tests;
