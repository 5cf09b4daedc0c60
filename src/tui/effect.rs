//! What the screen asks of the world. The shell carries each one out and answers with events; nothing
//! here waits. A list read is stamped with a generation, so that an answer overtaken by a newer
//! question is dropped.

use crate::domain::connection::Method;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, PlanId, UserId};
use crate::domain::mask::Level;
use crate::domain::policy::Act;
use crate::domain::query::Query;
use crate::domain::secret::Secret;
use crate::domain::sequence::Kind;
pub(crate) use crate::domain::views::Place as From;
use crate::domain::views::Sort;
use crate::tui::dialogs::form::ending::Plan;

/// What goes to the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CopyWhat {
    /// The connection's id, or the job's when one is open.
    Id,
    /// The user's id.
    User,
    /// The masked document.
    Json,
    /// Text for support: ids, codes and times, nothing personal.
    Support,
}

/// What a raw document is asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A connection.
    Connection(ConnectionId),
    /// A job.
    Job(JobId),
}

/// How the user's visit to the bank ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitEnd {
    /// They agreed.
    Agrees,
    /// They went away.
    Leaves,
    /// They or the bank said no.
    Denies,
}

/// A connection to be made, as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// An id, or a whole email or mobile.
    pub(crate) user: String,
    /// At which bank.
    pub(crate) institution: InstitutionId,
    /// How it is reached.
    pub(crate) method: Method,
    /// The name to sign in with.
    pub(crate) login: Secret,
    /// What goes with it.
    pub(crate) password: Secret,
    /// A second one, where the bank wants it.
    pub(crate) security_code: Option<Secret>,
}

