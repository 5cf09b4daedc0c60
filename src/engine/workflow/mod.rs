//! Work in steps under a lease: purges and workflows. After a crash it goes on at the first step not done.

mod certificate;
mod lease;
mod purge;
mod runner;

pub(crate) use certificate::draft;
pub(crate) use lease::keep_lease;
pub(crate) use purge::finish_purge;
pub(crate) use runner::{AGAIN, Runner, StepResult, Steps, Turn, record_step};

use crate::store::AuditEntry;
use std::time::Duration;

/// Who carries something out: the worker, or whoever ordered it.
#[derive(Clone, Debug)]
pub(crate) struct Performer {
    /// As the audit and the lease of a purge name it.
    pub(crate) name: String,
    pub(crate) face: &'static str,
    /// How long it may be silent before another process takes over.
    pub(crate) lease: Duration,
}

impl Performer {
    /// How long what cannot be done now waits. Never longer than a lease: what lies further ahead counts as the error
    /// of a clock and is due at once.
    pub(crate) fn pause(&self) -> Duration {
        AGAIN.min(self.lease)
    }

    fn entry(&self, action: &str, target: &str, outcome: &str) -> AuditEntry {
        AuditEntry {
            actor: self.name.clone(),
            face: self.face,
            action: action.into(),
            target: target.into(),
            outcome: outcome.into(),
            reason: String::new(),
        }
    }
}
