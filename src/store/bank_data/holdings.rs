//! Fetched data read through its user, what revoked connections left included: accounts in the order they
//! came, transactions newest first. Deliberately absent: opening what a statement says.

use crate::domain::holdings::{AccountHeld, Held, TransactionRow};
use crate::domain::ids::AccountId;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::views::{AccountRow, Anchor, AnchorKey, Page};
use crate::store::ReadTxn;
use crate::store::error::Result;
use rusqlite::types::Value;
use rusqlite::{Row, params};

/// An account with the names of what it hangs on.
const ACCOUNT: &str =
    "FROM accounts a JOIN users u ON u.n = a.user_n JOIN institutions i ON i.n = a.institution_n
    LEFT JOIN connections c ON c.n = a.connection_n
    LEFT JOIN data_keys k ON k.user_n = a.user_n AND k.institution_n = a.institution_n";

/// What an account needs to be asked for its transactions.
struct Source {
    n: i64,
    id: AccountId,
    connection: Option<String>,
    institution: String,
    user: String,
    currency: String,
    transactions: u64,
}

/// The condition over `a`, with its values.
fn condition(held: &Held) -> (String, Vec<Value>) {
    let mut parts = vec!["1".to_owned()];
    let mut values = Vec::new();
    let mut part = |text: &str, value: &str| {
        values.push(Value::Text(value.to_owned()));
        parts.push(text.replace('?', &format!("?{}", values.len())));
    };
    if let Some(user) = &held.user {
        part(
            "a.user_n = (SELECT n FROM users WHERE id = ?)",
            user.as_str(),
        );
    }
    if let Some(connection) = &held.connection {
        part(
            "a.connection_n = (SELECT n FROM connections WHERE id = ?)",
            connection.as_str(),
        );
    }
    if let Some(institution) = &held.institution {
        part(
            "a.institution_n = (SELECT n FROM institutions WHERE id = ?)",
            institution.as_str(),
        );
    }
    if let Some(account) = &held.account {
        part("a.id = ?", account.as_str());
    }
    (parts.join(" AND "), values)
}

/// The place of a row as (time, number); before everything when there is none.
fn place(from: Option<&Anchor>) -> (i64, i64) {
    match from.map(|anchor| anchor.0.as_slice()) {
        Some([AnchorKey::Number(at), AnchorKey::Number(n), ..]) => (*at, *n),
        _ => (i64::MAX, i64::MAX),
    }
}

fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(at)?.unsigned_abs())
}

