//! The screen: keys in, frames out. Pure but for `shell.rs`.

pub mod action;
pub mod away;
pub mod decode;
mod frames;
pub mod guard;
pub mod input;
pub mod key;
pub mod keymap;
pub mod layer;
pub mod restore;
pub mod role;
pub mod sign;
pub mod signals;
pub mod terminal;
pub mod theme;
