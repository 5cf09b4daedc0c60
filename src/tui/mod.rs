//! The screen: keys in, frames out. Pure but for `shell.rs`.

pub mod action;
