//! Notes and histories in lists.

use crate::cli::list_formats::{Column, Listed, text, when};
use crate::documents::{note, time, timeline_entry};
use crate::domain::timeline::Entry;
use crate::ops::{Invitation, NoteShown};
use serde_json::{Value, json};

impl Listed for NoteShown {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &["id", "connectionId", "createdDate", "actor", "text"];

    fn doc(&self) -> Value {
        note(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            when("WHEN", |n| n.at),
            text("BY", 16, |n, _| n.actor.as_str().into()),
            text("NOTE", 120, |n, _| n.text.as_str().into()),
        ]
    }
}

impl Listed for Entry {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &["at", "what", "actor", "text", "id"];

    fn doc(&self) -> Value {
        timeline_entry(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            when("WHEN", |e| e.at),
            text("WHAT", 8, |e, _| e.what.word().into()),
            text("BY", 16, |e, _| e.actor.as_str().into()),
            text("TEXT", 120, |e, _| e.text.as_str().into()),
        ]
    }
}

impl Listed for Invitation {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &[
        "connectionId",
        "userId",
        "userName",
        "email",
        "mobile",
        "link.id",
        "link.expires",
        "text",
        "askedOn",
    ];

    fn doc(&self) -> Value {
        let link = self.link.as_ref().map(|link| {
            json!({
                "id": link.id,
                "path": link.path,
                "expires": link.expires.rfc3339(),
            })
        });
        json!({
            "type": "invitation",
            "connectionId": self.connection.as_str(),
            "userId": self.user.as_str(),
            "userName": self.name,
            "institutionName": self.institution,
            "email": self.email,
            "mobile": self.mobile,
            "link": link,
            "text": self.text,
            "askedOn": time(self.asked),
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("CONNECTION", 10, |i, _| i.connection.short().into()),
            text("USER", 24, |i, _| i.name.as_str().into()),
            text("EMAIL", 30, |i, _| i.email.as_deref().unwrap_or("").into()),
            text("MOBILE", 16, |i, _| {
                i.mobile.as_deref().unwrap_or("").into()
            }),
            text("TEXT", 120, |i, _| i.text.as_str().into()),
        ]
    }
}
