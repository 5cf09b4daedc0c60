//! Connections: rows out, and pages by key. Writing them is `link`.

mod counts;
mod profiles;
mod sign_ins;
mod write;

pub(crate) use write::{ConnectionChange, NewConnection};

use crate::domain::connection::{Label, Method, Status};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::domain::query::Query;
use crate::domain::views::{
    Anchor, AnchorKey, ConnectionRow, LastJob, Page, Size, Sort, SortField,
};
use crate::store::ReadTxn;
use crate::store::codec::{Coded, sort_text};
use crate::store::error::{Error, Result};
use crate::store::search::{Compiled, Plan, Use, backwards};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

/// Everything a row of the list is made of. The newest job is joined by its row number.
const ROW: &str = "
  c.n, c.id, u.id, u.name, i.id, i.name, c.method, c.status, c.label, c.urgency, c.since, c.created, c.last_used,
  c.expiry, c.accounts, c.transactions, c.version, c.ever_active,
  j.id, j.kind, j.state, j.label, j.code, j.steps, j.created, c.bank_sort, c.user_sort, c.job_recency,
  c.refused, c.guarded, j.due
  FROM connections c
  JOIN users u ON u.n = c.user_n
  JOIN institutions i ON i.n = c.institution_n
  LEFT JOIN jobs j ON j.n = c.job_n";

/// A connection's row with the numbers this file knows it by.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    pub(crate) n: i64,
    pub(crate) user_n: i64,
    pub(crate) institution_n: i64,
    pub(crate) status: Status,
    pub(crate) ever_active: bool,
    pub(crate) urgency: i64,
}

fn label(row: &Row<'_>) -> rusqlite::Result<std::result::Result<ConnectionRow, Error>> {
    let last_job = match row.get::<_, Option<String>>(18)? {
        None => None,
        Some(id) => {
            let created = Moment(row.get(24)?);
            let due = row.get::<_, Option<i64>>(30)?.map(Moment);
            Some((
                id,
                row.get(19)?,
                row.get(20)?,
                row.get(21)?,
                row.get(22)?,
                row.get::<_, String>(23)?,
                created,
                due,
            ))
        }
    };
    let decode = || -> Result<ConnectionRow> {
        let last_job = match last_job {
            None => None,
            Some((id, kind, state, word, code, steps, created, due)) => {
                let steps = crate::store::codec::steps_read(&steps, created)?;
                let at = crate::domain::job::current(&steps);
                Some(LastJob {
                    id: id.into(),
                    kind: Coded::decode(kind)?,
                    state: Coded::decode(state)?,
                    label: Coded::decode(word)?,
                    code,
                    step: steps
                        .get(at)
                        .map_or(crate::domain::job::Title::Other("".into()), |s| {
                            s.title.clone()
                        }),
                    position: u8::try_from(at + 1).unwrap_or(u8::MAX),
                    of: u8::try_from(steps.len()).unwrap_or(u8::MAX),
                    due,
                })
            }
        };
        Ok(ConnectionRow {
            id: text(row, 1)?.into(),
            user: text(row, 2)?.into(),
            user_name: text(row, 3)?,
            institution: text(row, 4)?.into(),
            institution_name: text(row, 5)?,
            method: Method::decode(row.get(6)?)?,
            status: Status::decode(row.get(7)?)?,
            label: Label::decode(row.get(8)?)?,
            attention: row.get::<_, i64>(9)? <= 2,
            since: Moment(row.get(10)?),
            created: Moment(row.get(11)?),
            last_used: Moment(row.get(12)?),
            expiry: row.get::<_, Option<i64>>(13)?.map(Moment),
            accounts: row.get::<_, i64>(14)?.unsigned_abs(),
            transactions: row.get::<_, i64>(15)?.unsigned_abs(),
            version: row.get(16)?,
            last_job,
            ever_active: row.get(17)?,
            refused: row.get(28)?,
            guarded: row.get(29)?,
        })
    };
    Ok(decode())
}

/// A text column; what is not UTF-8 is shown as damaged and does not end the list.
pub(crate) fn text(row: &Row<'_>, at: usize) -> Result<String> {
    Ok(match row.get_ref(at)? {
        rusqlite::types::ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => "‹damaged text›".to_owned(),
        },
        _ => String::new(),
    })
}

