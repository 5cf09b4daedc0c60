//! A client made of the document that the server describes itself with.

use super::install::Python;
use super::printed;
use crate::api::Api;
use crate::harness::text;
use crate::settings::figure;

#[test]
fn a_client_generated_from_our_document_lives_a_whole_life() {
    let Some(python) = Python::with("generated") else {
        return;
    };
    let api = Api::new();
    let made = api
        .desk
        .document(&["apikey", "create", "generated", "--role", "admin"]);
    let folder = tempfile::tempdir().unwrap();
    let folder_name = folder.path().to_str().unwrap();
    let run = python.run("generated", &[&api.url, &text(&made["key"]), folder_name]);
    figure(&format!(
        "a client by openapi-python-client 0.29.1: {}",
        printed(run)
    ));
    api.desk.healthy();
}
