//! A document that a client of the HTTP API posts.

use super::bounded_json::Tree;
use serde_json::{Map, Value};

/// The object of a body; none when it is no JSON, no object, nested too deep, or names a field twice.
pub(crate) fn posted(body: &[u8]) -> Option<Map<String, Value>> {
    let tree: Tree = serde_json::from_slice(body).ok()?;
    match tree.value {
        Value::Object(fields) if !tree.cut && !tree.twice => Some(fields),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_whole_or_not_at_all() {
        assert_eq!(posted(b"{}"), Some(Map::new()));
        let read = posted(br#" {"a": {"b": [1, "x"]}} "#).unwrap();
        assert_eq!(read["a"]["b"][1], "x");
        let deep = |n: usize| format!("{{\"a\":{}{}}}", "[".repeat(n), "]".repeat(n));
        assert!(posted(deep(60).as_bytes()).is_some());
        for body in [
            "",
            "[]",
            "null",
            "{",
            "{} {}",
            r#"{"a": NaN}"#,
            r#"{"a": 1e400}"#,
            r#"{"a": "\ud800"}"#,
            r#"{"a": 1, "a": 2}"#,
            r#"{"a": {"b": 1, "b": 1}}"#,
            &deep(65),
            &deep(100_000),
        ] {
            assert!(posted(body.as_bytes()).is_none(), "{:.40}", body);
        }
        assert!(posted(b"{\"a\": \"\xff\"}").is_none());
    }
}
