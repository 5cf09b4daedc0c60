//! The table of codes and labels, row by row.

use super::*;
use crate::domain::connection::Origin;

#[test]
fn every_code_has_words_and_no_words_are_for_nothing() {
    let known: Vec<_> = RULES.iter().map(|r| r.code).collect();
    let told: Vec<_> = ADVICE.iter().map(|(code, _)| *code).collect();
    assert_eq!(told, known);
}

#[test]
fn the_words_blame_whom_the_rules_blame() {
    for (code, advice) in ADVICE {
        let whose = match rule(code).blame {
            Blame::User => Whose::User,
            Blame::Bank => Whose::Bank,
            Blame::Us => Whose::Us,
        };
        assert_eq!(advice.whose, whose, "{code}");
        assert!(advice.headline.chars().count() <= 60, "{code}");
    }
}

#[test]
fn every_label_method_code_and_state_has_words_that_fit() {
    let long = "b".repeat(3_000);
    let codes =
        RULES
            .iter()
            .map(|r| r.code)
            .chain(["bank-of-mars-closed", "", "\u{202e}\u{1b}[2J", &long]);
    for code in codes {
        for label in Label::ALL {
            for method in Method::ALL {
                for step in [
                    Title::VerifyCredentials,
                    Title::MfaChallenge,
                    Title::parse(&long),
                ] {
                    let failure = Failure {
                        detail: long.clone(),
                        ..Failure::of(code)
                    };
                    let base = Facts {
                        failed: Some(FailedStep { failure, step }),
                        ..facts(label, method)
                    };
                    for state in State::ALL {
                        let last_error = Some(Failure::of(code));
                        let given = Facts {
                            job: Some(JobFacts {
                                last_error,
                                ..job(state)
                            }),
                            ..base.clone()
                        };
                        well_formed(
                            &explain(&given),
                            &format!("{label} {method:?} {state} {code:.40}"),
                        );
                    }
                    well_formed(&explain(&base), &format!("{label} {method:?} {code:.40}"));
                }
            }
        }
    }
}

#[test]
fn labels_alone_say_whose_move_it_is() {
    for (label, whose, part) in [
        (Label::Active, Whose::Nobody, "It works"),
        (Label::Invalid, Whose::Us, "worked once"),
        (Label::Failed, Whose::Us, "never worked"),
        (Label::PreInit, Whose::User, "left early"),
        (Label::Init, Whose::System, "has authorised"),
        (Label::Pending, Whose::System, "first fetch"),
        (Label::Deleted, Whose::Nobody, "for good"),
    ] {
        let meaning = explain(&facts(label, Method::OpenBanking));
        well_formed(&meaning, label.word());
        assert_eq!(meaning.whose, whose, "{label}");
        assert!(meaning.headline.contains(part), "{}", meaning.headline);
        assert_eq!(meaning.since, "for 2 days");
        assert_eq!(
            meaning
                .will_not_help
                .iter()
                .any(|l| l.starts_with("Purging")),
            label != Label::Active,
            "{label}"
        );
    }
}

#[test]
fn a_pre_init_is_sent_through_the_flow_and_not_deleted() {
    let waiting = Facts {
        job: Some(job(State::Paused)),
        ..facts(Label::PreInit, Method::OpenBanking)
    };
    let meaning = explain(&waiting);
    assert!(
        meaning.what_to_do[0].contains("whole flow again"),
        "{meaning:?}"
    );
    assert!(
        meaning
            .will_not_help
            .iter()
            .any(|l| l.starts_with("Deleting")),
        "{meaning:?}"
    );
}

#[test]
fn one_code_has_several_remedies() {
    let step = Title::VerifyCredentials;
    let second = Failure::new(
        "invalid-credentials",
        "Login: multi-factor authentication is not supported.",
        "",
    );
    let locked = |detail| {
        let title = "Cannot login to target institution: this account is locked.";
        Failure::new("invalid-credentials", title, detail)
    };
    for (failure, step, part) in [
        (
            Failure::of("invalid-credentials"),
            step.clone(),
            "refused the sign-in",
        ),
        (credentials::wrong(), step.clone(), "refused the sign-in"),
        (
            locked("Please contact institution directly."),
            step.clone(),
            "locked the user's account",
        ),
        (
            locked("Account is locked"),
            step.clone(),
            "locked the user's account",
        ),
        (second, step.clone(), "second factor"),
        (
            Failure::of("invalid-credentials"),
            Title::MfaChallenge,
            "answer to the bank's question was wrong",
        ),
        (
            Failure::of("job-timed-out"),
            Title::MfaChallenge,
            "Nobody answered",
        ),
        (Failure::of("job-timed-out"), step, "took longer"),
    ] {
        let meaning = explain(&failed(Label::Invalid, failure.clone(), step));
        assert!(
            meaning.headline.contains(part),
            "{} for {failure:?}",
            meaning.headline
        );
        assert!(
            meaning.headline.contains(&failure.code),
            "{}",
            meaning.headline
        );
    }
}

