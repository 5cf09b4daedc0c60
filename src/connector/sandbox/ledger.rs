//! The entries of an account, a pure function of the day. Every cycle of months one entry settles the cycle before
//! and the balance starts from the plan's again, so two balances differ by exactly the entries between them.

use super::calendar::{DAY_MS, Day};
use super::holding::Holding;
use super::money_flows::Flow;
use super::rng;
use crate::domain::bank_data::{BankTransaction, TransactionDetails};
use crate::domain::connection::Method;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;

/// The longest that a purchase waits to be posted.
const LATE_DAYS: i64 = 2;

/// The furthest walk into the past: a century, so that even a monthly entry comes a thousand times.
const FLOOR_DAYS: i64 = 36_525;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    day: i64,
    index: u64,
    made: i64,
    posted: i64,
    amount: i64,
    flow: Option<&'static Flow>,
    dice: u64,
}

impl Entry {
    /// What it added to the balance.
    pub(crate) fn amount(&self) -> i64 {
        self.amount
    }

    fn reference(&self, holding: &Holding) -> String {
        format!("{}-{}-{}", holding.reference, self.day, self.index)
    }

    fn details(&self, holding: &Holding) -> TransactionDetails {
        let Some(flow) = self.flow else {
            let [out, back] = &holding.plan.settles;
            let line = if self.amount < 0 { out } else { back };
            return TransactionDetails {
                description: Secret::new(line.as_str()),
                ..TransactionDetails::default()
            };
        };
        let mut dice = rng::Chance::new(self.dice ^ 0x7761_7973);
        let phrase = dice.pick(&flow.says);
        let transfer = matches!(flow.class.as_str(), "transfer" | "direct-credit");
        TransactionDetails {
            description: Secret::new(phrase.line.as_str()),
            reference: Secret::new(if transfer {
                format!("REF{:07}", dice.below(10_000_000))
            } else {
                String::new()
            }),
            rest: Secret::new(if dice.per_mille(700) {
                phrase.enriched.as_str()
            } else {
                ""
            }),
        }
    }

    fn class(&self) -> &str {
        self.flow.map_or("transfer", |flow| flow.class.as_str())
    }

    /// The posted transaction. Page reading gives days only; open banking gives times.
    pub(crate) fn transaction(&self, holding: &Holding, method: Method) -> BankTransaction {
        BankTransaction {
            reference: self.reference(holding),
            account: holding.reference.clone(),
            posted: true,
            amount: self.amount,
            class: self.class().to_owned(),
            at: on(self.posted, method),
            details: self.details(holding),
        }
    }

    /// Under a reference that belongs to this question alone.
    fn pending(&self, holding: &Holding, method: Method, question: u64) -> BankTransaction {
        let passing = rng::key(&[holding.key, self.dice, question]);
        BankTransaction {
            reference: format!("{}-p{passing:016x}", holding.reference),
            posted: false,
            at: on(self.made, method),
            ..self.transaction(holding, method)
        }
    }
}

fn on(ms: i64, method: Method) -> Moment {
    match method {
        Method::Web => Moment(ms).day(),
        Method::OpenBanking => Moment(ms),
    }
}

/// Every entry made on these days, both included, without those that settle a cycle.
fn walk(holding: &Holding, from: i64, to: i64, mut each: impl FnMut(Entry)) {
    let mut day = Day::new(from);
    while day.number <= to {
        let mut index = 0;
        for (place, flow) in (1_u64..).zip(&holding.plan.flow) {
            if !flow.due(day) {
                continue;
            }
            let dice = rng::mix(holding.key ^ rng::mix(day.number.cast_unsigned() << 8 | place));
            for again in 0..flow.count(dice) {
                index += 1;
                let dice = rng::mix(dice ^ (again + 1));
                let made = day.number * DAY_MS + rng::span(rng::mix(dice ^ 2), 0, 86_399) * 1000;
                let late = if flow.posts_late() {
                    (1 + (dice & 1).cast_signed()) * DAY_MS
                } else {
                    0
                };
                let growth = 1000 + flow.growth * day.month.rem_euclid(36);
                let amount = rng::span(dice, flow.amount[0], flow.amount[1]) * growth / 1000;
                each(Entry {
                    day: day.number,
                    index,
                    made,
                    posted: made + late,
                    amount: holding.scaled(amount),
                    flow: Some(flow),
                    dice,
                });
            }
        }
        day = day.next();
    }
}

