//! What the surroundings of a connection add to its explanation.

use super::*;

#[test]
fn the_credentials_of_a_platforms_user_go_to_the_platform() {
    let here = failed(
        Label::Invalid,
        credentials::wrong(),
        Title::VerifyCredentials,
    );
    let there = Facts {
        origin: crate::domain::connection::Origin::Live,
        ..here.clone()
    };
    let advice = |facts: &Facts| explain(facts).what_to_do.join(" ");
    assert!(advice(&here).contains("credentials updated here"));
    assert!(!advice(&there).contains("credentials updated here"));
    assert!(advice(&there).contains("switchboard invite"));
}

#[test]
fn a_report_on_the_connector_changes_the_advice_but_not_for_the_users_trouble() {
    let bank = failed(
        Label::Invalid,
        Failure::of("connector-error"),
        Title::RetrieveAccounts,
    );
    let user = failed(
        Label::Invalid,
        credentials::wrong(),
        Title::VerifyCredentials,
    );
    for (health, whose, first) in [
        (Health::Operational, Whose::Us, "Refresh once"),
        (Health::UnderMaintenance, Whose::Us, "Refresh once"),
        (Health::DegradedPerformance, Whose::Bank, "Wait 10 minutes"),
        (Health::PartialOutage, Whose::Bank, "Wait 10 minutes"),
        (Health::MajorOutage, Whose::Bank, "Do not retry"),
    ] {
        let meaning = explain(&Facts {
            health: Some(health),
            ..bank.clone()
        });
        assert_eq!(meaning.whose, whose, "{health:?}");
        assert!(
            meaning.what_to_do[0].starts_with(first),
            "{health:?}: {:?}",
            meaning.what_to_do
        );
        assert_eq!(
            explain(&Facts {
                health: Some(health),
                ..user.clone()
            }),
            explain(&user),
            "{health:?}"
        );
        assert_eq!(Health::parse(health.word()), Some(health));
    }
}

#[test]
fn others_at_the_bank_tell_the_user_from_the_bank() {
    let base = failed(
        Label::Invalid,
        credentials::wrong(),
        Title::VerifyCredentials,
    );
    for (passed, failed, part) in [
        (212, 2, Some("Not a bank outage: 212")),
        (1, 9, Some("Suspect the bank: 9")),
        (5, 4, None),
        (2, 0, None),
        (0, 0, None),
    ] {
        let meaning = explain(&Facts {
            outcomes: Some(Outcomes { passed, failed }),
            ..base.clone()
        });
        let line = meaning
            .evidence
            .iter()
            .find(|l| l.contains("in the last hour"));
        assert_eq!(line.is_some(), part.is_some(), "{passed} {failed}");
        assert!(
            part.is_none_or(|part| line.is_some_and(|l| l.starts_with(part))),
            "{line:?}"
        );
    }
}

#[test]
fn a_consent_that_ends_or_ended_is_the_users_move() {
    for (label, in_ms, part, whose) in [
        (Label::Active, 58 * DAY, "It works: every", Whose::Nobody),
        (Label::Active, 7 * DAY, "It works: every", Whose::Nobody),
        (Label::Active, 7 * DAY - 1, "ends in 6 days", Whose::User),
        (Label::Active, 0, "ended just now", Whose::User),
        (
            Label::Invalid,
            -DAY,
            "ended 1 day ago, on 2026-03-09",
            Whose::User,
        ),
        (Label::Invalid, DAY, "worked once", Whose::Us),
    ] {
        let given = Facts {
            expiry: Some(NOW.plus_ms(in_ms)),
            ..facts(label, Method::OpenBanking)
        };
        let meaning = explain(&given);
        assert!(
            meaning.headline.contains(part),
            "{label} {in_ms}: {}",
            meaning.headline
        );
        assert_eq!(meaning.whose, whose, "{label} {in_ms}");
    }
    let web = Facts {
        expiry: Some(NOW),
        ..facts(Label::Active, Method::Web)
    };
    assert_eq!(explain(&web).whose, Whose::Nobody);
}

