//! Answers of the sandbox banks for each of their test users.

mod fetches;

use super::*;
use crate::domain::bank_data::{BankTransaction, Credentials};
use crate::domain::job::Kind;
use crate::domain::mfa::ChallengeMethod;
use crate::domain::secret::Secret;
use std::collections::BTreeSet;

fn ask(bank: &str, login: &str, password: &str, step: Title) -> Ask {
    Ask {
        idempotency_key: format!("job-1/{}", step.word()),
        job: "job-1".into(),
        attempt: 1,
        connection: "connection-1".into(),
        institution: bank.into(),
        method: Method::Web,
        credentials: Some(Credentials {
            login: login.into(),
            password: password.into(),
            ..Credentials::default()
        }),
        authorisation: None,
        answers: None,
        challenged: false,
        step,
        since: None,
        now: Moment::parse("2026-03-10T09:00:00Z").unwrap(),
    }
}

/// The outcome of a whole run: where it ended, and with which code.
fn run(bank: &str, login: &str, password: &str) -> Result<(usize, usize), (Title, String, String)> {
    let mut counts = (0, 0);
    for step in Kind::Connect.steps() {
        match answer(&ask(bank, login, password, step.clone()), 7) {
            Outcome::Failed(failure) => return Err((step.clone(), failure.code, failure.detail)),
            Outcome::Accounts { accounts, profile } => {
                assert!(profile.is_some());
                counts.0 = accounts.len();
            }
            Outcome::Transactions(transactions) => counts.1 = transactions.len(),
            Outcome::Done { expiry: None } => {}
            other => panic!("{login}: {other:?}"),
        }
    }
    Ok(counts)
}

fn fetched(ask: &Ask) -> Vec<BankTransaction> {
    match answer(ask, 7) {
        Outcome::Transactions(transactions) => transactions,
        other => panic!("{other:?}"),
    }
}

#[test]
fn those_who_succeed_bring_accounts_and_transactions() {
    for (login, password, accounts) in [
        ("Wentworth-Smith", "whislter", 4),
        ("Whistler", "ShowBox", 1),
        ("Gilfoyle", "PiedPiper", 2),
        ("gavinBelson", "hooli2016", 3),
        ("jared", "django", 3),
        ("richard", "tabsnotspaces", 10),
        ("laurieBream", "business2024", 2),
        ("ashMann", "hooli2024", 1),
    ] {
        let (count, transactions) = run("AU00000", login, password).unwrap();
        assert_eq!(count, accounts, "{login}");
        assert!(transactions > 20, "{login}: {transactions}");
    }
}

#[test]
fn those_who_fail_fail_at_their_step() {
    let gone = "Service is currently unavailable. Please try again later.";
    let wrong = credentials::wrong().detail;
    let action = "An action is required from end-user before account details can be returned.";
    for (bank, login, password, step, code, detail) in [
        (
            "AU00000",
            "bighead",
            "password",
            Title::VerifyCredentials,
            "invalid-credentials",
            "Account is locked",
        ),
        (
            "AU00000",
            "erlich",
            "aviato",
            Title::RetrieveAccounts,
            "account-not-accessible-requires-user-action",
            action,
        ),
        (
            "AU00000",
            "jianYang",
            "nothotdog",
            Title::RetrieveAccounts,
            "service-unavailable",
            gone,
        ),
        (
            "AU00000",
            "jianYang",
            "hotdog",
            Title::VerifyCredentials,
            "invalid-credentials",
            wrong.as_str(),
        ),
        (
            "AU00000",
            "Richard",
            "tabsnotspaces",
            Title::VerifyCredentials,
            "invalid-credentials",
            wrong.as_str(),
        ),
        (
            "AU00004",
            "jared",
            "django",
            Title::VerifyCredentials,
            "invalid-credentials",
            wrong.as_str(),
        ),
        (
            "AU00000",
            "guest-3",
            "pass-4",
            Title::VerifyCredentials,
            "invalid-credentials",
            wrong.as_str(),
        ),
        (
            "AU10001",
            "guest-3+service-unavailable",
            "pass-3",
            Title::RetrieveAccounts,
            "service-unavailable",
            gone,
        ),
    ] {
        assert_eq!(
            run(bank, login, password),
            Err((step, code.to_owned(), detail.to_owned())),
            "{login}"
        );
    }
    assert_eq!(run("AU00004", "gavinBelson", "hooli2016").unwrap().0, 1);
    assert!(run("AU10001", "guest-3", "pass-3").is_ok());
}

