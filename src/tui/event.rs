//! What happened: answers to effects, and wake-ups. Everything that reaches `update` is an [`Input`].

use crate::domain::act::{ActKind, Difference, Plan, Selection};
use crate::domain::connection::Method;
use crate::domain::diagnosis::Meaning;
use crate::domain::hold::Hold;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::job::Job;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::saved_view::SavedView;
use crate::domain::views::{ConnectionPane, Figures, Marks, Page, Place, Seen, Stretch};
use crate::tui::effect::{HoldOf, OrderId};
use crate::tui::panes::pages::{Kind, Rows};
use crate::tui::terminal::key::Key;
use crate::tui::terminal::mouse::Mouse;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// `at` is a running time in milliseconds, for guards and delays.
    Key {
        key: Key,
        at: u64,
    },
    Mouse {
        mouse: Mouse,
        at: u64,
    },
    Paste(String),
    /// Several keys came at once, faster than a person types, and were dropped.
    Burst(usize),
    /// Columns and rows.
    Resize(u16, u16),
    /// Time went on: the world's, and the running time in milliseconds.
    Tick {
        now: Moment,
        at: u64,
    },
    Event(Event),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankChoice {
    pub(crate) id: InstitutionId,
    pub(crate) name: String,
    pub(crate) methods: Vec<Method>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The word beside the program's name: `READ-ONLY`, `STALE`.
    pub(crate) word: String,
    pub(crate) what: String,
    pub(crate) advice: String,
    pub(crate) stops_actions: bool,
}

/// Late and repeated ones are harmless. Summaries and reasons hold nothing private.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// Something was committed, here or by another process.
    Changed,
    /// The platform answered then.
    Heard(Option<Moment>),
    PageLoaded {
        generation: u64,
        from: Place,
        page: Stretch,
    },
    FiguresLoaded {
        generation: u64,
        figures: Figures,
        marks: Marks,
    },
    /// What is shown, as it is now.
    Seen {
        generation: u64,
        seen: Box<Seen>,
    },
    /// The page of a fresh question could not be read.
    PageFailed {
        generation: u64,
        reason: String,
    },
    /// A saved view was saved or deleted, in words, or why it was not.
    ViewsChanged(Result<String, String>),
    /// The order would be slow here.
    NotOrdered {
        generation: u64,
        reason: String,
    },
    /// What is shown could not be read again.
    Unread(String),
    /// Why commits of other processes are not noticed now; none when they are again.
    Unwatched(Option<String>),
    IdsLoaded {
        generation: u64,
        ids: Vec<ConnectionId>,
        complete: bool,
    },
    /// None when there is no further row.
    AttentionFound {
        generation: u64,
        /// With it, whether it was found only from the other end of the list on.
        found: Option<(ConnectionId, bool)>,
        forward: bool,
    },
    /// The first rows of a page, and whether there are more.
    RowsLoaded {
        generation: u64,
        rows: Rows,
        more: bool,
    },
    RowsFailed {
        kind: Kind,
        generation: u64,
        reason: String,
    },
    /// The connections of a row of a page, and whether these are all.
    RowIdsLoaded {
        kind: Kind,
        key: String,
        ids: Vec<ConnectionId>,
        complete: bool,
    },
    BanksLoaded(Vec<String>),
    /// All banks.
    PaletteFilled {
        banks: Vec<(InstitutionId, String)>,
        views: Vec<SavedView>,
    },
    /// With their names as the level of the question allows.
    PeopleSought {
        generation: u64,
        people: Vec<(UserId, String)>,
    },
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
    ActPlanned {
        selection: Selection,
        plan: Box<Plan>,
    },
    ActRefused {
        kind: ActKind,
        selection: Selection,
        reason: String,
    },
    ActDone {
        kind: ActKind,
        id: ConnectionId,
        job: JobId,
        deduplicated: bool,
        summary: String,
    },
    ActApplied(Box<Plan>),
    ActFailed {
        kind: ActKind,
        reason: String,
    },
    WorkflowMoved(Box<Plan>),
    /// Nothing was sent: something else was counted than was looked at.
    PlanChanged {
        kind: ActKind,
        id: ConnectionId,
        differences: Vec<Difference>,
    },
    /// The one in force, or none.
    HoldLoaded {
        of: HoldOf,
        hold: Option<Hold>,
    },
    /// Of those asked for that are there.
    HandlingLoaded(Vec<ConnectionRow>),
    /// A note was kept, or connections were taken on or put off; with what was refused.
    Handled {
        words: String,
        refused: Option<String>,
    },
    HoldMade(Hold),
    Released(Hold),
    /// It is noted that the user was asked; with the link, where there is one.
    Invited {
        id: ConnectionId,
        link: Option<String>,
    },
    /// A platform made a link for its user; in words.
    Linked {
        user: UserId,
        link: String,
    },
    /// A job or plan was cancelled; the words say how far.
    Stopped(String),
    /// An answer to the bank's question reached its job.
    Answered(JobId),
    CredentialsTaken {
        id: ConnectionId,
        job: JobId,
        deduplicated: bool,
    },
    BankAnswered {
        id: ConnectionId,
        job: Option<JobId>,
        summary: String,
    },
    Connected {
        id: ConnectionId,
        job: JobId,
        /// Until when that job waits; none when it does not.
        waits: Option<String>,
    },
    Refused {
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
    /// The words name what is on the clipboard.
    Copied(String),
    /// Something failed that was no order.
    Failed(String),
    /// What stands in the way of trust, or nothing any more.
    TroubleChanged(Option<Trouble>),
}
