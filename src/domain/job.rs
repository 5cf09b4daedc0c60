//! What a job is: its kind, its steps, where it stands, and which moves it may make (domain 3).
//!
//! The overall label is always a function of the steps ([`Label::of`]); it is never set.

use super::failure::Failure;
use super::ids::{ConnectionId, InstitutionId, JobId, UserId};
use super::mfa::Challenge;
use super::moment::Moment;
use std::fmt;
use std::sync::Arc;

/// What a job was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The first fetch of a new connection.
    Connect,
    /// Fetch what appeared since.
    Refresh,
    /// Fetch with new credentials.
    UpdateCredentials,
    /// Delete the fetched data of the user at the institution.
    Purge,
    /// End the connection.
    Revoke,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Connect, Kind::Refresh, Kind::UpdateCredentials, Kind::Purge, Kind::Revoke];

    /// The word in documents and on the screen.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Connect => "connect",
            Kind::Refresh => "refresh",
            Kind::UpdateCredentials => "update-credentials",
            Kind::Purge => "purge",
            Kind::Revoke => "revoke",
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|k| k.word() == word)
    }

    /// Whether the job asks the bank for data; at most one such is open per connection.
    pub fn fetches(self) -> bool {
        matches!(self, Kind::Connect | Kind::Refresh | Kind::UpdateCredentials)
    }

    /// The steps it starts with (domain 3.2; purge as `docs/purge.md` tells).
    pub fn steps(self) -> &'static [Title] {
        match self {
            Kind::Connect | Kind::Refresh | Kind::UpdateCredentials => {
                &[Title::VerifyCredentials, Title::RetrieveAccounts, Title::RetrieveTransactions]
            }
            Kind::Purge => &[Title::DestroyKey, Title::DeleteRows, Title::Scrub, Title::Verify],
            Kind::Revoke => &[Title::EndConnection],
        }
    }
}

/// What a step does. The first five are the wire's; the others belong to local log entries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Title {
    /// Sign in; on open banking, the authorisation.
    VerifyCredentials,
    /// The bank asks the user something. Always second.
    MfaChallenge,
    /// Fetch the accounts and the profile.
    RetrieveAccounts,
    /// Fetch the transactions.
    RetrieveTransactions,
    /// Fetch the documents of a government connector.
    RetrieveStatements,
    /// Purge: destroy the data key.
    DestroyKey,
    /// Purge: delete the rows.
    DeleteRows,
    /// Purge: overwrite what the deleted rows left in the file.
    Scrub,
    /// Purge: look for remnants.
    Verify,
    /// Revoke: end the link, destroy credentials and profile.
    EndConnection,
    /// A title that came from elsewhere, kept as it is.
    Other(Arc<str>),
}

impl Title {
    /// Every title with a name of its own.
    pub const NAMED: [Title; 10] = [
        Title::VerifyCredentials,
        Title::MfaChallenge,
        Title::RetrieveAccounts,
        Title::RetrieveTransactions,
        Title::RetrieveStatements,
        Title::DestroyKey,
        Title::DeleteRows,
        Title::Scrub,
        Title::Verify,
        Title::EndConnection,
    ];

    /// The title on the wire.
    pub fn word(&self) -> &str {
        match self {
            Title::VerifyCredentials => "verify-credentials",
            Title::MfaChallenge => "mfa-challenge",
            Title::RetrieveAccounts => "retrieve-accounts",
            Title::RetrieveTransactions => "retrieve-transactions",
            Title::RetrieveStatements => "retrieve-statements",
            Title::DestroyKey => "destroy-key",
            Title::DeleteRows => "delete-rows",
            Title::Scrub => "scrub",
            Title::Verify => "verify",
            Title::EndConnection => "end-connection",
            Title::Other(word) => word,
        }
    }

    /// The short name on the screen.
    pub fn short(&self) -> &str {
        match self {
            Title::VerifyCredentials => "sign-in",
            Title::MfaChallenge => "challenge",
            Title::RetrieveAccounts => "accounts",
            Title::RetrieveTransactions => "transactions",
            Title::RetrieveStatements => "statements",
            Title::DestroyKey => "data key",
            Title::DeleteRows => "rows",
            Title::EndConnection => "end link",
            other => other.word(),
        }
    }

    /// Reads a wire title; an unknown one is kept.
    pub fn parse(word: &str) -> Self {
        Title::NAMED.into_iter().find(|t| t.word() == word).unwrap_or_else(|| Title::Other(word.into()))
    }
}

