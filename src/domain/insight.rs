//! What was derived of transactions, as people may see it: where money went and what for.

use super::mask::{HIDDEN, Level};

/// What was derived of one transaction; what is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Insight {
    pub(crate) merchant: String,
    pub(crate) category: String,
}

impl Insight {
    /// Where somebody shops tells who they are, so that the merchant is hidden with the names.
    pub(crate) fn masked(self, level: Level) -> Self {
        match level {
            Level::Standard => self,
            Level::Strict if self.merchant.is_empty() => self,
            Level::Strict => Self {
                merchant: HIDDEN.to_owned(),
                ..self
            },
        }
    }
}

/// What was derived of the newest transactions together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Insights {
    /// How many of them there is something derived of.
    pub(crate) known: u64,
    /// How many were looked at.
    pub(crate) of: u64,
    /// The most frequent first.
    pub(crate) categories: Vec<(String, u64)>,
    /// The most frequent first; empty where names are hidden.
    pub(crate) merchants: Vec<(String, u64)>,
}

/// How many of each are told.
const MOST: usize = 4;

impl Insights {
    /// Of what was derived, masked already; none of a transaction of which nothing was.
    pub(crate) fn of<'i>(all: impl Iterator<Item = Option<&'i Insight>>) -> Self {
        let mut insights = Self::default();
        for insight in all {
            insights.of += 1;
            let Some(insight) = insight else { continue };
            insights.known += 1;
            add(&mut insights.categories, &insight.category);
            add(&mut insights.merchants, &insight.merchant);
        }
        insights.merchants.retain(|(name, _)| name != HIDDEN);
        for told in [&mut insights.categories, &mut insights.merchants] {
            told.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
            told.truncate(MOST);
        }
        insights
    }
}

fn add(counts: &mut Vec<(String, u64)>, name: &str) {
    if name.is_empty() {
        return;
    }
    match counts.iter_mut().find(|(known, _)| known == name) {
        Some((_, count)) => *count += 1,
        None => counts.push((name.to_owned(), 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insight(merchant: &str, category: &str) -> Insight {
        Insight {
            merchant: merchant.into(),
            category: category.into(),
        }
    }

    #[test]
    fn the_most_frequent_come_first_and_names_are_hidden_when_strict() {
        let all = [
            insight("Hooli Cafe", "Cafes"),
            insight("Bread & Co", "Groceries"),
            insight("Bread & Co", "Groceries"),
            insight("", "Fees"),
        ];
        let told = |level| {
            let masked = all.clone().map(|it| it.masked(level));
            let known = masked.iter().map(Some).chain([None]);
            Insights::of(known)
        };
        let shown = told(Level::Standard);
        assert_eq!((shown.known, shown.of), (4, 5));
        let pair = |name: &str, n| (name.to_owned(), n);
        let categories = [pair("Groceries", 2), pair("Cafes", 1), pair("Fees", 1)];
        assert_eq!(shown.categories, categories);
        assert_eq!(
            shown.merchants,
            [pair("Bread & Co", 2), pair("Hooli Cafe", 1)]
        );
        let strict = told(Level::Strict);
        assert_eq!(strict.categories, categories);
        assert!(strict.merchants.is_empty());
        assert_eq!(all[0].clone().masked(Level::Strict).merchant, HIDDEN);
    }
}
