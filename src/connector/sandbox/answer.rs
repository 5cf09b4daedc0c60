//! The answer of a sandbox bank: a pure function of question and seed, so it can be repeated after a crash.

use super::holding::{Holding, holdings};
use super::ledger;
use super::people::{self, Person, Proof};
use super::script::Script;
use super::{calendar::DAY_MS, failure_steps, rng};
use crate::connector::{Ask, Authorisation, Outcome};
use crate::domain::connection::Method;
use crate::domain::failure_codes::{Failure, credentials};
use crate::domain::job::Title;
use crate::domain::moment::Moment;

/// How long a consent at a data holder lasts (docs/domain.md 7).
const BANK_CONSENT_DAYS: i64 = 365;

/// Posted transactions are sent again this far back, because a bank may post late.
const OVERLAP_DAYS: i64 = 7;

/// No fetch reaches further back (docs/domain.md 7).
const LONGEST_DAYS: i64 = 730;

pub(crate) fn answer(ask: &Ask, seed: u64) -> Outcome {
    let Some(script) = Script::find(&ask.institution) else {
        return Outcome::Failed(Failure::lack(
            "institution-not-found",
            "The sandbox has no such institution, so none was asked.",
        ));
    };
    if !script.offers(ask.method) {
        return Outcome::Failed(Failure::lack(
            "institution-not-available",
            "The sandbox does not reach this institution by this method, so it was not asked.",
        ));
    }
    if ask.method == Method::OpenBanking && ask.step == Title::VerifyCredentials {
        match ask.authorisation {
            None => return Outcome::AwaitsAuthorisation,
            Some(Authorisation::Refused) => {
                return Outcome::Failed(Failure::of("authorization-failed"));
            }
            Some(Authorisation::Granted) => {}
        }
    }
    let Some(person) = who(ask, script, seed) else {
        return Outcome::Failed(credentials::wrong());
    };
    if let Some(trouble) = &person.trouble
        && trouble.step == ask.step
    {
        return Outcome::Failed(trouble.failure.clone());
    }
    match ask.step {
        Title::VerifyCredentials => signed_in(ask, script, &person),
        Title::MfaChallenge => challenged(ask, script, &person),
        Title::RetrieveAccounts => accounts(ask, script, &person, seed),
        Title::RetrieveTransactions => transactions(ask, script, &person, seed),
        _ => Outcome::Done { expiry: None },
    }
}

/// Who stands behind the question; nobody where login or password are not theirs.
fn who(ask: &Ask, script: &Script, seed: u64) -> Option<Person> {
    let credentials = ask.credentials.as_ref();
    match (ask.method, credentials) {
        (Method::Web, Some(credentials)) => {
            let login = credentials.login.expose();
            super::logins::find(seed, login)
                .filter(|p| script.admits(login) && p.opens_with(&credentials.password))
        }
        (Method::Web, None) => None,
        (Method::OpenBanking, Some(credentials)) if !credentials.login.is_empty() => {
            let login = credentials.login.expose();
            super::logins::find(seed, login).filter(|_| script.admits(login))
        }
        // Nobody said who went to the data holder, so one of those who succeed did.
        (Method::OpenBanking, _) => {
            let able: Vec<_> = people::scripted().filter(|p| p.trouble.is_none()).collect();
            let mut dice = rng::Chance::new(rng::key(&[seed, rng::text(ask.connection.as_str())]));
            Some((*dice.pick(&able)).clone())
        }
    }
}

fn signed_in(ask: &Ask, script: &Script, person: &Person) -> Outcome {
    match ask.method {
        Method::OpenBanking => Outcome::Done {
            expiry: Some(ask.now.plus_ms(BANK_CONSENT_DAYS * DAY_MS)),
        },
        Method::Web
            if script.challenges(ask.method, &ask.job)
                && !ask.challenged
                && ask.answers.is_none() =>
        {
            challenge(&person.proof)
        }
        Method::Web => Outcome::Done { expiry: None },
    }
}

fn challenge(proof: &Proof) -> Outcome {
    Outcome::Challenge {
        method: proof.method,
        description: proof.description.clone(),
        input: proof.input.clone(),
    }
}

fn challenged(ask: &Ask, script: &Script, person: &Person) -> Outcome {
    match &ask.answers {
        None if ask.challenged => Outcome::Done { expiry: None },
        None => challenge(&person.proof),
        Some(answers) if person.proof.accepts(answers, &script.id) => {
            Outcome::Done { expiry: None }
        }
        Some(_) => Outcome::Failed(failure_steps::wrong_answer()),
    }
}

fn accounts(ask: &Ask, script: &Script, person: &Person, seed: u64) -> Outcome {
    let account = |holding: &Holding| {
        let balance = ledger::balance(holding, ask.now);
        holding.account(script, person, balance, ledger::held_back(holding, ask.now))
    };
    Outcome::Accounts {
        profile: Some(person.profile.clone()),
        accounts: holdings(seed, script, person).iter().map(account).collect(),
    }
}

fn transactions(ask: &Ask, script: &Script, person: &Person, seed: u64) -> Outcome {
    let reach = ask.now.plus_ms(-script.span_days * DAY_MS);
    let from = ask
        .since
        .map_or(reach, |since| since.plus_ms(-OVERLAP_DAYS * DAY_MS));
    let from = from.max(ask.now.plus_ms(-LONGEST_DAYS * DAY_MS)).day();
    let question = rng::key(&[rng::text(ask.job.as_str()), u64::from(ask.attempt)]);
    Outcome::Transactions(
        holdings(seed, script, person)
            .iter()
            .flat_map(|holding| sent(holding, ask, from, question))
            .collect(),
    )
}

fn sent(
    holding: &Holding,
    ask: &Ask,
    from: Moment,
    question: u64,
) -> impl Iterator<Item = crate::domain::bank_data::BankTransaction> {
    let posted = ledger::posted(holding, from, ask.now);
    let posted: Vec<_> = posted
        .iter()
        .map(|entry| entry.transaction(holding, ask.method))
        .collect();
    ledger::pending(holding, ask.method, ask.now, question)
        .into_iter()
        .chain(posted)
}

#[cfg(test)]
#[path = "answer_tests/mod.rs"]
mod tests;
