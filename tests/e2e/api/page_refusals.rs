//! What the consent page does not do.

use super::Api;
use super::browser::Browser;
use crate::harness::{Desk, text, until};
use serde_json::json;

fn client(api: &Api, name: &str, user: &str) -> String {
    let made = api.desk.document(&["apikey", "create", name]);
    api.token_of(
        &text(&made["key"]),
        &format!("scope=CLIENT_ACCESS&userId={user}"),
    )
}

fn link(api: &Api, user: &str) -> String {
    let body = json!({"mobile": "+61400111222"});
    let made = api.post(&format!("/users/{user}/auth_link"), &body);
    text(&made.with(201)["links"]["public"])
}

#[test]
fn a_client_token_opens_the_page_of_its_user_only() {
    let api = Api::new();
    let (mine, other) = (api.user(), api.user());
    let theirs = api.connected(&other, "gavinBelson", "hooli2016", "AU00000");
    let token = client(&api, "app", &mine);
    let server = api.token.clone();
    for (query, status) in [
        (String::new(), 401),
        ("token=x".into(), 401),
        (format!("token={server}"), 403),
        (format!("token={token}&userId={other}"), 403),
        (format!("token={token}&connectionId={theirs}"), 404),
        (format!("token={token}&institutionId=AU99999"), 404),
        (format!("token={token}&action=dance"), 400),
        (format!("token={token}&state={}", "x".repeat(600)), 400),
        (format!("token={token}&userId={mine}&action=connect"), 200),
    ] {
        let mut browser = Browser::new(&api);
        let came = browser.open(&format!("/home?{query}")).status;
        assert_eq!(came, status, "{query}");
        assert_eq!(browser.cookie.is_some(), status == 200, "{query}");
    }
    let mut browser = Browser::new(&api);
    browser.open(&format!("/home?token={token}"));
    for path in [
        format!("/connect/connections/{theirs}"),
        "/connect/jobs/nothing".into(),
        "/connect/banks/AU99999".into(),
        "/connect/banks/AU00002/openbanking".into(),
        "/connect/manage/end".into(),
    ] {
        browser.send("/connect/agree", &[("answer", "agree")]);
        assert_eq!(browser.open(&path).status, 404, "{path}");
        browser.open("/connect");
        browser.open(&format!("/home?token={token}"));
    }
    // a sitting is no token, and a token no sitting
    let sitting = browser.cookie.clone().unwrap();
    assert_eq!(api.by(&sitting, "GET", "/connectors", None).status, 401);
    for cookie in [token, format!("{sitting}x"), String::new()] {
        browser.cookie = Some(cookie);
        assert_eq!(browser.open("/connect").status, 403);
        assert_eq!(browser.title(), "Nothing is open here");
    }
    // it ends with its key
    browser.cookie = Some(sitting);
    assert_eq!(browser.open("/connect").status, 200);
    api.desk.document(&["apikey", "revoke", "app"]);
    assert_eq!(browser.open("/connect").status, 403);
}

#[test]
fn a_form_is_taken_from_its_own_page_only() {
    let api = Api::new();
    let user = api.user();
    let token = client(&api, "app", &user);
    let mut browser = Browser::new(&api);
    browser.open(&format!("/home?token={token}"));
    let own = api.url.clone();
    let agree = "/connect/agree";
    for (body, origin, status) in [
        ("answer=agree", own.as_str(), 403),
        ("csrf=0000000000000000&answer=agree", &own, 403),
        ("%ff", &own, 403),
    ] {
        let came = browser.load("POST", agree, Some(body), &[("origin", origin)]);
        assert_eq!(came.status, status, "{body}");
        assert_eq!(browser.title(), "That was not accepted");
    }
    browser.open("/connect");
    let csrf = browser.page.body.split("value=\"").nth(1).unwrap();
    let csrf = csrf.split('"').next().unwrap().to_owned();
    let right = format!("csrf={csrf}&answer=agree");
    for origin in ["https://evil.test", "null"] {
        let came = browser.load("POST", agree, Some(&right), &[("origin", origin)]);
        assert_eq!(came.error().0, 403, "{origin}");
    }
    // the token of another sitting is none
    let mut other = Browser::new(&api);
    other.open(&format!("/home?token={token}"));
    let came = other.load("POST", agree, Some(&right), &[("origin", &own)]);
    assert_eq!(came.status, 403);
    let came = browser.load("POST", agree, Some(&right), &[("origin", &own)]);
    assert_eq!(came.status, 200);
    assert_eq!(browser.title(), "Choose your bank");
    let method = browser.load("DELETE", "/connect/banks", None, &[]);
    assert_eq!(method.error().0, 405);
}

#[test]
fn a_link_that_was_replaced_deleted_or_guessed_opens_nothing() {
    let api = Api::new();
    let user = api.user();
    let old = link(&api, &user);
    let mut browser = Browser::new(&api);
    browser.open(&old);
    assert_eq!(browser.title(), "Share your bank data?");
    let new = link(&api, &user);
    assert_eq!(browser.open("/connect").status, 410, "its link is replaced");
    assert_eq!(browser.open(&old).status, 404);
    assert_eq!(browser.open(&new).status, 200);
    api.call("DELETE", &format!("/users/{user}/auth_link"))
        .with(204);
    assert_eq!(browser.open("/connect").status, 410);
    let id = new.rsplit_once('.').unwrap().0.to_owned();
    let guessed = [format!("{id}.{}", "0".repeat(32)), id, "/connect/x".into()];
    for wrong in guessed {
        assert_eq!(browser.open(&wrong).status, 404, "{wrong}");
    }
    until("guessing is slowed down", || {
        browser.open("/connect/x.0").status == 429
    });
}

#[test]
fn a_link_lapses_in_the_middle_of_a_sitting() {
    let short = "[api]\nauth_link_life = \"2s\"\n[sandbox]";
    let api = Api::on(Desk::empty(0.0).with("[sandbox]", short), &[]);
    let user = api.user();
    let address = link(&api, &user);
    let mut browser = Browser::new(&api);
    browser.open(&address);
    until("it lapses", || browser.open("/connect").status == 410);
    assert_eq!(browser.title(), "This link is no longer good");
    assert_eq!(browser.open(&address).status, 410);
    assert_eq!(browser.title(), "This link is no longer good");
}
