//! The fate of a connection: its label, the failure behind it, and the bank and method it needs.

use super::quota::Quota;
use crate::connector::sandbox::failure_steps;
use crate::connector::sandbox::script::{Asks, Script};
use crate::domain::connection::{Label, Method};
use crate::domain::failure_codes::{Failure, credentials};
use crate::domain::job::Title;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) label: Label,
    /// Why it is broken, or what its open job waits out.
    pub(crate) why: Option<Why>,
    /// Whether its consent ends within days.
    pub(crate) ending: bool,
    method: Option<Method>,
    challenge: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Code(&'static str),
    Challenge(&'static str),
    Expired,
}

impl Why {
    /// Where a job fails for this reason; none when no job did.
    pub(crate) fn step(self) -> Option<Title> {
        match self {
            Why::Code(code) => Some(failure_steps::step(code)),
            Why::Challenge(_) => Some(Title::MfaChallenge),
            Why::Expired => None,
        }
    }

    pub(crate) fn failure(self) -> Option<Failure> {
        match self {
            Why::Code("invalid-credentials") => Some(credentials::wrong()),
            Why::Challenge("invalid-credentials") => Some(failure_steps::wrong_answer()),
            Why::Code(code) | Why::Challenge(code) => Some(Failure::of(code)),
            Why::Expired => None,
        }
    }
}

/// A row: why, by which method, at a bank that asks or does not. None is either.
type Row = (Why, Option<Method>, Option<bool>);

const WEB: Option<Method> = Some(Method::Web);
const OB: Option<Method> = Some(Method::OpenBanking);

/// Those that were active once. Read round and round, so that each row occurs as soon as there is room.
const INVALID: [Row; 20] = [
    (Why::Code("invalid-credentials"), WEB, None),
    (Why::Expired, OB, None),
    (
        Why::Code("account-not-accessible-requires-user-action"),
        None,
        None,
    ),
    (Why::Code("service-unavailable"), None, None),
    (Why::Code("user-action-required"), None, None),
    (Why::Challenge("job-timed-out"), WEB, Some(true)),
    (Why::Code("authorization-failed"), OB, None),
    (Why::Code("invalid-credentials"), WEB, None),
    (Why::Code("system-unavailable"), None, None),
    (Why::Code("maintenance"), None, None),
    (Why::Code("connector-error"), None, None),
    (Why::Code("job-timed-out"), None, None),
    (Why::Code("temporary-unavailable"), None, None),
    (Why::Code("unknown-error"), None, None),
    (Why::Code("maintenance-error"), None, None),
    (Why::Code("invalid-connection"), None, None),
    (Why::Code("institution-not-available"), None, None),
    (Why::Code("institution-disabled"), None, None),
    (Why::Code("institution-not-found"), None, None),
    (Why::Expired, OB, None),
];

/// Those whose first job failed.
const FAILED: [Row; 11] = [
    (Why::Code("invalid-credentials"), WEB, None),
    (
        Why::Code("account-not-accessible-requires-user-action"),
        None,
        None,
    ),
    (Why::Challenge("invalid-credentials"), WEB, Some(true)),
    (Why::Code("authorization-failed"), OB, None),
    (Why::Code("service-unavailable"), None, None),
    (Why::Code("user-action-required"), None, None),
    (Why::Code("institution-disabled"), None, None),
    (Why::Challenge("job-timed-out"), WEB, Some(true)),
    (Why::Code("unknown-error"), None, None),
    (Why::Code("connector-error"), None, None),
    (Why::Code("invalid-credentials"), WEB, None),
];

/// The bank must not ask: the answer would be wanted again.
const WAITING: [&str; 3] = [
    "service-unavailable",
    "maintenance-error",
    "connector-error",
];

/// One in so many active connections has a consent that ends within days.
const ENDING_ONE_IN: u64 = 90;

impl Fate {
    const ACTIVE: Fate = Fate {
        label: Label::Active,
        why: None,
        ending: false,
        method: None,
        challenge: None,
    };

    /// Active, with nothing that is about to happen.
    pub(crate) fn plainly_active(&self) -> bool {
        *self == Self::ACTIVE
    }

    /// Active until now, and broken for this reason.
    pub(crate) fn broken(why: Why) -> Self {
        Self {
            label: Label::Invalid,
            why: Some(why),
            ..Self::ACTIVE
        }
    }

    /// Its consent ends within days.
    pub(crate) fn ending() -> Self {
        Self {
            method: OB,
            ending: true,
            ..Self::ACTIVE
        }
    }

    /// The user never came back from the bank's page.
    pub(crate) fn left() -> Self {
        Self {
            label: Label::PreInit,
            method: OB,
            ..Self::ACTIVE
        }
    }

    pub(crate) fn of(quota: &Quota, connection: u64) -> Self {
        let (label, place) = quota.of(connection);
        let turn =
            |length: usize| usize::try_from(place % length as u64).expect("less than a length");
        let plain = Fate {
            label,
            ..Self::ACTIVE
        };
        let from = |(why, method, challenge): Row| Fate {
            why: Some(why),
            method,
            challenge,
            ..plain
        };
        match label {
            Label::Invalid => from(INVALID[turn(INVALID.len())]),
            Label::Failed => from(FAILED[turn(FAILED.len())]),
            Label::Pending => from((Why::Code(WAITING[turn(WAITING.len())]), WEB, Some(false))),
            Label::Init => from((Why::Code(WAITING[turn(WAITING.len())]), OB, None)),
            Label::PreInit => Fate {
                method: OB,
                ..plain
            },
            Label::Active if place < (quota.active() / ENDING_ONE_IN).max(1) => Fate {
                method: OB,
                ending: true,
                ..plain
            },
            Label::Active | Label::Deleted => plain,
        }
    }

    /// Whether it can come to pass at this bank by this method.
    pub(crate) fn fits(&self, script: &Script, method: Method) -> bool {
        let asks = script.asks(method);
        script.offers(method)
            && self.method.is_none_or(|m| m == method)
            && match self.challenge {
                None => true,
                // A bank that asks now and then would leave it to the job whether there was a challenge.
                Some(true) => asks == Asks::Always,
                Some(false) => asks == Asks::Never,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::sandbox::script;
    use crate::domain::failure_codes::RULES;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_a_connection_can_have_is_in_the_tables() {
        let told: BTreeSet<_> = INVALID
            .iter()
            .chain(&FAILED)
            .filter_map(|row| row.0.failure())
            .map(|failure| failure.code)
            .collect();
        let files = RULES
            .iter()
            .position(|r| r.code == "bank-statement-invalid")
            .unwrap();
        for rule in &RULES[..files] {
            assert!(told.contains(rule.code), "{}", rule.code);
        }
    }

    #[test]
    fn every_row_fits_some_bank() {
        let quota = Quota::new(5000, 7);
        for connection in 0..5000 {
            let fate = Fate::of(&quota, connection);
            let fits = |m| {
                script::all()
                    .iter()
                    .filter(|s| s.share > 0 && fate.fits(s, m))
                    .count()
            };
            assert!(
                Method::ALL.into_iter().map(fits).sum::<usize>() >= 2,
                "{fate:?}"
            );
        }
    }
}
