//! A group of connections.

use crate::cli::list_formats::{Column, Listed, number, text};
use crate::domain::groups::Group;
use serde_json::{Value, json};

impl Listed for Group {
    type Doc<'a> = Value;

    const FIELDS: &'static [&'static str] = &["field", "name", "filter", "count", "exact"];

    fn doc(&self) -> Value {
        json!({
            "type": "group",
            "field": self.field.word(),
            "name": self.name,
            "filter": self.filter,
            "count": self.size.count,
            "exact": self.size.exact,
        })
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            number("COUNT", |it, _| {
                let more = if it.size.exact { "" } else { "+" };
                format!("{}{more}", it.size.count).into()
            }),
            text("GROUP", 40, |it, _| it.name.as_str().into()),
            text("FIND", 60, |it, _| it.term.as_deref().unwrap_or("").into()),
        ]
    }
}