/// One request. Imperative; the shell does it and reports what happened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Read a page of the list; answered by `PageLoaded`.
    LoadPage {
        /// Of which question this is a part.
        generation: u64,
        /// Which rows.
        query: Query,
        /// In which order.
        sort: Sort,
        /// From where.
        from: From,
        /// How many at most.
        limit: usize,
    },
    /// Count the rows of the list; answered by `SizeLoaded`.
    LoadSize {
        /// Of which question this is a part.
        generation: u64,
        /// Which rows.
        query: Query,
    },
    /// Read these rows again; answered by `RowsLoaded`.
    LoadRows {
        /// Of which question this is a part.
        generation: u64,
        /// The filter, to say which of them no longer match.
        query: Query,
        /// Which rows.
        ids: Vec<ConnectionId>,
    },
    /// The ids of all rows of the list, at most `limit`; answered by `IdsLoaded`.
    LoadIds {
        /// Of which question this is a part.
        generation: u64,
        /// Which rows.
        query: Query,
        /// How many at most.
        limit: usize,
    },
    /// The next row in list order that needs action; answered by `AttentionFound`.
    FindAttention {
        /// Of which question this is a part.
        generation: u64,
        /// Which rows.
        query: Query,
        /// In which order.
        sort: Sort,
        /// Behind or before which place.
        from: From,
    },
    /// Read the header's counts; answered by `CountsLoaded`.
    LoadCounts,
    /// Read the names of the banks, for completion; answered by `BanksLoaded`.
    LoadBanks,
    /// Read the profile pane; answered by `ProfileLoaded`.
    LoadProfile {
        /// Whose.
        id: ConnectionId,
        /// How much may be shown.
        level: Level,
    },
    /// Read the newest jobs of a connection; answered by `JobsLoaded`.
    LoadJobs {
        /// Whose.
        id: ConnectionId,
        /// How many at most.
        limit: usize,
    },
    /// Read one job whole; answered by `JobLoaded`.
    LoadJob(JobId),
    /// Say why a connection is as it is; answered by `WhyLoaded`.
    LoadWhy(ConnectionId),
    /// Look what a refresh would meet; answered by `RefreshScouted`.
    ScoutRefresh(ConnectionId),
    /// Refresh; answered by `RefreshQueued` or `Refused`.
    Refresh(ConnectionId),
    /// Look what refreshing these would meet; answered by `RefreshesScouted`.
    ScoutRefreshes(Vec<ConnectionId>),
    /// Refresh these; answered by `BulkApplied` or `BulkFailed`.
    Refreshes(Vec<ConnectionId>),
    /// Count what an act on these would do and keep that; answered by `BulkPlanned` or `BulkFailed`.
    PlanBulk {
        /// Which act.
        act: Act,
        /// On which connections.
        ids: Vec<ConnectionId>,
    },
    /// Carry a kept plan out; answered by `BulkApplied` or `BulkFailed`.
    ApplyBulk {
        /// Which act.
        act: Act,
        /// Which plan.
        plan: PlanId,
        /// The words that were typed.
        words: String,
        /// Why, for the audit log.
        reason: String,
    },
    /// Count what a purge would delete; answered by `PurgePlanned` or `Refused`.
    PlanPurge(ConnectionId),
    /// Purge; answered by `Purged`, `PlanChanged` or `Refused`.
    Purge {
        /// Which connection.
        id: ConnectionId,
        /// The plan that was looked at.
        plan: PlanId,
        /// What it counted.
        fingerprint: String,
        /// The words that were typed.
        words: String,
        /// Whether a refresh follows.
        refresh_after: bool,
    },
    /// Count what a revoke would leave; answered by `RevokePlanned` or `Refused`.
    PlanRevoke(ConnectionId),
    /// Revoke; answered by `Revoked`, `PlanChanged` or `Refused`.
    Revoke {
        /// Which connection.
        id: ConnectionId,
        /// The plan that was looked at.
        plan: PlanId,
        /// What it counted.
        fingerprint: String,
        /// The words that were typed.
        words: String,
        /// Why, for the audit log; may be empty.
        reason: String,
    },
    /// Answer what the bank asks, in order; answered by `Answered` or `Refused`.
    Answer {
        /// Which job.
        job: JobId,
        /// What was typed.
        answers: Vec<Secret>,
    },
    /// Read the banks and the ways to them, for a form; answered by `InstitutionsLoaded`.
    LoadInstitutions,
    /// Give a new password; answered by `CredentialsTaken` or `FormRefused`.
    UpdateCredentials {
        /// Of which connection.
        id: ConnectionId,
        /// The password.
        password: Secret,
        /// A second one, where the bank wants it.
        security_code: Option<Secret>,
    },
    /// Play the user's visit to the bank; answered by `Visited` or `FormRefused`.
    Visit {
        /// For which connection.
        id: ConnectionId,
        /// How it ended.
        end: VisitEnd,
    },
    /// Make a connection; answered by `Connected` or `FormRefused`.
    Connect(Box<Link>),
    /// Count what an ending of several acts would do; answered by `Ending`.
    PlanEnding {
        /// Which.
        kind: Kind,
        /// The connection under the cursor.
        id: ConnectionId,
        /// Its user.
        user: UserId,
    },
    /// Begin it, and go on to its end; answered by `Ending` or `FormRefused`.
    End {
        /// What was looked at.
        plan: Box<Plan>,
        /// Why, for the audit log.
        reason: String,
    },
    /// Look what refreshing all of this user's would meet; answered by `UserScouted`.
    ScoutUser(UserId),
    /// Put something about this on the clipboard; answered by `Copied`.
    Copy {
        /// About what.
        subject: Subject,
        /// What of it.
        what: CopyWhat,
        /// How much may be shown.
        level: Level,
    },
    /// Put this text on the clipboard; answered by `Copied`.
    CopyText(String),
    /// Show the raw masked document in the pager.
    Page {
        /// Of what.
        subject: Subject,
        /// How much may be shown.
        level: Level,
    },
    /// Draw every cell anew.
    Redraw,
    /// Stop and give the terminal back until continued.
    Suspend,
    /// End.
    Quit,
}
