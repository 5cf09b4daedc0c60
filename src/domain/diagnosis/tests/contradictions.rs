//! No explanation contradicts itself, over the whole product of facts.

use super::*;
use crate::domain::connection::Origin;
use crate::domain::diagnosis::Need;

/// What a line advises or advises against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A refresh now, without anybody doing something first.
    Refresh,
    /// A refresh after a wait, an outage, or what the user does.
    RefreshLater,
    RefreshOften,
    Credentials,
    Authorise,
    Wait,
    NoRetry,
    Purge,
    Revoke,
    Delete,
    Other,
}

/// The lines of `what to do`, by how they begin. A line that is not here fails the test, so that the table is whole.
const ADVISED: &[(&str, Way)] = &[
    ("Refresh once; it may", Way::Refresh),
    ("Refresh once: others", Way::Refresh),
    ("Refresh again.", Way::Refresh),
    ("Refresh it,", Way::Refresh),
    ("Refresh it: that takes", Way::Refresh),
    ("Refresh once the user", Way::RefreshLater),
    ("Wait 10 minutes, then refresh", Way::RefreshLater),
    ("Look at the connector:", Way::RefreshLater),
    (
        "Wait until the bank is back, then refresh",
        Way::RefreshLater,
    ),
    (
        "Agree on a time with the user, refresh then",
        Way::RefreshLater,
    ),
    ("Let the job end; then refresh", Way::RefreshLater),
    ("Wait for the next attempt;", Way::Refresh),
    ("Do not retry", Way::NoRetry),
    ("A refresh that succeeds", Way::RefreshLater),
    ("Then have the credentials updated", Way::Credentials),
    ("Send the", Way::Authorise),
    ("Create the connection anew", Way::Other),
    ("Wait for the fetch", Way::Wait),
    ("Wait, and watch the job", Way::Wait),
    ("Wait; the pause", Way::Wait),
    ("Nothing. Refresh it once", Way::Refresh),
    ("Nothing.", Way::Other),
    ("Nothing: open banking", Way::Other),
    ("Nothing: a web connection", Way::Other),
    ("Refresh it once: that shows", Way::Refresh),
    ("Act where it came from", Way::Other),
    ("Store a password", Way::Credentials),
    ("Ask the user", Way::Other),
    ("Tell the users", Way::Other),
    ("After two or three failures", Way::Other),
    ("If it fails again", Way::Other),
    ("If it runs out of time again", Way::Other),
    ("Choose another way", Way::Other),
    ("Correct the file", Way::Other),
    ("Move the user", Way::Other),
    ("Otherwise ask the user", Way::Other),
    ("Open its", Way::Other),
    ("Leave this connection", Way::Other),
    ("To read this bank again", Way::Other),
    ("If it has to go", Way::Other),
    ("Where there is no such", Way::Other),
    ("Get the answer", Way::Other),
    ("Import a newer document", Way::Other),
    ("See that a process", Way::Other),
    ("Run switchboard doctor", Way::Other),
    ("Put back what is missing", Way::RefreshLater),
];

const DENIED: &[(&str, Way)] = &[
    ("Refreshing again and again", Way::RefreshOften),
    ("Refreshing before", Way::Other),
    ("Refreshing without the user", Way::Refresh),
    ("Refreshing or updating credentials", Way::Refresh),
    ("Refreshing", Way::Refresh),
    ("A new password", Way::Credentials),
    ("Revoking", Way::Revoke),
    ("Purging", Way::Purge),
    ("Deleting", Way::Delete),
    ("Waiting", Way::Wait),
    ("Acting on it here", Way::Other),
    ("Asking the bank", Way::Other),
    ("Uploading the same", Way::Other),
];

fn way(table: &[(&str, Way)], line: &str) -> Way {
    table
        .iter()
        .find(|(begin, _)| line.starts_with(begin))
        .unwrap_or_else(|| panic!("a line that is not in the table: {line}"))
        .1
}

fn contradictions(meaning: &Meaning) -> Vec<String> {
    let advised: Vec<Way> = meaning.what_to_do.iter().map(|l| way(ADVISED, l)).collect();
    let denied: Vec<Way> = meaning
        .will_not_help
        .iter()
        .map(|l| way(DENIED, l))
        .collect();
    let mut bad = vec![];
    for way in &advised {
        if *way != Way::Other && denied.contains(way) {
            bad.push(format!("{way:?} is advised and will not help"));
        }
    }
    let (has, no) = (|w| advised.contains(&w), |w| denied.contains(&w));
    if has(Way::NoRetry) && (has(Way::Refresh) || has(Way::RefreshLater)) {
        bad.push("a refresh is advised, and that nothing is retried".into());
    }
    if has(Way::Wait) && has(Way::Refresh) {
        bad.push("waiting and a refresh are advised".into());
    }
    if no(Way::Credentials) && has(Way::Credentials) {
        bad.push("a new password is advised and will not help".into());
    }
    let all = [&meaning.headline, &meaning.tell_customer];
    let lines = || meaning.evidence.iter().chain(all);
    let says = |text: &str| lines().any(|l| l.contains(text));
    if (says("it works") || says("service is up") || says("It works")) && says("cannot be reached")
    {
        bad.push("it works and cannot be reached".into());
    }
    let nobody = meaning.whose == Whose::Nobody;
    if says("everything works") && !nobody {
        bad.push("everything works, and somebody has to act".into());
    }
    if meaning.whose == Whose::Bank && says("the fault lies with this connection") {
        bad.push("the bank has to act, and the fault lies with this connection".into());
    }
    bad
}

