//! What a situation adds to the advice for a label or a code.

use super::facts::JobFacts;
use super::tests::{DAY, MINUTE, NOW, facts, failed, job};
use super::*;
use crate::domain::connection::Label;
use crate::domain::failure_codes::{Failure, credentials};
use crate::domain::health::Window;
use crate::domain::job::{State, Title};

#[test]
fn an_active_one_claims_no_more_than_is_known() {
    let known = |fetched| {
        explain(&Facts {
            fetched,
            ..facts(Label::Active, Method::Web)
        })
        .headline
    };
    assert_eq!(
        known(Some(true)),
        "It works: every step of its last fetch went through."
    );
    assert_eq!(
        known(Some(false)),
        "It is said to be active; no fetch made here shows it yet."
    );
    assert_eq!(known(None), "It works.");
}

#[test]
fn a_broken_one_without_a_fetch_claims_none() {
    for label in [Label::Invalid, Label::Failed] {
        let told = |fetched| {
            explain(&Facts {
                fetched,
                ..facts(label, Method::Web)
            })
            .headline
        };
        assert_eq!(
            told(Some(false)),
            "It is said to be broken; no fetch here shows what failed."
        );
        assert!(told(Some(true)).contains("a step of its"), "{label}");
    }
    for label in Label::ALL {
        let unfetched = unfetched(label).headline;
        assert!(!unfetched.contains("step of its"), "{label}: {unfetched}");
    }
}

#[test]
fn a_sign_in_that_is_held_back_says_so_until_a_fetch_is_under_way() {
    let base = failed(
        Label::Invalid,
        credentials::wrong(),
        Title::VerifyCredentials,
    );
    for (refused, guarded, part) in [
        (3, true, "no more is tried"),
        (2, false, "refused the sign-in"),
        (9, false, "refused the sign-in"),
    ] {
        let meaning = explain(&Facts {
            refused,
            guarded,
            ..base.clone()
        });
        assert!(
            meaning.headline.contains(part),
            "{refused} {guarded}: {}",
            meaning.headline
        );
        assert_eq!(meaning.whose, Whose::User);
    }
    let forced = Facts {
        refused: 3,
        guarded: true,
        job: Some(job(State::Running)),
        ..base
    };
    assert_eq!(explain(&forced).whose, Whose::System);
}

#[test]
fn a_deleted_one_says_what_is_left() {
    let left = Facts {
        stored: (1, 90),
        ..facts(Label::Deleted, Method::Web)
    };
    let meaning = explain(&left);
    assert_eq!(
        meaning.whose,
        Whose::Nobody,
        "data that is kept is nobody's duty"
    );
    assert!(
        meaning.evidence[0].ends_with("1 account and 90 transactions."),
        "{:?}",
        meaning.evidence
    );
    let none = explain(&facts(Label::Deleted, Method::Web));
    assert!(
        !none.tell_customer.contains("kept"),
        "{}",
        none.tell_customer
    );
    let ended = Facts {
        consent: Some(ConsentFacts::Expired(NOW)),
        ..facts(Label::Deleted, Method::Web)
    };
    assert!(explain(&ended).headline.contains("consent to us has ended"));
    let over = Facts {
        consent: Some(ConsentFacts::Expired(NOW)),
        ..left
    };
    assert!(
        explain(&over).headline.contains("still stored"),
        "what is left comes first"
    );
}