/// What was posted from one time to another, both included, without what settles a cycle.
fn net(holding: &Holding, from: i64, to: i64) -> i64 {
    let mut sum = 0;
    walk(
        holding,
        from.div_euclid(DAY_MS) - LATE_DAYS,
        to.div_euclid(DAY_MS),
        |entry| {
            if (from..=to).contains(&entry.posted) {
                sum += entry.amount;
            }
        },
    );
    sum
}

/// The first month of the cycle that this month belongs to.
fn cycle_start(holding: &Holding, month: i64) -> i64 {
    month - month.rem_euclid(holding.plan.cycle)
}

/// The entry that settles the cycle before this first month; none where nothing is to settle.
fn settling(holding: &Holding, month: i64) -> Option<Entry> {
    let day = Day::first_of(month).number;
    let before = Day::first_of(month - holding.plan.cycle).number;
    let amount = -net(holding, before * DAY_MS, day * DAY_MS - 1);
    let at = day * DAY_MS;
    (amount != 0).then_some(Entry {
        day,
        index: 0,
        made: at,
        posted: at,
        amount,
        flow: None,
        dice: 0,
    })
}

/// What was posted from one time to another, both included; newest first.
pub(crate) fn posted(holding: &Holding, from: Moment, to: Moment) -> Vec<Entry> {
    let mut entries = Vec::new();
    walk(
        holding,
        from.0.div_euclid(DAY_MS) - LATE_DAYS,
        to.0.div_euclid(DAY_MS),
        |entry| {
            if (from.0..=to.0).contains(&entry.posted) {
                entries.push(entry);
            }
        },
    );
    let mut month = cycle_start(holding, Day::of_ms(to.0).month);
    while Day::first_of(month).number * DAY_MS >= from.0 {
        entries.extend(settling(holding, month));
        month -= holding.plan.cycle;
    }
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse((entry.posted, entry.day, entry.index)));
    entries
}

/// The newest `count` that were posted by `now`; newest first. Fewer where there never were so many.
pub(crate) fn newest(holding: &Holding, count: usize, now: Moment) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut to = now;
    let mut days = 35;
    let floor = now.plus_ms(-FLOOR_DAYS * DAY_MS).0;
    while entries.len() < count && to.0 > floor {
        let from = Moment((to.0 - days * DAY_MS).max(floor));
        entries.extend(posted(holding, from, to));
        to = Moment(from.0 - 1);
        days *= 2;
    }
    entries.truncate(count);
    entries
}

pub(crate) fn balance(holding: &Holding, now: Moment) -> i64 {
    let start = Day::first_of(cycle_start(holding, Day::of_ms(now.0).month));
    holding.scaled(holding.plan.balance) + net(holding, start.number * DAY_MS, now.0)
}

/// What is made and not posted yet: the newest three, newest first.
fn open(holding: &Holding, now: Moment) -> Vec<Entry> {
    let mut entries = Vec::new();
    let today = now.0.div_euclid(DAY_MS);
    walk(holding, today - LATE_DAYS, today, |entry| {
        if entry.made <= now.0 && now.0 < entry.posted {
            entries.push(entry);
        }
    });
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse((entry.made, entry.index)));
    entries.truncate(3);
    entries
}

/// What the pending entries will add to the balance.
pub(crate) fn held_back(holding: &Holding, now: Moment) -> i64 {
    open(holding, now).iter().map(Entry::amount).sum()
}

/// The pending transactions as this question finds them; another question finds them under other references.
pub(crate) fn pending(
    holding: &Holding,
    method: Method,
    now: Moment,
    question: u64,
) -> Vec<BankTransaction> {
    open(holding, now)
        .iter()
        .map(|entry| entry.pending(holding, method, question))
        .collect()
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
