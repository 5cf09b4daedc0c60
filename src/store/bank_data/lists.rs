//! Fetched accounts in the order they came and transactions newest first, those of revoked connections included.

use crate::domain::holdings::{AccountHeld, HeldBy, HeldTerm, HoldingsFilter, TransactionRow};
use crate::domain::ids::{AccountId, ConnectionId, InstitutionId, UserId};
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page};
use crate::store::ReadTxn;
use crate::store::codec::DELETED;
use crate::store::error::Result;
use crate::store::sql::{numbers, page, place};
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// An account with its user, institution, connection and data key.
const ACCOUNT: &str =
    "FROM accounts a JOIN users u ON u.n = a.user_n JOIN institutions i ON i.n = a.institution_n
    LEFT JOIN connections c ON c.n = a.connection_n
    LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n";

/// An account whose transactions are listed.
struct Source {
    n: i64,
    id: AccountId,
    connection: Option<ConnectionId>,
    institution: InstitutionId,
    user: UserId,
    currency: String,
    transactions: u64,
}

/// A condition over `a`, with its values from `?1` on.
fn condition(held: &HoldingsFilter) -> (String, Vec<Value>) {
    let of =
        |column: &str, table: &str| format!("a.{column} = (SELECT n FROM {table} WHERE id = ?)");
    let by = |by: HeldBy| match by {
        HeldBy::Account => "a.id = ?".to_owned(),
        HeldBy::Connection => of("connection_n", "connections"),
        HeldBy::Institution => of("institution_n", "institutions"),
    };
    let given = [
        (
            of("user_n", "users"),
            held.user.as_ref().map(|id| id.as_str()),
        ),
        (
            by(HeldBy::Connection),
            held.connection.as_ref().map(|id| id.as_str()),
        ),
        (
            by(HeldBy::Institution),
            held.institution.as_ref().map(|id| id.as_str()),
        ),
        (
            by(HeldBy::Account),
            held.account.as_ref().map(|id| id.as_str()),
        ),
    ];
    let given = given
        .into_iter()
        .filter_map(|(condition, value)| Some((condition, value?)));
    let terms = held.terms.iter().filter_map(|term| match term {
        HeldTerm::Of(what, id) => Some((by(*what), id.as_str())),
        // what belongs to nothing is not of it either
        HeldTerm::NotOf(what, id) => Some((format!("({}) IS NOT 1", by(*what)), id.as_str())),
        _ => None,
    });
    let (mut parts, mut values) = (vec!["1".to_owned()], Vec::new());
    for (condition, value) in given.chain(terms) {
        values.push(Value::Text(value.to_owned()));
        parts.push(condition.replace('?', &format!("?{}", values.len())));
    }
    (parts.join(" AND "), values)
}

/// A condition over the transactions of one account, with its values from `?first` on; empty when all hold.
fn of_transactions(held: &HoldingsFilter, first: usize) -> (String, Vec<Value>) {
    let (mut sql, mut values) = (String::new(), Vec::new());
    let posted = held.posted.map(HeldTerm::Posted);
    for term in held.terms.iter().chain(&posted) {
        let place = first + values.len();
        match term {
            HeldTerm::Posted(true) => sql.push_str(" AND posted = 1"),
            HeldTerm::Posted(false) => sql.push_str(" AND posted = 0"),
            HeldTerm::Debit(true) => sql.push_str(" AND amount < 0"),
            HeldTerm::Debit(false) => sql.push_str(" AND amount >= 0"),
            HeldTerm::Class(class) => {
                sql.push_str(&format!(" AND class = ?{place}"));
                values.push(Value::Text(class.clone()));
            }
            HeldTerm::Day { cmp, at, pending } => {
                let sign = cmp.sign();
                let open = if *pending { "posted = 0 OR" } else { "" };
                sql.push_str(&format!(" AND ({open} posted = 1 AND at {sign} ?{place})"));
                values.push(Value::Integer(at.0));
            }
            HeldTerm::Of(..) | HeldTerm::NotOf(..) => {}
        }
    }
    if let Some(id) = &held.transaction {
        sql.push_str(&format!(" AND id = ?{}", first + values.len()));
        values.push(Value::Text(id.as_str().to_owned()));
    }
    (sql, values)
}