/// The columns a sort walks; all ascending, so that one comparison of row values makes a page.
fn columns(field: SortField) -> (&'static [&'static str], &'static str) {
    match field {
        SortField::Attention => (&["c.urgency", "c.recency", "c.n"], "connections_urgency"),
        SortField::LastUsed => (&["c.recency", "c.n"], "connections_recency"),
        SortField::Status => (
            &["c.label", "c.urgency", "c.recency", "c.n"],
            "connections_label",
        ),
        SortField::Bank => (&["c.bank_sort", "c.recency", "c.n"], "connections_bank"),
        SortField::User => (&["c.user_sort", "c.recency", "c.n"], "connections_user"),
        SortField::Job => (&["c.job_recency", "c.n"], "connections_job"),
    }
}

/// Within one label the order by who needs somebody is the label index's own; at one bank the order by
/// bank is that by last use.
fn effective(sort: Sort, compiled: &Compiled) -> Sort {
    let field = match (sort.field, compiled.label, compiled.bank) {
        (SortField::Attention, Some(_), _) => SortField::Status,
        (SortField::Bank, _, Some(_)) => SortField::LastUsed,
        (field, ..) => field,
    };
    Sort { field, ..sort }
}

fn anchor(row: &Row<'_>, field: SortField) -> rusqlite::Result<Anchor> {
    let recency =
        || -> rusqlite::Result<AnchorKey> { Ok(AnchorKey::Number(-row.get::<_, i64>(12)?)) };
    let number = |at: usize| -> rusqlite::Result<AnchorKey> { Ok(AnchorKey::Number(row.get(at)?)) };
    let words = |at: usize| -> rusqlite::Result<AnchorKey> {
        let bytes = row.get_ref(at)?.as_bytes().unwrap_or_default();
        Ok(AnchorKey::Text(String::from_utf8_lossy(bytes).into_owned()))
    };
    Ok(Anchor(match field {
        SortField::Attention => vec![number(9)?, recency()?, number(0)?],
        SortField::LastUsed => vec![recency()?, number(0)?],
        SortField::Status => vec![number(8)?, number(9)?, recency()?, number(0)?],
        SortField::Bank => vec![words(25)?, recency()?, number(0)?],
        SortField::User => vec![words(26)?, recency()?, number(0)?],
        SortField::Job => vec![number(27)?, number(0)?],
    }))
}

fn values(anchor: &Anchor) -> impl Iterator<Item = Value> + '_ {
    anchor.0.iter().map(|key| match key {
        AnchorKey::Number(n) => Value::Integer(*n),
        AnchorKey::Text(t) => Value::Text(t.clone()),
    })
}

