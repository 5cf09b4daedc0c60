//! Incidents: trouble of a bank as our own fetches show it. One opens and closes by the rule below, judged where fetches
//! end, and keeps for good which connections it hit. What is fetched later does not change one that is over.

use super::connection::Method;
use super::failure_codes::{Blame, Failure};
use super::ids::{ConnectionId, InstitutionId};
use super::job::Title;
use super::moment::Moment;
use super::zone::Zone;
use std::collections::BTreeSet;

/// When an incident opens and when it is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// How far back fetches are looked at.
    pub(crate) window_ms: i64,
    /// The fewest different connections that have to fail within that time: alike, or in whatever way.
    pub(crate) least: u64,
    pub(crate) least_any: u64,
    /// How many times as many have to fail as get through.
    pub(crate) share: u64,
    /// So many in a row that got through say that the bank works: before, that trouble had not begun; after, that it is
    /// over.
    pub(crate) before: u64,
    pub(crate) after: u64,
    /// Without a failure for so long it is over too: nobody asks the bank any more.
    pub(crate) silent_ms: i64,
}

const HOUR_MS: i64 = 3_600_000;

pub(crate) const RULE: Rule = Rule {
    window_ms: HOUR_MS,
    least: 5,
    least_any: 10,
    share: 2,
    before: 3,
    after: 5,
    silent_ms: 24 * HOUR_MS,
};

/// The most fetches that are looked at to decide whether an incident opens.
pub(crate) const LOOKED_AT: usize = 100;

/// At which step a fetch failed, and with which code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alike {
    pub(crate) step: String,
    pub(crate) code: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Went {
    Through,
    /// Failed for another reason than the user's own.
    Failed(Alike),
}

/// One fetch at a bank by one method, that ended or waits for its next attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    /// The number of its connection.
    pub(crate) connection: i64,
    pub(crate) at: Moment,
    pub(crate) went: Went,
}

impl Tried {
    /// None of what says nothing about the bank: the user's own trouble, and what never asked the bank.
    pub(crate) fn of(connection: i64, at: Moment, step: &str, code: Option<&str>) -> Option<Self> {
        let went = match code {
            None => Went::Through,
            Some(code) => {
                let failure = Failure::of(code);
                let challenge = step == Title::MfaChallenge.word();
                if failure.is_lack() || failure.blame(challenge) == Blame::User {
                    return None;
                }
                Went::Failed(Alike {
                    step: step.into(),
                    code: code.into(),
                })
            }
        };
        Some(Self {
            connection,
            at,
            went,
        })
    }

    fn failed(&self) -> Option<&Alike> {
        match &self.went {
            Went::Failed(alike) => Some(alike),
            Went::Through => None,
        }
    }
}

/// How the last fetches at a bank by one method went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pulse {
    /// How many in a row got through, and when the first of them did.
    pub(crate) passed: u64,
    pub(crate) began: Option<Moment>,
    /// When it was last seen to work: enough in a row had got through.
    pub(crate) works: Option<Moment>,
}

/// What an open incident is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Open {
    /// Where all fail at one step, or with one code.
    pub(crate) step: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) started: Moment,
    /// Attempts that failed since, and fetches that got through.
    pub(crate) failed: u64,
    pub(crate) passed: u64,
    pub(crate) last: Moment,
}

impl Open {
    fn covers(&self, alike: &Alike) -> bool {
        self.step.as_ref().is_none_or(|step| *step == alike.step)
            && self.code.as_ref().is_none_or(|code| *code == alike.code)
    }
}

/// A connection that an incident hit, and when first.
pub(crate) type Hit = (i64, Moment);

/// What one more fetch makes of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    /// Nothing is open, and nothing opens.
    Quiet,
    Opens(Open, Vec<Hit>),
    /// It goes on, and has hit these.
    Goes(Open, Vec<Hit>),
    /// It was over at this moment, when the first of those got through that show it.
    Over(Open, Moment),
}

/// Judges one more fetch. `recent` reads those of the window that ends with it, the newest first, itself among them.
pub(crate) fn judge<E>(
    rule: &Rule,
    pulse: &mut Pulse,
    open: Option<Open>,
    it: &Tried,
    recent: impl FnOnce() -> Result<Vec<Tried>, E>,
) -> Result<Judged, E> {
    match &it.went {
        Went::Through => {
            pulse.passed += 1;
            let began = *pulse.began.get_or_insert(it.at);
            if pulse.passed == rule.after {
                pulse.works = Some(it.at);
            }
            Ok(match open {
                None => Judged::Quiet,
                Some(open) if pulse.passed >= rule.after => Judged::Over(open, began),
                Some(open) => Judged::Goes(
                    Open {
                        passed: open.passed + 1,
                        ..open
                    },
                    vec![],
                ),
            })
        }
        Went::Failed(alike) => {
            (pulse.passed, pulse.began) = (0, None);
            match open {
                None => Ok(opening(rule, it, &recent()?)
                    .map_or(Judged::Quiet, |(open, hits)| Judged::Opens(open, hits))),
                Some(open) if open.covers(alike) => Ok(goes(open, it)),
                Some(open) => Ok(widened(rule, open, alike, it, &recent()?)),
            }
        }
    }
}

fn goes(open: Open, it: &Tried) -> Judged {
    let open = Open {
        failed: open.failed + 1,
        last: open.last.max(it.at),
        ..open
    };
    Judged::Goes(open, vec![(it.connection, it.at)])
}

