//! The envelopes of lists (docs/domain.md 15.4).

use super::with_filter;
use serde_json::{Map, Value};

/// What the kind of a list calls the number of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts(&'static [&'static str]);

impl Counts {
    pub(crate) const USUAL: Counts = Counts(&["count", "size"]);
    pub(crate) const OF_JOBS: Counts = Counts(&["size"]);
    pub(crate) const OF_CONSENTS: Counts = Counts(&["size"]);
    pub(crate) const OF_IDENTITIES: Counts = Counts(&["count"]);
    pub(crate) const OF_CONNECTORS: Counts = Counts(&["totalCount"]);
}

/// A list that is answered whole, at its address with the filter it was asked with.
pub(crate) fn whole_list(counts: Counts, address: String, filter: &str, data: Vec<Value>) -> Value {
    let rows = data.len() as u64;
    let counts: Vec<_> = counts.0.iter().map(|name| (*name, rows)).collect();
    written(&counts, with_filter(address, filter), None, data)
}

/// One page of a list, with the number of all rows where it is known, and the address of the next page.
pub(crate) fn page(
    size: Option<u64>,
    address: String,
    next: Option<String>,
    data: Vec<Value>,
) -> Value {
    let mut counts = vec![("count", data.len() as u64)];
    counts.extend(size.map(|size| ("size", size)));
    written(&counts, address, next, data)
}

fn written(
    counts: &[(&str, u64)],
    address: String,
    next: Option<String>,
    data: Vec<Value>,
) -> Value {
    let mut fields = Map::new();
    fields.insert("type".into(), "list".into());
    for (name, number) in counts {
        fields.insert((*name).into(), (*number).into());
    }
    let mut links = Map::new();
    links.insert("self".into(), address.into());
    if let Some(next) = next {
        links.insert("next".into(), next.into());
    }
    fields.insert("links".into(), links.into());
    fields.insert("data".into(), data.into());
    fields.into()
}
