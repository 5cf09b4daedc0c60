//! The personal values of an imported document that waits.

use crate::domain::mask::bank_text;
use crate::domain::secret::Secret;
use serde_json::Value;

/// The fields that are searched for when they are rows.
const FIELDS: [&str; 3] = ["description", "reference", "accountNo"];

/// Those in which a bank speaks: searched for when they say more than the words of a fixed list.
const SAID: [&str; 3] = ["title", "detail", "details"];

/// None of a text that is no JSON.
pub(super) fn values(document: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(document) {
        collect(&value, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<Secret>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if FIELDS.contains(&name.as_str()) => {
                        found.push(text.as_str().into());
                    }
                    Value::String(text)
                        if SAID.contains(&name.as_str()) && bank_text(text) != *text =>
                    {
                        found.push(text.as_str().into());
                    }
                    _ => collect(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
