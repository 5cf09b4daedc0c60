//! One JSON object with its path. Null and absent are the same; a value of the wrong type is noted.

use super::documents::Note;
use super::links;
use crate::domain::moment::{Moment, Told};
use crate::domain::money;
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
        self.typed(field, "true or false", |value| match value.as_str() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => value.as_bool(),
        })
    }

    /// Those of `fields` that the document names and says to be empty.
    pub(crate) fn emptied(&self, fields: &[&'static str]) -> Vec<&'static str> {
        let is_empty = |value: &Value| {
            value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
        };
        let said = |field: &&&'static str| self.fields.get(**field).is_some_and(is_empty);
        fields.iter().filter(said).copied().collect()
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

    /// A time; empty text is none, and so is a date that stands for none.
    pub(crate) fn moment(&self, field: &str) -> Option<Moment> {
        if let Some(number) = self.get(field).and_then(Value::as_i64) {
            return self.since_1970(field, number);
        }
        match Moment::told(self.words(field)?) {
            Told::At(at) => Some(at),
            Told::Never => None,
            Told::WithoutZone(at) => {
                self.note(field, "no time zone; taken as UTC");
                Some(at)
            }
            Told::Unreadable => {
                self.note(field, "not a time; left out");
                None
            }
        }
    }

    fn since_1970(&self, field: &str, number: i64) -> Option<Moment> {
        // until the year 5138 seconds have fewer digits than milliseconds of any year after 1973 have
        let (ms, what) = match number.unsigned_abs() {
            0 => return None,
            1..100_000_000_000 => (number.saturating_mul(1_000), "seconds"),
            _ => (number, "milliseconds"),
        };
        self.note(field, format!("a number; taken as {what} since 1970"));
        Some(Moment(ms))
    }

    /// A decimal. A JSON number is taken too, because some programs write amounts so.
    pub(crate) fn decimal(&self, field: &str) -> Option<String> {
        match self.get(field)? {
            Value::Number(number) => Some(number.to_string()),
            _ => self.words(field).map(str::to_owned),
        }
    }

    /// An amount in minor units: none when there is none, and none in it when it is not one with so many decimals.
    pub(crate) fn amount(&self, field: &str, decimals: u32) -> Option<Option<i64>> {
        let text = self.decimal(field)?;
        let number = self.get(field).filter(|value| value.is_f64());
        let near = || money::nearest(number?.as_f64()?, decimals);
        Some(money::parse(&text, decimals).or_else(near))
    }

    /// An object, also when it stands in a list; of several the first.
    pub(crate) fn node(&self, field: &str) -> Option<Node<'v>> {
        if let Some([first @ Value::Object(_), others @ ..]) =
            self.get(field).and_then(Value::as_array).map(Vec::as_slice)
        {
            if !others.is_empty() {
                self.note(field, "a list where an object belongs; the first is taken");
            }
            return Node::of(first, format!("{}.{field}[0]", self.at), self.notes);
        }
        let notes = self.notes;
        self.typed(field, "an object", move |value| {
            Node::of(value, String::new(), notes)
        })
        .map(|node| Node {
            at: format!("{}.{field}", self.at),
            ..node
        })
    }

    /// The objects of a list, or the one that stands in its place; what is no object in it is noted.
    pub(crate) fn nodes(&self, field: &str) -> Vec<Node<'v>> {
        if let Some(Value::Object(fields)) = self.get(field)
            && !fields.is_empty()
        {
            return self.node(field).into_iter().collect();
        }
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

    /// An object, or the only one of a list.
    pub(crate) fn one(&self, field: &str) -> Option<Node<'v>> {
        match self.get(field)? {
            Value::Array(items) if items.len() == 1 => self.nodes(field).pop(),
            _ => self.node(field),
        }
    }

    /// The objects of `{"type": "list", "data": [...]}`, of a plain list, or the one that stands in its place.
    pub(crate) fn list(&self, field: &str) -> Vec<Node<'v>> {
        match self.get(field) {
            Some(Value::Object(list)) if list.contains_key("data") => self
                .node(field)
                .map(|list| list.nodes("data"))
                .unwrap_or_default(),
            Some(Value::Object(list)) if list.get("type").is_some_and(|t| t == "list") => vec![],
            _ => self.nodes(field),
        }
    }

    /// The texts of a list, or the one that stands in its place.
    pub(crate) fn texts(&self, field: &str) -> Vec<&'v str> {
        if let Some(Value::String(one)) = self.get(field) {
            return vec![one];
        }
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
        links::user(self.get("links")?)
    }

    /// The id after `/<folder>/` in any of the links.
    pub(crate) fn linked(&self, folder: &str) -> Option<&'v str> {
        let links = self.get("links")?.as_object()?;
        links
            .values()
            .find_map(|link| links::id_after(link.as_str()?, folder))
    }

    /// The id in a field that holds an id or an object with one, else in the link of that name.
    pub(crate) fn reference(&self, field: &str) -> Option<&'v str> {
        let given = match self.get(field) {
            Some(Value::Object(_) | Value::Array(_)) => self.node(field)?.id("id"),
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
