//! The OpenAPI document, held against what is served. Every answer that a test of the API gets is checked by it.

use super::{Api, Came};
use crate::harness::text;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

pub(super) struct Document(Value);

impl Document {
    pub(super) fn of(whole: Value) -> Self {
        Self(whole)
    }

    fn paths(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["paths"].as_object().unwrap().iter()
    }

    /// The operation of a call, unless the document has none: of its templates the one with the most plain parts.
    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.split('?').next().unwrap().trim_end_matches('/');
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            let same = template.len() == parts.len();
            let plain = |(a, b): &(&&str, &&str)| a == b;
            let each = |(a, b): (&&str, &&str)| a.starts_with('{') || a == b;
            let all = same && template.iter().zip(&parts).all(each);
            all.then(|| template.iter().zip(&parts).filter(plain).count())
        };
        let fitting = self.paths().filter_map(|(t, item)| Some((fits(t)?, item)));
        let (_, item) = fitting.max_by_key(|(plain, _)| *plain)?;
        item.get(method.to_lowercase())
    }

    /// Panics when the document does not foresee this answer.
    pub(super) fn check(&self, method: &str, path: &str, came: &Came) {
        let Some(operation) = self.operation(method, path) else {
            return;
        };
        let call = format!("{method} {path}");
        let status = came.status.to_string();
        let mut response = &operation["responses"][&status];
        if let Some(named) = response["$ref"].as_str() {
            response = self.0.pointer(&named[1..]).unwrap();
        }
        assert!(
            response.is_object(),
            "{call} is not said to answer {came:?}"
        );
        let content = &response["content"];
        assert_eq!(content.is_null(), came.body.is_empty(), "{call}: {came:?}");
        let schema = &content["application/json"]["schema"];
        if schema.is_null() {
            return;
        }
        let mut schema = schema.clone();
        schema["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let document = came.json();
        let wrong: Vec<String> = validator
            .iter_errors(&document)
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{call}: {wrong:#?}\n{document:#}");
    }
}

#[test]
fn the_document_needs_no_token_and_names_the_server_that_was_asked() {
    let api = Api::new();
    let document = api.send("GET", "/openapi.json", &[], None).with(200);
    assert!(text(&document["openapi"]).starts_with("3.1"));
    assert_eq!(document["servers"], json!([{"url": api.url}]));
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(schemes["token"]["scheme"], "bearer");
    assert_eq!(document["security"], json!([{"token": []}]));
}

#[test]
fn every_documented_call_is_served_and_no_other_method_of_its_path() {
    let api = Api::new();
    let document = api.document();
    let mut ids = BTreeSet::new();
    for (template, item) in document.paths() {
        let path = template.replace('{', "no-").replace('}', "");
        for method in METHODS {
            let call = format!("{method} {template}");
            let operation = &item[method.to_lowercase()];
            if operation["responses"]["200"]["content"]["text/event-stream"].is_object() {
                // it does not end; tests of its own follow it
                continue;
            }
            let came = api.call(method, &path);
            if operation.is_null() {
                assert_eq!(came.status, 405, "{call}: {came:?}");
                continue;
            }
            assert_ne!(came.status, 405, "{call}: {came:?}");
            assert!(!came.body.contains("Route not found"), "{call}: {came:?}");
            assert!(
                ids.insert(text(&operation["operationId"])),
                "{call}: its name is used twice"
            );
            assert!(
                !text(&operation["summary"]).is_empty(),
                "{call} has no summary"
            );
            // what needs a token by the document is refused without one, and the rest is not
            let open = operation["security"].is_array();
            let bare = api.send(method, &path, &[], None);
            let refused = matches!(bare.status, 401 | 429);
            assert_eq!(refused, !open, "{call}: {bare:?}");
        }
    }
    assert!(ids.len() > 25, "{ids:?}");
}
