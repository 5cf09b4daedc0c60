//! The history of one connection, from all that is kept of it. It is there after a revoke too.

use crate::domain::consent::{Consent, Status};
use crate::domain::events;
use crate::domain::hold::Hold;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::mask::{self, Level};
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::domain::timeline::{Entry, What, in_order};
use crate::domain::zone::Zone;
use crate::ops::{Ops, Result, not_found};
use crate::store::{AuditLine, Event, Note};

/// How many of each kind are looked at; the newest.
const EACH: usize = 2_000;

impl Ops {
    /// Oldest first; of more than `limit` the newest.
    pub(crate) async fn timeline(
        &self,
        id: &ConnectionId,
        limit: usize,
        level: Level,
    ) -> Result<Vec<Entry>> {
        let (asked, zone, now) = (id.clone(), self.caller.zone, self.now());
        let unseals = self.store.can_unseal();
        self.read(move |rd| {
            let row = rd
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?;
            let mut all: Vec<Entry> = Vec::new();
            let lines = rd.audit_of_connection(&asked, EACH)?;
            all.extend(lines.into_iter().filter(shown).map(act));
            let events = rd.events_of_connection(&asked, EACH)?;
            all.extend(events.into_iter().filter_map(status));
            let jobs = rd.jobs_of(&asked, EACH)?;
            all.extend(jobs.into_iter().map(job));
            all.extend(rd.holds_of(&asked)?.iter().map(|it| hold(it, zone)));
            for it in rd.consent_page(Some(&row.user), None, EACH)?.rows {
                all.extend(consent(&it, now));
            }
            if unseals {
                let notes = rd.notes_of(&asked, EACH)?;
                all.extend(notes.into_iter().map(|it| note(it, level)));
            }
            let mut all = in_order(all);
            let more = all.len().saturating_sub(limit);
            Ok(all.split_off(more))
        })
        .await
    }
}

/// Notes and holds have entries of their own.
fn shown(line: &AuditLine) -> bool {
    !(line.action == "note" || line.action == "hold" && !line.outcome.starts_with("refused"))
}

fn act(line: AuditLine) -> Entry {
    let change = match (line.change.was.as_str(), line.change.became.as_str()) {
        ("", "") => String::new(),
        (was, "") => format!(" (was {was})"),
        (was, became) => format!(" ({was}; then {became})"),
    };
    let why = match line.reason.as_str() {
        "" => String::new(),
        reason => format!("; {reason}"),
    };
    Entry {
        at: line.at,
        what: What::Act,
        text: format!("{}: {}{change}{why}", line.action, line.outcome),
        actor: line.actor,
        id: line.seq.to_string(),
    }
}

/// None for what a job did or an act says already.
fn status(event: Event) -> Option<Entry> {
    if !matches!(
        event.entity.as_str(),
        "connection" | "account" | "transactions"
    ) {
        return None;
    }
    let known = events::find(&event.entity, &event.event_type);
    let words = known.map_or(event.event_type.as_str(), |known| known.words);
    let count = event.count.map_or_else(String::new, |n| format!(" ({n})"));
    Some(Entry {
        at: event.at,
        what: What::Status,
        // who did it stands in the act
        actor: String::new(),
        text: format!("{words}{count}"),
        id: event.id.to_string(),
    })
}

fn job(job: Job) -> Entry {
    let took = job.ended.map_or_else(String::new, |at| {
        format!(" in {}", time_format::took(at.since(job.created)))
    });
    let failed = job
        .failed_step()
        .map_or_else(String::new, |(step, failure)| {
            format!(" at {}: {}", step.title.word(), failure.code)
        });
    let notes: Vec<&str> = job.steps.iter().filter_map(|s| s.note.as_deref()).collect();
    let notes = match notes.is_empty() {
        true => String::new(),
        false => format!("; {}", notes.join("; ")),
    };
    Entry {
        at: job.created,
        what: What::Job,
        actor: String::new(),
        text: format!("{} {}{failed}{took}{notes}", job.kind.word(), job.state),
        id: job.id.to_string(),
    }
}

fn hold(hold: &Hold, zone: Zone) -> Entry {
    let until = zone.date_time(hold.until);
    let ended = match &hold.released {
        Some(by) => format!(", released by {by} at {}", zone.date_time(hold.ends)),
        None => String::new(),
    };
    let why = match hold.reason.as_str() {
        "" => String::new(),
        reason => format!(": {reason}"),
    };
    Entry {
        at: hold.made,
        what: What::Hold,
        actor: hold.actor.clone(),
        text: format!("{} held until {until}{ended}{why}", hold.whom()),
        id: hold.id.to_string(),
    }
}

fn consent(it: &Consent, now: Moment) -> Vec<Entry> {
    let entry = |at: Moment, text: &str| Entry {
        at,
        what: What::Consent,
        actor: String::new(),
        text: text.to_owned(),
        id: it.id.to_string(),
    };
    let mut all = vec![entry(it.created, "the user gave a consent")];
    match (it.status, it.revoked) {
        (Status::Revoked, Some(at)) => all.push(entry(at, "the user revoked the consent")),
        (Status::Expired, _) if it.expiry <= now => all.push(entry(it.expiry, "the consent ended")),
        _ => {}
    }
    all
}

fn note(note: Note, level: Level) -> Entry {
    let text = note.text.map(|text| mask::note(&text, level));
    Entry {
        at: note.at,
        what: What::Note,
        actor: note.actor,
        text: text.unwrap_or_else(|| "(cannot be opened)".into()),
        id: note.id,
    }
}