/// Where one step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepStatus {
    /// Not reached, or waiting for its next attempt.
    Pending,
    /// Under way, or waiting for the user's answer.
    InProgress,
    /// Done.
    Success,
    /// Failed for good.
    Failed,
}

impl StepStatus {
    /// Every status.
    pub const ALL: [StepStatus; 4] =
        [StepStatus::Pending, StepStatus::InProgress, StepStatus::Success, StepStatus::Failed];

    /// The wire word.
    pub fn word(self) -> &'static str {
        match self {
            StepStatus::Pending => "pending",
            StepStatus::InProgress => "in-progress",
            StepStatus::Success => "success",
            StepStatus::Failed => "failed",
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<Self> {
        StepStatus::ALL.into_iter().find(|s| s.word() == word)
    }
}

/// One stage of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub title: Title,
    /// Where it stands.
    pub status: StepStatus,
    /// When it began, this attempt.
    pub started: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Why it failed; on a step that waits for its retry, the last error.
    pub failure: Option<Failure>,
    /// What it brought, for people: `3 accounts`, `1,284 (17 new)`. Ids and counts only.
    pub note: Option<String>,
}

impl Step {
    /// A step not reached yet.
    pub fn pending(title: Title) -> Self {
        Self { title, status: StepStatus::Pending, started: None, ended: None, failure: None, note: None }
    }
}

/// The three words of the job history (domain 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Queued, paused, running, waiting.
    Pending,
    /// Every step succeeded.
    Success,
    /// At least one step failed.
    Failed,
}

impl Label {
    /// Every label.
    pub const ALL: [Label; 3] = [Label::Pending, Label::Success, Label::Failed];

    /// The rule of domain 3.4, top to bottom.
    pub fn of(steps: &[Step]) -> Self {
        if steps.iter().any(|s| s.status == StepStatus::Failed) {
            Label::Failed
        } else if !steps.is_empty() && steps.iter().all(|s| s.status == StepStatus::Success) {
            Label::Success
        } else {
            Label::Pending
        }
    }

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Label::Pending => "Pending",
            Label::Success => "Success",
            Label::Failed => "Failed",
        }
    }

    /// Reads it, in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Label::ALL.into_iter().find(|l| l.name().eq_ignore_ascii_case(word))
    }
}

/// The finer state behind the label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Due, or due at a known time.
    Queued,
    /// Held back: the same credentials were used, or the user has not authorised yet.
    Paused,
    /// A worker holds it.
    Running,
    /// The user has to answer.
    WaitingMfa,
    /// The bank was not there; tried again later.
    WaitingRetry,
    /// Every step succeeded.
    Succeeded,
    /// A step failed for good.
    Failed,
    /// Taken back before it began.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: [State; 8] = [
        State::Queued,
        State::Paused,
        State::Running,
        State::WaitingMfa,
        State::WaitingRetry,
        State::Succeeded,
        State::Failed,
        State::Cancelled,
    ];

    /// The word in documents.
    pub fn word(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Paused => "paused",
            State::Running => "running",
            State::WaitingMfa => "waiting-mfa",
            State::WaitingRetry => "waiting-retry",
            State::Succeeded => "succeeded",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
        }
    }

    /// Reads that word.
    pub fn parse(word: &str) -> Option<Self> {
        State::ALL.into_iter().find(|s| s.word() == word)
    }

    /// Whether the job can still do something. While one is open, a refresh gives it back.
    pub fn open(self) -> bool {
        !matches!(self, State::Succeeded | State::Failed | State::Cancelled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What is done to a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// A worker takes it.
    Claim,
    /// Its worker is gone: back to the queue.
    Rescue,
    /// It has to wait for a time or a person outside the bank's challenge.
    Hold,
    /// What it waited for is there, or somebody brought it forward.
    Release,
    /// The bank asks the user.
    Ask,
    /// The user answered.
    Answer,
    /// Tried again later.
    Retry,
    /// The last step succeeded.
    Finish,
    /// A step failed for good, from outside or inside.
    Fail,
    /// Taken back while nothing had begun.
    Cancel,
}

/// A move a job cannot make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a job that is {from} cannot take {command:?}")]
pub struct Refused {
    /// Where it stands.
    pub from: State,
    /// What was asked.
    pub command: Command,
}

/// The job's state machine.
pub fn next(from: State, command: Command) -> Result<State, Refused> {
    use Command as C;
    use State as S;
    match (from, command) {
        (S::Queued, C::Claim) => Ok(S::Running),
        (S::Running, C::Rescue) => Ok(S::Queued),
        (S::Running | S::Queued, C::Hold) => Ok(S::Paused),
        (S::Paused | S::WaitingRetry | S::Queued, C::Release) => Ok(S::Queued),
        (S::Running, C::Ask) => Ok(S::WaitingMfa),
        (S::WaitingMfa, C::Answer) => Ok(S::Queued),
        (S::Running, C::Retry) => Ok(S::WaitingRetry),
        (S::Running, C::Finish) => Ok(S::Succeeded),
        (from, C::Fail) if from.open() => Ok(S::Failed),
        (S::Queued | S::Paused | S::WaitingRetry, C::Cancel) => Ok(S::Cancelled),
        _ => Err(Refused { from, command }),
    }
}

/// Where the work stands in these steps: the first that is not a success; the last when all are.
pub fn current(steps: &[Step]) -> usize {
    steps.iter().position(|s| s.status != StepStatus::Success).unwrap_or(steps.len().saturating_sub(1))
}

/// A job, whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The connection it works on.
    pub connection: ConnectionId,
    /// Whose connection.
    pub user: UserId,
    /// At which bank.
    pub institution: InstitutionId,
    /// That bank's name.
    pub institution_name: String,
    /// What for.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Its stages, in order.
    pub steps: Vec<Step>,
    /// When it was made.
    pub created: Moment,
    /// Moves with every step change.
    pub updated: Moment,
    /// When it ended.
    pub ended: Option<Moment>,
    /// How many attempts began; 0 before the first.
    pub attempt: u32,
    /// When the next attempt is due, while one waits.
    pub next_attempt: Option<Moment>,
    /// Rises with every claim and never falls; a worker with an older one writes nothing.
    pub epoch: i64,
    /// Until when its worker is trusted to be alive.
    pub lease_until: Option<Moment>,
    /// Which worker holds it.
    pub owner: Option<String>,
    /// How many workers died while holding it.
    pub deaths: u32,
    /// What the bank asks, while it does.
    pub challenge: Option<Challenge>,
}

