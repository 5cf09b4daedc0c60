//! The screen: keys in, frames out. Pure but for `shell/`, which waits and asks the operations, and the
//! files that hold the real terminal.

pub mod action;
pub mod away;
#[cfg(test)]
mod bulk_tests;
pub mod decode;
#[cfg(test)]
pub mod desk;
pub mod dialogs;
pub mod effect;
pub mod event;
mod frames;
pub mod guard;
pub mod hints;
pub mod input;
pub mod key;
pub mod keymap;
pub mod layer;
pub mod layout;
pub mod model;
pub mod panes;
pub mod possible;
pub mod restore;
pub mod role;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod screens_acts;
#[cfg(test)]
mod screens_profile;
pub mod shell;
pub mod sign;
pub mod signals;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod widgets;
