//! What happened, past tense: answers to effects, and wake-ups, which carry ids only. Everything that
//! reaches `update` is an [`Input`], in one ordered stream.

use crate::domain::bulk::BulkPlan;
use crate::domain::diagnosis::Meaning;
use crate::domain::ids::{ConnectionId, JobId, UserId};
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use crate::domain::plan::{Difference, PurgePlan, RefreshOutlook, RefreshPreview, RevokePlan};
use crate::domain::policy::Act;
use crate::domain::sequence::{Kind, Sequence};
pub(crate) use crate::domain::views::{BankChoice, ProfilePane};
use crate::domain::views::{ConnectionRow, Counts, Page, Size};
use crate::tui::action::Action;
use crate::tui::dialogs::form::ending::{Ending, Plan};
use crate::tui::effect::From;
use crate::tui::terminal::key::Key;

/// Everything the screen reacts to.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// A key was pressed. `at` is a running time in milliseconds, for guards and delays.
    Key {
        /// Which.
        key: Key,
        /// When.
        at: u64,
    },
    /// Text was pasted.
    Paste(String),
    /// Several keys came at once, faster than a person types, and were dropped.
    Burst(usize),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// Time went on: the world's, and the running time in milliseconds.
    Tick {
        /// The world's time.
        now: Moment,
        /// The running time.
        at: u64,
    },
    /// Something happened.
    Event(Event),
}

/// What is told of an ending of several acts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    /// What it would do.
    Planned(Box<Plan>),
    /// Why it is not possible.
    Impossible(Kind, UserId, String),
    /// How far it is.
    Moved(Box<Sequence>),
}

impl Told {
    /// Whether this is what the form asked for.
    pub(crate) fn concerns(&self, ask: &Ending) -> bool {
        let (row, kind) = (&ask.row, ask.kind);
        match self {
            Told::Planned(plan) => match &**plan {
                Plan::Migrate(plan) => kind == Kind::Migrate && plan.target.id == row.id,
                Plan::Erase(plan) => kind == plan.kind && plan.user == row.user,
            },
            Told::Impossible(of, user, _) => *of == kind && *user == row.user,
            Told::Moved(it) => it.kind == kind && it.user == row.user,
        }
    }
}

/// Why the data on screen cannot be trusted or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The word beside the program's name: `READ-ONLY`, `STALE`.
    pub(crate) word: String,
    /// What is wrong.
    pub(crate) what: String,
    /// What that means, and what to do.
    pub(crate) advice: String,
    /// Whether actions are off.
    pub(crate) stops_actions: bool,
}

/// One thing that happened. Late and repeated ones are harmless.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// These connections, or jobs of theirs, changed.
    Changed {
        /// Which.
        ids: Vec<ConnectionId>,
    },
    /// Something changed and nobody knows what.
    WorldMoved,
    /// A page was read.
    PageLoaded {
        /// Of which question.
        generation: u64,
        /// As it was asked.
        from: From,
        /// The rows.
        page: Page<ConnectionRow>,
    },
    /// Rows were read again.
    RowsLoaded {
        /// Of which question.
        generation: u64,
        /// As they are now, whether they match the filter or not.
        rows: Vec<ConnectionRow>,
        /// Those of them that no longer match the filter.
        left: Vec<ConnectionId>,
        /// Those that are not there any more.
        gone: Vec<ConnectionId>,
    },
    /// The rows were counted.
    SizeLoaded {
        /// Of which question.
        generation: u64,
        /// How many.
        size: Size,
    },
    /// The ids of the list were read.
    IdsLoaded {
        /// Of which question.
        generation: u64,
        /// Which.
        ids: Vec<ConnectionId>,
        /// Whether that is all of them.
        complete: bool,
    },
    /// The next row that needs action was looked for.
    AttentionFound {
        /// Of which question.
        generation: u64,
        /// Which one, if any.
        id: Option<ConnectionId>,
    },
    /// The header's counts were read.
    CountsLoaded(Counts),
    /// The names of the banks were read.
    BanksLoaded(Vec<String>),
    /// A profile was read; none when the connection is not there any more.
    ProfileLoaded(ConnectionId, Option<Box<ProfilePane>>),
    /// Jobs were read, newest first.
    JobsLoaded(ConnectionId, Page<Job>),
    /// A job was read; none when it is not there.
    JobLoaded(JobId, Option<Box<Job>>),
    /// The reason was found.
    WhyLoaded(ConnectionId, Box<Meaning>),
    /// What a refresh would meet.
    RefreshScouted(Box<RefreshOutlook>),
    /// A refresh was queued, or met a job that is open.
    RefreshQueued {
        /// The connection.
        id: ConnectionId,
        /// The job.
        job: JobId,
        /// Whether it was open already.
        deduplicated: bool,
    },
    /// What refreshing several would meet.
    RefreshesScouted(Box<RefreshPreview>),
    /// An act on several was counted and kept.
    BulkPlanned(Box<BulkPlan>),
    /// An act on several was carried out: the plan with what came of each.
    BulkApplied(Box<BulkPlan>),
    /// An act on several could not be counted or carried out.
    BulkFailed {
        /// Which act.
        act: Act,
        /// Why, in words for people.
        reason: String,
    },
    /// A purge was counted.
    PurgePlanned(Box<PurgePlan>),
    /// A purge was done.
    Purged {
        /// The connection.
        id: ConnectionId,
        /// What went, in figures for people.
        summary: String,
    },
    /// A revoke was counted.
    RevokePlanned(Box<RevokePlan>),
    /// A connection was revoked.
    Revoked {
        /// Which.
        id: ConnectionId,
        /// What stays, in figures for people.
        summary: String,
    },
    /// Nothing was sent: something else was counted than was looked at.
    PlanChanged {
        /// Which action.
        action: Action,
        /// The connection.
        id: ConnectionId,
        /// What differs.
        differences: Vec<Difference>,
    },
    /// An answer reached its job.
    Answered(JobId),
    /// The banks and the ways to them were read.
    InstitutionsLoaded(std::sync::Arc<[BankChoice]>),
    /// A new password was kept, and a job tries it.
    CredentialsTaken {
        /// The connection.
        id: ConnectionId,
        /// The job.
        job: JobId,
        /// Whether it was open already.
        deduplicated: bool,
    },
    /// The user's visit to the bank was played.
    Visited {
        /// The connection.
        id: ConnectionId,
        /// The job that goes on with it.
        job: Option<JobId>,
        /// How it ended, for people.
        words: String,
    },
    /// A connection was made.
    Connected {
        /// The new connection.
        id: ConnectionId,
        /// Its first job.
        job: JobId,
        /// Until when that job waits, for people; none when it does not.
        waits: Option<String>,
    },
    /// An ending of several acts was counted, is not possible, or went on.
    Ending(Told),
    /// What a form ordered was refused; the reason is for people and holds nothing that was typed.
    FormRefused(String),
    /// What refreshing all of a user's would meet.
    UserScouted {
        /// Whose.
        user: UserId,
        /// Those that can be refreshed, each with what it would meet.
        preview: Box<RefreshPreview>,
        /// How many others there are: revoked, or not there yet.
        left_out: usize,
    },
    /// An order was refused by a rule.
    Refused {
        /// Which action.
        action: Action,
        /// The connection.
        id: ConnectionId,
        /// Why, in words for people.
        reason: String,
    },
    /// Something is on the clipboard; the words name it.
    Copied(String),
    /// Something failed that was no order; an order that failed was `Refused`. The text is for people and
    /// holds nothing private.
    Failed(String),
    /// What stands in the way of trust, or nothing any more.
    TroubleChanged(Option<Trouble>),
}
