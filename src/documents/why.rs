//! What a status means, in plain words.

use crate::ops::Explained;
use serde_json::{Value, json};

pub(crate) fn why(explained: &Explained) -> Value {
    let Explained { row, meaning, acts } = explained;
    let refused = acts.iter().filter_map(|(act, no)| {
        let reason = no.as_ref()?.words;
        Some(json!({"action": act.word(), "reason": reason}))
    });
    json!({
        "type": "why",
        "id": row.id.as_str(),
        "connectionId": row.id.as_str(),
        "status": row.status.word(),
        "label": row.label.name(),
        "since": row.since.rfc3339(),
        "headline": meaning.headline,
        "sinceWords": meaning.since,
        "whose": meaning.whose.word(),
        "evidence": meaning.evidence,
        "whatToDo": meaning.what_to_do,
        "tellCustomer": meaning.tell_customer,
        "willNotHelp": meaning.will_not_help,
        "allowed": explained.allowed(),
        "refused": refused.collect::<Vec<_>>(),
    })
}
