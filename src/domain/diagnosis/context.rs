//! Context of a diagnosis: connector health, other fetches at the bank, work in progress, the next refresh.

use super::facts::{ConsentFacts, Facts, JobFacts, Outcomes, PurgeStage, Seen};
use super::health::Health;
use super::need::ENDING_SOON_MS;
use super::{Meaning, Whose};
use crate::domain::connection::{Label, Origin};
use crate::domain::job::State;
use crate::domain::text::Shown;
use crate::domain::time_format;

const TENDENCY: u64 = 3;

/// How the advice begins that gives the user's new credentials to this program.
const CREDENTIALS_HERE: &str = "Then have the credentials updated here";

/// Stands in its place where a platform executes: its users give credentials to it alone.
const LINK: &str = "Send the user a link to the platform: `switchboard invite` has it made. What the user does there is followed here.";

/// Adds what holds whatever the cause is.
pub(super) fn add(facts: &Facts, meaning: &mut Meaning) {
    if facts.origin == Origin::Live {
        let given_here = meaning
            .what_to_do
            .iter_mut()
            .filter(|line| line.starts_with(CREDENTIALS_HERE));
        given_here.for_each(|line| *line = LINK.into());
    }
    match facts.purge {
        Some(PurgeStage::Meant) => meaning
            .evidence
            .push("A purge of its data is under way.".into()),
        Some(PurgeStage::Scrubbing) => meaning.evidence.push(
            "A purge is finishing: its key is destroyed, freed pages are still being overwritten."
                .into(),
        ),
        None => {}
    }
    if let Some(hold) = facts
        .hold
        .as_ref()
        .filter(|_| facts.label != Label::Deleted)
    {
        let words = hold.words(facts.zone, facts.now);
        meaning
            .evidence
            .insert(0, Shown::of_limited(&words, 400).into_plain());
        meaning.what_to_do.insert(0, hold.advice().into());
    }
    if let Some(sequence) = &facts.sequence {
        let what = Shown::of_limited(&sequence.what, 60).cut(60).into_plain();
        let at = Shown::of_limited(&sequence.at, 40).cut(40).into_plain();
        meaning.evidence.push(format!(
            "Part of a {what} that is under way; it stands at {at}."
        ));
        if sequence.waits {
            meaning
                .what_to_do
                .insert(0, format!("The {what} waits at {at}; look at it first."));
        } else {
            if !facts.need().attention() {
                meaning.whose = Whose::System;
            }
            meaning.what_to_do.insert(
                0,
                format!("Let the {what} continue; it does each step by itself."),
            );
        }
    }
    if facts.label != Label::Deleted
        && let Some(line) = consent(facts)
    {
        meaning.evidence.push(line);
    }
    if let Some(at) = facts.next_background.filter(|at| {
        facts.label == Label::Active && facts.hold.as_ref().is_none_or(|h| h.ends <= *at)
    }) {
        let when = time_format::coming(at, facts.now);
        let (name, at) = (facts.zone.name(at), facts.zone.spoken(at, facts.now));
        meaning
            .evidence
            .push(format!("Next background refresh {at} {name} ({when})."));
    }
}

fn consent(facts: &Facts) -> Option<String> {
    match facts.consent? {
        ConsentFacts::Ends(at) if at.since(facts.now) < ENDING_SOON_MS => {
            let when = time_format::coming(at, facts.now);
            Some(format!(
                "The user's consent to us ends {when}; the link and its data go with it."
            ))
        }
        ConsentFacts::Ends(_) => None,
        ConsentFacts::Expired(at) => Some(format!(
            "The user's consent to us ended on {}; the link and its data are being removed.",
            facts.zone.date(at)
        )),
        ConsentFacts::Revoked(at) => Some(format!(
            "The user revoked the consent to us on {}; the link and its data are being removed.",
            facts.zone.date(at)
        )),
    }
}

pub(super) fn under_way(job: &JobFacts) -> &'static str {
    match job.state {
        State::Queued => "A new fetch waits for its place at the bank.",
        _ => "A new fetch is under way.",
    }
}

/// The worse of what is declared and what an open incident shows decides; what our own refreshes say else is told.
pub(super) fn health(facts: &Facts, meaning: &mut Meaning) {
    let held = facts.trouble();
    let measured = facts.measured.map(|seen| seen.health);
    if let Some(declared) = facts.health {
        let contradicted = held != Some(declared) || measured.is_some_and(|seen| seen != declared);
        // what the bank answered itself is not this connection's own fault
        let contradicted = contradicted || meaning.whose == Whose::Bank;
        let line = match (declared, contradicted) {
            (Health::Operational, true) => "The bank's service is reported as up.",
            (declared, _) => declared.evidence(),
        };
        meaning.evidence.push(line.into());
    }
    if let Some(toll) = facts.incident {
        meaning.evidence.push(format!(
            "An incident is open there since {} {}: {} of {} of our fetches failed.",
            facts.zone.spoken(toll.since, facts.now),
            facts.zone.name(toll.since),
            toll.failed,
            toll.sample
        ));
    }
    if let Some(seen) = facts
        .measured
        .filter(|seen| facts.health != Some(seen.health))
    {
        meaning.evidence.push(own(&seen, facts.health));
    }
    let Some(held) = held else { return };
    if let Some(lines) = held.to_do() {
        meaning.what_to_do = lines.iter().map(|l| (*l).to_owned()).collect();
        meaning.whose = Whose::Bank;
    }
    meaning
        .will_not_help
        .extend(held.will_not_help().map(str::to_owned));
}

/// What our own fetches say, against what is declared or in its place.
fn own(seen: &Seen, declared: Option<Health>) -> String {
    let but = if declared.is_some() {
        "Our refreshes disagree"
    } else {
        "By our refreshes"
    };
    let (state, when) = (seen.health.words(), seen.window.words());
    format!(
        "{but}: {state}; {} of {} worked {when}.",
        seen.passed, seen.sample
    )
}

pub(super) const OTHERS_GET_THROUGH: &[&str] =
    &["Refresh once: others get through to this bank by now."];

/// A fetch that was given up for the bank's trouble, where the bank works by now: nobody tries again unasked.
pub(super) fn mended(facts: &Facts, meaning: &mut Meaning) {
    if meaning.whose == Whose::Bank && facts.mover() == Whose::Us {
        meaning.whose = Whose::Us;
        meaning.what_to_do.insert(0, OTHERS_GET_THROUGH[0].into());
    }
}

pub(super) fn outcomes(outcomes: Option<Outcomes>, meaning: &mut Meaning) {
    let Some(Outcomes { passed, failed }) = outcomes else {
        return;
    };
    let line = if passed >= TENDENCY && failed <= passed / 10 {
        format!(
            "Not a bank outage: {passed} other fetches there passed in the last hour, {failed} failed."
        )
    } else if failed >= TENDENCY && passed <= failed / 2 {
        format!(
            "Suspect the bank: {failed} other fetches there failed in the last hour, {passed} passed."
        )
    } else {
        return;
    };
    meaning.evidence.push(line);
}
