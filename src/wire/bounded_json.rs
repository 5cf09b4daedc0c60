//! JSON as a tree of bounded depth: what is nested deeper is left out, so that it costs no stack.

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

pub(crate) const DEEPEST: usize = 64;

pub(crate) struct Tree {
    /// Its value; what lay too deep is null.
    pub(crate) value: Value,
    pub(crate) cut: bool,
    /// Whether an object names a field twice; the last one counts.
    pub(crate) twice: bool,
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let found = Found::default();
        let value = Seed::new(&found).deserialize(from)?;
        Ok(Self {
            value,
            cut: found.cut.get(),
            twice: found.twice.get(),
        })
    }
}

/// What was met while a document was read.
#[derive(Default)]
pub(crate) struct Found {
    /// Something lay too deep and was left out.
    pub(crate) cut: Cell<bool>,
    twice: Cell<bool>,
}

/// Reads one value, with so many levels below it.
#[derive(Clone, Copy)]
pub(crate) struct Seed<'a> {
    room: usize,
    found: &'a Found,
}

impl<'a> Seed<'a> {
    pub(crate) fn new(found: &'a Found) -> Self {
        Self {
            room: DEEPEST,
            found,
        }
    }

    /// For what lies one level deeper; none when that is too deep, which is remembered.
    pub(crate) fn deeper(self) -> Option<Self> {
        let room = self.room.checked_sub(1);
        if room.is_none() {
            self.found.cut.set(true);
        }
        room.map(|room| Self { room, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.into()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let Some(deeper) = self.deeper() else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        };
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(deeper)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let Some(deeper) = self.deeper() else {
            while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        };
        let mut map = Map::new();
        while let Some(name) = fields.next_key::<String>()? {
            if map.insert(name, fields.next_value_seed(deeper)?).is_some() {
                self.found.twice.set(true);
            }
        }
        Ok(Value::Object(map))
    }
}
