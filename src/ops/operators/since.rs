//! What changed since somebody left, for the screen and for the command.

use crate::domain::events;
use crate::domain::hold::Hold;
use crate::domain::incident::Incident;
use crate::domain::moment::Moment;
use crate::domain::query::reference::EventsOf;
use crate::domain::since::{self, Change, Digest, From, Looked, What};
use crate::domain::zone::Zone;
use crate::ops::{Ops, Result};
use crate::store::{AuditLine, ReadTxn};
use std::collections::BTreeMap;

/// How many connections that changed are looked at, and how many events, holds and lines of the audit; the newest.
const CONNECTIONS: usize = 20_000;
const OTHERS: usize = 2_000;

/// How many incidents, those that last first.
const INCIDENTS: usize = 200;

impl Ops {
    /// Since this time, or since the caller last left. It changes nothing, whoever asks how often.
    pub(crate) async fn since(&self, given: Option<Moment>) -> Result<Digest> {
        let (now, caller) = (self.now(), self.caller.clone());
        self.read(move |rd| {
            let me = caller.actor.as_str();
            let (from, then) = From::choose(given, rd.looked(me)?, now);
            let changed = rd.changed_since(then, me, CONNECTIONS)?;
            let mut changes = since::by_cause(&changed, then);
            let troubled = rd.incident_page(None, INCIDENTS)?.rows;
            changes.extend(
                troubled
                    .iter()
                    .filter_map(|it| incident(it, then, now, caller.zone)),
            );
            changes.extend(woken(rd, then, now)?);
            changes.extend(consents(rd, then)?);
            let holds = rd.holds_since(then, OTHERS)?;
            changes.extend(
                holds
                    .iter()
                    .filter_map(|it| hold(it, then, now, caller.zone)),
            );
            let lines = rd.audit_before(i64::MAX, OTHERS)?;
            let full = lines.len() == OTHERS && lines.iter().all(|line| line.at > then);
            changes.extend(acts(lines, me, then));
            Ok(Digest {
                from,
                since: then,
                now,
                changes: since::in_order(changes),
                cut: changed.len() == CONNECTIONS || full,
            })
        })
        .await
    }

    /// Keeps that the caller looks now; what changed until they left before stays the same.
    pub(crate) async fn looks(&self) -> Result<()> {
        self.write(|ops, tx| {
            let me = ops.caller.actor.as_str();
            let looked = Looked::again(tx.looked(me)?, ops.now());
            Ok(tx.set_look(me, looked)?)
        })
        .await
    }
}

/// What was put off until a time that has come.
fn woken(rd: &ReadTxn<'_>, then: Moment, now: Moment) -> Result<Option<Change>> {
    let (count, last) = rd.woken_since(then, now)?;
    Ok(last.map(|last| Change {
        what: What::Yours,
        count,
        text: "put off until a time that has come".into(),
        by: String::new(),
        last,
        filter: None,
    }))
}

fn consents(rd: &ReadTxn<'_>, then: Moment) -> Result<Vec<Change>> {
    let ended = |word: &str, text: &str| -> Result<Option<Change>> {
        let types = events::find("consent", word).into_iter().collect();
        let sort = EventsOf { user: None, types };
        let found = rd
            .events_since(then.plus_ms(1), &[sort], None, OTHERS)?
            .rows;
        Ok(found.first().map(|newest| Change {
            what: What::Consent,
            count: found.len() as u64,
            text: text.to_owned(),
            by: String::new(),
            last: newest.at,
            filter: None,
        }))
    };
    let all = [
        ended("expired", "came to their end")?,
        ended("revoked", "were taken back")?,
    ];
    Ok(all.into_iter().flatten().collect())
}

fn incident(it: &Incident, then: Moment, now: Moment, zone: Zone) -> Option<Change> {
    let name = format!("{} ({})", it.institution_name, it.method.words());
    let (text, last) = match it.ended {
        Some(ended) if ended > then => {
            let began = zone.spoken(it.started, now);
            (format!("{name} works again, failed since {began}"), ended)
        }
        None if it.opened > then => {
            let began = zone.spoken(it.started, now);
            (format!("{name} fails since {began}"), it.opened)
        }
        _ => return None,
    };
    Some(Change {
        what: What::Incident,
        count: it.connections,
        text,
        by: String::new(),
        last,
        filter: Some(it.filter()),
    })
}

fn hold(it: &Hold, then: Moment, now: Moment, zone: Zone) -> Option<Change> {
    let whom = it.whom();
    let (text, by, last) = match &it.released {
        _ if it.made > then && it.ends > now => {
            let until = zone.spoken(it.until, now);
            (format!("{whom} held until {until}"), &it.actor, it.made)
        }
        Some(by) if it.ends <= now => (format!("{whom} released"), by, it.ends),
        _ if it.ends <= now => (format!("{whom} not held any more"), &it.actor, it.ends),
        _ => return None,
    };
    let filter = it.bank.as_ref().map(|(id, _)| format!("bank={id}"));
    Some(Change {
        what: What::Hold,
        count: 1,
        text,
        by: by.clone(),
        last,
        filter,
    })
}

/// What others did, by who and what; what a worker does stands with what changed.
fn acts(lines: Vec<AuditLine>, me: &str, then: Moment) -> Vec<Change> {
    let mut found: BTreeMap<(String, String), Change> = BTreeMap::new();
    let others = |line: &AuditLine| line.at > then && line.actor != me && line.face != "worker";
    for line in lines.into_iter().filter(others) {
        let refused = match line.outcome.starts_with("refused") {
            true => " refused",
            false => "",
        };
        let text = format!("{}{refused}", line.action);
        let key = (line.actor.clone(), text.clone());
        let change = found.entry(key).or_insert(Change {
            what: What::Act,
            count: 0,
            text,
            by: line.actor,
            last: line.at,
            filter: None,
        });
        change.count += 1;
        change.last = change.last.max(line.at);
    }
    found.into_values().collect()
}
