//! The orders of the list of connections as SQL. An order that an index holds is walked; any other one is sorted, which
//! is refused where too many rows would have to be.

use crate::domain::views::{Anchor, AnchorKey, Sort, SortField};
use crate::store::ReadTxn;
use crate::store::error::{Error, Result};
use crate::store::row::Row;
use crate::store::search::{Compiled, Plan};
use rusqlite::types::{Value, ValueRef};

/// How many connections there may be at most where an order without an index is sorted whole.
pub(super) const MOST_SORTED: u64 = 10_000;

/// What a field is ordered by; all ascending.
const fn keys(field: SortField) -> &'static [&'static str] {
    match field {
        SortField::Mover => &["mover", "urgency"],
        SortField::LastUsed => &["recency"],
        SortField::Status => &["label"],
        SortField::Bank => &["bank_sort"],
        SortField::User => &["user_sort"],
        SortField::Job => &["job_recency"],
        SortField::Since => &["since"],
        SortField::Accounts => &["accounts"],
        SortField::Transactions => &["transactions"],
        SortField::Consent => &["consent_end"],
        SortField::Via => &["method"],
        SortField::Created => &["created"],
        SortField::Id => &["id"],
    }
}

/// What equal rows are ordered by where no second field is asked for.
const fn rest(field: SortField) -> &'static [&'static str] {
    match field {
        SortField::Status => &["mover", "urgency", "recency"],
        SortField::LastUsed | SortField::Job | SortField::Since | SortField::Id => &[],
        _ => &["recency"],
    }
}

/// The indexes that hold an order, by its keys.
const WALKED: [(&[&str], &str); 8] = [
    (&["recency", "n"], "connections_recency"),
    (&["mover", "urgency", "recency", "n"], "connections_mover"),
    (
        &["label", "mover", "urgency", "recency", "n"],
        "connections_label",
    ),
    (&["label", "recency", "n"], "connections_lately"),
    (&["bank_sort", "recency", "n"], "connections_bank"),
    (&["user_sort", "recency", "n"], "connections_user"),
    (&["job_recency", "n"], "connections_job"),
    (&["since", "n"], "connections_since"),
];

fn sql(key: &str) -> String {
    match key {
        // one that does not end comes last, and compares with others
        "consent_end" => format!("coalesce(c.expiry, {})", i64::MAX),
        key => format!("c.{key}"),
    }
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    /// With whether it descends.
    keys: Vec<(&'static str, bool)>,
    sort: Sort,
}

impl Order {
    /// Within one label the order by who has to act is the label's index; at one bank the order by bank is by last use.
    pub(super) fn of(sort: Sort, compiled: &Compiled) -> Self {
        let field = match (sort.field, compiled.label, compiled.bank, sort.then) {
            (SortField::Mover, Some(_), _, None) => SortField::Status,
            (SortField::Bank, _, Some(_), None) => SortField::LastUsed,
            (field, ..) => field,
        };
        let mut order: Vec<(&'static str, bool)> = vec![];
        let mut add = |keys: &'static [&'static str], reversed: bool| {
            for key in keys {
                if !order.iter().any(|(known, _)| known == key) {
                    order.push((key, reversed));
                }
            }
        };
        add(keys(field), sort.reversed);
        match sort.then {
            None => add(rest(field), sort.reversed),
            Some(then) => {
                add(keys(then.field), then.reversed);
                add(&["recency"], then.reversed);
            }
        }
        add(
            &["n"],
            sort.then.map_or(sort.reversed, |then| then.reversed),
        );
        Self { keys: order, sort }
    }

    fn one_way(&self) -> bool {
        self.keys.iter().all(|(_, down)| *down == self.keys[0].1)
    }

    fn is(&self, keys: &[&str]) -> bool {
        self.keys
            .iter()
            .map(|(key, _)| *key)
            .eq(keys.iter().copied())
    }

    /// The smallest index that holds all that is asked for, in this order.
    fn index(&self, compiled: &Compiled) -> Option<&'static str> {
        if !self.one_way() {
            return None;
        }
        let (lately, mover) = (WALKED[0].0, WALKED[1].0);
        match compiled {
            Compiled { bank: Some(_), .. } if self.is(lately) => Some("connections_institution"),
            Compiled { label: Some(_), .. } if self.is(lately) => Some("connections_lately"),
            Compiled { imported: true, .. } if self.is(mover) => Some("connections_imported"),
            Compiled { unused: true, .. } if self.is(mover) => Some("connections_unused"),
            _ => {
                let held = WALKED.iter().find(|(keys, _)| self.is(keys));
                held.map(|(_, index)| *index)
            }
        }
    }

    /// The index that is walked; none where few rows are found and sorted.
    pub(super) fn walked(
        &self,
        compiled: &Compiled,
        rd: &ReadTxn<'_>,
    ) -> Result<Option<&'static str>> {
        if compiled.plan == Plan::Find {
            return Ok(None);
        }
        let index = self.index(compiled);
        if index.is_none() && rd.total()? > MOST_SORTED {
            return Err(Error::NotOrdered {
                order: self.sort.written(),
                most: MOST_SORTED,
            });
        }
        Ok(index)
    }

    /// Whether the rows of a bank stand together.
    pub(super) fn by_bank(&self) -> bool {
        self.keys[0].0 == "bank_sort"
    }

    pub(super) fn by(&self, back: bool) -> String {
        let one = |(key, down): &(&str, bool)| {
            let way = if *down != back { "DESC" } else { "ASC" };
            format!("{} {way}", sql(key))
        };
        self.keys.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn has(&self, place: &Anchor) -> bool {
        place.0.len() == self.keys.len()
    }

    /// The condition that a row stands after a place whose values are bound from `?first` on, or before it with `back`.
    pub(super) fn beyond(&self, first: usize, back: bool) -> String {
        let than = |down: bool| if down != back { "<" } else { ">" };
        if self.one_way() {
            let keys: Vec<String> = self.keys.iter().map(|(key, _)| sql(key)).collect();
            let places = (first..first + keys.len()).map(|n| format!("?{n}"));
            let places = places.collect::<Vec<_>>().join(", ");
            return format!("({}) {} ({places})", keys.join(", "), than(self.keys[0].1));
        }
        let at = |n: usize| format!("?{}", first + n);
        let ends = self.keys.iter().enumerate().map(|(n, (key, down))| {
            let equal = self.keys[..n].iter().enumerate();
            let equal = equal.map(|(n, (key, _))| format!("{} = {} AND ", sql(key), at(n)));
            format!(
                "({}{} {} {})",
                equal.collect::<String>(),
                sql(key),
                than(*down),
                at(n)
            )
        });
        format!("({})", ends.collect::<Vec<_>>().join(" OR "))
    }

    pub(super) fn anchor(&self, row: &Row<'_>) -> Result<Anchor> {
        let key = |(column, _): &(&str, bool)| {
            Ok(match row.get_ref(*column)? {
                ValueRef::Integer(n) => AnchorKey::Number(n),
                other => {
                    let bytes = other.as_bytes().unwrap_or_default();
                    AnchorKey::Text(String::from_utf8_lossy(bytes).into_owned())
                }
            })
        };
        Ok(Anchor(self.keys.iter().map(key).collect::<Result<_>>()?))
    }
}

pub(super) fn values(anchor: &Anchor) -> impl Iterator<Item = Value> + '_ {
    anchor.0.iter().map(|key| match key {
        AnchorKey::Number(n) => Value::Integer(*n),
        AnchorKey::Text(t) => Value::Text(t.clone()),
    })
}
