//! Which term finds the rows: the one whose driver matches the fewest, by a count that stops early.

use super::{Use, Writer, either, parts};
use crate::domain::query::{Expr, Term};
use crate::store::error::Result;

/// Up to how many rows are found first and sorted then; beyond, the sort order is walked.
pub(super) const FEW: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum List {
    Connections,
    Jobs,
}

impl List {
    /// The table of the counters that triggers keep for it.
    pub(super) fn counters(self) -> &'static str {
        match self {
            List::Connections => "connection_counts",
            List::Jobs => "job_counts",
        }
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            List::Connections => "connections c",
            List::Jobs => "jobs j",
        }
    }

    /// A condition that makes SQLite begin with the rows of a driver.
    pub(super) fn among(self, driver: &str) -> String {
        let table = self.table();
        let n = format!("{}.n", &table[table.len() - 1..]);
        format!("{n} IN (SELECT {n} FROM {table} WHERE {driver})")
    }
}

/// Whether an index has all that is needed to count the rows of this filter.
fn counted_alone(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Term(
            Term::Label(_)
                | Term::Bank(_)
                | Term::Mover(_)
                | Term::Since(..)
                | Term::Created(..)
                | Term::Accounts(..)
                | Term::JobLabel(_)
                | Term::State(_)
                | Term::Kind(_)
                | Term::Step(_)
                | Term::Error(_)
        )
    )
}

impl Writer<'_> {
    /// The rows have to be few: reading more of them one by one takes longer than reading the whole table. Those of one
    /// term that its index answers alone are counted in that index.
    pub(super) fn leader(
        &mut self,
        expr: &Expr,
        list: List,
        purpose: Use,
    ) -> Result<Option<String>> {
        let mut best: Option<(usize, String)> = None;
        for part in parts(expr) {
            let before = self.values.len();
            let found = match self.driven(part, list, purpose)? {
                Some(driver) => Some((self.at_most(list, &driver)?, driver)),
                None => None,
            };
            match found {
                Some((count, driver))
                    if (count <= FEW || (purpose == Use::Count && counted_alone(expr)))
                        && best.as_ref().is_none_or(|(least, _)| count < *least) =>
                {
                    best = Some((count, driver));
                }
                _ => self.values.truncate(before),
            }
        }
        Ok(best.map(|(_, driver)| driver))
    }

    /// How many rows a driver finds, counting to just beyond [`FEW`].
    pub(super) fn at_most(&self, list: List, driver: &str) -> Result<usize> {
        // the values of the driver come last; those of earlier terms are there too, and unused
        let rows = format!("{} WHERE {driver}", list.table());
        let found = self.rd.counted(&rows, &self.values, FEW as u64 + 1)?;
        Ok(usize::try_from(found.count).unwrap_or(usize::MAX))
    }

    fn driven(&mut self, expr: &Expr, list: List, purpose: Use) -> Result<Option<String>> {
        match expr {
            Expr::Term(term) => match list {
                List::Connections => self.driver(term, purpose),
                List::Jobs => self.job_driver(term, purpose),
            },
            Expr::Or(parts) => {
                let mut found = Vec::with_capacity(parts.len());
                for part in parts {
                    let Some(driver) = self.driven(part, list, purpose)? else {
                        return Ok(None);
                    };
                    found.push(driver);
                }
                Ok(Some(either(found)))
            }
            Expr::And(_) | Expr::Not(_) => Ok(None),
        }
    }
}
