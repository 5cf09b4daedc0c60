//! One act on several connections: what was frozen when it was counted, what may become of each, how long it
//! will take, and who may carry it out. Pure. Deliberately absent: counting and keeping, and plans of one
//! connection in full, which are `plan`'s.

use super::age;
use super::ids::{ConnectionId, InstitutionId, JobId, PlanId};
use super::moment::Moment;
use super::plan::Difference;
use super::policy::Act;

/// What is foreseen for one of several, or came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
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
    pub const ALL: [Outcome; 8] = [
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
    pub fn word(self) -> &'static str {
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
    pub fn parse(word: &str) -> Option<Self> {
        Outcome::ALL
            .into_iter()
            .find(|outcome| outcome.word() == word)
    }

    /// Whether work is left where it stands: a mark stays on it.
    pub fn left(self) -> bool {
        matches!(
            self,
            Outcome::WouldRun | Outcome::Skipped | Outcome::Refused | Outcome::Failed
        )
    }
}

/// One connection of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its place in the plan, from 0.
    pub place: u32,
    /// Which connection.
    pub connection: ConnectionId,
    /// What was foreseen.
    pub planned: Outcome,
    /// Why, where it will not run.
    pub reason: String,
    /// Sums up what was counted.
    pub fingerprint: String,
    /// Accounts it speaks of.
    pub accounts: u64,
    /// Transactions.
    pub transactions: u64,
    /// Profiles.
    pub profiles: u64,
    /// The place of the item whose purge takes this one's data along.
    pub within: Option<u32>,
    /// What came of it; none until it was this one's turn.
    pub outcome: Option<Outcome>,
    /// Why that, where it did not run.
    pub why: String,
    /// The job that was made or found.
    pub job: Option<JobId>,
}

impl Item {
    /// What it stands at: what came of it, else what was foreseen; and why.
    pub fn standing(&self) -> (Outcome, &str) {
        match self.outcome {
            Some(outcome) => (outcome, &self.why),
            None => (self.planned, &self.reason),
        }
    }
}

/// A kept plan without its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: PlanId,
    /// What is to be done: refresh, purge or revoke.
    pub act: Act,
    /// Whether a refresh is asked for even where the bank was asked a moment ago.
    pub forced: bool,
    /// Whether one is asked for even where the bank has refused the sign-in several times in a row.
    pub forced_sign_in: bool,
    /// When it was counted.
    pub made: Moment,
    /// Until when it can be carried out.
    pub expires: Moment,
    /// Who made it.
    pub actor: String,
    /// How many connections it names.
    pub items: u64,
    /// How many of them it would reach.
    pub runs: u64,
    /// Milliseconds it will probably take.
    pub takes_ms: i64,
    /// When somebody began to carry it out.
    pub applied: Option<Moment>,
    /// When the last of it was carried out.
    pub finished: Option<Moment>,
    /// Why, as whoever carried it out said.
    pub reason: String,
}

/// Where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
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
    pub fn word(self) -> &'static str {
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
    pub fn words(&self) -> String {
        format!("{} {}", self.act.word(), self.runs)
    }

    /// Where it stands.
    pub fn stage(&self, now: Moment) -> Stage {
        match (self.finished, self.applied) {
            (Some(_), _) => Stage::Finished,
            (None, Some(_)) => Stage::Begun,
            (None, None) if now >= self.expires => Stage::Lapsed,
            (None, None) => Stage::Open,
        }
    }

    /// Whether it may be carried out by somebody who said these words and this reason. One that was begun
    /// lapses too: what is left of it is counted anew.
    pub fn may_apply(
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
pub fn needs_reason(act: Act, runs: u64) -> bool {
    matches!(act, Act::Purge | Act::Revoke) && runs > 1
}

/// Why a plan is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objection {
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
pub struct Load {
    /// Which bank.
    pub institution: InstitutionId,
    /// Its name.
    pub name: String,
    /// How many of the plan's connections that run are there.
    pub count: u64,
}

/// What was foreseen, or came of it, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: [u64; 8],
    /// Accounts of those that would run.
    pub accounts: u64,
    /// Transactions of those.
    pub transactions: u64,
    /// Profiles of those.
    pub profiles: u64,
}

impl Tally {
    /// Of these items, as they stand.
    pub fn of(items: &[Item]) -> Self {
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
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.counts[outcome as usize]
    }

    /// How many there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The outcomes that occur, in words: `3 done, 1 skipped`.
    pub fn words(&self) -> String {
        let said = Outcome::ALL.into_iter().filter(|o| self.count(*o) > 0);
        said.map(|o| format!("{} {}", self.count(o), o.word()))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// A plan with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPlan {
    /// What it is.
    pub head: Head,
    /// At which banks its work is, most first.
    pub banks: Vec<Load>,
    /// Its connections.
    pub items: Vec<Item>,
}

impl BulkPlan {
    /// Its items as they stand, added up.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.items)
    }
}

/// How long a fetch is thought to take at a bank that none was ever seen at.
pub const USUAL_MS: i64 = 30_000;

/// Milliseconds until the last of several fetches has probably ended: each bank works through its own at its
/// own pace, and no more run in all than may. `loads` are counts and the bank's usual milliseconds.
pub fn takes(loads: &[(u64, i64)], per_bank: u64, total: u64) -> i64 {
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
pub fn differences(act: Act, before: &str, now: &str) -> Vec<Difference> {
    let names = parts(act);
    // the status comes first and may hold the sign that parts the rest
    let split = |text: &str| {
        text.rsplitn(names.len(), '-')
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (before, now) = (split(before), split(now));
    let shown = |what: &str, value: &str| match (what, value.parse()) {
        ("last contact", Ok(ms)) => age::date_time(Moment(ms)),
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
pub fn changed(act: Act, before: &str, now: &str) -> String {
    let said = differences(act, before, now)
        .into_iter()
        .map(|d| format!("{} was {}, is {}", d.what, d.before, d.now));
    format!("changed: {}", said.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests;
