//! The screen: keys in, frames out. Pure but for `shell.rs`.

pub mod action;
pub mod key;
pub mod keymap;
pub mod layer;
pub mod role;
pub mod sign;
pub mod theme;
