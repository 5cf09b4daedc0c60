//! All acts, for one or many: [`Ops::plan`] counts and pins, a person confirms with words and a reason, and
//! [`Ops::apply`] checks those, counts again in each step's transaction, and reports each outcome.
//!
//! A workflow's order is on disk before its first step; each step is safe to repeat and recorded by itself, so the same
//! command, or maintenance, goes on after a crash. While one is open, nothing that would bring data back begins for that
//! user (for a move: at that bank); see [`Ops::not_in_workflow`]. Purges and revokes by hand are let through.

mod apply;
mod count;
mod detail;
mod migrate;
mod plan;
mod purge;
mod revoke;
mod select;
mod show;
mod steps;
mod undone;
mod whole_user;
mod workflow;

pub(crate) use crate::domain::act::Selection;
pub(crate) use crate::engine::Turn;
pub(crate) use apply::{Applied, Progress};
pub(crate) use show::PlanPart;
