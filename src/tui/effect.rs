//! What the screen asks of the world; the runtime answers with events. An answer to an older generation is dropped.

use crate::domain::act::{ActKind, Confirmation, Plan, Selection};
use crate::domain::connection::Method;
use crate::domain::groups::GroupField;
use crate::domain::ids::{ConnectionId, HoldId, InstitutionId, JobId, PlanId, UserId};
use crate::domain::mask::Level;
use crate::domain::query::Query;
use crate::domain::saved_view::SavedView;
use crate::domain::secret::Secret;
use crate::domain::until::Until;
use crate::domain::views::{BankAnswer, Place, Shown, Sort};
use crate::domain::zone::Zone;
use crate::tui::panes::pages::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CopyWhat {
    /// The connection's id, or the job's when one is open.
    Id,
    User,
    /// The link that leads its user to the consent page.
    Link,
    /// The masked document.
    Json,
    /// Text for support: ids, codes and times, nothing personal.
    Support,
}

/// What a raw document or a copy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Connection(ConnectionId),
    Job(JobId),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) user: String,
    pub(crate) institution: InstitutionId,
    pub(crate) method: Method,
    pub(crate) login: Secret,
    pub(crate) password: Secret,
    pub(crate) security_code: Option<Secret>,
}

/// Identifies an order from the moment it is sent until it has been answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderId(pub(crate) u64);

/// Whose refreshes are to be held back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum HoldOf {
    /// A bank, with its name.
    Bank(InstitutionId, String),
    Connections(Vec<ConnectionId>),
    /// All that match and are not revoked.
    Found(Box<Query>),
}

/// How operators share their work on connections.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Handle {
    Note(Secret),
    Take { from_others: bool },
    GiveBack,
    Snooze { until: Until, reason: String },
    Wake,
}

/// A confirmed change, in flight until one `OrderAnswered`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Order {
    /// Leads to `ActDone`, `ActApplied`, `WorkflowMoved`, `PlanChanged`, `Refused`, `ActFailed` or `OrderRefused`.
    Apply {
        plan: Box<Plan>,
        typed: Confirmation,
        /// After the purge of one connection; leads to one more `ActDone`.
        refresh_after: bool,
    },
    /// Answers what the bank asks; leads to `Answered` or `Refused`.
    Answer { job: JobId, answers: Vec<Secret> },
    /// Leads to `CredentialsTaken` or `OrderRefused`.
    UpdateCredentials {
        id: ConnectionId,
        password: Secret,
        security_code: Option<Secret>,
    },
    /// Plays the user's answer at the bank; leads to `BankAnswered` or `OrderRefused`.
    Authorise {
        id: ConnectionId,
        answer: BankAnswer,
    },
    /// Leads to `HoldMade` or `OrderRefused`.
    Hold {
        of: HoldOf,
        until: Until,
        /// May be empty.
        reason: String,
    },
    /// Leads to `Released` or `OrderRefused`.
    Release(HoldId),
    /// Of one leads to `Invited`, of several to `Handled`, or to `OrderRefused`.
    Invite { of: Vec<ConnectionId>, level: Level },
    /// Has the platform make a link; leads to `Linked` or `OrderRefused`.
    Link { user: UserId, level: Level },
    /// Each connection for itself; leads to `Handled` or `OrderRefused`.
    Handle { of: Vec<ConnectionId>, how: Handle },
    /// Leads to `Stopped` or `OrderRefused`.
    CancelJob(JobId),
    /// Leads to `Stopped` or `OrderRefused`.
    CancelPlan(PlanId),
    /// Leads to `Connected` or `OrderRefused`.
    Connect(Box<Link>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Reads a page of the list; answered by `PageLoaded`.
    LoadPage {
        generation: u64,
        query: Query,
        sort: Sort,
        from: Place,
        limit: usize,
    },
    /// Counts the rows of the list, and reads which of the marked connections the filter hides.
    /// Answered by `FiguresLoaded`.
    LoadFigures {
        generation: u64,
        query: Query,
        marks: Vec<ConnectionId>,
    },
    /// Reads again what is shown of the list; answered by `Seen`.
    ReadAgain {
        generation: u64,
        query: Query,
        sort: Sort,
        shown: Box<Shown>,
    },
    /// The ids of all rows of the list, at most `limit`; answered by `IdsLoaded`.
    LoadIds {
        generation: u64,
        query: Query,
        limit: usize,
    },
    /// The next row in list order that needs action; answered by `AttentionFound`.
    FindAttention {
        generation: u64,
        query: Query,
        sort: Sort,
        from: Place,
        /// Downwards, or else upwards.
        forward: bool,
    },
    /// The names of the banks, for completion; answered by `BanksLoaded`.
    LoadBanks,
    /// Answered by `ProfileLoaded`.
    LoadProfile {
        id: ConnectionId,
        level: Level,
    },
    /// The newest jobs of a connection; answered by `JobsLoaded`.
    LoadJobs {
        id: ConnectionId,
        limit: usize,
    },
    /// Answered by `JobLoaded`.
    LoadJob(JobId),
    /// Answered by `WhyLoaded`.
    LoadWhy(ConnectionId),
    /// The first rows of a page; answered by `RowsLoaded` or `RowsFailed`.
    LoadRows {
        kind: Kind,
        generation: u64,
        /// The connection that the page is about, where it is about one.
        of: Option<ConnectionId>,
        /// What it is grouped by, where its rows are groups.
        by: GroupField,
        query: Query,
        limit: usize,
        level: Level,
    },
    /// The connections of a row of a page, at most `limit`; answered by `RowIdsLoaded`.
    LoadRowIds {
        kind: Kind,
        /// The row's.
        key: String,
        query: Query,
        limit: usize,
    },
    /// The banks and the methods they offer, for a dialog; answered by `InstitutionsLoaded`.
    LoadInstitutions,
    /// Counts an act, and keeps the plan where it is a purge or revoke of several.
    /// Answered by `ActPlanned` or `ActRefused`; by `WorkflowMoved` where that workflow is running already.
    PlanAct {
        kind: ActKind,
        selection: Selection,
    },
    /// The hold in force; answered by `HoldLoaded`.
    LoadHold(HoldOf),
    /// Who has taken these on, and until when they are put off; answered by `HandlingLoaded`.
    LoadHandling(Vec<ConnectionId>),
    /// Notes in the audit that an act was looked at and not ordered, or taken back. `target` is its connection, user or plan.
    NoteCancelled {
        kind: ActKind,
        target: String,
    },
    /// Keeps that somebody looks now.
    KeepLook,
    Order(OrderId, Order),
    /// Answered by `Copied`.
    Copy {
        subject: Subject,
        what: CopyWhat,
        level: Level,
    },
    /// Answered by `Copied`.
    CopyText(String),
    /// Shows the raw masked document in the pager.
    Page {
        subject: Subject,
        level: Level,
    },
    /// Looks for banks and views, or for people with these words; answered by `PaletteFilled` or `PeopleSought`.
    Seek {
        generation: u64,
        people: Option<String>,
        level: Level,
    },
    /// From now on the screen is painted with this theme.
    UseTheme(&'static str),
    /// From now on the terminal tells of the mouse, or of it no more.
    UseMouse(bool),
    /// From now on times in sentences are of this zone, and times that are typed.
    UseZone(Zone),
    /// Answered by `ViewsChanged`.
    SaveView(Box<SavedView>),
    /// By its name; answered by `ViewsChanged`.
    DeleteView(String),
    Redraw,
    /// Stops and gives the terminal back until continued.
    Suspend,
    Quit,
}
