//! Chooses the row of the tables that fits. Order: ended, waiting for somebody, failed, label alone.

use super::facts::{ConsentFacts, Facts, FailedStep, JobFacts};
use super::lacks;
use super::states::{self, state};
use super::{Advice, Meaning, Whose, advice_for, context};
use crate::domain::connection::{Label, Method};
use crate::domain::counts;
use crate::domain::failure_codes::{Blame, Failure};
use crate::domain::job::State;
use crate::domain::policy;
use crate::domain::text::Shown;
use crate::domain::time_format;

const ENDING_SOON_MS: i64 = 7 * 86_400_000;
/// A contact within this is so fresh that another is a burden on the bank.
const FRESH_MS: i64 = 15 * 60_000;

pub(crate) fn explain(facts: &Facts) -> Meaning {
    let mut meaning = match (facts.label, facts.fetching()) {
        (Label::Deleted, _) => deleted(facts),
        (_, Some(job)) if policy::executes(facts.origin).is_err() => elsewhere(facts, job),
        (Label::PreInit, Some(job)) if matches!(job.state, State::Queued | State::Running) => {
            Meaning {
                headline: "The user has been at the bank; the first fetch is about to begin."
                    .into(),
                ..plain(facts, state(Label::Init))
            }
        }
        (Label::PreInit, _) => plain(facts, state(facts.label)),
        (_, Some(job)) if job.state == State::WaitingMfa => question(facts, job),
        (_, Some(job)) if job.state == State::WaitingRetry => retry(facts, job),
        (_, Some(job)) if job.state == State::Paused => paused(facts, job),
        (Label::Invalid | Label::Failed, under_way) => broken(facts, under_way),
        (Label::Active, _) => active(facts),
        (Label::Init, _) if facts.ever_active => Meaning {
            headline: "The user has authorised anew; fresh data is being fetched.".into(),
            ..plain(facts, state(Label::Init))
        },
        (Label::Pending | Label::Init, _) => plain(facts, state(facts.label)),
    };
    context::add(facts, &mut meaning);
    // nothing is advised that would be refused here
    if facts.label != Label::Deleted && policy::executes(facts.origin).is_err() {
        let advice = match meaning.whose {
            Whose::Nobody => lacks::NEWS_BY_IMPORT,
            _ => lacks::AT_ITS_PLATFORM,
        };
        meaning.what_to_do = advice.iter().map(|line| (*line).to_owned()).collect();
    }
    if facts.label != Label::Active {
        meaning.will_not_help.push(states::NOT_PURGE.into());
    }
    meaning
}

fn plain(facts: &Facts, advice: Advice) -> Meaning {
    let owned = |lines: &[&str]| lines.iter().map(|l| (*l).to_owned()).collect();
    Meaning {
        headline: format!("{}.", advice.headline),
        since: time_format::since(facts.since, facts.now, facts.zone),
        whose: advice.whose,
        evidence: vec![],
        what_to_do: owned(advice.to_do(facts.method)),
        tell_customer: advice.tell_customer.into(),
        will_not_help: owned(advice.will_not_help),
    }
}

fn active(facts: &Facts) -> Meaning {
    let ends = facts.expiry.filter(|_| facts.method == Method::OpenBanking);
    let mut meaning = match ends {
        Some(at) if at <= facts.now => plain(facts, states::CONSENT_ENDED),
        Some(at) if at.since(facts.now) < ENDING_SOON_MS => Meaning {
            headline: format!("It works, but the user's consent at the bank ends {}.", time_format::coming(at, facts.now)),
            ..plain(facts, states::CONSENT_ENDS)
        },
        _ if lack(facts).is_some() => lacking(facts),
        _ if facts.guarded => Meaning {
            headline: "It works so far, but the bank refused sign-ins with the same login again and again, so no \
                       more is tried."
                .into(),
            ..plain(facts, states::GUARDED)
        },
        _ if facts.purged.is_some() && facts.stored == (0, 0) => Meaning {
            headline: "It works; its data was purged, and a refresh brings it back.".into(),
            ..plain(facts, state(Label::Active))
        },
        _ if facts.fetched == Some(false) => plain(facts, states::UNPROVEN),
        // without a word about its fetches nothing is claimed of them
        _ if facts.fetched.is_none() || facts.failed.is_some() => {
            Meaning { headline: "It works.".into(), ..plain(facts, state(Label::Active)) }
        }
        _ => plain(facts, state(Label::Active)),
    };
    if let Some(at) = facts.last_used {
        meaning.evidence.push(format!(
            "The bank was last asked {}.",
            time_format::ago(at, facts.now)
        ));
    }
    if let Some(failed) = &facts.failed
        && !failed.failure.is_lack()
    {
        meaning.evidence.push(format!(
            "Its last fetch failed at {} ({}).",
            step(failed),
            code(&failed.failure)
        ));
    }
    if let Some(job) = facts.fetching() {
        meaning.evidence.push(context::under_way(job).into());
    }
    if facts.purged.is_none() {
        not_so_soon(facts, &mut meaning);
    }
    meaning
}

