//! The client of the platform's version 2 for Python.

use super::install::Python;
use super::printed;
use crate::api::Api;
use crate::harness::{Desk, text};
use crate::settings::figure;

#[test]
fn basiq_of_pypi_runs_unchanged() {
    let Some(python) = Python::with("basiq") else {
        return;
    };
    // the client cuts the addresses of further pages at `.io/`
    let base = "http://api.switchboard.io";
    let api = Api::on(Desk::empty(0.0), &["--base-url", base]);
    let made = api
        .desk
        .document(&["apikey", "create", "basiq", "--role", "admin"]);
    let mut run = python.run("basiq", &[base, &text(&made["key"])]);
    for name in ["HTTP_PROXY", "http_proxy"] {
        run.env(name, &api.url);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        run.env_remove(name);
    }
    figure(&format!("basiq 1.0.1: {}", printed(run)));
    api.desk.healthy();
}
