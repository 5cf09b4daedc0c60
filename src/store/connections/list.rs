//! The list of connections: filtered, sorted, counted, and cut into pages by key.

use super::{ROW, connection_row};
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::domain::query::Query;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, AnchorKey, Page, Placed, Size, Sort, SortField};
use crate::store::ReadTxn;
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::search::{Asker, Compiled, Plan, Use};
use crate::store::sql::page;
use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};

/// The columns a sort walks; all ascending, so that one comparison of row values makes a page.
fn columns(field: SortField) -> &'static [&'static str] {
    match field {
        SortField::Mover => &["mover", "urgency", "recency", "n"],
        SortField::LastUsed => &["recency", "n"],
        SortField::Status => &["label", "mover", "urgency", "recency", "n"],
        SortField::Bank => &["bank_sort", "recency", "n"],
        SortField::User => &["user_sort", "recency", "n"],
        SortField::Job => &["job_recency", "n"],
    }
}

/// The smallest index that holds all that is asked for, in this order.
fn index(field: SortField, compiled: &Compiled) -> &'static str {
    match (field, compiled) {
        (SortField::LastUsed, Compiled { bank: Some(_), .. }) => "connections_institution",
        (SortField::LastUsed, Compiled { label: Some(_), .. }) => "connections_lately",
        (SortField::LastUsed, _) => "connections_recency",
        (SortField::Mover, Compiled { imported: true, .. }) => "connections_imported",
        (SortField::Mover, Compiled { unused: true, .. }) => "connections_unused",
        (SortField::Mover, _) => "connections_mover",
        (SortField::Status, _) => "connections_label",
        (SortField::Bank, _) => "connections_bank",
        (SortField::User, _) => "connections_user",
        (SortField::Job, _) => "connections_job",
    }
}

/// Within one label the order by who has to act is the label's index; at one bank the order by bank is by last use.
fn effective(sort: Sort, compiled: &Compiled) -> Sort {
    let field = match (sort.field, compiled.label, compiled.bank) {
        (SortField::Mover, Some(_), _) => SortField::Status,
        (SortField::Bank, _, Some(_)) => SortField::LastUsed,
        (field, ..) => field,
    };
    Sort { field, ..sort }
}

fn anchor(row: &Row<'_>, field: SortField) -> Result<Anchor> {
    let key = |column: &&str| {
        Ok(match row.get_ref(*column)? {
            ValueRef::Integer(n) => AnchorKey::Number(n),
            other => {
                let bytes = other.as_bytes().unwrap_or_default();
                AnchorKey::Text(String::from_utf8_lossy(bytes).into_owned())
            }
        })
    };
    Ok(Anchor(
        columns(field).iter().map(key).collect::<Result<_>>()?,
    ))
}

fn placed(row: &Row<'_>, field: SortField, now: Moment) -> Result<Placed> {
    Ok(Placed {
        at: anchor(row, field)?,
        mover: row.get("mover")?,
        row: connection_row(row)?.judged(now),
    })
}

fn values(anchor: &Anchor) -> impl Iterator<Item = Value> + '_ {
    anchor.0.iter().map(|key| match key {
        AnchorKey::Number(n) => Value::Integer(*n),
        AnchorKey::Text(t) => Value::Text(t.clone()),
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
        let sort = effective(sort, &compiled);
        let keys = columns(sort.field);
        let (direction, than) = match sort.reversed != back {
            true => ("DESC", "<"),
            false => ("ASC", ">"),
        };
        let mut bound: Vec<Value> = compiled.values.clone();
        let mut filter = compiled.sql.clone();
        if let (SortField::Bank, Some((first, last))) = (sort.field, compiled.banks.clone()) {
            // so that the walk begins and ends at the banks that were asked for
            let at = bound.len();
            filter.push_str(&format!(
                " AND c.bank_sort BETWEEN ?{} AND ?{}",
                at + 1,
                at + 2
            ));
            bound.extend([Value::Text(first), Value::Text(last)]);
        }
        if let Some(from) = from.filter(|a| a.0.len() == keys.len()) {
            let first = bound.len() + 1;
            let places = (first..first + keys.len()).map(|n| format!("?{n}"));
            let places = places.collect::<Vec<_>>().join(", ");
            filter.push_str(&format!(" AND (c.{}) {than} ({places})", keys.join(", c.")));
            bound.extend(values(from));
        }
        let order: Vec<String> = keys.iter().map(|k| format!("c.{k} {direction}")).collect();
        let (order, limited) = (order.join(", "), limit + 1);
        let sql = match compiled.plan {
            // many hits: walk the order and test each row
            Plan::Walk => {
                let walked = format!("FROM connections c INDEXED BY {}", index(sort.field, &compiled));
                let rows = ROW.replace("FROM connections c", &walked);
                format!("SELECT {rows} WHERE {filter} ORDER BY {order} LIMIT {limited}")
            }
            // few: find and sort their numbers; only those of the page are read whole
            Plan::Find => format!(
                "SELECT {ROW} WHERE c.n IN (SELECT c.n FROM connections c NOT INDEXED {} WHERE {filter}
                   ORDER BY {order} LIMIT {limited}) ORDER BY {order}",
                compiled.joins
            ),
        };
        let found = self.all_used(&sql, &bound, |row| {
            let placed = placed(row, sort.field, asker.now)?;
            Ok((placed.at.clone(), placed))
        })?;
        Ok(page(found, limit, back))
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
        let field = effective(sort, &compiled).field;
        let sql = format!("SELECT {ROW} WHERE c.id = ?1");
        let one = |id| {
            self.first(&sql, [id], |row| placed(row, field, asker.now))
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
        let sort = effective(sort, &compiled);
        let keys = columns(sort.field);
        if place.0.len() != keys.len() {
            return Ok(None);
        }
        let than = if sort.reversed { ">" } else { "<" };
        let at = compiled.values.len() + 1;
        let places = (at..at + keys.len()).map(|n| format!("?{n}"));
        let (places, keys) = (places.collect::<Vec<_>>().join(", "), keys.join(", c."));
        let source = match compiled.plan {
            Plan::Walk => format!("INDEXED BY {}", index(sort.field, &compiled)),
            Plan::Find => "NOT INDEXED".to_owned(),
        };
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM connections c {source} {}
               WHERE {} AND (c.{keys}) {than} ({places}) LIMIT {})",
            compiled.joins,
            compiled.sql,
            cap + 1
        );
        let bound: Vec<Value> = compiled
            .values
            .iter()
            .cloned()
            .chain(values(place))
            .collect();
        let count = self.count_used(&sql, &bound)?;
        Ok((count <= cap).then_some(count))
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
        let compiled = Compiled::connections(query, self, asker, Use::Count)?;
        match compiled.everything {
            true => Ok(Size {
                count: self.total()?,
                exact: true,
            }),
            false => compiled.size(self, "connections c", cap),
        }
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