/// Over: with the user's consent, with data left behind, or plainly.
fn deleted(facts: &Facts) -> Meaning {
    let (accounts, transactions) = facts.stored;
    let mut meaning = match facts.consent {
        _ if accounts > 0 || transactions > 0 => plain(facts, states::STRANDED),
        Some(ConsentFacts::Expired(_) | ConsentFacts::Revoked(_)) => {
            plain(facts, states::USER_CONSENT_ENDED)
        }
        _ => plain(facts, state(Label::Deleted)),
    };
    if accounts > 0 || transactions > 0 {
        let left = format!(
            "{} and {}",
            counts::count(accounts, "account"),
            counts::count(transactions, "transaction")
        );
        meaning.evidence.push(format!(
            "Stored under the user, from this connection: {left}."
        ));
    }
    meaning
}

/// The failure, the connector's health and other fetches decide the words.
fn broken(facts: &Facts, under_way: Option<&JobFacts>) -> Meaning {
    let expired = facts
        .expiry
        .filter(|at| facts.method == Method::OpenBanking && *at <= facts.now);
    let mut meaning = match (&facts.failed, expired) {
        (_, Some(at)) => Meaning {
            headline: format!(
                "The user's consent at the bank ended on {}.",
                facts.zone.date(at)
            ),
            ..plain(facts, states::CONSENT_ENDED)
        },
        (failed, None) if facts.guarded && under_way.is_none() => guarded(facts, failed.as_ref()),
        (Some(failed), None) => failure(facts, failed),
        (None, None) => plain(facts, state(facts.label)),
    };
    if facts.label == Label::Failed && facts.failed.is_some() {
        meaning
            .evidence
            .push("It never was active: this was its first connection attempt.".into());
    }
    if let Some(job) = under_way {
        meaning.whose = Whose::System;
        meaning.evidence.push(context::under_way(job).into());
        meaning
            .evidence
            .push("The trouble above is from before it.".into());
        meaning.what_to_do.insert(
            0,
            "Wait for the fetch that is under way; if it succeeds, nothing else is needed.".into(),
        );
    } else {
        not_so_soon(facts, &mut meaning);
    }
    meaning
}

/// What was missing here, so that the last fetch asked nobody.
fn lack(facts: &Facts) -> Option<&FailedStep> {
    facts.failed.as_ref().filter(|it| it.failure.is_lack())
}

/// It worked when the bank was last asked; since then it could not be asked.
fn lacking(facts: &Facts) -> Meaning {
    lack(facts).map_or_else(
        || plain(facts, state(facts.label)),
        |failed| failure(facts, failed),
    )
}

fn failure(facts: &Facts, failed: &FailedStep) -> Meaning {
    let advice = advice_for(&failed.failure, failed.at_challenge());
    let mut meaning = plain(facts, advice);
    meaning.headline = format!("{} ({}).", advice.headline, code(&failed.failure));
    if failed.failure.is_lack() {
        meaning.evidence.push(said(&failed.failure));
        return meaning;
    }
    meaning.evidence.push(format!(
        "It failed at {}. The bank said: {}",
        step(failed),
        said(&failed.failure)
    ));
    if failed.failure.blame(failed.at_challenge()) != Blame::User {
        context::health(facts, &mut meaning);
        context::mended(facts, &mut meaning);
    }
    context::outcomes(facts.outcomes, &mut meaning);
    meaning
}

