//! Explains why a connection is as it is, from tables that the screen, `why` and docs/why.md share.

mod brief;
mod cause;
mod context;
mod explain;
mod facts;
mod failure_advice;
mod health;
mod lacks;
mod need;
mod outage;
mod remarks;
mod states;

pub(crate) use brief::{brief, of_code};
pub(crate) use cause::{Cause, CauseShown, Trend};
pub(crate) use explain::explain;
pub(crate) use facts::{ConsentFacts, Facts, PurgeStage, SequenceFacts};
#[cfg(test)]
pub(crate) use facts::{FailedStep, JobFacts, Outcomes, Seen};
#[cfg(test)]
pub(crate) use failure_advice::{ADVICE, CASES};
pub(crate) use failure_advice::{advice, advice_for};
pub(crate) use health::Health;
pub(crate) use need::ENDING_SOON_MS;
#[cfg(test)]
pub(crate) use need::Need;
pub(crate) use outage::{Outage, Toll, outcomes, seen};
pub(crate) use remarks::{Around, remarks};
#[cfg(test)]
pub(crate) use states::SITUATIONS;
#[cfg(test)]
pub(crate) use states::state;
pub(crate) use states::unfetched;

use super::connection::Method;
use super::failure_codes::{Blame, Failure};
use crate::domain::words::words;

words! {
    /// Who has to act next.
    Whose [word words possessive heading] {
        /// There is nothing to do.
        Nobody "nobody" "nobody; there is nothing to do" "nobody's" "nobody's";
        User "user" "the user" "the user's" "the user's";
        Bank "bank" "the bank" "the bank's" "the bank's";
        Us "us" "us" "our" "ours";
        System "system" "the system; it continues by itself" "the system's" "running";
    }
}

impl Whose {
    /// In the order of the list: who has to act first.
    pub(crate) const ORDER: [Whose; 5] = [
        Whose::Us,
        Whose::Bank,
        Whose::User,
        Whose::System,
        Whose::Nobody,
    ];

    /// Whether somebody has to act: the user, the bank, or us.
    pub(crate) fn acts(self) -> bool {
        matches!(self, Whose::Us | Whose::Bank | Whose::User)
    }

    /// As a filter names it.
    pub(crate) fn filter_word(self) -> &'static str {
        match self {
            Whose::System => "running",
            other => other.word(),
        }
    }
}

/// The fixed words for one cause or state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    pub(crate) headline: &'static str,
    pub(crate) whose: Whose,
    /// What to do when the bank is reached by web.
    pub(crate) web: &'static [&'static str],
    /// What to do when it is reached by open banking.
    pub(crate) open_banking: &'static [&'static str],
    pub(crate) tell_customer: &'static str,
    /// What looks like a way out and is none.
    pub(crate) will_not_help: &'static [&'static str],
}

impl Advice {
    pub(crate) fn to_do(self, method: Method) -> &'static [&'static str] {
        match method {
            Method::Web => self.web,
            Method::OpenBanking => self.open_banking,
        }
    }

    /// Whether this failure, of which it tells, is trouble that passes: that is neither the user's nor a lack of ours,
    /// and a refresh may help.
    fn passes(self, failure: &Failure, at_challenge: bool) -> bool {
        let not_refresh = |no: &&str| no.starts_with("Refreshing:");
        !failure.is_lack()
            && failure.blame(at_challenge) != Blame::User
            && !self.will_not_help.iter().any(not_refresh)
    }
}

/// The answer to "why?" for one connection at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// What happened: one sentence of at most 110 characters.
    pub(crate) headline: String,
    /// `for 2 days`, `since 2024-03-10`.
    pub(crate) since: String,
    pub(crate) whose: Whose,
    /// The facts behind it: outcomes at the bank, attempts, what is under way. May be empty.
    pub(crate) evidence: Vec<String>,
    /// What to do, in order.
    pub(crate) what_to_do: Vec<String>,
    pub(crate) tell_customer: String,
    /// What looks like a way out and is none. May be empty.
    pub(crate) will_not_help: Vec<String>,
}

#[cfg(test)]
mod situation_tests;
#[cfg(test)]
mod tests;
