//! What happened, past tense: answers to effects, and wake-ups, which carry ids only. Everything that
//! reaches `update` is an [`Input`], in one ordered stream.

use crate::domain::bulk::BulkPlan;
use crate::domain::connection::Method;
use crate::domain::diagnosis::Meaning;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::job::Job;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::plan::{Difference, PurgePlan, RefreshOutlook, RefreshPreview, RevokePlan};
use crate::domain::policy::Act;
use crate::domain::sequence::{Kind, Sequence};
use crate::domain::views::{ConnectionPane, ConnectionRow, Counts, Page, Place, Size};
use crate::tui::action::Action;
use crate::tui::effect::{EndingPlan, OrderId};
use crate::tui::terminal::key::Key;
use std::sync::Arc;

/// Everything the screen reacts to.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// `at` is a running time in milliseconds, for guards and delays.
    Key {
        key: Key,
        at: u64,
    },
    /// Text was pasted.
    Paste(String),
    /// Several keys came at once, faster than a person types, and were dropped.
    Burst(usize),
    /// Columns and rows of the terminal.
    Resize(u16, u16),
    /// Time went on: the world's, and the running time in milliseconds.
    Tick {
        now: Moment,
        at: u64,
    },
    Event(Event),
}

/// A bank and the methods it offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankChoice {
    pub(crate) id: InstitutionId,
    pub(crate) name: String,
    pub(crate) methods: Vec<Method>,
}

/// What became of a workflow of several acts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EndingNews {
    Planned(Box<EndingPlan>),
    /// Why it is not possible.
    Impossible(Kind, UserId, String),
    /// How far it is.
    Moved(Box<Sequence>),
}

/// Why the data on screen cannot be trusted or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The word beside the program's name: `READ-ONLY`, `STALE`.
    pub(crate) word: String,
    pub(crate) what: String,
    /// What that means, and what to do.
    pub(crate) advice: String,
    pub(crate) stops_actions: bool,
}

/// One thing that happened. Late and repeated ones are harmless. Summaries and reasons are sentences for
/// people and hold nothing private.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// These connections, or jobs of theirs, changed.
    Changed {
        ids: Vec<ConnectionId>,
    },
    /// Something changed and nobody knows what.
    WorldMoved,
    PageLoaded {
        generation: u64,
        /// As it was asked.
        from: Place,
        page: Page<ConnectionRow>,
    },
    /// Rows were read again.
    RowsLoaded {
        generation: u64,
        /// As they are now, whether they match the filter or not.
        rows: Vec<ConnectionRow>,
        /// Those of them that no longer match the filter.
        left: Vec<ConnectionId>,
        /// Those that no longer exist.
        gone: Vec<ConnectionId>,
    },
    SizeLoaded {
        generation: u64,
        size: Size,
    },
    IdsLoaded {
        generation: u64,
        ids: Vec<ConnectionId>,
        complete: bool,
    },
    /// The next row that needs action was looked for; none when there is no further one.
    AttentionFound {
        generation: u64,
        id: Option<ConnectionId>,
    },
    CountsLoaded(Counts),
    /// The names of the banks.
    BanksLoaded(Vec<String>),
    /// None when the connection no longer exists. `level` is how much of it may be shown.
    ProfileLoaded {
        id: ConnectionId,
        level: Level,
        pane: Option<Box<ConnectionPane>>,
    },
    /// Newest first.
    JobsLoaded(ConnectionId, Page<Job>),
    /// None when the job no longer exists.
    JobLoaded(JobId, Option<Box<Job>>),
    WhyLoaded(ConnectionId, Box<Meaning>),
    InstitutionsLoaded(Arc<[BankChoice]>),
    /// What a refresh would meet.
    RefreshScouted(Box<RefreshOutlook>),
    /// What refreshing several would meet.
    RefreshesScouted(Box<RefreshPreview>),
    /// What refreshing all of a user's would meet.
    UserScouted {
        user: UserId,
        /// Those that can be refreshed.
        preview: Box<RefreshPreview>,
        /// How many others there are: revoked, or not there yet.
        left_out: usize,
    },
    PurgePlanned(Box<PurgePlan>),
    RevokePlanned(Box<RevokePlan>),
    /// An act on several was counted and kept.
    BulkPlanned(Box<BulkPlan>),
    /// A refresh was queued, or met an open job.
    RefreshQueued {
        id: ConnectionId,
        job: JobId,
        deduplicated: bool,
    },
    /// An act on several was carried out: the plan with what became of each.
    BulkApplied(Box<BulkPlan>),
    /// An act on several could not be counted or carried out.
    BulkFailed {
        act: Act,
        reason: String,
    },
    Purged {
        id: ConnectionId,
        summary: String,
    },
    Revoked {
        id: ConnectionId,
        summary: String,
    },
    /// Nothing was sent: something else was counted than was looked at.
    PlanChanged {
        action: Action,
        id: ConnectionId,
        differences: Vec<Difference>,
    },
    /// An answer to the bank's question reached its job.
    Answered(JobId),
    /// A new password was kept, and a job tries it.
    CredentialsTaken {
        id: ConnectionId,
        job: JobId,
        deduplicated: bool,
    },
    /// The user's answer at the bank was played.
    BankAnswered {
        id: ConnectionId,
        /// The job that continues with it.
        job: Option<JobId>,
        summary: String,
    },
    /// A connection was made.
    Connected {
        id: ConnectionId,
        job: JobId,
        /// Until when that job waits; none when it does not.
        waits: Option<String>,
    },
    /// A workflow was counted, is not possible, or went on.
    Ending(EndingNews),
    /// A rule refused an action on a connection.
    Refused {
        action: Action,
        id: ConnectionId,
        reason: String,
    },
    /// An order was refused whose dialog is open until it is answered.
    OrderRefused {
        order: OrderId,
        reason: String,
    },
    /// An order was carried out or refused; it is not in flight any more.
    OrderAnswered(OrderId),
    /// Something is on the clipboard; the words name it.
    Copied(String),
    /// Something failed that was no order.
    Failed(String),
    /// What stands in the way of trust, or nothing any more.
    TroubleChanged(Option<Trouble>),
}
