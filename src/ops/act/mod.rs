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
mod whole_user;
mod workflow;

pub(crate) use crate::domain::act::Selection;
pub(crate) use crate::engine::Turn;
pub(crate) use apply::{Applied, Progress};

/// What tests do without the words.
#[cfg(test)]
mod bare {
    use crate::domain::act::{ActKind, Force};
    use crate::domain::ids::{ConnectionId, JobId};
    use crate::domain::job::Job;
    use crate::ops::{Ops, Result};

    impl Ops {
        pub(crate) async fn purge(&self, id: &ConnectionId, reason: &str) -> Result<Job> {
            let (kind, force) = (ActKind::Purge, Force::default());
            Ok(self.do_one(kind, id, None, force, reason.into()).await?.0)
        }

        pub(crate) async fn revoke(&self, id: &ConnectionId, reason: &str) -> Result<Job> {
            let (kind, force) = (ActKind::Revoke, Force::default());
            Ok(self.do_one(kind, id, None, force, reason.into()).await?.0)
        }

        /// Goes on with a purge as the process that ordered it does.
        pub(crate) async fn finish_open_purge(&self, job: &JobId) -> Result<Job> {
            self.finish_purge(job).await
        }

        /// Writes the intent of a purge and goes no further, as if the process had died.
        pub(crate) async fn begin_purge(&self, id: &ConnectionId, reason: &str) -> Result<JobId> {
            let (asked, reason) = (id.clone(), reason.to_owned());
            let (kind, force) = (ActKind::Purge, Force::default());
            let begun = self.act("purge", id.as_str(), move |ops, tx| {
                ops.start_in(tx, kind, &asked, None, force, &reason)
            });
            Ok(begun.await?.job.expect("a purge has a job"))
        }
    }
}
