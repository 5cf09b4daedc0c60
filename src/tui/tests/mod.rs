//! Screens: keys in, frames compared with their snapshots.

mod bulk;
mod columns;
mod contrast;
mod endings;
mod forms;
mod groups;
mod headings;
mod held;
mod live;
mod orders;
mod pages;
mod places;
mod roles;
pub(crate) mod screens;
pub(crate) mod screens_acts;
pub(crate) mod screens_profile;
mod sorting;
mod stopping;
mod update;
mod views;
