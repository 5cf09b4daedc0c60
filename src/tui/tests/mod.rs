//! Screens: keys in, frames compared with their snapshots.

mod bulk;
mod forms;
mod orders;
pub(crate) mod screens;
pub(crate) mod screens_acts;
pub(crate) mod screens_profile;
mod update;