#[test]
fn unknown_banks_and_ways_are_said_to_be_so() {
    let code = |bank: &str, method| {
        let asked = Ask {
            method,
            ..ask(bank, "jared", "django", Title::VerifyCredentials)
        };
        match answer(&asked, 7) {
            Outcome::Failed(failure) => failure.code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(code("AU99999", Method::Web), "institution-not-found");
    assert_eq!(
        code("AU00002", Method::OpenBanking),
        "institution-not-available"
    );
    assert_eq!(code("AU10007", Method::Web), "institution-not-available");
}

#[test]
fn a_bank_that_asks_takes_the_right_answers_and_no_others() {
    for (login, password, method, answers) in [
        ("jared", "django", ChallengeMethod::Token, &["1234"][..]),
        (
            "richard",
            "tabsnotspaces",
            ChallengeMethod::Token,
            &["1234"],
        ),
        (
            "gavinBelson",
            "hooli2016",
            ChallengeMethod::SecurityQuestions,
            &["Hooli"],
        ),
        (
            "Gilfoyle",
            "PiedPiper",
            ChallengeMethod::SecurityQuestions,
            &["Hooli"],
        ),
        (
            "Whistler",
            "ShowBox",
            ChallengeMethod::SecurityQuestions,
            &["Basiq", "AU00000"],
        ),
        (
            "Wentworth-Smith",
            "whislter",
            ChallengeMethod::SecurityQuestions,
            &["Basiq", "AU00002"],
        ),
        ("ashMann", "hooli2024", ChallengeMethod::Token, &["1234"]),
        ("guest-9", "pass-9", ChallengeMethod::Token, &["1234"]),
    ] {
        let sign_in = ask("AU00002", login, password, Title::VerifyCredentials);
        let Outcome::Challenge {
            method: asked,
            input,
            ..
        } = answer(&sign_in, 7)
        else {
            panic!("{login}")
        };
        assert_eq!((asked, input.len()), (method, answers.len()), "{login}");
        let secrets = |answers: &[&str]| Some(answers.iter().map(|a| Secret::new(*a)).collect());
        let with = |answers| {
            answer(
                &Ask {
                    answers,
                    ..ask("AU00002", login, password, Title::MfaChallenge)
                },
                7,
            )
        };
        assert!(
            matches!(with(secrets(answers)), Outcome::Done { .. }),
            "{login}"
        );
        assert!(
            matches!(with(secrets(&["no"])), Outcome::Failed(f) if f.code == "invalid-credentials"),
            "{login}"
        );
        let again = Ask {
            challenged: true,
            ..sign_in
        };
        assert!(
            matches!(answer(&again, 7), Outcome::Done { .. }),
            "{login}: asked twice"
        );
    }
}

#[test]
fn the_intermittent_bank_decides_by_job_and_keeps_to_it() {
    let asks = |job: &str| {
        let asked = Ask {
            job: job.into(),
            ..ask("AU00003", "jared", "django", Title::VerifyCredentials)
        };
        let first = matches!(answer(&asked, 7), Outcome::Challenge { .. });
        let second = matches!(
            answer(
                &Ask {
                    attempt: 2,
                    ..asked
                },
                7
            ),
            Outcome::Challenge { .. }
        );
        assert_eq!(first, second);
        first
    };
    let count = (0..200).filter(|n| asks(&format!("job-{n}"))).count();
    assert!((60..140).contains(&count), "{count}");
}

#[test]
fn open_banking_waits_for_the_person_and_then_knows_them() {
    let at = |authorisation, step, credentials| Ask {
        method: Method::OpenBanking,
        authorisation,
        credentials,
        ..ask("AU10007", "", "", step)
    };
    let sign_in = |authorisation| answer(&at(authorisation, Title::VerifyCredentials, None), 7);
    assert!(matches!(sign_in(None), Outcome::AwaitsAuthorisation));
    match sign_in(Some(Authorisation::Refused)) {
        Outcome::Failed(failure) => {
            assert_eq!(
                (failure.code.as_str(), failure.detail.as_str()),
                ("authorization-failed", "access_denied")
            )
        }
        other => panic!("{other:?}"),
    }
    match sign_in(Some(Authorisation::Granted)) {
        Outcome::Done {
            expiry: Some(expiry),
        } => assert_eq!(expiry.rfc3339(), "2027-03-10T09:00:00Z"),
        other => panic!("{other:?}"),
    }
    let granted = |credentials| match answer(
        &at(
            Some(Authorisation::Granted),
            Title::RetrieveAccounts,
            credentials,
        ),
        7,
    ) {
        Outcome::Accounts { profile, .. } => profile.unwrap(),
        other => panic!("{other:?}"),
    };
    let login = Credentials {
        login: "guest-5".into(),
        ..Credentials::default()
    };
    assert_eq!(
        granted(Some(login)),
        crate::connector::sandbox::generated_people::guest(7, 5).profile
    );
    assert_eq!(granted(None), granted(None));
}