fn guarded(facts: &Facts, failed: Option<&FailedStep>) -> Meaning {
    let mut meaning = plain(facts, states::GUARDED);
    meaning.evidence.push(format!(
        "The bank refused sign-ins with this login {} times in a row, by this connection or another.",
        facts.refused
    ));
    if let Some(failed) = failed {
        meaning.evidence.push(format!(
            "It failed at {}. The bank said: {}",
            step(failed),
            said(&failed.failure)
        ));
    }
    meaning
}

fn question(facts: &Facts, job: &JobFacts) -> Meaning {
    let mut meaning = plain(facts, states::QUESTION);
    match job.answer_until {
        Some(until) if until <= facts.now => {
            meaning
                .evidence
                .push("The time to answer is over; the job ends by itself.".into());
            meaning.what_to_do =
                vec!["Refresh again when the user is at hand, and answer at once.".into()];
        }
        Some(until) => meaning.evidence.push(format!(
            "It can be answered until {} {}, {} from now.",
            facts.zone.when(until, facts.now),
            facts.zone.name(until),
            time_format::words(until.since(facts.now))
        )),
        None => {}
    }
    meaning
}

/// The open job of a connection for which nobody here executes, as the document told it.
fn elsewhere(facts: &Facts, job: &JobFacts) -> Meaning {
    let mut meaning = plain(facts, states::ELSEWHERE);
    if job.state == State::WaitingMfa {
        meaning.evidence.push(
            "There the bank asks the user a question; `switchboard job` shows it, and it is answered there.".into(),
        );
    }
    meaning
}

fn retry(facts: &Facts, job: &JobFacts) -> Meaning {
    let assumed = Failure::of("service-unavailable");
    let error = job.last_error.as_ref().unwrap_or(&assumed);
    let advice = advice_for(error, false);
    let mut meaning = plain(facts, advice);
    let next = job.next_attempt.map_or_else(
        || "by itself".into(),
        |at| time_format::coming(at, facts.now),
    );
    meaning.headline = format!("{}; it is tried again {next}.", advice.headline);
    if let Some(error) = &job.last_error {
        meaning.evidence.push(format!(
            "The last attempt ended with {}: {}",
            code(error),
            said(error)
        ));
    }
    if job.attempt > 0 {
        meaning.evidence.push(format!(
            "Retries so far: {} of at most {}.",
            job.attempt - 1,
            facts.most_retries
        ));
    }
    meaning.what_to_do =
        vec!["Wait for the next attempt; a refresh by hand brings it forward to now.".into()];
    meaning
        .tell_customer
        .push_str(" We try again by ourselves; you need not do anything.");
    context::health(facts, &mut meaning);
    context::outcomes(facts.outcomes, &mut meaning);
    meaning
}

fn paused(facts: &Facts, job: &JobFacts) -> Meaning {
    match (job.next_attempt, facts.method) {
        (None, Method::OpenBanking) => return plain(facts, states::AT_THE_BANK),
        (None, Method::Web) => return plain(facts, states::LEFT_OVER),
        (Some(_), _) => {}
    }
    let mut meaning = plain(facts, states::PAUSED);
    if let Some(at) = job.next_attempt {
        meaning.evidence.push(format!(
            "It starts {}, at {} {}.",
            time_format::coming(at, facts.now),
            facts.zone.when(at, facts.now),
            facts.zone.name(at)
        ));
    }
    meaning
}

fn not_so_soon(facts: &Facts, meaning: &mut Meaning) {
    let Some(at) = facts.last_used else { return };
    if (0..FRESH_MS).contains(&facts.now.since(at)) {
        let ago = time_format::ago(at, facts.now);
        meaning.will_not_help.push(format!(
            "Refreshing at once: the bank was asked {ago}, and too many sign-ins risk a lock-out."
        ));
    }
}

/// Cut to fit a line: it came from a bank.
fn code(failure: &Failure) -> String {
    if failure.code.is_empty() {
        return "no code".into();
    }
    Shown::of_limited(&failure.code, 44).cut(44).into_plain()
}

/// Cut to fit a line: it came from a bank.
fn said(failure: &Failure) -> String {
    let text = if failure.detail.is_empty() {
        &failure.title
    } else {
        &failure.detail
    };
    Shown::of_limited(text, 120).cut(120).into_plain()
}

fn step(failed: &FailedStep) -> String {
    Shown::of_limited(failed.step.short(), 24)
        .cut(24)
        .into_plain()
}