impl ReadTxn<'_> {
    pub(crate) fn account_page(
        &self,
        held: &HoldingsFilter,
        from: Option<&Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<AccountHeld>> {
        let [after] = numbers(from).unwrap_or([0]);
        let (condition, mut values) = condition(held);
        values.push(Value::Integer(after));
        let sql = format!(
            "SELECT a.n, a.id, a.class, a.currency, a.balance, a.available, a.status, a.updated, a.transactions,
               a.sealed, k.slot, u.id AS user, coalesce(c.id, a.connection_ref) AS connection, i.id AS bank,
               a.credit_limit, c.status IS NULL OR c.status = {DELETED} AS stranded,
               (SELECT min(at) FROM transactions WHERE account_n = a.n) AS first,
               (SELECT max(at) FROM transactions WHERE account_n = a.n) AS last
             {ACCOUNT} WHERE {condition} AND a.n > ?{} ORDER BY a.n LIMIT {}",
            values.len(),
            limit + 1
        );
        let found = self.all(&sql, params_from_iter(values), |row| {
            let (first, last): (Option<Moment>, Option<Moment>) =
                (row.get("first")?, row.get("last")?);
            let account = AccountHeld {
                row: self.account_row(row, level)?,
                user: row.get("user")?,
                connection: row.get("connection")?,
                institution: row.get("bank")?,
                credit_limit: row.get("credit_limit")?,
                stranded: row.get("stranded")?,
                span: first.zip(last),
            };
            Ok((place([row.get("n")?]), account))
        })?;
        Ok(page(found, limit, false))
    }

    pub(crate) fn account_size(&self, held: &HoldingsFilter) -> Result<u64> {
        let (condition, values) = condition(held);
        let sql = format!("SELECT count(*) FROM accounts a WHERE {condition}");
        self.value(&sql, params_from_iter(values))
    }

    pub(crate) fn transaction_page(
        &self,
        held: &HoldingsFilter,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<TransactionRow>> {
        // every account gives its newest along its own index; together they hold the newest of all
        let [at, n] = numbers(from).unwrap_or([i64::MAX, i64::MAX]);
        let (which, values) = of_transactions(held, 5);
        let sql = format!(
            "SELECT n, id, posted, at, made, amount, currency, class FROM transactions
             WHERE account_n = ?1 AND (at, n) < (?2, ?3) {which} ORDER BY at DESC, n DESC LIMIT ?4"
        );
        let mut found = Vec::new();
        for source in self.sources(held)? {
            let limited = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let first = [source.n, at, n, limited].map(Value::Integer);
            let bound = first.iter().chain(&values);
            found.extend(self.all(&sql, params_from_iter(bound), |row| {
                let n: i64 = row.get("n")?;
                let transaction = TransactionRow {
                    insight: None,
                    id: row.get("id")?,
                    account: source.id.clone(),
                    connection: source.connection.clone(),
                    institution: source.institution.clone(),
                    user: source.user.clone(),
                    posted: row.get("posted")?,
                    at: row.get("at")?,
                    made: row.get("made")?,
                    amount: row.get("amount")?,
                    currency: row
                        .get::<_, Option<String>>("currency")?
                        .unwrap_or_else(|| source.currency.clone()),
                    class: row.get("class")?,
                };
                Ok((n, transaction))
            })?);
        }
        found.sort_unstable_by_key(|(n, row)| std::cmp::Reverse((row.at, *n)));
        let found = found.into_iter();
        let found = found.map(|(n, row)| (place([row.at.0, n]), row)).collect();
        Ok(page(found, limit, false))
    }

    pub(crate) fn transaction_size(&self, held: &HoldingsFilter) -> Result<u64> {
        let sources = self.sources(held)?;
        let all: u64 = sources.iter().map(|s| s.transactions).sum();
        let (which, values) = of_transactions(held, 2);
        if which.is_empty() {
            return Ok(all);
        }
        let sql = format!("SELECT count(*) FROM transactions WHERE account_n = ?1 {which}");
        let mut count: u64 = 0;
        for source in &sources {
            let first = [Value::Integer(source.n)];
            count += self.value::<u64>(&sql, params_from_iter(first.iter().chain(&values)))?;
        }
        Ok(count)
    }

    fn sources(&self, held: &HoldingsFilter) -> Result<Vec<Source>> {
        let (condition, values) = condition(held);
        let sql = format!(
            "SELECT a.n, a.id, coalesce(c.id, a.connection_ref) AS connection, i.id AS bank, u.id AS user, a.currency,
               a.transactions
             {ACCOUNT} WHERE {condition}"
        );
        self.all(&sql, params_from_iter(values), |row| {
            Ok(Source {
                n: row.get("n")?,
                id: row.get("id")?,
                connection: row.get("connection")?,
                institution: row.get("bank")?,
                user: row.get("user")?,
                currency: row.get("currency")?,
                transactions: row.get("transactions")?,
            })
        })
    }
}
