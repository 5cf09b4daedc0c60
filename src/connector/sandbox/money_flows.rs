//! Recurring payments of a made-up account, by day, week or month, as the scripts write them.

use super::calendar::Day;
use super::rng::scale;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Amounts are in cents.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountPlan {
    /// Tells the accounts of one person apart; the account's reference hangs on it.
    pub(crate) key: String,
    /// The class of docs/domain.md 5.
    pub(crate) class: String,
    pub(crate) name: String,
    /// What the bank calls it, after its own name.
    pub(crate) product: String,
    pub(crate) balance: i64,
    pub(crate) limit: Option<i64>,
    /// Held at government connectors, and only there.
    #[serde(default)]
    pub(crate) government: bool,
    pub(crate) currency: Option<String>,
    /// Months after which the balance starts anew; keeps it within reason without adding up a whole life.
    pub(crate) cycle: i64,
    /// What the entry that settles says: when money leaves, and when it comes in.
    pub(crate) settles: [String; 2],
    /// Named sets of flows from `spending.toml`.
    #[serde(default)]
    pub(crate) spends: Vec<String>,
    /// Flows of its own; the sets are added behind them when scripts are read.
    #[serde(default)]
    pub(crate) flow: Vec<Flow>,
}

impl AccountPlan {
    pub(super) fn with_sets(mut self) -> Self {
        let known: &BTreeMap<String, Vec<Flow>> = &SPENDING;
        for set in &self.spends {
            self.flow.extend(
                known
                    .get(set)
                    .expect("the test below reads every embedded script")
                    .iter()
                    .cloned(),
            );
        }
        self
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flow {
    pub(crate) every: Rhythm,
    /// From, to; negative when money goes out.
    pub(crate) amount: [i64; 2],
    /// The class of docs/domain.md 6.
    pub(crate) class: String,
    pub(crate) says: Vec<Phrase>,
    /// Growth in thousandths a month, starting over every three years.
    #[serde(default)]
    pub(crate) growth: i64,
    /// `[cycle, from, until]` in days: it flows only in that part of a cycle.
    pub(crate) season: Option<[i64; 3]>,
}

impl Flow {
    pub(crate) fn due(&self, day: Day) -> bool {
        if let Some([cycle, from, until]) = self.season
            && !(from..until).contains(&day.number.rem_euclid(cycle))
        {
            return false;
        }
        match self.every {
            Rhythm::Daily(_) => true,
            Rhythm::Weekly(weekday) => day.weekday() == weekday,
            Rhythm::Fortnightly(place) => (day.number + 3).rem_euclid(14) == place,
            Rhythm::Monthly(of_month) => {
                day.of_month == of_month || (day.ends_month() && of_month > day.of_month)
            }
        }
    }

    /// How many entries it makes on a day when it may.
    pub(crate) fn count(&self, dice: u64) -> u64 {
        match self.every {
            Rhythm::Daily(per_mille) => {
                per_mille / 1000 + u64::from(scale(dice, 1000) < per_mille % 1000)
            }
            _ => 1,
        }
    }

    /// Everyday purchases take a day or two to be posted; the rest is posted when it is made.
    pub(crate) fn posts_late(&self) -> bool {
        matches!(self.every, Rhythm::Daily(_))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Rhythm {
    Daily(u64),
    /// On a day of the week; Monday is 0.
    Weekly(i64),
    Fortnightly(i64),
    /// On a day of the month, the last one where the month is shorter.
    Monthly(i64),
}

impl TryFrom<String> for Rhythm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bad = || format!("`{text}` is not `day`, `week`, `fortnight` or `month` and a number");
        let (word, number) = text.split_once(' ').ok_or_else(bad)?;
        let number: i64 = number.parse().map_err(|_| bad())?;
        match (word, number) {
            ("day", 0..=5000) => Ok(Rhythm::Daily(number.unsigned_abs())),
            ("week", 0..=6) => Ok(Rhythm::Weekly(number)),
            ("fortnight", 0..=13) => Ok(Rhythm::Fortnightly(number)),
            ("month", 1..=31) => Ok(Rhythm::Monthly(number)),
            _ => Err(bad()),
        }
    }
}

/// One wording of a statement line: `LINE`, or `LINE > Merchant > Category` where it can be enriched.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Phrase {
    pub(crate) line: String,
    /// What was derived from it, as JSON text; empty where nothing was.
    pub(crate) enriched: String,
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        let mut parts = text.split('>').map(str::trim);
        let line = parts.next().unwrap_or_default().to_owned();
        let enriched = match (parts.next(), parts.next()) {
            (Some(merchant), Some(category)) => serde_json::json!({
                "enrich": {
                    "cleanDescription": merchant,
                    "tags": [],
                    "merchant": { "businessName": merchant },
                    "location": null,
                    "category": { "title": category },
                }
            })
            .to_string(),
            _ => String::new(),
        };
        Self { line, enriched }
    }
}

static SPENDING: LazyLock<BTreeMap<String, Vec<Flow>>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../assets/banks/spending.toml"))
        .expect("embedded, and read by a test")
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhythms_are_read_and_bad_ones_refused() {
        for (text, rhythm) in [
            ("day 1500", Some(Rhythm::Daily(1500))),
            ("week 0", Some(Rhythm::Weekly(0))),
            ("fortnight 13", Some(Rhythm::Fortnightly(13))),
            ("month 31", Some(Rhythm::Monthly(31))),
            ("week 7", None),
            ("month 0", None),
            ("year 1", None),
            ("month", None),
        ] {
            assert_eq!(Rhythm::try_from(text.to_owned()).ok(), rhythm, "{text}");
        }
    }

    #[test]
    fn a_monthly_flow_comes_once_in_every_month_however_short() {
        let mut flow = SPENDING["fees"][0].clone();
        flow.every = Rhythm::Monthly(31);
        for month in 2023 * 12..2025 * 12 {
            let mut day = Day::first_of(month);
            let mut count = 0;
            while day.month == month {
                count += u64::from(flow.due(day));
                day = day.next();
            }
            assert_eq!(count, 1, "{month}");
        }
    }

    #[test]
    fn every_flow_has_words_and_a_class_of_the_domain() {
        let classes = [
            "bank-fee",
            "payment",
            "cash-withdrawal",
            "transfer",
            "loan-interest",
            "refund",
            "direct-credit",
            "interest",
            "loan-repayment",
        ];
        let scripted = crate::connector::sandbox::people::scripted().flat_map(|p| p.plans());
        let guests = crate::connector::sandbox::generated_people::groups()
            .iter()
            .flat_map(|g| &g.account);
        for plan in scripted.chain(guests) {
            assert!(plan.cycle > 0, "{}", plan.key);
            assert!(!plan.flow.is_empty(), "{}", plan.key);
            for flow in &plan.flow {
                assert!(
                    classes.contains(&flow.class.as_str()),
                    "{}: {}",
                    plan.key,
                    flow.class
                );
                assert!(
                    !flow.says.is_empty() && flow.amount[0] <= flow.amount[1],
                    "{}: {flow:?}",
                    plan.key
                );
            }
        }
    }
}