fn jobs() -> Vec<Option<JobFacts>> {
    let mut all = vec![None];
    for state in State::ALL {
        for due in [None, Some(NOW.plus_ms(-MINUTE)), Some(NOW.plus_ms(MINUTE))] {
            for last_error in [None, Some(Failure::of("maintenance"))] {
                all.push(Some(JobFacts {
                    due,
                    answer_until: due,
                    last_error,
                    ..job(state)
                }));
            }
        }
    }
    all
}

fn health() -> Vec<(Option<Health>, Option<Seen>, Option<Outcomes>)> {
    let mut all = vec![(None, None, None)];
    for declared in [None].into_iter().chain(Health::ALL.map(Some)) {
        for (health, passed) in [
            (Health::Operational, 12),
            (Health::DegradedPerformance, 9),
            (Health::MajorOutage, 1),
        ] {
            let seen = Seen {
                health,
                passed,
                sample: 12,
                window: crate::domain::health::Window::Hour,
            };
            let failed = 12 - passed;
            all.push((declared, Some(seen), Some(Outcomes { passed, failed })));
        }
        all.push((
            declared,
            None,
            Some(Outcomes {
                passed: 0,
                failed: 3,
            }),
        ));
        all.push((declared, None, None));
    }
    all
}

/// One combination of what does not depend on the failure.
fn around(label: Label, method: Method) -> Vec<Facts> {
    let mut all = vec![];
    for last_error in jobs() {
        for ends in [None, Some(-10 * DAY), Some(2 * DAY), Some(90 * DAY)] {
            for guarded in [false, true] {
                for used in [MINUTE, 2 * DAY, 10 * DAY] {
                    for fetched in [None, Some(false), Some(true)] {
                        all.push(Facts {
                            job: last_error.clone(),
                            expiry: ends.map(|ms| NOW.plus_ms(ms)),
                            guarded,
                            refused: if guarded { 3 } else { 0 },
                            last_used: Some(NOW.plus_ms(-used)),
                            fetched,
                            ..facts(label, method)
                        });
                    }
                }
            }
        }
    }
    all
}

fn check(given: &Facts) {
    let toll = Some(Toll {
        failed: 9,
        sample: 9,
        since: NOW.plus_ms(-20 * MINUTE),
    });
    for (origin, incident, mended) in [
        (Origin::Sandbox, None, false),
        (Origin::Sandbox, None, true),
        (Origin::Sandbox, toll, false),
        (Origin::Imported, None, false),
    ] {
        checked(&Facts {
            origin,
            incident,
            mended,
            ..given.clone()
        });
    }
}

fn checked(given: &Facts) {
    let meaning = explain(given);
    let acting = matches!(meaning.whose, Whose::User | Whose::Bank | Whose::Us);
    assert_eq!(acting, given.need().attention(), "{given:#?}\n{meaning:#?}");
    // the heading of a row and what is said of it agree
    assert_eq!(meaning.whose, given.mover(), "{given:#?}\n{meaning:#?}");
    assert_eq!(
        contradictions(&meaning),
        Vec::<String>::new(),
        "{given:#?}\n{meaning:#?}"
    );
}

#[test]
fn advice_is_never_what_the_same_text_says_will_not_help() {
    let codes: Vec<&str> = RULES
        .iter()
        .map(|r| r.code)
        .chain(["bank-of-mars"])
        .collect();
    for label in Label::ALL {
        for method in Method::ALL {
            for base in around(label, method) {
                check(&base);
            }
            for (health, measured, outcomes) in health() {
                for code in &codes {
                    for step in [Title::VerifyCredentials, Title::MfaChallenge] {
                        for waits in [None, Some(State::Running), Some(State::WaitingRetry)] {
                            let failure = Failure::of(code);
                            if waits == Some(State::WaitingRetry) && !failure.retried() {
                                continue;
                            }
                            let last_error = Some(failure.clone());
                            let waiting = |state| JobFacts {
                                last_error: last_error.clone(),
                                ..job(state)
                            };
                            for used in [MINUTE, 2 * DAY] {
                                check(&Facts {
                                    failed: Some(FailedStep {
                                        failure: failure.clone(),
                                        step: step.clone(),
                                    }),
                                    job: waits.map(waiting),
                                    last_used: Some(NOW.plus_ms(-used)),
                                    health,
                                    measured,
                                    outcomes,
                                    ..facts(label, method)
                                });
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_locked_account_is_the_users_move_whatever_the_bank_is_like() {
    let locked = Failure::new("invalid-credentials", "T", "The account is locked.");
    for (health, measured, outcomes) in health() {
        let meaning = explain(&Facts {
            health,
            measured,
            outcomes,
            ..failed(Label::Invalid, locked.clone(), Title::VerifyCredentials)
        });
        assert!(meaning.headline.contains("locked"), "{}", meaning.headline);
        assert_eq!(meaning.whose, Whose::User);
    }
}

#[test]
fn a_stale_connection_is_not_said_to_work() {
    let old = Facts {
        last_used: Some(NOW.plus_ms(-8 * DAY)),
        ..facts(Label::Active, Method::Web)
    };
    let meaning = explain(&old);
    assert_eq!((old.need(), meaning.whose), (Need::Stale, Whose::Nobody));
    assert!(
        meaning.headline.contains("8 days ago"),
        "{}",
        meaning.headline
    );
    assert!(
        !meaning.tell_customer.contains("everything works"),
        "{}",
        meaning.tell_customer
    );
}

#[test]
fn a_consent_at_the_bank_that_ended_says_when() {
    let ended = Facts {
        expiry: Some(NOW.plus_ms(-10 * DAY)),
        ..facts(Label::Active, Method::OpenBanking)
    };
    let meaning = explain(&ended);
    assert!(
        meaning.headline.contains("ended 10 days ago"),
        "{}",
        meaning.headline
    );
    assert_eq!(meaning.whose, Whose::User);
}