#[test]
fn what_stands_beside_is_added() {
    let base = || facts(Label::Active, Method::Web);
    let at = NOW.plus_ms(3 * 60 * MINUTE);
    let meaning = explain(&Facts {
        next_background: Some(at),
        ..base()
    });
    assert!(
        meaning
            .evidence
            .contains(&"Next background refresh 12:41 UTC (in 3 hours).".to_owned()),
        "{meaning:?}"
    );
    let sequence = SequenceFacts {
        what: "move to open banking".into(),
        at: "purge".into(),
        waits: false,
    };
    let going = explain(&Facts {
        sequence: Some(sequence.clone()),
        ..base()
    });
    assert_eq!(going.whose, Whose::System);
    assert!(going.what_to_do[0].contains("move to open banking"));
    let waits = explain(&Facts {
        sequence: Some(SequenceFacts {
            waits: true,
            ..sequence
        }),
        ..base()
    });
    assert!(waits.what_to_do[0].contains("waits at purge"), "{waits:?}");
    for (consent, part) in [
        (ConsentFacts::Ends(NOW.plus_ms(8 * DAY)), None),
        (
            ConsentFacts::Ends(NOW.plus_ms(3 * DAY)),
            Some("consent to us ends in 3 days"),
        ),
        (
            ConsentFacts::Revoked(NOW),
            Some("revoked the consent to us on 2026-03-10"),
        ),
    ] {
        let meaning = explain(&Facts {
            consent: Some(consent),
            ..base()
        });
        assert_eq!(
            meaning
                .evidence
                .iter()
                .any(|l| part.is_some_and(|p| l.contains(p))),
            part.is_some(),
            "{consent:?}"
        );
    }
}

#[test]
fn a_job_that_waits_for_somebody_else_is_not_taken_for_a_pause() {
    let unheld = Some(JobFacts {
        due: None,
        ..job(State::Paused)
    });
    let user = explain(&Facts {
        job: unheld.clone(),
        ..facts(Label::Invalid, Method::OpenBanking)
    });
    assert!(
        user.headline.contains("authorise at the bank"),
        "{}",
        user.headline
    );
    assert_eq!(user.whose, Whose::User);
    let left_over = explain(&Facts {
        job: unheld,
        ..facts(Label::Pending, Method::Web)
    });
    assert!(
        left_over.headline.contains("came from elsewhere"),
        "{}",
        left_over.headline
    );
}

#[test]
fn a_report_and_our_own_fetches_that_differ_are_both_told() {
    let base = failed(
        Label::Invalid,
        Failure::of("service-unavailable"),
        Title::RetrieveAccounts,
    );
    let seen = |health, passed| {
        Some(Seen {
            health,
            passed,
            sample: 12,
            window: Window::Hour,
        })
    };
    let told = |health, measured: Option<Seen>| {
        let down = measured.is_some_and(|seen| seen.health == Health::MajorOutage);
        let open = Toll {
            failed: 11,
            sample: 12,
            since: NOW.plus_ms(-20 * 60_000),
        };
        explain(&Facts {
            health,
            measured,
            incident: down.then_some(open),
            mended: measured.is_some_and(|seen| seen.health == Health::Operational),
            ..base.clone()
        })
    };
    let down = told(Some(Health::Operational), seen(Health::MajorOutage, 1));
    assert!(down.what_to_do[0].starts_with("Do not retry"), "{down:?}");
    assert!(
        down.evidence
            .iter()
            .any(|l| l.contains("disagree: it is down; 1 of 12 worked")),
        "{down:?}"
    );
    assert!(
        !down
            .evidence
            .iter()
            .any(|l| l.contains("lies with this connection")),
        "{down:?}"
    );
    let mended = told(Some(Health::MajorOutage), seen(Health::Operational, 12));
    assert!(
        mended.what_to_do[0].starts_with("Do not retry"),
        "a report is not overruled: {mended:?}"
    );
    assert!(
        mended
            .evidence
            .iter()
            .any(|l| l.contains("disagree: it works")),
        "{mended:?}"
    );
    let agreed = told(Some(Health::PartialOutage), seen(Health::PartialOutage, 7));
    assert!(
        !agreed.evidence.iter().any(|l| l.contains("disagree")),
        "{agreed:?}"
    );
    let works = told(Some(Health::Operational), seen(Health::Operational, 12));
    assert_eq!(
        works.whose,
        Whose::Us,
        "the bank is back, so somebody has to ask again"
    );
    assert!(works.what_to_do[0].starts_with("Refresh once"), "{works:?}");
    let alone = told(None, seen(Health::PartialOutage, 7));
    assert!(
        alone
            .evidence
            .iter()
            .any(|l| l.starts_with("By our refreshes")),
        "{alone:?}"
    );
}
