//! Every code, label and method has advice, and the advice fits the facts.

mod context;
mod contradictions;
mod table;

use super::facts::{FailedStep, JobFacts};
use super::*;
use crate::domain::connection::Label;
use crate::domain::failure_codes::{Blame, Failure, RULES, credentials, rule};
use crate::domain::job::{Kind, State, Title};
use crate::domain::moment::Moment;
use crate::domain::policy::Act;
use proptest::prelude::*;

pub(super) const NOW: Moment = Moment(1_773_135_667_000); // 2026-03-10T09:41:07Z
pub(super) const MINUTE: i64 = 60_000;

pub(super) const DAY: i64 = 86_400_000;

pub(super) fn facts(label: Label, method: Method) -> Facts {
    Facts {
        fetched: Some(true),
        ..Facts::new(label, method, NOW.plus_ms(-2 * DAY), NOW)
    }
}

pub(super) fn failed(label: Label, failure: Failure, step: Title) -> Facts {
    Facts {
        failed: Some(FailedStep { failure, step }),
        ..facts(label, Method::Web)
    }
}

pub(super) fn job(state: State) -> JobFacts {
    JobFacts {
        kind: Kind::Refresh,
        state,
        step: Title::VerifyCredentials,
        attempt: 3,
        due: Some(NOW.plus_ms(70 * MINUTE)),
        last_error: None,
        answer_until: None,
    }
}

fn well_formed(meaning: &Meaning, about: &str) {
    let lines = meaning
        .evidence
        .iter()
        .chain(&meaning.what_to_do)
        .chain(&meaning.will_not_help);
    assert!(!meaning.what_to_do.is_empty(), "{about}: nothing to do");
    assert!(
        meaning.headline.chars().count() <= 110,
        "{about}: {}",
        meaning.headline
    );
    assert!(
        meaning.tell_customer.chars().count() <= 220,
        "{about}: {}",
        meaning.tell_customer
    );
    for line in lines.chain([&meaning.headline, &meaning.since, &meaning.tell_customer]) {
        assert!(
            !line.trim().is_empty() && line.chars().count() <= 220,
            "{about}: {line:?}"
        );
        assert!(
            !line.contains("  ") && !line.contains(".."),
            "{about}: {line:?}"
        );
    }
}
