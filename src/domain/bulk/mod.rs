//! One act on several connections: what was frozen when it was counted, what may become of each, how long it
//! will take, and who may carry it out. Pure. Deliberately absent: counting and keeping, and plans of one
//! connection in full, which are `plan`'s.

use super::ids::{ConnectionId, InstitutionId, JobId, PlanId};
use super::moment::Moment;
use super::plan::Difference;
use super::policy::Act;
use super::time_format;

/// What is foreseen for one of several, or came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Outcome {
    /// Foreseen: nothing stands against it.
    WouldRun,
    /// It is done.
    Done,
    /// A job was made for it.
    Queued,
    /// A job that does the same was there already.
    Deduplicated,
    /// Left out: too soon, or not as it was when it was counted.
    Skipped,
    /// There is no such connection any more.
    Gone,
    /// A rule says no.
    Refused,
    /// It was tried and failed.
    Failed,
}

impl Outcome {
    /// Every outcome, in the order a summary names them.
    pub(crate) const ALL: [Outcome; 8] = [
        Outcome::WouldRun,
        Outcome::Done,
        Outcome::Queued,
        Outcome::Deduplicated,
        Outcome::Skipped,
        Outcome::Gone,
        Outcome::Refused,
        Outcome::Failed,
    ];

    /// The word in documents.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Outcome::WouldRun => "would-run",
            Outcome::Done => "done",
            Outcome::Queued => "queued",
            Outcome::Deduplicated => "deduplicated",
            Outcome::Skipped => "skipped",
            Outcome::Gone => "gone",
            Outcome::Refused => "refused",
            Outcome::Failed => "failed",
        }
    }

    /// Reads that word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.word() == word)
    }

    /// Whether work is left where it stands: a mark stays on it.
    pub(crate) fn left(self) -> bool {
        matches!(
            self,
            Outcome::WouldRun | Outcome::Skipped | Outcome::Refused | Outcome::Failed
        )
    }
}

/// One connection of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its place in the plan, from 0.
    pub(crate) place: u32,
    /// Which connection.
    pub(crate) connection: ConnectionId,
    /// What was foreseen.
    pub(crate) planned: Outcome,
    /// Why, where it will not run.
    pub(crate) reason: String,
    /// Sums up what was counted.
    pub(crate) fingerprint: String,
    /// Accounts it speaks of.
    pub(crate) accounts: u64,
    /// Transactions.
    pub(crate) transactions: u64,
    /// Profiles.
    pub(crate) profiles: u64,
    /// The place of the item whose purge takes this one's data along.
    pub(crate) within: Option<u32>,
    /// What came of it; none until it was this one's turn.
    pub(crate) outcome: Option<Outcome>,
    /// Why that, where it did not run.
    pub(crate) why: String,
    /// The job that was made or found.
    pub(crate) job: Option<JobId>,
}

impl Item {
    /// What it stands at: what came of it, else what was foreseen; and why.
    pub(crate) fn standing(&self) -> (Outcome, &str) {
        match self.outcome {
            Some(outcome) => (outcome, &self.why),
            None => (self.planned, &self.reason),
        }
    }
}

/// A kept plan without its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its id.
    pub(crate) id: PlanId,
    /// What is to be done: refresh, purge or revoke.
    pub(crate) act: Act,
    /// Whether a refresh is asked for even where the bank was asked a moment ago.
    pub(crate) forced: bool,
    /// Whether one is asked for even where the bank has refused the sign-in several times in a row.
    pub(crate) forced_sign_in: bool,
    /// When it was counted.
    pub(crate) made: Moment,
    /// Until when it can be carried out.
    pub(crate) expires: Moment,
    /// Who made it.
    pub(crate) actor: String,
    /// How many connections it names.
    pub(crate) items: u64,
    /// How many of them it would reach.
    pub(crate) runs: u64,
    /// Milliseconds it will probably take.
    pub(crate) takes_ms: i64,
    /// When somebody began to carry it out.
    pub(crate) applied: Option<Moment>,
    /// When the last of it was carried out.
    pub(crate) finished: Option<Moment>,
    /// Why, as whoever carried it out said.
    pub(crate) reason: String,
}

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It can be carried out.
    Open,
    /// It was not carried out in time.
    Lapsed,
    /// It was begun and not finished.
    Begun,
    /// Nothing of it is left to do.
    Finished,
}

impl Stage {
    /// The word in documents.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Stage::Open => "open",
            Stage::Lapsed => "lapsed",
            Stage::Begun => "begun",
            Stage::Finished => "finished",
        }
    }
}

impl Head {
    /// The words that arm it.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.act.word(), self.runs)
    }

    /// Where it stands.
    pub(crate) fn stage(&self, now: Moment) -> Stage {
        match (self.finished, self.applied) {
            (Some(_), _) => Stage::Finished,
            (None, Some(_)) => Stage::Begun,
            (None, None) if now >= self.expires => Stage::Lapsed,
            (None, None) => Stage::Open,
        }
    }

    /// Whether it may be carried out by somebody who said these words and this reason. One that was begun
    /// lapses too: what is left of it is counted anew.
    pub(crate) fn may_apply(
        &self,
        words: Option<&str>,
        reason: Option<&str>,
        now: Moment,
    ) -> Result<(), Objection> {
        let typed = words.map(|words| {
            words
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .to_lowercase()
        });
        let reasoned = reason.is_some_and(|reason| !reason.trim().is_empty());
        if self.finished.is_some() {
            Err(Objection::Finished)
        } else if now >= self.expires {
            Err(Objection::Lapsed)
        } else if typed.as_deref() != Some(self.words().as_str()) {
            Err(Objection::Words)
        } else if needs_reason(self.act, self.runs) && !reasoned {
            Err(Objection::Reason)
        } else {
            Ok(())
        }
    }
}

