//! Puts a document into the shape that the readers expect: ids and numbers that came as JSON numbers become text, links
//! in a list become one object, and overlong texts are taken out.

use super::documents::{Documents, Note};
use crate::domain::text::Shown;
use serde_json::{Map, Value};

/// The longest text of a field, in bytes.
pub(crate) const LONGEST_TEXT: usize = 64 << 10;

/// Fields that hold text by the API, and that some programs write as numbers.
const TEXTS: &[&str] = &[
    "id",
    "userId",
    "user",
    "account",
    "accountNo",
    "connection",
    "connectionId",
    "connectionID",
    "institution",
    "institutionId",
    "institutionID",
    "reference",
    "mobile",
    "phoneNumbers",
    "postcode",
    "tier",
];

pub(super) fn tidy(value: &mut Value, at: &str, docs: &mut Documents) {
    let mut path = at.to_owned();
    walk(value, false, &mut path, docs);
}

fn walk(value: &mut Value, is_text: bool, path: &mut String, docs: &mut Documents) {
    let length = path.len();
    match value {
        Value::String(text) if text.len() > LONGEST_TEXT => {
            *value = Value::Null;
            docs.lost += 1;
            docs.notes.push(Note {
                at: Shown::of_limited(path, 200).into_plain(),
                what: format!("longer than {} KiB; left out", LONGEST_TEXT >> 10),
            });
        }
        Value::Number(number) if is_text && (number.is_u64() || number.is_i64()) => {
            *value = Value::String(number.to_string());
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push_str(&format!("[{index}]"));
                walk(item, is_text, path, docs);
                path.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                path.push('.');
                path.push_str(name);
                if name == "links" {
                    one_object(field);
                }
                walk(field, TEXTS.contains(&name.as_str()), path, docs);
                path.truncate(length);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `[{"rel": "user", "href": "/users/u"}]` and `[{"user": "/users/u"}]` as `{"user": "/users/u"}`.
fn one_object(links: &mut Value) {
    let Value::Array(items) = links else { return };
    let mut all = Map::new();
    for item in std::mem::take(items) {
        let Value::Object(mut link) = item else {
            continue;
        };
        match (link.remove("rel"), link.remove("href")) {
            (Some(Value::String(name)), Some(to)) => {
                all.insert(name, to);
            }
            _ => all.extend(link),
        }
    }
    *links = Value::Object(all);
}