#[test]
fn the_remedy_for_credentials_depends_on_the_method() {
    let web = failed(
        Label::Invalid,
        credentials::wrong(),
        Title::VerifyCredentials,
    );
    let meaning = explain(&web);
    assert!(
        meaning
            .what_to_do
            .iter()
            .any(|l| l.contains("credentials updated")),
        "{meaning:?}"
    );
    assert!(
        meaning.will_not_help.iter().any(|l| l.contains("lock-out")),
        "{meaning:?}"
    );
    let meaning = explain(&Facts {
        method: Method::OpenBanking,
        ..web
    });
    assert!(
        meaning
            .what_to_do
            .iter()
            .any(|l| l.contains("authorisation again")),
        "{meaning:?}"
    );
    assert!(
        !meaning.what_to_do.iter().any(|l| l.contains("credentials")),
        "{meaning:?}"
    );
}

/// Lines that suggest an act which is refused, of what is told to do.
fn refused_acts(facts: &Facts, meaning: &Meaning) -> Vec<String> {
    let may =
        |act| crate::domain::policy::may(act, facts.origin, facts.method, facts.label).is_ok();
    let mut bad = Vec::new();
    for line in &meaning.what_to_do {
        let says = |word: &str| line.to_lowercase().contains(word);
        // what is told of another connection is no act on this one
        let of_another = says("active connection of the same user");
        if says("refresh") && !may(Act::Refresh)
            || says("credentials updated") && !may(Act::UpdateCredentials)
            || says("purge") && !of_another && !may(Act::Purge)
            || says("revoke")
        {
            bad.push(line.clone());
        }
    }
    bad
}

/// Everything that is said, for every code, label, method and state of a job, and for each of the situations.
#[test]
fn nothing_that_is_refused_is_ever_suggested() {
    let mut all = Vec::new();
    for code in RULES.iter().map(|r| r.code).chain(["bank-of-mars-closed"]) {
        for label in Label::ALL {
            for method in Method::ALL {
                for step in [Title::VerifyCredentials, Title::MfaChallenge] {
                    let failed = Some(FailedStep {
                        failure: Failure::of(code),
                        step,
                    });
                    let base = Facts {
                        failed,
                        refused: 3,
                        ..facts(label, method)
                    };
                    all.push(Facts {
                        guarded: true,
                        ..base.clone()
                    });
                    all.push(Facts {
                        stored: (2, 90),
                        ..base.clone()
                    });
                    all.extend(Health::ALL.map(|health| Facts {
                        health: Some(health),
                        ..base.clone()
                    }));
                    all.extend(State::ALL.map(|state| Facts {
                        job: Some(job(state)),
                        ..base.clone()
                    }));
                    let unheld = JobFacts {
                        due: None,
                        ..job(State::Paused)
                    };
                    all.push(Facts {
                        job: Some(unheld),
                        ..base.clone()
                    });
                    all.push(Facts {
                        failed: None,
                        fetched: Some(false),
                        ..base.clone()
                    });
                    all.push(Facts {
                        consent: Some(ConsentFacts::Revoked(NOW)),
                        ..base.clone()
                    });
                    all.push(Facts {
                        expiry: Some(NOW.plus_ms(-DAY)),
                        ..base
                    });
                }
            }
        }
    }
    let imported = all.clone().into_iter().map(|given| Facts {
        origin: Origin::Imported,
        ..given
    });
    let imported: Vec<Facts> = imported.collect();
    for given in all.into_iter().chain(imported) {
        let meaning = explain(&given);
        well_formed(&meaning, &format!("{given:?}"));
        assert_eq!(
            refused_acts(&given, &meaning),
            Vec::<String>::new(),
            "{given:?}"
        );
    }
}

#[test]
fn a_failed_fetch_is_whose_move_the_rules_say() {
    for rule in RULES {
        for method in Method::ALL {
            for label in [Label::Invalid, Label::Failed] {
                let given = Facts {
                    method,
                    ..failed(label, Failure::of(rule.code), Title::RetrieveAccounts)
                };
                let whose = match rule.blame {
                    Blame::User => Whose::User,
                    Blame::Bank => Whose::Bank,
                    Blame::Us => Whose::Us,
                };
                assert_eq!(explain(&given).whose, whose, "{} {method:?}", rule.code);
            }
        }
    }
}

#[test]
fn every_row_of_the_table_has_all_its_parts() {
    let situations = SITUATIONS.iter().map(|(when, advice)| (*when, advice));
    let cases = CASES.iter().map(|(_, when, advice)| (*when, advice));
    for (when, advice) in situations
        .chain(cases)
        .chain(ADVICE.iter().map(|(code, advice)| (*code, advice)))
    {
        assert!(
            !when.is_empty() && !advice.headline.is_empty() && !advice.tell_customer.is_empty(),
            "{when}"
        );
        assert!(
            !advice.web.is_empty() && !advice.open_banking.is_empty(),
            "{when}"
        );
        assert!(!advice.headline.ends_with('.'), "{when}");
    }
}

proptest! {
    #[test]
    fn nothing_a_bank_says_reaches_the_words_raw(code in any::<String>(), title in any::<String>(), detail in any::<String>()) {
        let failure = Failure { code, title, detail };
        let meaning = explain(&failed(Label::Failed, failure, Title::RetrieveAccounts));
        prop_assert!(meaning.headline.chars().count() <= 110);
        for line in meaning.evidence.iter().chain([&meaning.headline]) {
            prop_assert!(!line.contains(char::is_control) && line.chars().count() <= 220, "{}", line);
        }
    }
}
