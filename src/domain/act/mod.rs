//! Acts on one connection, several, or a whole user: planned with counts and pins, confirmed, done step by step.

mod confirm;
mod detail;
mod figures;
mod kind;
mod outcome;
mod pins;
mod plan;
mod selection;
mod workflow;

pub(crate) use confirm::{Confirmation, Objection};
pub(crate) use detail::{
    Detail, OneConnection, Outlook, Sibling, Stored, Target, UserConnection, Way, WholeUser,
};
pub(crate) use figures::Figures;
pub(crate) use kind::{ActKind, StepAct};
pub(crate) use outcome::{Outcome, Tally};
pub(crate) use pins::{Difference, Pins};
pub(crate) use plan::{Bank, Force, Plan, PlanHead, Stage, Step, USUAL_MS, duration_ms};
pub(crate) use selection::Selection;
pub(crate) use workflow::{Standing, lease_holds};

#[cfg(test)]
mod tests;
