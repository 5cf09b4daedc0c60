//! Filters as SQL. Each term compiles to a *driver*, which an index answers, and a *test* of one row while an order is
//! walked; a driver may let more through than its test, never less. A count that stops early decides which leads.
//! Typed text is always a bound value.

pub(in crate::store) mod attention;
mod connection_terms;
mod jobs;
mod newest_job;
mod pattern;
mod selectivity;
mod text_match;

pub(super) use pattern::functions;
pub(super) use selectivity::List;
pub(super) use text_match::phrase;

use super::ReadTxn;
use super::codec::{Coded, IMPORTED};
use super::error::Result;
use crate::domain::connection::Label;
use crate::domain::job::{self, State};
use crate::domain::moment::Moment;
use crate::domain::query::{Cmp, Expr, Flag, Query, Term, When};
use crate::domain::views::Size;
use rusqlite::types::Value;
use std::collections::HashMap;
use text_match::Bank;

/// Who asks, and when: `is:mine` and ages depend on it.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// As it is written with the jobs that this person asks for.
    pub(crate) actor: String,
    pub(crate) now: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The first rows of an order.
    Page,
    Count,
    /// Only which order replaces the one that was asked for.
    Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Plan {
    #[default]
    Walk,
    /// The few rows are found by an index, then sorted.
    Find,
}

/// A filter as SQL over the aliases `c`, `u`, `i`, `j`.
#[derive(Clone, Debug, Default)]
pub(super) struct Compiled {
    /// The condition; never empty.
    pub(crate) sql: String,
    /// Its values, `?1` first; the last ones may be unused.
    pub(crate) values: Vec<Value>,
    pub(crate) joins: String,
    pub(crate) plan: Plan,
    pub(crate) everything: bool,
    /// All that it asks for is one label or one bank.
    pub(crate) whole: bool,
    /// The one label it asks for, whatever else it asks.
    pub(crate) label: Option<i64>,
    pub(crate) bank: Option<i64>,
    /// The first and last of the banks it asks for, as they are sorted.
    pub(crate) banks: Option<(String, String)>,
    /// Whether it asks, whatever else, for connections that were never used.
    pub(crate) unused: bool,
    /// Only imported ones.
    pub(crate) imported: bool,
    /// An index that holds only the matching jobs, in the order of the history.
    pub(crate) index: Option<&'static str>,
}

/// Collects values while the SQL is written.
pub(super) struct Writer<'a> {
    rd: &'a ReadTxn<'a>,
    asker: &'a Asker,
    purpose: Use,
    values: Vec<Value>,
    job: bool,
    /// Of the list of jobs: whether a condition asks for more than the job.
    joined: bool,
    banks: Option<Vec<Bank>>,
    named: HashMap<String, usize>,
}

impl<'a> Writer<'a> {
    fn new(rd: &'a ReadTxn<'a>, asker: &'a Asker, purpose: Use) -> Self {
        Self {
            rd,
            asker,
            purpose,
            values: vec![],
            job: false,
            joined: false,
            banks: None,
            named: HashMap::new(),
        }
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn texts(
        &mut self,
        texts: &[String],
        each: impl Fn(&mut Self, &str) -> Result<String>,
    ) -> Result<String> {
        let parts: Vec<String> = texts.iter().map(|t| each(self, t)).collect::<Result<_>>()?;
        Ok(either(parts))
    }
}

/// Any of these conditions. [`NEVER`] is left out: beside a constant SQLite uses no index for the others.
fn either(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|p| p != NEVER).collect();
    match parts.is_empty() {
        true => NEVER.to_owned(),
        false => format!("({})", parts.join(" OR ")),
    }
}

const NEVER: &str = "0";

impl Compiled {
    pub(crate) fn connections(
        query: &Query,
        rd: &ReadTxn<'_>,
        asker: &Asker,
        purpose: Use,
    ) -> Result<Self> {
        let Some(expr) = &query.expr else {
            return Ok(Self::everything());
        };
        let mut writer = Writer::new(rd, asker, purpose);
        let test = writer.expr(expr, &Writer::test)?;
        let mut compiled = Self {
            sql: test,
            ..Self::default()
        };
        for part in parts(expr) {
            match part {
                Expr::Term(Term::Label(labels)) if labels.len() == 1 => {
                    compiled.label = Some(labels[0].code());
                }
                Expr::Term(Term::Is(Flag::Stale)) => {
                    compiled.label = Some(Label::Active.code());
                }
                Expr::Term(Term::Last(Cmp::Eq | Cmp::Le | Cmp::Ge, When::Never)) => {
                    compiled.unused = true
                }
                Expr::Term(Term::Is(Flag::Imported)) => compiled.imported = true,
                Expr::Term(Term::Bank(texts)) => {
                    let found = writer.banks_of(texts)?;
                    compiled.bank = found.first().filter(|_| found.len() == 1).map(|b| b.n);
                    compiled.banks = found
                        .first()
                        .zip(found.last())
                        .map(|(a, z)| (a.sorted.clone(), z.sorted.clone()));
                }
                _ => {}
            }
        }
        // one label or one bank has its own ordered index, and no driver is better
        compiled.whole = matches!(expr, Expr::Term(Term::Label(labels)) if labels.len() == 1)
            || matches!(expr, Expr::Term(Term::Bank(_)) if compiled.bank.is_some());
        if purpose == Use::Count || (purpose == Use::Page && !compiled.whole) {
            compiled.led(&mut writer, expr, List::Connections, purpose)?;
        }
        if writer.job {
            compiled.joins = " LEFT JOIN jobs j ON j.n = c.job_n".to_owned();
        }
        compiled.values = writer.values;
        Ok(compiled)
    }