impl ReadTxn<'_> {
    /// A page of accounts, masked, in the order they came, after `from`.
    pub(crate) fn account_page(
        &self,
        held: &Held,
        from: Option<&Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<AccountHeld>> {
        let after = from.map_or(0, |anchor| match anchor.0.first() {
            Some(AnchorKey::Number(n)) => *n,
            _ => 0,
        });
        let (condition, mut values) = condition(held);
        values.extend([Value::Integer(after), Value::Integer(limit as i64 + 1)]);
        let (at, most) = (values.len() - 1, values.len());
        let sql = format!(
            "SELECT a.n, a.id, a.class, a.currency, a.balance, a.available, a.status, a.updated, a.transactions,
               a.sealed, k.slot, u.id, coalesce(c.id, a.connection_ref), i.id, a.credit_limit,
               c.status IS NULL OR c.status = 5,
               (SELECT min(at) FROM transactions WHERE account_n = a.n),
               (SELECT max(at) FROM transactions WHERE account_n = a.n)
             {ACCOUNT} WHERE {condition} AND a.n > ?{at} ORDER BY a.n LIMIT ?{most}"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found = query.query(rusqlite::params_from_iter(values))?;
        let (mut rows, mut places) = (Vec::new(), Vec::new());
        while let Some(r) = found.next()? {
            let id: AccountId = r.get::<_, String>(1)?.into();
            let details = self.account_details(&id, &r.get::<_, Vec<u8>>(9)?, r.get(10)?);
            let span: (Option<i64>, Option<i64>) = (r.get(16)?, r.get(17)?);
            places.push(r.get::<_, i64>(0)?);
            rows.push(AccountHeld {
                row: AccountRow {
                    id,
                    shown: details.map(|d| d.masked(level)),
                    class: r.get(2)?,
                    currency: r.get(3)?,
                    balance: r.get(4)?,
                    available: r.get(5)?,
                    status: r.get(6)?,
                    updated: Moment(r.get(7)?),
                    transactions: count(r, 8)?,
                },
                user: r.get::<_, String>(11)?.into(),
                connection: r.get::<_, Option<String>>(12)?.map(Into::into),
                institution: r.get::<_, String>(13)?.into(),
                credit_limit: r.get(14)?,
                stranded: r.get(15)?,
                span: span
                    .0
                    .zip(span.1)
                    .map(|(first, last)| (Moment(first), Moment(last))),
            });
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        places.truncate(limit);
        let anchor = |n: Option<&i64>| n.map(|n| Anchor(vec![AnchorKey::Number(*n)]));
        Ok(Page {
            first: anchor(places.first()),
            last: anchor(places.last()),
            rows,
            more,
        })
    }

    /// How many accounts there are.
    pub(crate) fn account_size(&self, held: &Held) -> Result<u64> {
        let (condition, values) = condition(held);
        let sql = format!("SELECT count(*) FROM accounts a WHERE {condition}");
        let mut query = self.conn.prepare_cached(&sql)?;
        Ok(query.query_row(rusqlite::params_from_iter(values), |r| count(r, 0))?)
    }

    /// A page of transactions, newest first, after `from`.
    pub(crate) fn transaction_page(
        &self,
        held: &Held,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<TransactionRow>> {
        // every account gives its newest along its own index; together they hold the newest of all
        let (at, n) = place(from);
        let which = match held.posted {
            None => "",
            Some(true) => "AND posted = 1",
            Some(false) => "AND posted = 0",
        };
        let sql = format!(
            "SELECT n, id, posted, at, amount, class FROM transactions
             WHERE account_n = ?1 AND (at, n) < (?2, ?3) {which} ORDER BY at DESC, n DESC LIMIT ?4"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut found: Vec<(i64, TransactionRow)> = Vec::new();
        for source in self.sources(held)? {
            let mut rows = query.query(params![source.n, at, n, limit as i64 + 1])?;
            while let Some(r) = rows.next()? {
                found.push((
                    r.get(0)?,
                    TransactionRow {
                        id: r.get::<_, String>(1)?.into(),
                        account: source.id.clone(),
                        connection: source.connection.as_deref().map(Into::into),
                        institution: source.institution.as_str().into(),
                        user: source.user.as_str().into(),
                        posted: r.get(2)?,
                        at: Moment(r.get(3)?),
                        amount: r.get(4)?,
                        currency: source.currency.clone(),
                        class: r.get(5)?,
                    },
                ));
            }
        }
        found.sort_unstable_by_key(|(n, row)| std::cmp::Reverse((row.at, *n)));
        let more = found.len() > limit;
        found.truncate(limit);
        let anchor = |found: Option<&(i64, TransactionRow)>| {
            found.map(|(n, row)| Anchor(vec![AnchorKey::Number(row.at.0), AnchorKey::Number(*n)]))
        };
        let (first, last) = (anchor(found.first()), anchor(found.last()));
        Ok(Page {
            rows: found.into_iter().map(|(_, row)| row).collect(),
            first,
            last,
            more,
        })
    }

    /// How many transactions there are.
    pub(crate) fn transaction_size(&self, held: &Held) -> Result<u64> {
        let sources = self.sources(held)?;
        let all = sources.iter().map(|s| s.transactions).sum();
        let Some(posted) = held.posted else {
            return Ok(all);
        };
        let mut pending = 0;
        let sql = "SELECT count(*) FROM transactions WHERE account_n = ?1 AND posted = 0";
        let mut query = self.conn.prepare_cached(sql)?;
        for source in &sources {
            pending += query.query_row([source.n], |r| count(r, 0))?;
        }
        Ok(if posted {
            all.saturating_sub(pending)
        } else {
            pending
        })
    }

    fn sources(&self, held: &Held) -> Result<Vec<Source>> {
        let (condition, values) = condition(held);
        let sql = format!(
            "SELECT a.n, a.id, coalesce(c.id, a.connection_ref), i.id, u.id, a.currency, a.transactions
             {ACCOUNT} WHERE {condition}"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(values), |r| {
            Ok(Source {
                n: r.get(0)?,
                id: r.get::<_, String>(1)?.into(),
                connection: r.get(2)?,
                institution: r.get(3)?,
                user: r.get(4)?,
                currency: r.get(5)?,
                transactions: count(r, 6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
