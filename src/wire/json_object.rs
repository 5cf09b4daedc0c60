//! One JSON object with its path. Null and absent are the same; a value of the wrong type is noted.

use super::documents::Note;
use super::links;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::text::{Shown, decode_entities};
use serde_json::{Map, Value};
use std::cell::RefCell;

pub(crate) struct Node<'v> {
    fields: &'v Map<String, Value>,
    at: String,
    notes: &'v RefCell<Vec<Note>>,
}

impl<'v> Node<'v> {
    /// None when the value is no object.
    pub(crate) fn of(value: &'v Value, at: String, notes: &'v RefCell<Vec<Note>>) -> Option<Self> {
        value.as_object().map(|fields| Self { fields, at, notes })
    }

    pub(crate) fn at(&self) -> &str {
        &self.at
    }

    pub(crate) fn note(&self, field: &str, what: impl Into<String>) {
        self.notes.borrow_mut().push(Note {
            at: format!("{}.{field}", self.at),
            what: what.into(),
        });
    }

    fn get(&self, field: &str) -> Option<&'v Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    fn typed<T>(
        &self,
        field: &str,
        wanted: &str,
        as_type: impl Fn(&'v Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(field)?;
        let read = as_type(value);
        if read.is_none() {
            self.note(
                field,
                format!("{} where {wanted} belongs; left out", kind_of(value)),
            );
        }
        read
    }

    /// Empty text is text.
    pub(crate) fn text(&self, field: &str) -> Option<&'v str> {
        self.typed(field, "text", Value::as_str)
    }

    pub(crate) fn words(&self, field: &str) -> Option<&'v str> {
        self.text(field).filter(|text| !text.trim().is_empty())
    }

    /// Text nobody may print, empty when there is none.
    pub(crate) fn secret(&self, field: &str) -> Secret {
        self.text(field).map(Secret::from).unwrap_or_default()
    }

    /// A name, with its character references read: what people called it, empty when there is none.
    pub(crate) fn name(&self, field: &str) -> Secret {
        Secret::from(&*decode_entities(self.text(field).unwrap_or("")))
    }

    pub(crate) fn flag(&self, field: &str) -> Option<bool> {
        self.typed(field, "true or false", Value::as_bool)
    }

    pub(crate) fn id(&self, field: &str) -> Option<&'v str> {
        let id = self.words(field)?;
        if !links::fair_id(id) {
            self.note(
                field,
                "not an id: too long, or with blanks or control characters; left out",
            );
            return None;
        }
        Some(id)
    }

    /// A time; empty text is none.
    pub(crate) fn moment(&self, field: &str) -> Option<Moment> {
        let moment = Moment::parse(self.words(field)?);
        if moment.is_none() {
            self.note(field, "not a time; left out");
        }
        moment
    }

    /// A decimal. A JSON number is taken too, because some programs write amounts so.
    pub(crate) fn decimal(&self, field: &str) -> Option<String> {
        match self.get(field)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.words(field).map(str::to_owned),
        }
    }

    pub(crate) fn node(&self, field: &str) -> Option<Node<'v>> {
        let notes = self.notes;
        self.typed(field, "an object", move |value| {
            Node::of(value, String::new(), notes)
        })
        .map(|node| Node {
            at: format!("{}.{field}", self.at),
            ..node
        })
    }

    /// The objects of a list; what is no object in it is noted.
    pub(crate) fn nodes(&self, field: &str) -> Vec<Node<'v>> {
        let items = self
            .typed(field, "a list", Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let object = |(index, item): (usize, &'v Value)| {
            let node = Node::of(item, format!("{}.{field}[{index}]", self.at), self.notes);
            if node.is_none() {
                self.note(
                    &format!("{field}[{index}]"),
                    format!("{} where an object belongs; left out", kind_of(item)),
                );
            }
            node
        };
        items.iter().enumerate().filter_map(object).collect()
    }

    pub(crate) fn texts(&self, field: &str) -> Vec<&'v str> {
        let items = self
            .typed(field, "a list", Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        items.iter().filter_map(Value::as_str).collect()
    }

    pub(crate) fn link(&self, name: &str) -> Option<&'v str> {
        self.get("links")?.get(name)?.as_str()
    }

    /// The user that any of the links names.
    pub(crate) fn linked_user(&self) -> Option<&'v str> {
        let links = self.get("links")?.as_object()?;
        ["user", "self"]
            .into_iter()
            .filter_map(|name| links.get(name))
            .chain(links.values())
            .find_map(|link| {
                link.as_str()
                    .and_then(|link| links::id_after(link, "users"))
            })
    }

    /// The id in a field that holds an id or an object with one, else in the link of that name.
    pub(crate) fn reference(&self, field: &str) -> Option<&'v str> {
        let given = match self.get(field) {
            Some(Value::Object(_)) => self.node(field)?.id("id"),
            Some(_) => self.id(field),
            None => None,
        };
        given.or_else(|| self.link(field).and_then(links::last_id))
    }

    /// The class where it is a word and not an object.
    pub(crate) fn class_word(&self) -> Option<&'v str> {
        self.get("class")?.as_str()
    }

    /// The fields that are not among `read`, as JSON text; empty when there are none.
    pub(crate) fn rest(&self, read: &[&str]) -> Secret {
        let unread =
            |(name, value): &(&String, &Value)| !read.contains(&name.as_str()) && !value.is_null();
        let rest: Map<_, _> = self
            .fields
            .iter()
            .filter(unread)
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect();
        if rest.is_empty() {
            Secret::default()
        } else {
            Secret::new(Value::Object(rest).to_string())
        }
    }

    pub(crate) fn raw(&self) -> Secret {
        Secret::new(
            serde_json::to_string(self.fields).expect("a map of texts to JSON values is JSON"),
        )
    }

    /// Whether there is nothing but who it is: a reference, not a record.
    pub(crate) fn is_bare(&self) -> bool {
        self.fields.iter().all(|(name, value)| {
            matches!(name.as_str(), "type" | "id" | "links") || value.is_null()
        })
    }
}

/// A word of a document that may be printed: one that looks like the words the API uses.
pub(crate) fn printable(word: &str) -> String {
    let like_ours = word.len() <= 40
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if like_ours {
        format!("`{}`", Shown::of(word).plain())
    } else {
        "not one of the API's words".into()
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
