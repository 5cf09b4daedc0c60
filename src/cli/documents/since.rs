//! Changes in lists.

use crate::cli::list_formats::{Column, Listed, number, text, when};
use crate::documents::change;
use crate::domain::since::Change;
use serde_json::Value;

impl Listed for Change {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &["what", "count", "text", "actor", "last", "filter"];

    fn doc(&self) -> Value {
        change(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            number("COUNT", |c, _| c.count.into()),
            text("WHAT", 8, |c, _| c.what.word().into()),
            text("CHANGED", 100, |c, _| c.text.as_str().into()),
            text("BY", 18, |c, _| c.by.as_str().into()),
            when("LAST", |c| c.last),
        ]
    }
}
