//! Reads one document from where it stands in a stream. A list is taken apart element by element, so that a long one is
//! never held. Its links often come behind its elements and say whose they are: elements that do not say it themselves
//! wait for them.

use super::bounded_json::{DEEPEST, Found, Seed};
use super::dispatch;
use super::documents::{Context, Entity, Note};
use super::gathered::Gathered;
use super::links::{self, strip_placeholders};
use crate::domain::ids::UserId;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::ControlFlow;

/// Reads the document with this number, which counts from 1. Breaks when whoever takes the records does.
pub(super) fn document<'de, R: serde_json::de::Read<'de>>(
    from: &mut serde_json::Deserializer<R>,
    number: u64,
    into: &mut Gathered<'_>,
) -> Result<ControlFlow<()>, serde_json::Error> {
    let at = match number {
        1 => "$".to_owned(),
        _ => format!("{number}:$"),
    };
    let found = Found::default();
    let mut state = State {
        into,
        held: vec![],
        unknown: 0,
        stopped: false,
    };
    let place = Place {
        state: &mut state,
        at: at.clone(),
        user: None,
        seed: Seed::new(&found),
        is_data: false,
    };
    let read = place.deserialize(from);
    let stopped = state.stopped;
    if found.cut.get() {
        into.here.notes.push(Note {
            at,
            what: format!(
                "something is nested deeper than {DEEPEST} levels; that part is left out"
            ),
        });
    }
    match read {
        Err(_) if stopped => Ok(ControlFlow::Break(())),
        Err(error) => {
            into.document_broke();
            Err(error)
        }
        Ok(()) => {
            into.document_ended();
            Ok(ControlFlow::Continue(()))
        }
    }
}

struct State<'a, 'g> {
    into: &'a mut Gathered<'g>,
    held: Vec<Held>,
    /// How many of the lists that are open have not named their user yet.
    unknown: usize,
    /// Whoever takes the records wants no more.
    stopped: bool,
}

/// An element that does not say whose it is, or stands behind such a one.
struct Held {
    value: Value,
    at: String,
    user: Option<UserId>,
}

impl State<'_, '_> {
    fn element<E: Error>(
        &mut self,
        mut value: Value,
        at: String,
        user: Option<UserId>,
    ) -> Result<(), E> {
        if self.unknown > 0 && (!self.held.is_empty() || waits_for_its_list(&value)) {
            self.held.push(Held { value, at, user });
            return Ok(());
        }
        dispatch::one(&mut value, at, &Context { user }, &mut self.into.here);
        if self.into.full().is_break() {
            self.stopped = true;
            return Err(E::custom("nobody takes more"));
        }
        Ok(())
    }

    /// A list that had not named its user has been read to its end.
    fn list_ended<E: Error>(&mut self, first: usize, user: Option<&UserId>) -> Result<(), E> {
        for held in &mut self.held[first..] {
            held.user = held.user.take().or_else(|| user.cloned());
        }
        self.unknown -= 1;
        if self.unknown == 0 {
            for held in std::mem::take(&mut self.held) {
                self.element(held.value, held.at, held.user)?;
            }
        }
        Ok(())
    }

    fn note(&mut self, at: String, what: &str) {
        self.into.here.notes.push(Note {
            at,
            what: what.into(),
        });
    }
}

fn waits_for_its_list(value: &Value) -> bool {
    let word = value["type"].as_str().unwrap_or_default();
    Entity::parse(word) != Entity::Institution && links::user(&value["links"]).is_none()
}

fn user_of_list(fields: &Map<String, Value>) -> Option<UserId> {
    let own = fields.get("links")?.get("self")?.as_str()?;
    links::id_after(own, "users").map(UserId::from)
}

/// A value that is a document or a list of such.
struct Place<'s, 'a, 'g, 'f> {
    state: &'s mut State<'a, 'g>,
    at: String,
    /// Whose it is, as far as the lists around it have said so.
    user: Option<UserId>,
    seed: Seed<'f>,
    /// Whether it is the data of a list.
    is_data: bool,
}

impl<'a, 'g, 'f> Place<'_, 'a, 'g, 'f> {
    fn below(&mut self, at: String, user: Option<UserId>) -> Option<Place<'_, 'a, 'g, 'f>> {
        Some(Place {
            seed: self.seed.deeper()?,
            state: self.state,
            at,
            user,
            is_data: false,
        })
    }

    fn data(&mut self, user: Option<UserId>) -> Option<Place<'_, 'a, 'g, 'f>> {
        let data = self.below(format!("{}.data", self.at), user)?;
        Some(Place {
            is_data: true,
            ..data
        })
    }

    fn scalar<E: Error>(self, value: Value) -> Result<(), E> {
        if self.is_data {
            self.state.into.here.lost += 1;
            self.state.note(self.at, "no list here; nothing is read");
            return Ok(());
        }
        self.state.element(value, self.at, self.user)
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_, '_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seed.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.scalar(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        let user = self.user.clone();
        let at = self.at.clone();
        loop {
            let Some(item) = self.below(format!("{at}[{index}]"), user.clone()) else {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                return self.scalar(Value::Null);
            };
            if items.next_element_seed(item)?.is_none() {
                break;
            }
            index += 1;
        }
        if index == 0 {
            self.state.note(at, "an empty list");
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let Some(deeper) = self.seed.deeper() else {
            while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return self.scalar(Value::Null);
        };
        let mut fields = Map::new();
        let mut awaited = None;
        let mut is_list = false;
        while let Some(name) = entries.next_key::<String>()? {
            if name != "data" || fields.get("type").is_none_or(|t| t != "list") {
                fields.insert(name, entries.next_value_seed(deeper)?);
                continue;
            }
            let mut user = user_of_list(&fields);
            if user.is_none() && awaited.is_none() {
                awaited = Some(self.state.held.len());
                self.state.unknown += 1;
            } else {
                user = user.or_else(|| self.user.clone());
            }
            is_list = true;
            if let Some(data) = self.data(user) {
                entries.next_value_seed(data)?;
            }
        }
        let user = user_of_list(&fields).or_else(|| self.user.clone());
        if let Some(first) = awaited {
            self.state.list_ended(first, user.as_ref())?;
        }
        // a list that says only behind its data that it is one, or not at all
        let late = fields.get("type").is_none_or(|t| t == "list");
        if let Some(data) = late.then(|| fields.remove("data")).flatten() {
            is_list = true;
            if let Some(place) = self.data(user) {
                place.deserialize(data).map_err(Error::custom)?;
            }
        }
        let mut fields = Value::Object(fields);
        if !is_list {
            return self.state.element(fields, self.at, self.user);
        }
        strip_placeholders(
            &mut fields,
            &self.at,
            &mut self.state.into.here.placeholders,
        );
        Ok(())
    }
}
