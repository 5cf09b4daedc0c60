//! The bank side: a [`Bank`] is asked for one step at a time and may be asked again after a crash.

/// Made-up banks and people, played from scripts.
pub(crate) mod sandbox;

use crate::domain::bank_data::{BankAccount, BankTransaction, Credentials, Profile};
use crate::domain::connection::Method;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId};
use crate::domain::job::Title;
use crate::domain::mfa::ChallengeMethod;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use futures::future::BoxFuture;
use std::time::Duration;

/// Holds all the bank needs, so that it can be asked again from another process.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// Unchanged over retries and rescues: `<job>/<step>`.
    pub(crate) idempotency_key: String,
    pub(crate) job: JobId,
    /// From 1.
    pub(crate) attempt: u32,
    pub(crate) connection: ConnectionId,
    pub(crate) institution: InstitutionId,
    pub(crate) method: Method,
    /// What the user typed (web). On open banking, who the user is at the sandbox data holder.
    pub(crate) credentials: Option<Credentials>,
    /// What became of the authorisation at the data holder (open banking).
    pub(crate) authorisation: Option<Authorisation>,
    /// The answers to the challenge, in order, once given.
    pub(crate) answers: Option<Vec<Secret>>,
    /// Whether this job has met and passed its challenge.
    pub(crate) challenged: bool,
    pub(crate) step: Title,
    /// Posted transactions already stored end here; the bank may send older ones again.
    pub(crate) since: Option<Moment>,
    pub(crate) now: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Authorisation {
    Granted,
    Refused,
}

#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Done, with nothing to keep (sign-in, challenge).
    Done {
        /// When the consent at the bank ends (open banking).
        expiry: Option<Moment>,
    },
    /// The bank asks the user something first.
    Challenge {
        method: ChallengeMethod,
        description: String,
        input: Vec<String>,
    },
    /// The user has not been to the data holder yet.
    AwaitsAuthorisation,
    /// The accounts, and the person who logged in where the bank says.
    Accounts {
        /// None where the bank gives nothing.
        profile: Option<Profile>,
        accounts: Vec<BankAccount>,
    },
    /// Transactions; a posted one that was sent before comes with the same reference.
    Transactions(Vec<BankTransaction>),
    Failed(Failure),
}

/// A bank, or all of them: the institution is part of the question.
pub(crate) trait Bank: Send + Sync {
    /// Takes as long as the bank takes; dropping the future stops asking.
    fn ask(&self, ask: Ask) -> BoxFuture<'_, Outcome>;

    /// How long this step may take before the engine gives up on it.
    fn patience(&self, _ask: &Ask) -> Duration {
        Duration::from_secs(120)
    }
}
