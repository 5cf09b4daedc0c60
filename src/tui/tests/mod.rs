//! Screens: keys in, frames compared with their snapshots.

mod bulk;
mod endings;
mod forms;
mod held;
mod live;
mod orders;
mod places;
mod roles;
pub(crate) mod screens;
pub(crate) mod screens_acts;
pub(crate) mod screens_profile;
mod update;