/// The fetches since trouble began: from the newest back to where enough in a row got through.
fn run<'a>(rule: &Rule, recent: &'a [Tried]) -> &'a [Tried] {
    let mut passed = 0;
    for (at, tried) in recent.iter().enumerate() {
        passed = if tried.failed().is_none() {
            passed + 1
        } else {
            0
        };
        if passed == rule.before {
            return &recent[..=at];
        }
    }
    recent
}

/// First failures by connection, in order of time.
fn hits<'a>(failed: impl Iterator<Item = &'a Tried>) -> Vec<Hit> {
    let mut seen = BTreeSet::new();
    let mut all: Vec<Hit> = failed.map(|it| (it.connection, it.at)).collect();
    all.sort_by_key(|(connection, at)| (*at, *connection));
    all.retain(|(connection, _)| seen.insert(*connection));
    all
}

fn opening(rule: &Rule, it: &Tried, recent: &[Tried]) -> Option<(Open, Vec<Hit>)> {
    let run = run(rule, recent);
    let alike = it.failed()?;
    // those that failed at the same step with the same code, or else all that failed
    let same = run.iter().filter(|it| it.failed() == Some(alike));
    let any = run.iter().filter(|it| it.failed().is_some());
    for (failed, one) in [
        (same.collect::<Vec<_>>(), true),
        (any.collect::<Vec<_>>(), false),
    ] {
        let hits = hits(failed.iter().copied());
        let Some((_, started)) = hits.first() else {
            continue;
        };
        let through = |tried: &&Tried| tried.failed().is_none() && tried.at >= *started;
        let passed = run.iter().filter(through).count() as u64;
        let many = hits.len() as u64;
        let least = if one { rule.least } else { rule.least_any };
        if many < least || many < passed * rule.share {
            continue;
        }
        let all = |part: fn(&Alike) -> &String| {
            let first = failed.first()?.failed()?;
            let same = failed
                .iter()
                .all(|it| it.failed().is_some_and(|other| part(other) == part(first)));
            (one || same).then(|| part(first).clone())
        };
        let open = Open {
            step: all(|alike| &alike.step),
            code: all(|alike| &alike.code),
            started: *started,
            failed: failed.len() as u64,
            passed,
            last: it.at,
        };
        return Some((open, hits));
    }
    None
}

/// While one is open, enough connections that fail in another way belong to it too.
fn widened(rule: &Rule, open: Open, alike: &Alike, it: &Tried, recent: &[Tried]) -> Judged {
    let same = recent
        .iter()
        .filter(|tried| tried.at >= open.started && tried.failed() == Some(alike));
    let hits = hits(same);
    if (hits.len() as u64) < rule.least {
        return Judged::Goes(open, vec![]);
    }
    let open = Open {
        step: open.step.filter(|step| *step == alike.step),
        code: open.code.filter(|code| *code == alike.code),
        failed: open.failed + hits.len() as u64,
        last: it.at,
        ..open
    };
    Judged::Goes(open, hits)
}

/// An incident as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Incident {
    pub(crate) number: u64,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) step: Option<Title>,
    pub(crate) code: Option<String>,
    /// When the first of them failed, and when the rule had seen enough.
    pub(crate) started: Moment,
    pub(crate) opened: Moment,
    /// When the last of them failed.
    pub(crate) last: Moment,
    pub(crate) ended: Option<Moment>,
    /// Attempts that failed while it lasted, and fetches that got through.
    pub(crate) failed: u64,
    pub(crate) passed: u64,
    /// How many connections it hit.
    pub(crate) connections: u64,
}

/// An incident with the connections that it hit, and when each first was; of those whose user was deleted nothing is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IncidentShown {
    pub(crate) incident: Incident,
    pub(crate) hit: Vec<(ConnectionId, Moment)>,
}

impl Incident {
    pub(crate) fn state(&self) -> &'static str {
        match self.ended {
            None => "open",
            Some(_) => "over",
        }
    }

    pub(crate) fn sample(&self) -> u64 {
        self.failed + self.passed
    }

    /// How long it lasted, or has lasted.
    pub(crate) fn lasted(&self, now: Moment) -> i64 {
        self.ended.unwrap_or(now).since(self.started).max(0)
    }

    /// The filter that finds the connections it hit.
    pub(crate) fn filter(&self) -> String {
        format!("incident:{}", self.number)
    }

    /// What failed: `sign-in, connector-error`, as far as all failed alike.
    pub(crate) fn what(&self) -> String {
        let step = self.step.as_ref().map(|step| step.short().to_owned());
        let parts: Vec<String> = step.into_iter().chain(self.code.clone()).collect();
        match parts.as_slice() {
            [] => "several steps and codes".into(),
            parts => parts.join(", "),
        }
    }

    /// `since 09:10: 19 of 22 failed, 17 connections hit`.
    pub(crate) fn words(&self, zone: Zone, now: Moment) -> String {
        let when = match self.ended {
            None => format!("since {}", zone.spoken(self.started, now)),
            Some(ended) => format!(
                "{} to {}",
                zone.spoken(self.started, now),
                zone.spoken(ended, now)
            ),
        };
        format!(
            "{when}: {} of {} failed, {} hit",
            self.failed,
            self.sample(),
            super::counts::count(self.connections, "connection")
        )
    }
}

#[cfg(test)]
mod tests;
