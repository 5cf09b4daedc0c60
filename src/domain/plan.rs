//! What an action would do, counted before it is done: the figures that dialogs and dry runs show and
//! that are counted again when the order is given. Pure data; counting is the store's, deciding is the
//! operation's. Deliberately absent: how a plan is kept, and for how long.

use super::connection::{Label, Method, Status};
use super::ids::{ConnectionId, InstitutionId, JobId, PlanId, UserId};
use super::moment::Moment;

/// The connection an action is aimed at, as it was when somebody looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Which.
    pub(crate) id: ConnectionId,
    /// Whose.
    pub(crate) user: UserId,
    /// At which bank.
    pub(crate) institution: InstitutionId,
    /// That bank's name.
    pub(crate) institution_name: String,
    /// How it is reached.
    pub(crate) method: Method,
    /// On the wire.
    pub(crate) status: Status,
    /// On the screen.
    pub(crate) label: Label,
    /// Rises with every change of it.
    pub(crate) version: i64,
}

/// Another connection that shares something with the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sibling {
    /// Which.
    pub(crate) id: ConnectionId,
    /// At which bank.
    pub(crate) institution_name: String,
    /// How it is reached.
    pub(crate) method: Method,
    /// On the screen.
    pub(crate) label: Label,
}

/// Stored data in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Masked tails of the accounts, `•••• 4410`; their number is the number of accounts.
    pub(crate) accounts: Vec<String>,
    /// How many transactions.
    pub(crate) transactions: u64,
    /// The day of the first and of the last one.
    pub(crate) days: Option<(Moment, Moment)>,
    /// How many profiles.
    pub(crate) profiles: u64,
}

/// What a purge would delete and what it would leave (docs/domain.md 12.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PurgePlan {
    /// Its id.
    pub(crate) id: PlanId,
    /// Through which connection it was asked.
    pub(crate) target: Target,
    /// What goes.
    pub(crate) stored: Stored,
    /// Connections of the same user at the same bank, whose data goes too. The target is not among them.
    pub(crate) siblings: Vec<Sibling>,
    /// The user's connections at other banks, which are not touched.
    pub(crate) kept: Vec<Sibling>,
    /// How many job records stay.
    pub(crate) jobs_kept: u64,
    /// Sums up what was counted; a count that differs at sending stops the purge.
    pub(crate) fingerprint: String,
    /// When it was counted.
    pub(crate) counted: Moment,
}

impl PurgePlan {
    /// The words that arm it; the end of the id keeps them from becoming a habit.
    pub(crate) fn words(&self) -> String {
        format!("purge {}", self.target.id.tail())
    }
}

/// What a revoke would end and what it would leave behind (docs/domain.md 12.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RevokePlan {
    /// Its id.
    pub(crate) id: PlanId,
    /// The connection.
    pub(crate) target: Target,
    /// What stays stored under the user.
    pub(crate) stored: Stored,
    /// An open job, which ends with the link.
    pub(crate) open_job: Option<JobId>,
    /// Sums up what was counted.
    pub(crate) fingerprint: String,
    /// When it was counted.
    pub(crate) counted: Moment,
}

impl RevokePlan {
    /// The words that arm it: the bank's name, in any case.
    pub(crate) fn words(&self) -> &str {
        &self.target.institution_name
    }
}

/// What speaks for and against a refresh, and how it will probably go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RefreshOutlook {
    /// The connection.
    pub(crate) target: Target,
    /// When it last talked to the bank; none when it never did.
    pub(crate) last_used: Option<Moment>,
    /// Milliseconds a refresh should leave between itself and the last one.
    pub(crate) floor_ms: i64,
    /// Until when it would wait because another connection uses the same sign-in.
    pub(crate) paused_until: Option<Moment>,
    /// Jobs running at the bank, and how many may.
    pub(crate) slots: (u32, u32),
    /// A job that is open already; a refresh gives this one back.
    pub(crate) open_job: Option<JobId>,
    /// Codes of the newest failures in a row, newest first.
    pub(crate) failures: Vec<String>,
    /// What makes it doubtful, in words for people; empty when nothing does.
    pub(crate) against: Vec<String>,
    /// What the command needs to be carried out all the same; empty when nothing.
    pub(crate) insists: &'static str,
}

impl RefreshOutlook {
    /// Whether nothing speaks against it.
    pub(crate) fn plain(&self) -> bool {
        self.against.is_empty()
    }
}

/// What refreshing several would do, by outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RefreshPreview {
    /// Will run.
    pub(crate) runs: Vec<ConnectionId>,
    /// Talked to the bank too short a time ago.
    pub(crate) recent: Vec<ConnectionId>,
    /// Will wait because of the same sign-in.
    pub(crate) waits: Vec<ConnectionId>,
    /// Cannot be refreshed.
    pub(crate) cannot: Vec<ConnectionId>,
    /// Have an open job already.
    pub(crate) open: Vec<ConnectionId>,
    /// How many of those that run are at which bank, most first.
    pub(crate) banks: Vec<(String, u64)>,
    /// Jobs that may run at one bank at a time.
    pub(crate) per_bank: u32,
    /// Milliseconds until the last one has probably ended.
    pub(crate) takes_ms: Option<i64>,
}

impl RefreshPreview {
    /// How many connections it speaks of.
    pub(crate) fn total(&self) -> usize {
        [
            &self.runs,
            &self.recent,
            &self.waits,
            &self.cannot,
            &self.open,
        ]
        .iter()
        .map(|v| v.len())
        .sum()
    }

    /// Those that an order would reach.
    pub(crate) fn sent(&self) -> Vec<ConnectionId> {
        self.runs
            .iter()
            .chain(&self.waits)
            .chain(&self.open)
            .cloned()
            .collect()
    }
}

/// One figure of a plan that changed between looking and sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What: `transactions`, `status`.
    pub(crate) what: String,
    /// When somebody looked.
    pub(crate) before: String,
    /// Now.
    pub(crate) now: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(n: usize) -> Vec<ConnectionId> {
        (0..n)
            .map(|i| ConnectionId::from(format!("con-{i}")))
            .collect()
    }

    #[test]
    fn a_preview_adds_up_and_leaves_out_what_it_skips() {
        let preview = RefreshPreview {
            runs: ids(22),
            recent: ids(11),
            waits: ids(4),
            cannot: ids(2),
            open: ids(1),
            ..Default::default()
        };
        assert_eq!(preview.total(), 40);
        assert_eq!(preview.sent().len(), 27);
    }
}
