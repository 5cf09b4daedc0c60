//! Chooses the row of the tables that fits. Order: ended, waiting for somebody, failed, label alone.

use super::facts::{ConsentFacts, Facts, FailedStep, JobFacts};
use super::lacks;
use super::need::Need;
use super::states::{self, state};
use super::{Advice, Meaning, Whose, advice_for, context};
use crate::domain::connection::Label;
use crate::domain::counts;
use crate::domain::failure_codes::Failure;
use crate::domain::job::State;
use crate::domain::policy;
use crate::domain::text::Shown;
use crate::domain::time_format;

const WAIT_FOR_IT: &str =
    "Wait for the fetch that is under way; if it succeeds, nothing else is needed.";
/// A contact within this is so fresh that another is a burden on the bank.
const FRESH_MS: i64 = 15 * 60_000;

pub(crate) fn explain(facts: &Facts) -> Meaning {
    let job = facts.fetching();
    let mut meaning = match (facts.need(), job) {
        (Need::Ended, _) => deleted(facts),
        (Need::Answer, Some(job)) => question(facts, job),
        (Need::Retry, Some(job)) => retry(facts, job),
        (Need::Pause, Some(job)) => paused(facts, job),
        (Need::Stuck, Some(job)) => stuck(facts, job),
        (Need::Authorising, _) => plain(facts, states::AT_THE_BANK),
        (Need::Elsewhere, Some(job)) => elsewhere(facts, job),
        (Need::LeftOver, _) => plain(facts, states::LEFT_OVER),
        (Need::Authorisation, _) => plain(facts, state(Label::PreInit)),
        (Need::FirstFetch, _) => first_fetch(facts),
        (Need::ConsentEnded, _) => consent_ended(facts),
        (Need::Mending, Some(job)) => mending(facts, job),
        (_, _) if facts.label == Label::Active => active(facts),
        (_, _) => broken(facts),
    };
    debug_assert_eq!(meaning.whose, facts.mover(), "{facts:?}");
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

fn first_fetch(facts: &Facts) -> Meaning {
    let headline = match facts.label {
        Label::PreInit => "The user has been at the bank; the first fetch is about to begin.",
        Label::Init if facts.ever_active => {
            "The user has authorised anew; fresh data is being fetched."
        }
        label => return plain(facts, state(label)),
    };
    Meaning {
        headline: headline.into(),
        ..plain(facts, state(Label::Init))
    }
}

fn consent_ended(facts: &Facts) -> Meaning {
    let mut meaning = plain(facts, states::CONSENT_ENDED);
    if let Some(at) = facts.bank_consent_ends() {
        meaning.headline = format!(
            "The user's consent at the bank ended {}, on {}.",
            time_format::ago(at, facts.now),
            facts.zone.date(at)
        );
    }
    if let Some(job) = facts.fetching() {
        meaning.evidence.push(context::under_way(job).into());
    }
    meaning
}

fn stuck(facts: &Facts, job: &JobFacts) -> Meaning {
    let mut meaning = plain(facts, states::STUCK);
    if let Some(until) = job.due {
        meaning.evidence.push(format!(
            "The process that ran it was last heard of {}.",
            time_format::ago(until, facts.now)
        ));
    }
    meaning
}

/// Broken, and a fetch is under way that may mend it.
fn mending(facts: &Facts, job: &JobFacts) -> Meaning {
    let before = broken(facts);
    let line = |text: &str| vec![text.to_owned()];
    let mut evidence = before.evidence;
    evidence.push(context::under_way(job).into());
    evidence.push("The trouble above is from before it.".into());
    Meaning {
        whose: Whose::System,
        evidence,
        what_to_do: line(WAIT_FOR_IT),
        will_not_help: line("Refreshing: a fetch is open, so the same job comes back."),
        ..before
    }
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
    let need = facts.need();
    let worked = Meaning {
        headline: "It works.".into(),
        ..plain(facts, state(Label::Active))
    };
    let mut meaning = match (need, facts.bank_consent_ends(), facts.last_used) {
        (Need::ConsentEnding, Some(at), _) => Meaning {
            headline: format!(
                "It works, but the user's consent at the bank ends {}.",
                time_format::coming(at, facts.now)
            ),
            ..plain(facts, states::CONSENT_ENDS)
        },
        (Need::Lacking, ..) => lacking(facts),
        (Need::Guarded, ..) => Meaning {
            headline: "It works so far, but the bank refused sign-ins with the same login again and again, so no \
                       more is tried."
                .into(),
            ..plain(facts, states::GUARDED)
        },
        (Need::Stale, _, Some(at)) => Meaning {
            headline: format!(
                "It worked when the bank was last asked, {}; its data is as old.",
                time_format::ago(at, facts.now)
            ),
            ..plain(facts, states::STALE)
        },
        _ if facts.purged.is_some() && facts.stored == (0, 0) => Meaning {
            headline: "It works; its data was purged, and a refresh brings it back.".into(),
            ..worked
        },
        _ if facts.fetched == Some(false) => plain(facts, states::unfetched(Label::Active)),
        // without a word about its fetches nothing is claimed of them
        _ if facts.fetched.is_none() || facts.failed.is_some() => worked,
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
        if need == Need::Stale {
            meaning.what_to_do = vec![WAIT_FOR_IT.into()];
        }
    }
    if facts.purged.is_none() && need == Need::Works && facts.fetched != Some(false) {
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
fn broken(facts: &Facts) -> Meaning {
    let mut meaning = match &facts.failed {
        failed if facts.need() == Need::Guarded => guarded(facts, failed.as_ref()),
        Some(failed) => failure(facts, failed),
        None => plain(facts, facts.advice()),
    };
    if facts.label == Label::Failed && facts.failed.is_some() {
        meaning
            .evidence
            .push("It never was active: this was its first connection attempt.".into());
    }
    // another try is the advice, unless the user has to do something first
    if meaning.whose == Whose::User {
        not_so_soon(facts, &mut meaning);
    }
    meaning
}

/// It worked when the bank was last asked; since then it could not be asked.
fn lacking(facts: &Facts) -> Meaning {
    facts.lack().map_or_else(
        || plain(facts, state(facts.label)),
        |failed| failure(facts, failed),
    )
}

fn failure(facts: &Facts, failed: &FailedStep) -> Meaning {
    let advice = facts.advice();
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
    if facts.passes() {
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
            meaning.what_to_do = vec![
                "Let the job end; then refresh when the user is at hand, and answer at once."
                    .into(),
            ];
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
    let next = job.due.map_or_else(
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
    // whoever is to blame, the next attempt is made without anybody
    meaning.whose = Whose::System;
    meaning
}

fn paused(facts: &Facts, job: &JobFacts) -> Meaning {
    let mut meaning = plain(facts, states::PAUSED);
    if let Some(at) = job.due {
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
