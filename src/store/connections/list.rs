//! The list of connections: filtered, sorted, counted, and cut into pages by key.

use super::order::{Order, values};
use super::{ROW, connection_row};
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::domain::query::Query;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, Page, Placed, Size, Sort};
use crate::store::ReadTxn;
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::search::{Asker, Compiled, List, Use};
use crate::store::sql::page;
use rusqlite::params_from_iter;
use rusqlite::types::Value;

/// How many rows of an order are tested for a page before the table is scanned instead.
const STEPS: usize = 4_000;

fn placed(row: &Row<'_>, order: &Order, now: Moment) -> Result<Placed> {
    Ok(Placed {
        at: order.anchor(row)?,
        mover: row.get("mover")?,
        row: connection_row(row)?.judged(now),
    })
}

impl ReadTxn<'_> {
    /// After `from`, or before it with `back`; rows come in list order either way.
    pub(crate) fn connection_page(
        &self,
        query: &Query,
        sort: Sort,
        from: Option<&Anchor>,
        back: bool,
        limit: usize,
        asker: &Asker,
    ) -> Result<Page<ConnectionRow>> {
        let page = self.placed_page(query, sort, from, back, limit, asker)?;
        Ok(Page {
            rows: page.rows.into_iter().map(|placed| placed.row).collect(),
            first: page.first,
            last: page.last,
            more: page.more,
        })
    }

    /// The same with the place of each row.
    pub(crate) fn placed_page(
        &self,
        query: &Query,
        sort: Sort,
        from: Option<&Anchor>,
        back: bool,
        limit: usize,
        asker: &Asker,
    ) -> Result<Page<Placed>> {
        let compiled = Compiled::connections(query, self, asker, Use::Page)?;
        let order = Order::of(sort, &compiled);
        let walked = order.walked(&compiled, self)?;
        let mut bound: Vec<Value> = compiled.values.clone();
        let (mut filter, mut held) = (compiled.sql.clone(), compiled.walked());
        if let (true, Some((first, last))) = (order.by_bank(), compiled.banks.clone()) {
            // so that the walk begins and ends at the banks that were asked for
            let at = bound.len();
            let between = format!(" AND c.bank_sort BETWEEN ?{} AND ?{}", at + 1, at + 2);
            filter.push_str(&between);
            held.push_str(&between);
            bound.extend([Value::Text(first), Value::Text(last)]);
        }
        let beyond = match from.filter(|place| order.has(place)) {
            Some(from) => {
                let beyond = order.beyond(bound.len() + 1, back);
                bound.extend(values(from));
                beyond
            }
            None => "1".to_owned(),
        };
        filter.push_str(&format!(" AND {beyond}"));
        let (by, limited, joins) = (order.by(back), limit + 1, &compiled.joins);
        let read = |sql: &str| {
            self.all_used(sql, &bound, |row| {
                let placed = placed(row, &order, asker.now)?;
                Ok((placed.at.clone(), placed))
            })
        };
        // their numbers are found first; only the rows of the page are read whole
        let found = |of: &str| {
            format!(
                "SELECT {ROW} WHERE c.n IN (SELECT c.n FROM {of} LIMIT {limited}) ORDER BY {by}"
            )
        };
        let sorted = || {
            found(&format!(
                "connections c NOT INDEXED {joins} WHERE {filter} ORDER BY {by}"
            ))
        };
        let rows = match walked {
            // every row of the index is one
            Some(index) if compiled.everything || compiled.whole => {
                let walked = format!("FROM connections c INDEXED BY {index}");
                let rows = ROW.replace("FROM connections c", &walked);
                read(&format!(
                    "SELECT {rows} WHERE {filter} ORDER BY {by} LIMIT {limited}"
                ))?
            }
            // the next rows come in their order, so that the first that match are those of the page; where they do not
            // fill it, a scan takes less time than a walk to the end
            Some(index) => {
                let next = format!(
                    "(SELECT n FROM connections c INDEXED BY {index} WHERE {held} AND {beyond}
                        ORDER BY {by} LIMIT {STEPS}) w CROSS JOIN connections c ON c.n = w.n {joins} WHERE {filter}"
                );
                match read(&found(&next))? {
                    full if full.len() == limited => full,
                    _ => read(&sorted())?,
                }
            }
            None => read(&sorted())?,
        };
        Ok(page(rows, limit, back))
    }

    /// Where a connection stands in a list of this filter and order, whether it matches or not.
    pub(crate) fn connection_anchor(
        &self,
        id: &ConnectionId,
        query: &Query,
        sort: Sort,
        asker: &Asker,
    ) -> Result<Option<Anchor>> {
        let mut found = self.placed_connections(std::slice::from_ref(id), query, sort, asker)?;
        Ok(found.pop().map(|placed| placed.at))
    }

    /// These connections, where they are there, with their places in a list of this filter and order.
    pub(crate) fn placed_connections(
        &self,
        ids: &[ConnectionId],
        query: &Query,
        sort: Sort,
        asker: &Asker,
    ) -> Result<Vec<Placed>> {
        let compiled = Compiled::connections(query, self, asker, Use::Place)?;
        let order = Order::of(sort, &compiled);
        let sql = format!("SELECT {ROW} WHERE c.id = ?1");
        let one = |id| {
            self.first(&sql, [id], |row| placed(row, &order, asker.now))
                .transpose()
        };
        ids.iter().filter_map(one).collect()
    }

    /// How many rows of the list stand before this place; none when there are more than `cap`.
    pub(crate) fn connections_before(
        &self,
        place: &Anchor,
        query: &Query,
        sort: Sort,
        cap: u64,
        asker: &Asker,
    ) -> Result<Option<u64>> {
        let compiled = Compiled::connections(query, self, asker, Use::Page)?;
        let order = Order::of(sort, &compiled);
        if !order.has(place) {
            return Ok(None);
        }
        let source = match order.walked(&compiled, self)? {
            Some(index) if compiled.everything || compiled.whole => format!("INDEXED BY {index}"),
            _ => "NOT INDEXED".to_owned(),
        };
        let rows = format!(
            "connections c {source} {} WHERE {} AND {}",
            compiled.joins,
            compiled.sql,
            order.beyond(compiled.values.len() + 1, true)
        );
        let bound: Vec<Value> = compiled
            .values
            .iter()
            .cloned()
            .chain(values(place))
            .collect();
        let found = self.counted(&rows, &bound, cap)?;
        Ok(found.exact.then_some(found.count))
    }

    /// Those of these that are not there.
    pub(crate) fn missing_connections(&self, ids: &[ConnectionId]) -> Result<Vec<ConnectionId>> {
        let sql = "SELECT EXISTS (SELECT 1 FROM connections WHERE id = ?1)";
        let mut missing = Vec::new();
        for id in ids {
            let there: bool = self.value(sql, [id])?;
            if !there {
                missing.push(id.clone());
            }
        }
        Ok(missing)
    }

    /// How many rows match, counting no further than `cap`.
    pub(crate) fn connection_size(&self, query: &Query, cap: u64, asker: &Asker) -> Result<Size> {
        Compiled::connections(query, self, asker, Use::Count)?.size(self, List::Connections, cap)
    }

    /// Those of these that the filter lets through.
    pub(crate) fn connections_matching(
        &self,
        query: &Query,
        ids: &[ConnectionId],
        asker: &Asker,
    ) -> Result<Vec<ConnectionId>> {
        let compiled = Compiled::connections(query, self, asker, Use::Place)?;
        if compiled.everything {
            return Ok(ids.to_vec());
        }
        let place = compiled.values.len() + 1;
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM connections c {} WHERE c.id = ?{place} AND {})",
            compiled.joins, compiled.sql
        );
        let mut matching = Vec::new();
        for id in ids {
            let id_value = Value::Text(id.as_str().to_owned());
            let bound = compiled.values.iter().chain([&id_value]);
            if self.value(&sql, params_from_iter(bound))? {
                matching.push(id.clone());
            }
        }
        Ok(matching)
    }
}