/// Whether an act on so many wants a reason.
pub(crate) fn needs_reason(act: Act, runs: u64) -> bool {
    matches!(act, Act::Purge | Act::Revoke) && runs > 1
}

/// Why a plan is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Objection {
    /// Nothing of it is left to do.
    Finished,
    /// It is too old.
    Lapsed,
    /// The words are missing or wrong.
    Words,
    /// The reason is missing.
    Reason,
}

/// What one bank would have to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Load {
    /// Which bank.
    pub(crate) institution: InstitutionId,
    /// Its name.
    pub(crate) name: String,
    /// How many of the plan's connections that run are there.
    pub(crate) count: u64,
}

/// What was foreseen, or came of it, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    counts: [u64; 8],
    /// Accounts of those that would run.
    pub(crate) accounts: u64,
    /// Transactions of those.
    pub(crate) transactions: u64,
    /// Profiles of those.
    pub(crate) profiles: u64,
}

impl Tally {
    /// Of these items, as they stand.
    pub(crate) fn of(items: &[Item]) -> Self {
        let mut tally = Self::default();
        for item in items {
            tally.counts[item.standing().0 as usize] += 1;
            if item.planned == Outcome::WouldRun {
                tally.accounts += item.accounts;
                tally.transactions += item.transactions;
                tally.profiles += item.profiles;
            }
        }
        tally
    }

    /// How many stand at this outcome.
    pub(crate) fn count(&self, outcome: Outcome) -> u64 {
        self.counts[outcome as usize]
    }

    /// How many there are.
    pub(crate) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The outcomes that occur, in words: `3 done, 1 skipped`.
    pub(crate) fn words(&self) -> String {
        let said = Outcome::ALL.into_iter().filter(|o| self.count(*o) > 0);
        said.map(|o| format!("{} {}", self.count(o), o.word()))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A plan with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BulkPlan {
    /// What it is.
    pub(crate) head: Head,
    /// At which banks its work is, most first.
    pub(crate) banks: Vec<Load>,
    /// Its connections.
    pub(crate) items: Vec<Item>,
}

impl BulkPlan {
    /// Its items as they stand, added up.
    pub(crate) fn tally(&self) -> Tally {
        Tally::of(&self.items)
    }
}

/// How long a fetch is thought to take at a bank that none was ever seen at.
pub(crate) const USUAL_MS: i64 = 30_000;

/// Milliseconds until the last of several fetches has probably ended: each bank works through its own at its
/// own pace, and no more run in all than may. `loads` are counts and the bank's usual milliseconds.
pub(crate) fn takes(loads: &[(u64, i64)], per_bank: u64, total: u64) -> i64 {
    let ms = |count: u64, usual: i64, slots: u64| {
        i64::try_from(count.div_ceil(slots.max(1)))
            .unwrap_or(i64::MAX)
            .saturating_mul(usual)
    };
    let slowest = loads
        .iter()
        .map(|(count, usual)| ms(*count, *usual, per_bank))
        .max()
        .unwrap_or(0);
    let all = loads.iter().fold(0i64, |sum, (count, usual)| {
        sum.saturating_add(ms(*count, *usual, 1))
    });
    slowest.max(all / i64::try_from(total.max(1)).unwrap_or(i64::MAX))
}

/// What the parts of a fingerprint are called, by act.
fn parts(act: Act) -> &'static [&'static str] {
    match act {
        Act::Purge => &["status", "accounts", "transactions", "profiles"],
        Act::Refresh => &["status", "last contact"],
        Act::Revoke | Act::UpdateCredentials | Act::Authorise => {
            &["status", "accounts", "transactions"]
        }
    }
}

/// What two fingerprints of one connection differ in.
pub(crate) fn differences(act: Act, before: &str, now: &str) -> Vec<Difference> {
    let names = parts(act);
    // the status comes first and may hold the sign that parts the rest
    let split = |text: &str| {
        text.rsplitn(names.len(), '-')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (before, now) = (split(before), split(now));
    let shown = |what: &str, value: &str| match (what, value.parse()) {
        ("last contact", Ok(ms)) => time_format::date_time(Moment(ms)),
        _ => value.to_owned(),
    };
    let pairs = names.iter().zip(before.iter().rev().zip(now.iter().rev()));
    let moved = pairs.filter(|(_, (before, now))| before != now);
    moved
        .map(|(what, (before, now))| Difference {
            what: (*what).to_owned(),
            before: shown(what, before),
            now: shown(what, now),
        })
        .collect()
}

/// The same in one line: `changed: status was active, is invalid`.
pub(crate) fn changed(act: Act, before: &str, now: &str) -> String {
    let said = differences(act, before, now)
        .into_iter()
        .map(|d| format!("{} was {}, is {}", d.what, d.before, d.now));
    format!("changed: {}", said.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests;
