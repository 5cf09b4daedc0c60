//! Notes, histories, and who works on a connection.

use super::time;
use crate::domain::rows::ConnectionRow;
use crate::domain::timeline::Entry;
use crate::ops::NoteShown;
use serde_json::{Value, json};

pub(crate) fn handling(row: &ConnectionRow) -> Value {
    let handling = &row.handling;
    json!({
        "type": "handling",
        "connectionId": row.id.as_str(),
        "takenBy": handling.taken_by,
        "takenAt": time(handling.taken),
        "snoozedUntil": time(handling.snoozed),
        "askedOn": time(handling.asked),
        "attention": row.attention,
    })
}

pub(crate) fn note(note: &NoteShown) -> Value {
    json!({
        "type": "note",
        "id": note.id,
        "connectionId": note.connection.as_str(),
        "createdDate": note.at.rfc3339(),
        "actor": note.actor,
        "text": note.text,
    })
}

pub(crate) fn timeline_entry(entry: &Entry) -> Value {
    json!({
        "type": "timeline",
        "at": entry.at.rfc3339(),
        "what": entry.what.word(),
        "actor": entry.actor,
        "text": entry.text,
        "id": entry.id,
    })
}
