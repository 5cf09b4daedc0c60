//! Screens: keys in, frames compared with their snapshots.

mod bulk;
mod columns;
mod contrast;
mod endings;
mod forms;
mod groups;
mod handling;
mod headings;
mod held;
mod live;
mod mouse;
mod orders;
mod pages;
mod palette;
mod pictures;
mod places;
mod random;
mod roles;
pub(crate) mod screens;
pub(crate) mod screens_acts;
pub(crate) mod screens_profile;
mod since;
mod sorting;
mod stopping;
mod tasks;
mod update;
mod views;