impl Job {
    /// The overall label, always a function of the steps.
    pub fn label(&self) -> Label {
        if self.state == State::Cancelled { Label::Failed } else { Label::of(&self.steps) }
    }

    /// The step it stands at: the first that is not a success; the last when all are.
    pub fn current(&self) -> usize {
        current(&self.steps)
    }

    /// The step that failed, with its failure.
    pub fn failed_step(&self) -> Option<(&Step, &Failure)> {
        self.steps.iter().find(|s| s.status == StepStatus::Failed).and_then(|s| s.failure.as_ref().map(|f| (s, f)))
    }

    /// Whether the failed step was the challenge, which makes a time-out the user's (14.1).
    pub fn failed_at_challenge(&self) -> bool {
        self.failed_step().is_some_and(|(s, _)| s.title == Title::MfaChallenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(statuses: &[StepStatus]) -> Vec<Step> {
        Kind::Refresh
            .steps()
            .iter()
            .cloned()
            .zip(statuses)
            .map(|(title, status)| Step { status: *status, ..Step::pending(title) })
            .collect()
    }

    #[test]
    fn the_label_follows_the_steps() {
        use StepStatus::{Failed, InProgress, Pending, Success};
        for (given, label) in [
            ([Pending, Pending, Pending], Label::Pending),
            ([Success, InProgress, Pending], Label::Pending),
            ([Success, Failed, Pending], Label::Failed),
            ([Success, Success, Success], Label::Success),
        ] {
            assert_eq!(Label::of(&steps(&given)), label, "{given:?}");
        }
        assert_eq!(Label::of(&[]), Label::Pending);
    }

    #[test]
    fn nothing_moves_a_job_that_has_ended() {
        let commands = [
            Command::Claim,
            Command::Rescue,
            Command::Hold,
            Command::Release,
            Command::Ask,
            Command::Answer,
            Command::Retry,
            Command::Finish,
            Command::Fail,
            Command::Cancel,
        ];
        for from in State::ALL.into_iter().filter(|s| !s.open()) {
            for command in commands {
                assert_eq!(next(from, command), Err(Refused { from, command }));
            }
        }
    }

    #[test]
    fn only_a_running_job_asks_finishes_or_retries() {
        for from in State::ALL {
            for command in [Command::Ask, Command::Finish, Command::Retry, Command::Rescue] {
                assert_eq!(next(from, command).is_ok(), from == State::Running, "{from} {command:?}");
            }
        }
    }

    #[test]
    fn titles_read_back() {
        for title in Title::NAMED {
            assert_eq!(Title::parse(title.word()), title);
        }
        assert_eq!(Title::parse("retrieve-meta").word(), "retrieve-meta");
    }
}
