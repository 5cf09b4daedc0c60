//! What changed since a time.

use crate::domain::since::{Change, Digest};
use serde_json::{Value, json};

pub(crate) fn change(it: &Change) -> Value {
    json!({
        "type": "change",
        "what": it.what.word(),
        "count": it.count,
        "text": it.text,
        "actor": it.by,
        "last": it.last.rfc3339(),
        "filter": it.filter,
    })
}

/// All that changed, however long it is.
pub(crate) fn digest(digest: &Digest) -> Value {
    json!({
        "type": "since",
        "since": digest.since.rfc3339(),
        "from": digest.from.word(),
        "until": digest.now.rfc3339(),
        "complete": !digest.cut,
        "changes": digest.changes.iter().map(change).collect::<Vec<_>>(),
    })
}
