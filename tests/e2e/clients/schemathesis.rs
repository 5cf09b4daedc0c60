//! schemathesis makes requests of the document that the server describes itself with, good and bad ones, and holds every
//! answer against it.

use super::install::{Python, about};
use super::printed;
use crate::api::Api;
use crate::harness::text;
use crate::settings::{figure, seed};
use serde_json::Value;

/// What is not looked at: whether a request without a token is answered by 401 (after ten of them within a second it is
/// 429; `api::document` asks each call once), and whether every text is accepted as a filter.
const LEFT_OUT: &str = "ignored_auth,missing_required_header,positive_data_acceptance";

#[test]
fn schemathesis_finds_every_answer_as_our_document_says() {
    examine(8);
}

#[test]
#[ignore = "long: run by ./check --full"]
fn schemathesis_finds_every_answer_as_our_document_says_long() {
    examine(200);
}

/// So many made-up requests to each call, beside those that schemathesis always makes.
fn examine(each: u32) {
    let Some(python) = Python::with("schemathesis") else {
        return;
    };
    let api = Api::new();
    let mut command = python.command();
    command.args(["-m", "schemathesis.cli", "--config-file"]);
    command.arg(about("schemathesis").join("schemathesis.toml"));
    command.args(["run", &format!("{}/openapi.json", api.url)]);
    command.args(["--checks", "all", "--exclude-checks", LEFT_OUT]);
    command.args([
        "--max-examples",
        &each.to_string(),
        "--seed",
        &seed().to_string(),
    ]);
    command.args([
        "--continue-on-failure",
        "--no-color",
        "--generation-database",
        "none",
    ]);
    // it keeps what it found in the folder it runs in
    command.current_dir(api.desk.folder()).envs(named(&api));
    let said = printed(command);
    let cases = said.lines().find(|line| line.contains(" generated, "));
    let cases = cases.unwrap_or_else(|| panic!("{said}"));
    figure(&format!("schemathesis 4.32.5: {}", cases.trim()));
    assert_eq!(api.get("/institutions/AU00000").status, 200);
    api.desk.healthy();
}

/// What the requests name.
fn named(api: &Api) -> Vec<(&'static str, String)> {
    let (user, other) = (api.user(), api.user());
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let second = api.connected(&user, "jared", "django", "AU10001");
    let open = api
        .connect(&user, "Whistler", "ShowBox", "AU00002")
        .with(202);
    let open = text(&open["id"]);
    api.job_when(&open, |steps| steps.len() == 4);
    let first = |list: &str| {
        let filter = format!("filter=connection.id.eq('{connection}')");
        let rows: Value = api.get(&format!("/users/{user}/{list}?{filter}")).with(200);
        text(&rows["data"][0]["id"])
    };
    let (job, account, transaction) = (first("jobs"), first("accounts"), first("transactions"));
    let key = text(
        &api.desk
            .document(&["apikey", "create", "schemathesis", "--role", "admin"])["key"],
    );
    vec![
        ("TOKEN", api.token.clone()),
        ("KEY", key),
        ("USER", user.clone()),
        ("OTHER_USER", other),
        ("CONNECTION", connection.clone()),
        ("OTHER_CONNECTION", second),
        ("JOB", job),
        ("QUESTION", open),
        ("ACCOUNT", account),
        ("TRANSACTION", transaction),
    ]
}