    pub(crate) fn jobs(
        query: &Query,
        rd: &ReadTxn<'_>,
        asker: &Asker,
        purpose: Use,
    ) -> Result<Self> {
        let joins = " JOIN connections c ON c.n = j.connection_n JOIN users u ON u.n = j.user_n
            JOIN institutions i ON i.n = j.institution_n";
        let Some(expr) = &query.expr else {
            return Ok(Self::everything());
        };
        let mut writer = Writer::new(rd, asker, purpose);
        let sql = writer.expr(expr, &Writer::job_test)?;
        let mut compiled = Self {
            sql,
            ..Self::default()
        };
        compiled.index = parts(expr).iter().find_map(|part| match part {
            Expr::Term(Term::Error(codes)) if codes.len() == 1 => Some("jobs_code"),
            Expr::Term(Term::JobLabel(labels)) if labels == &[job::Label::Failed] => {
                Some("jobs_failed")
            }
            Expr::Term(Term::Bank(texts)) => {
                let one = writer.banks_of(texts).is_ok_and(|found| found.len() == 1);
                one.then_some("jobs_institution")
            }
            // a job that ended so has that label
            Expr::Term(Term::State(states))
                if states.iter().all(|s| !s.open() && *s != State::Succeeded) =>
            {
                Some("jobs_failed")
            }
            _ => None,
        });
        if compiled.index == Some("jobs_failed") {
            // the condition of the partial index has to be repeated, or SQLite does not use it
            compiled.sql = format!(
                "(j.label = {} AND {})",
                job::Label::Failed.code(),
                compiled.sql
            );
        }
        compiled.led(&mut writer, expr, List::Jobs, purpose)?;
        if writer.joined {
            compiled.joins = joins.to_owned();
        }
        compiled.values = writer.values;
        Ok(compiled)
    }

    fn led(
        &mut self,
        writer: &mut Writer<'_>,
        expr: &Expr,
        list: List,
        purpose: Use,
    ) -> Result<()> {
        let Some(driver) = writer.leader(expr, list, purpose)? else {
            return Ok(());
        };
        self.plan = Plan::Find;
        self.sql = match purpose {
            Use::Count => format!("({driver}) AND {}", self.sql),
            Use::Page | Use::Place => format!("{} AND {}", list.among(&driver), self.sql),
        };
        Ok(())
    }

    /// What holds of every row of an index that is walked for it.
    pub(super) fn walked(&self) -> String {
        let label = self.label.map(|label| format!("c.label = {label}"));
        let bank = self.bank.map(|bank| format!("c.institution_n = {bank}"));
        let imported = self.imported.then(|| format!("c.origin = {IMPORTED}"));
        let unused = self.unused.then(|| "c.last_used <= c.created".to_owned());
        let all: Vec<String> = [label, bank, imported, unused]
            .into_iter()
            .flatten()
            .collect();
        match all.is_empty() {
            true => "1".to_owned(),
            false => all.join(" AND "),
        }
    }

    /// How many rows of its list it lets through, counting no further than `cap`.
    pub(super) fn size(&self, rd: &ReadTxn<'_>, list: List, cap: u64) -> Result<Size> {
        if self.everything {
            let kept = format!("SELECT coalesce(sum(value), 0) FROM {}", list.counters());
            return Ok(Size {
                count: rd.value(&kept, [])?,
                exact: true,
            });
        }
        // a scan takes less time than finding many rows one by one
        let scanned = match self.plan == Plan::Walk && list == List::Connections {
            true => "NOT INDEXED",
            false => "",
        };
        let (table, joins, condition) = (list.table(), &self.joins, &self.sql);
        let rows = format!("{table} {scanned} {joins} WHERE {condition}");
        rd.counted(&rows, &self.values, cap)
    }

    fn everything() -> Self {
        Self {
            sql: "1".into(),
            everything: true,
            ..Self::default()
        }
    }
}

/// The conditions that all have to hold.
fn parts(expr: &Expr) -> &[Expr] {
    match expr {
        Expr::And(parts) => parts,
        other => std::slice::from_ref(other),
    }
}

type Leaf<'w, 'r> = &'w dyn Fn(&mut Writer<'r>, &Term) -> Result<String>;

impl<'r> Writer<'r> {
    fn expr(&mut self, expr: &Expr, leaf: Leaf<'_, 'r>) -> Result<String> {
        let list = |writer: &mut Self, parts: &[Expr], word: &str| -> Result<String> {
            let parts = parts
                .iter()
                .map(|p| writer.expr(p, leaf))
                .collect::<Result<Vec<_>>>()?;
            Ok(format!("({})", parts.join(word)))
        };
        match expr {
            Expr::And(parts) => list(self, parts, " AND "),
            Expr::Or(parts) => list(self, parts, " OR "),
            // a row without the value does not hold the term, so it holds the negation
            Expr::Not(inner) => Ok(format!("NOT coalesce({}, 0)", self.expr(inner, leaf)?)),
            Expr::Term(term) => leaf(self, term),
        }
    }
}