impl ReadTxn<'_> {
    /// One connection, deleted ones included.
    pub(crate) fn connection(&self, id: &ConnectionId) -> Result<Option<ConnectionRow>> {
        let sql = format!("SELECT {ROW} WHERE c.id = ?1");
        self.conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], label)
            .optional()?
            .transpose()
    }

    /// The rows of these ids, in no particular order; one that is gone is left out.
    pub(crate) fn connections(&self, ids: &[ConnectionId]) -> Result<Vec<ConnectionRow>> {
        ids.iter()
            .filter_map(|id| self.connection(id).transpose())
            .collect()
    }

    /// The ids that end with, begin with or are this text; at most `limit`.
    pub(crate) fn connections_named(&self, text: &str, limit: usize) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT id FROM connections WHERE id = ?1
            UNION SELECT id FROM connections WHERE tail = ?3 AND length(?1) = 6
            UNION SELECT id FROM connections WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map(params![text, limit as i64, backwards(text)], |r| {
            r.get::<_, String>(0)
        })?;
        Ok(ids
            .map(|id| id.map(ConnectionId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// A page of the list. `from` is the row it starts after; `back` reads towards the top. Rows come in
    /// list order either way.
    pub(crate) fn connection_page(
        &self,
        query: &Query,
        sort: Sort,
        from: Option<&Anchor>,
        back: bool,
        limit: usize,
        now: Moment,
    ) -> Result<Page<ConnectionRow>> {
        let compiled = Compiled::connections(query, self, now, Use::Page)?;
        let sort = effective(sort, &compiled);
        let (keys, index) = columns(sort.field);
        // one that holds no more than what is asked for, in the same order
        let index = match (sort.field, &compiled) {
            (SortField::LastUsed, Compiled { bank: Some(_), .. }) => "connections_institution",
            (SortField::LastUsed, Compiled { label: Some(_), .. }) => "connections_lately",
            (SortField::Attention, Compiled { unused: true, .. }) => "connections_unused",
            _ => index,
        };
        let descending = sort.reversed != back;
        let (direction, than) = if descending {
            ("DESC", "<")
        } else {
            ("ASC", ">")
        };
        let mut bound: Vec<Value> = compiled.values.clone();
        let mut filter = compiled.sql.clone();
        if let (SortField::Bank, Some((first, last))) = (sort.field, compiled.banks.clone()) {
            // so that the walk begins and ends at the banks that were asked for
            filter.push_str(&format!(
                " AND c.bank_sort BETWEEN ?{} AND ?{}",
                bound.len() + 1,
                bound.len() + 2
            ));
            bound.extend([Value::Text(first), Value::Text(last)]);
        }
        if let Some(from) = from.filter(|a| a.0.len() == keys.len()) {
            let first = bound.len() + 1;
            let places: Vec<String> = (first..first + keys.len())
                .map(|n| format!("?{n}"))
                .collect();
            filter.push_str(&format!(
                " AND ({}) {than} ({})",
                keys.join(", "),
                places.join(", ")
            ));
            bound.extend(values(from));
        }
        let order: Vec<String> = keys.iter().map(|k| format!("{k} {direction}")).collect();
        let (order, limited) = (order.join(", "), limit + 1);
        let sql = match compiled.plan {
            // many hits: walk the order and test each row
            Plan::Walk => {
                let rows = ROW.replace("FROM connections c", &format!("FROM connections c INDEXED BY {index}"));
                format!("SELECT {rows} WHERE {filter} ORDER BY {order} LIMIT {limited}")
            }
            // few: find and sort their numbers; only those of the page are read whole
            Plan::Find => format!(
                "SELECT {ROW} WHERE c.n IN (SELECT c.n FROM connections c NOT INDEXED {} WHERE {filter}
                   ORDER BY {order} LIMIT {limited}) ORDER BY {order}",
                compiled.joins
            ),
        };
        let mut statement = self.conn.prepare_cached(&sql)?;
        let used = statement.parameter_count().min(bound.len());
        let mut found = statement.query(params_from_iter(&bound[..used]))?;
        let mut rows = Vec::with_capacity(limit.min(1024));
        let mut anchors = Vec::with_capacity(limit.min(1024));
        while let Some(row) = found.next()? {
            anchors.push(anchor(row, sort.field)?);
            rows.push(label(row)??);
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        anchors.truncate(limit);
        if back {
            rows.reverse();
            anchors.reverse();
        }
        Ok(Page {
            first: anchors.first().cloned(),
            last: anchors.last().cloned(),
            rows,
            more,
        })
    }

    /// Where a connection stands in a list of this filter and order, whether it matches or not.
    pub(crate) fn connection_anchor(
        &self,
        id: &ConnectionId,
        query: &Query,
        sort: Sort,
        now: Moment,
    ) -> Result<Option<Anchor>> {
        let sort = effective(sort, &Compiled::connections(query, self, now, Use::Place)?);
        let sql = format!("SELECT {ROW} WHERE c.id = ?1");
        let found = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], |row| anchor(row, sort.field))
            .optional()?;
        Ok(found)
    }

    /// How many rows match, counting no further than `cap`.
    pub(crate) fn connection_size(&self, query: &Query, cap: u64, now: Moment) -> Result<Size> {
        let compiled = Compiled::connections(query, self, now, Use::Count)?;
        if compiled.everything {
            return Ok(Size {
                count: self.counts()?.total(),
                exact: true,
            });
        }
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM connections c {} WHERE {} LIMIT {})",
            compiled.joins,
            compiled.sql,
            cap.saturating_add(1).min(i64::MAX.unsigned_abs())
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let used = statement.parameter_count().min(compiled.values.len());
        let count: i64 =
            statement.query_row(params_from_iter(&compiled.values[..used]), |r| r.get(0))?;
        let count = count.unsigned_abs();
        Ok(Size {
            count: count.min(cap),
            exact: count <= cap,
        })
    }

    /// Those of these that the filter lets through.
    pub(crate) fn connections_matching(
        &self,
        query: &Query,
        ids: &[ConnectionId],
        now: Moment,
    ) -> Result<Vec<ConnectionId>> {
        let compiled = Compiled::connections(query, self, now, Use::Place)?;
        if compiled.everything {
            return Ok(ids.to_vec());
        }
        let place = compiled.values.len() + 1;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM connections c {} WHERE c.id = ?{place} AND {})",
            compiled.joins, compiled.sql
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let mut matching = Vec::new();
        for id in ids {
            let mut bound = compiled.values.clone();
            bound.push(Value::Text(id.as_str().to_owned()));
            if query.query_row(params_from_iter(bound), |r| r.get(0))? {
                matching.push(id.clone());
            }
        }
        Ok(matching)
    }

    /// The connections of a user, oldest first; with an institution, only those there.
    pub(crate) fn connections_of(
        &self,
        user: &UserId,
        at: Option<&InstitutionId>,
    ) -> Result<Vec<ConnectionRow>> {
        let sql = format!(
            "SELECT {ROW} WHERE u.id = ?1 AND (?2 IS NULL OR i.id = ?2) ORDER BY c.created, c.n LIMIT 1000"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map(params![user.as_str(), at.map(InstitutionId::as_str)], label)?;
        rows.map(|r| r?).collect()
    }

    /// Whether another connection of the same user and bank stands in the way of one by this method
    /// (domain 12.8): any of the other method that is neither deleted nor pre-init.
    pub(crate) fn clash(
        &self,
        user: &UserId,
        at: &InstitutionId,
        method: Method,
    ) -> Result<Option<ConnectionId>> {
        let others = self.connections_of(user, Some(at))?;
        Ok(others
            .into_iter()
            .find(|c| c.method != method && !matches!(c.status, Status::Deleted | Status::PreInit))
            .map(|c| c.id))
    }

    /// When the next active arrangement ends, or ended without anybody noticing.
    pub(crate) fn next_lapse(&self) -> Result<Option<Moment>> {
        let sql = "SELECT min(expiry) FROM connections WHERE expiry IS NOT NULL AND status = 3";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([], |r| r.get::<_, Option<i64>>(0))?
            .map(Moment))
    }

    /// Active connections whose arrangement has ended, the longest ago first.
    pub(crate) fn lapsed(&self, now: Moment, limit: usize) -> Result<Vec<ConnectionRow>> {
        let rows = ROW.replace(
            "FROM connections c",
            "FROM connections c INDEXED BY connections_lapsing",
        );
        let sql = format!(
            "SELECT {rows} WHERE c.expiry IS NOT NULL AND c.status = 3 AND c.expiry <= ?1 ORDER BY c.expiry, c.n LIMIT ?2"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let found = query.query_map(params![now.0, limit as i64], label)?;
        found.map(|r| r?).collect()
    }

    pub(crate) fn numbered(&self, id: &ConnectionId) -> Result<Option<Numbered>> {
        let sql = "SELECT n, user_n, institution_n, status, ever_active, urgency FROM connections WHERE id = ?1";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                let (n, user_n, institution_n, urgency) =
                    (r.get(0)?, r.get(1)?, r.get(2)?, r.get(5)?);
                Ok((
                    n,
                    user_n,
                    institution_n,
                    r.get::<_, i64>(3)?,
                    r.get::<_, bool>(4)?,
                    urgency,
                ))
            });
        match found.optional()? {
            None => Ok(None),
            Some((n, user_n, institution_n, status, ever_active, urgency)) => {
                let status = Status::decode(status)?;
                Ok(Some(Numbered {
                    n,
                    user_n,
                    institution_n,
                    status,
                    ever_active,
                    urgency,
                }))
            }
        }
    }
}

/// What a name looks like in the sort columns.
pub(crate) fn sorted(name: &str) -> String {
    sort_text(name)
}
