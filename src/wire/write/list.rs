//! The envelopes of lists (docs/domain.md 15.4).

use serde_json::{Map, Value};

/// A list with what its kind adds: how many are here, how many there are, where it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    pub(crate) data: Vec<Value>,
    /// Rows in this page.
    pub(crate) count: Option<u64>,
    /// Rows in all.
    pub(crate) size: Option<u64>,
    /// What the connectors call the number of rows in all.
    pub(crate) total_count: Option<u64>,
    /// Its own address.
    pub(crate) address: Option<String>,
    /// The address of the next page.
    pub(crate) next: Option<String>,
}

pub(crate) fn list(list: List) -> Value {
    let mut fields = Map::new();
    fields.insert("type".into(), "list".into());
    for (name, number) in [
        ("count", list.count),
        ("size", list.size),
        ("totalCount", list.total_count),
    ] {
        if let Some(number) = number {
            fields.insert(name.into(), number.into());
        }
    }
    let links = [("self", list.address), ("next", list.next)];
    let links: Map<String, Value> = links
        .into_iter()
        .filter_map(|(name, link)| Some((name.to_owned(), link?.into())))
        .collect();
    if !links.is_empty() {
        fields.insert("links".into(), links.into());
    }
    fields.insert("data".into(), list.data.into());
    fields.into()
}
