//! Reads the body of a request: a JSON object whose fields are all known.

use super::error::{ApiError, Code};
use super::params::Names;
use crate::domain::secret::Secret;
use crate::wire;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

/// The fields of a body, taken one after another.
pub(super) struct Fields {
    /// What the reference calls the document, in the pointers of errors.
    what: &'static str,
    given: Map<String, Value>,
}

pub(super) fn not_valid(what: &str) -> ApiError {
    ApiError::new(
        Code::InvalidContent,
        format!("Posted {what} is not in valid format."),
    )
}

/// A missing content type is let pass; every request needs a token all the same.
fn is_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return Ok(());
    };
    let kind = kind.to_str().unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if essence.is_empty() || essence == "application/json" || essence.ends_with("+json") {
        return Ok(());
    }
    let shown: String = essence
        .chars()
        .filter(char::is_ascii_graphic)
        .take(80)
        .collect();
    let detail = format!("Content type {shown} is not supported on requested endpoint.");
    Err(ApiError::new(Code::UnsupportedContentType, detail).parameter("Content-Type"))
}

impl Fields {
    /// The object of the body; an empty body is none.
    pub(super) fn read(
        what: &'static str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        is_json(headers)?;
        let given = wire::posted(body).ok_or_else(|| not_valid(what))?;
        match given.is_empty() {
            true => Err(not_valid(what)),
            false => Ok(Self { what, given }),
        }
    }

    /// For calls whose fields may all be missing: nothing at all, or an object.
    pub(super) fn any(
        what: &'static str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, ApiError> {
        let mut given = Map::new();
        if !body.iter().all(u8::is_ascii_whitespace) {
            is_json(headers)?;
            given = wire::posted(body).ok_or_else(|| not_valid(what))?;
        }
        Ok(Self { what, given })
    }

    /// For calls without fields: nothing at all, or an empty object.
    pub(super) fn none(
        what: &'static str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), ApiError> {
        Self::any(what, headers, body)?.end()
    }

    fn pointer(&self, name: &str) -> String {
        format!("{}/{name}", self.what)
    }

    fn wrong(&self, name: &str, detail: String) -> ApiError {
        ApiError::new(Code::ParameterNotValid, detail)
            .pointer(&self.pointer(name))
            .parameter(name)
    }

    /// Takes a field, whatever it holds.
    pub(super) fn value(&mut self, name: &str) -> Option<Value> {
        self.given.remove(name).filter(|value| !value.is_null())
    }

    /// Takes a text. Null is as good as nothing.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => {
                let words = words(name);
                Err(self.wrong(name, format!("{words} value is not valid")))
            }
        }
    }

    /// Takes a yes or no; nothing is no.
    pub(super) fn truth(&mut self, name: &str) -> Result<bool, ApiError> {
        match self.value(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(yes),
            Some(_) => {
                let words = words(name);
                Err(self.wrong(name, format!("{words} value is not valid")))
            }
        }
    }

    /// Takes a list of ids; none is an empty one.
    pub(super) fn ids<T: From<String>>(
        &mut self,
        name: &str,
        of: Names,
    ) -> Result<Vec<T>, ApiError> {
        let given = match self.value(name) {
            None => return Ok(vec![]),
            Some(Value::Array(ids)) => ids,
            Some(_) => return Err(not_valid(self.what)),
        };
        let id = |id: Value| match id {
            Value::String(id) => of.id(id),
            _ => Err(not_valid(self.what)),
        };
        given.into_iter().map(id).collect()
    }

    pub(super) fn secret(&mut self, name: &str) -> Result<Option<Secret>, ApiError> {
        Ok(self.text(name)?.map(Secret::new))
    }

    /// Takes an object; its pointers go on from here.
    pub(super) fn inside(&mut self, name: &'static str) -> Result<Option<Fields>, ApiError> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Object(given)) => Ok(Some(Fields { what: name, given })),
            Some(_) => Err(not_valid(self.what)),
        }
    }

    /// Refuses what is left: nobody reads it.
    pub(super) fn end(self) -> Result<(), ApiError> {
        let Some(name) = self.given.keys().next() else {
            return Ok(());
        };
        let shown: String = name
            .chars()
            .filter(|c| c.is_ascii_graphic())
            .take(60)
            .collect();
        let detail = format!("The field {shown} is not known here.");
        let error = ApiError::new(Code::UnknownField, detail);
        Err(error.pointer(&self.pointer(&shown)).parameter(&shown))
    }
}

/// `loginId` is `Login ID` in the texts of the reference.
fn words(name: &str) -> String {
    let mut words = String::new();
    for (at, letter) in name.chars().enumerate() {
        if at == 0 {
            words.extend(letter.to_uppercase());
        } else if letter.is_uppercase() {
            words.push(' ');
            words.push(letter);
        } else {
            words.push(letter);
        }
    }
    words.replace("Id", "ID")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Fields, ApiError> {
        Fields::read("connection", &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn fields_are_taken_and_what_is_left_is_refused() {
        let mut fields = read(r#"{"loginId": "a", "password": null, "more": 1}"#)
            .unwrap_or_else(|e| panic!("{e:?}"));
        assert_eq!(fields.text("loginId").unwrap().as_deref(), Some("a"));
        assert_eq!(fields.text("password").unwrap(), None);
        let left = fields.end().unwrap_err();
        assert_eq!(left.status().as_u16(), 422);
        let mut fields = read(r#"{"loginId": 5}"#).unwrap_or_else(|e| panic!("{e:?}"));
        let wrong = fields.text("loginId").unwrap_err();
        assert_eq!(
            wrong,
            ApiError::new(Code::ParameterNotValid, "Login ID value is not valid")
                .pointer("connection/loginId")
                .parameter("loginId")
        );
        for body in ["", "{}", "[1]", "x"] {
            assert_eq!(read(body).err(), Some(not_valid("connection")), "{body}");
        }
    }

    #[test]
    fn other_content_is_not_taken_for_json() {
        for (kind, taken) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("multipart/form-data; boundary=x", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            let read = Fields::read("user", &headers, br#"{"a": 1}"#);
            assert_eq!(
                read.err().map(|e| e.status().as_u16()),
                (!taken).then_some(415),
                "{kind}"
            );
        }
        assert!(Fields::none("connection", &HeaderMap::new(), b" ").is_ok());
        assert!(Fields::none("connection", &HeaderMap::new(), b"{}").is_ok());
        assert!(Fields::none("connection", &HeaderMap::new(), b"{").is_err());
    }
}
