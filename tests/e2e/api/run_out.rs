//! What has run out is renewed by its user on the hosted page: a permission at the bank, and the consent itself.

use super::browser::Browser;
use super::pages::{home, only};
use super::{Api, refused};
use crate::harness::{kill, text, until};
use serde_json::json;

/// The server stops, something runs out meanwhile, and it starts again.
fn run_out(api: &mut Api, sql: &str) {
    kill(&mut api.child);
    let file = rusqlite::Connection::open(api.desk.path("w.db")).unwrap();
    assert_eq!(file.execute(sql, []).unwrap(), 1, "{sql}");
    drop(file);
    api.restart();
}

/// A user with an active open banking connection at Hooli.
fn open_banking(api: &Api) -> (String, String) {
    let user = api.user();
    let body = json!({"method": "openbanking", "institution": {"id": "AU00000"}});
    api.post(&format!("/users/{user}/connections"), &body)
        .with(202);
    let id = text(&only(api, &user)["id"]);
    api.desk.document(&["sandbox", "authorise", &id]);
    until("it is active", || api.status(&user, &id) == "active");
    (user, id)
}

fn accounts(api: &Api, user: &str) -> Vec<String> {
    let found = api.get(&format!("/users/{user}/accounts")).with(200);
    let rows = found["data"].as_array().unwrap().iter();
    let mut ids: Vec<String> = rows.map(|row| text(&row["id"])).collect();
    ids.sort();
    ids
}

#[test]
fn a_permission_at_the_bank_that_ran_out_is_given_again_and_the_accounts_keep_their_ids() {
    let mut api = Api::new();
    let (user, id) = open_banking(&api);
    let had = accounts(&api, &user);
    assert!(!had.is_empty());
    run_out(
        &mut api,
        "UPDATE connections SET expiry = unixepoch() * 1000 - 60000 WHERE expiry IS NOT NULL",
    );
    until("it is invalid", || api.status(&user, &id) == "invalid");
    let ended = text(&only(&api, &user)["expiryDate"]);
    // a web user gives a new password; this one has to go to the bank
    let path = format!("/users/{user}/connections/{id}");
    let web = api.post(&path, &json!({"password": "x"}));
    let detail = "Connection type is not Web";
    assert_eq!(web.error(), refused(400, "parameter-not-valid", detail));

    let to = format!("&action=reauthorise&connectionId={id}&state=s");
    let address = home(&api, &user, &to);
    let mut browser = Browser::new(&api);
    browser.open(&address);
    assert_eq!(browser.at, format!("/connect/connections/{id}"));
    assert!(browser.page.body.contains("You allowed this before"));
    let answer = format!("/connect/connections/{id}/answer");
    browser.send(&answer, &[("answer", "authorise")]);
    browser.wait("Hooli is connected");
    let renewed = only(&api, &user);
    assert_eq!(
        (&renewed["id"], &renewed["status"]),
        (&json!(id), &json!("active"))
    );
    assert!(text(&renewed["expiryDate"]) > ended, "{renewed}");
    assert_eq!(accounts(&api, &user), had);
    let by_page = api
        .desk
        .rows(&["audit", "--action", "authorise", "--limit", "1"]);
    assert_eq!(by_page[0]["face"], "page");
    api.desk.healthy();
}

#[test]
fn a_consent_that_ran_out_is_extended_before_its_data_is_deleted() {
    let mut api = Api::new();
    let (user, id) = open_banking(&api);
    let had = accounts(&api, &user);
    let consents = format!("/users/{user}/consents");
    let consent = api.get(&consents).with(200)["data"][0].clone();
    run_out(
        &mut api,
        "UPDATE consents SET expiry = unixepoch() * 1000 - 60000 WHERE status = 0",
    );
    // what is connected now would be deleted with it
    let more = api.connect(&user, "gavinBelson", "hooli2016", "AU00004");
    assert_eq!(
        (more.status, more.error().2.as_str()),
        (403, "The consent of this user has run out.")
    );

    let address = home(&api, &user, "&action=extend");
    let mut browser = Browser::new(&api);
    browser.open(&address);
    assert_eq!(browser.title(), "What you share");
    assert!(
        browser.page.body.contains("This ran out on"),
        "{:?}",
        browser.page
    );
    browser.send("/connect/manage/extend", &[]);
    assert!(
        !browser.page.body.contains("This ran out on"),
        "{:?}",
        browser.page
    );
    let renewed = api.get(&consents).with(200)["data"][0].clone();
    assert_eq!(
        (&renewed["id"], &renewed["status"]),
        (&consent["id"], &json!("active"))
    );
    assert_eq!(
        (api.status(&user, &id).as_str(), accounts(&api, &user)),
        ("active", had)
    );
    api.connect(&user, "gavinBelson", "hooli2016", "AU00004")
        .with(202);
    api.desk.healthy();
}
