//! A filter becomes bound SQL. What a term says is compiled twice: as a *driver*, a condition an index
//! answers, and as a *test* of one row on the way along a sort order. Which of the two leads is decided by
//! a count that stops early, so that a rare word is found and a common one is walked to.
//!
//! Deliberately absent: SQL made of what somebody typed. Every text is a bound value.

mod jobs;
mod term;
mod words;

use super::Rd;
use super::error::{Error, Result};
use crate::domain::moment::Moment;
use crate::domain::query::{Expr, Query, Term};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// Up to how many rows are found first and sorted then; beyond, the sort order is walked.
const FEW: usize = 5_000;

/// Who leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// The sort order is walked and each row tested.
    Walk,
    /// The few rows are found by an index, then sorted.
    Find,
}

/// A filter as SQL over the aliases `c`, `u`, `i`, `j`.
#[derive(Clone, Debug)]
pub(super) struct Compiled {
    /// The condition; never empty.
    pub sql: String,
    /// Its values, `?1` first.
    pub values: Vec<Value>,
    /// The joins the condition alone needs.
    pub joins: String,
    /// Who leads.
    pub plan: Plan,
    /// Whether it lets everything through.
    pub everything: bool,
    /// The one label it asks for, when that is all it asks.
    pub label: Option<i64>,
}

/// Collects values while the SQL is written.
pub(super) struct Writer<'a> {
    rd: &'a Rd<'a>,
    now: Moment,
    values: Vec<Value>,
    user: bool,
    institution: bool,
    job: bool,
}

impl Writer<'_> {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    fn texts(&mut self, texts: &[String], each: impl Fn(&mut Self, &str) -> String) -> String {
        let parts: Vec<String> = texts.iter().map(|t| each(self, t)).collect();
        format!("({})", parts.join(" OR "))
    }
}

impl Compiled {
    /// A filter over the connections list.
    pub fn connections(query: &Query, rd: &Rd<'_>, now: Moment) -> Result<Self> {
        let Some(expr) = &query.expr else { return Ok(Self::everything()) };
        let mut writer = Writer { rd, now, values: vec![], user: false, institution: false, job: false };
        let tested = writer.expr(expr, &Writer::test)?;
        let mut sql = tested;
        let mut plan = Plan::Walk;
        let label = match expr {
            Expr::Term(Term::Label(labels)) if labels.len() == 1 => Some(super::codec::Coded::code(labels[0])),
            _ => None,
        };
        if label.is_none()
            && let Some(driver) = writer.leader(expr)?
        {
            plan = Plan::Find;
            sql = format!("{driver} AND {sql}");
        }
        let mut joins = String::new();
        if writer.user {
            joins.push_str(" JOIN users u ON u.n = c.user_n");
        }
        if writer.institution {
            joins.push_str(" JOIN institutions i ON i.n = c.institution_n");
        }
        if writer.job {
            joins.push_str(" LEFT JOIN jobs j ON j.n = c.job_n");
        }
        Ok(Self { sql, values: writer.values, joins, plan, everything: false, label })
    }

    /// A filter over the history.
    pub fn jobs(query: &Query, rd: &Rd<'_>, now: Moment) -> Result<Self> {
        let Some(expr) = &query.expr else { return Ok(Self::everything()) };
        let mut writer = Writer { rd, now, values: vec![], user: true, institution: true, job: true };
        let sql = writer.expr(expr, &Writer::job_test)?;
        let joins = " JOIN connections c ON c.n = j.connection_n JOIN users u ON u.n = j.user_n
            JOIN institutions i ON i.n = j.institution_n"
            .to_owned();
        Ok(Self { sql, values: writer.values, joins, plan: Plan::Walk, everything: false, label: None })
    }

    fn everything() -> Self {
        Self { sql: "1".into(), values: vec![], joins: String::new(), plan: Plan::Walk, everything: true, label: None }
    }
}

type Leaf<'w, 'r> = &'w dyn Fn(&mut Writer<'r>, &Term) -> Result<String>;

impl<'r> Writer<'r> {
    fn expr(&mut self, expr: &Expr, leaf: Leaf<'_, 'r>) -> Result<String> {
        let list = |writer: &mut Self, parts: &[Expr], word: &str| -> Result<String> {
            let parts = parts.iter().map(|p| writer.expr(p, leaf)).collect::<Result<Vec<_>>>()?;
            Ok(format!("({})", parts.join(word)))
        };
        match expr {
            Expr::And(parts) => list(self, parts, " AND "),
            Expr::Or(parts) => list(self, parts, " OR "),
            // a row that lacks the value does not hold the term, so it is kept here
            Expr::Not(inner) => Ok(format!("NOT coalesce({}, 0)", self.expr(inner, leaf)?)),
            Expr::Term(term) => leaf(self, term),
        }
    }

    /// The condition that finds the fewest rows by an index, when those are few.
    fn leader(&mut self, expr: &Expr) -> Result<Option<String>> {
        let terms: Vec<&Expr> = match expr {
            Expr::And(parts) => parts.iter().collect(),
            other => vec![other],
        };
        let mut best: Option<(i64, String)> = None;
        for part in terms {
            let before = self.values.len();
            let Some(driver) = self.driven(part)? else {
                self.values.truncate(before);
                continue;
            };
            let sql = format!("SELECT count(*) FROM (SELECT 1 FROM connections c WHERE {driver} LIMIT {})", FEW + 1);
            let mut statement = self.rd.conn.prepare_cached(&sql)?;
            // the driver's values come last; what earlier terms bound is there too, and unused here
            let used = statement.parameter_count().min(self.values.len());
            let count: i64 = statement.query_row(params_from_iter(&self.values[..used]), |r| r.get(0))?;
            if count <= FEW as i64 && best.as_ref().is_none_or(|(least, _)| count < *least) {
                best = Some((count, driver));
            } else {
                self.values.truncate(before);
            }
        }
        Ok(best.map(|(_, driver)| format!("c.n IN (SELECT c.n FROM connections c WHERE {driver})")))
    }

    fn driven(&mut self, expr: &Expr) -> Result<Option<String>> {
        match expr {
            Expr::Term(term) => self.driver(term),
            Expr::Or(parts) => {
                let mut found = Vec::with_capacity(parts.len());
                for part in parts {
                    let Some(driver) = self.driven(part)? else { return Ok(None) };
                    found.push(driver);
                }
                Ok(Some(format!("({})", found.join(" OR "))))
            }
            Expr::And(_) | Expr::Not(_) => Ok(None),
        }
    }
}

/// The functions filters need, on a connection.
pub(super) fn functions(conn: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("regexp", 2, flags, |ctx: &Context<'_>| {
        let pattern =
            ctx.get_or_create_aux(0, |value| -> std::result::Result<_, Box<dyn std::error::Error + Send + Sync>> {
                Ok(regex::RegexBuilder::new(value.as_str()?).case_insensitive(true).size_limit(1 << 20).build()?)
            })?;
        Ok(ctx.get_raw(1).as_str_or_null()?.is_some_and(|text| pattern.is_match(text)))
    })?;
    Ok(())
}

/// Whether a regular expression is a good one; the text says why not.
pub(super) fn check_pattern(pattern: &str) -> Result<()> {
    let built = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build();
    built
        .map(drop)
        .map_err(|_| Error::Row { table: "the filter", what: format!("a pattern that does not read: {pattern}") })
}