#[test]
fn a_waiting_job_says_what_it_waits_for() {
    let base = facts(Label::Active, Method::Web);

    let asked = JobFacts {
        answer_until: Some(NOW.plus_ms(90_000)),
        ..job(State::WaitingMfa)
    };
    let meaning = explain(&Facts {
        job: Some(asked.clone()),
        ..base.clone()
    });
    assert_eq!(meaning.whose, Whose::User);
    assert!(
        meaning.evidence[0].contains("09:42:37"),
        "{:?}",
        meaning.evidence
    );
    let lapsed = JobFacts {
        answer_until: Some(NOW),
        ..asked
    };
    let meaning = explain(&Facts {
        job: Some(lapsed),
        ..base.clone()
    });
    assert!(
        meaning.evidence[0].contains("is over"),
        "{:?}",
        meaning.evidence
    );

    let last_error = Some(Failure::of("maintenance"));
    let again = JobFacts {
        last_error,
        ..job(State::WaitingRetry)
    };
    let meaning = explain(&Facts {
        job: Some(again.clone()),
        ..base.clone()
    });
    assert_eq!(
        meaning.headline,
        "The bank is under maintenance; it is tried again in 1 hour."
    );
    assert_eq!(
        meaning.whose,
        Whose::System,
        "nobody has to do anything for the next attempt"
    );
    assert!(
        meaning
            .evidence
            .iter()
            .any(|l| l == "Retries so far: 2 of at most 84."),
        "{:?}",
        meaning.evidence
    );
    let outage = Facts {
        job: Some(again),
        health: Some(Health::MajorOutage),
        ..base.clone()
    };
    assert!(explain(&outage).what_to_do[0].starts_with("Do not retry"));

    let meaning = explain(&Facts {
        job: Some(job(State::Paused)),
        ..facts(Label::Pending, Method::Web)
    });
    assert_eq!(meaning.whose, Whose::System);
    assert!(
        meaning.headline.contains("same sign-in"),
        "{}",
        meaning.headline
    );
    assert!(
        meaning.evidence[0].contains("at 10:51:07"),
        "{:?}",
        meaning.evidence
    );
}

#[test]
fn a_fetch_under_way_is_waited_for() {
    let broken = failed(
        Label::Invalid,
        credentials::wrong(),
        Title::VerifyCredentials,
    );
    for (state, whose) in [
        (State::Queued, Whose::System),
        (State::Running, Whose::System),
        (State::Failed, Whose::User),
        (State::Cancelled, Whose::User),
    ] {
        let meaning = explain(&Facts {
            job: Some(job(state)),
            ..broken.clone()
        });
        assert_eq!(meaning.whose, whose, "{state}");
        assert!(meaning.headline.contains("refused the sign-in"), "{state}");
    }
    let purge = JobFacts {
        kind: Kind::Purge,
        ..job(State::Running)
    };
    assert_eq!(
        explain(&Facts {
            job: Some(purge),
            ..broken
        })
        .whose,
        Whose::User
    );
}

#[test]
fn a_fresh_contact_and_a_pending_scrub_are_told() {
    let fresh = |minutes: i64| {
        let last_used = Some(NOW.plus_ms(-minutes * MINUTE));
        explain(&Facts {
            last_used,
            ..facts(Label::Active, Method::Web)
        })
        .will_not_help
    };
    assert!(fresh(14).iter().any(|l| l.contains("lock-out")));
    assert!(fresh(15).is_empty());
    for (stage, part) in [
        (PurgeStage::Scrubbing, "overwritten"),
        (PurgeStage::Meant, "under way"),
    ] {
        let purge = Facts {
            purge: Some(stage),
            ..facts(Label::Deleted, Method::Web)
        };
        assert!(
            explain(&purge).evidence.iter().any(|l| l.contains(part)),
            "{part}"
        );
    }
}
