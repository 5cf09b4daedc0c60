//! The client of the platform's version 2 for Python.

use super::install::Python;
use super::printed;
use crate::api::Api;
use crate::harness::{Desk, text};
use crate::settings::figure;
use std::process::Command;

/// The client cuts the addresses of further pages at `.io/`.
const BASE: &str = "http://api.switchboard.io";

#[test]
fn basiq_of_pypi_runs_unchanged() {
    at_once(1);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn basiq_of_pypi_runs_unchanged_beside_others_long() {
    at_once(8);
}

/// So many clients at the same time on one server.
fn at_once(clients: usize) {
    let Some(python) = Python::with("basiq") else {
        return;
    };
    let api = Api::on(Desk::empty(0.0), &["--base-url", BASE]);
    let made = api
        .desk
        .document(&["apikey", "create", "basiq", "--role", "admin"]);
    let key = text(&made["key"]);
    let said: Vec<String> = std::thread::scope(|scope| {
        let started = (0..clients).map(|_| {
            let run = run(&python, &api, &key);
            scope.spawn(|| printed(run))
        });
        let started: Vec<_> = started.collect();
        let ended = started.into_iter().map(|one| one.join().unwrap());
        ended.collect()
    });
    let last = said[0].lines().last().unwrap_or_default();
    figure(&format!("basiq 1.0.1: {clients} at once, each {last}"));
    api.desk.healthy();
}

/// The client reaches the server as its proxy, so that it may use a host of its liking.
fn run(python: &Python, api: &Api, key: &str) -> Command {
    let mut run = python.run("basiq", &[BASE, key]);
    for name in ["HTTP_PROXY", "http_proxy"] {
        run.env(name, &api.url);
    }
    for name in ["NO_PROXY", "no_proxy"] {
        run.env_remove(name);
    }
    run
}
