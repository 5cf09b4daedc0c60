//! The consent page, walked through as a browser would.

use super::browser::Browser;
use super::{Api, refused};
use crate::harness::{Desk, text, until};
use serde_json::{Value, json};

fn returning() -> Api {
    let api = "[api]\nreturn_url = \"https://app.example.test/back?from=bank\"\n[sandbox]";
    let desk = Desk::empty(0.0)
        .with("mfa_expiry = \"1s\"", "mfa_expiry = \"1m\"")
        .with("[sandbox]", api);
    Api::on(desk, &[])
}

/// The address of the flow for a user.
pub(super) fn home(api: &Api, user: &str, more: &str) -> String {
    let made = api.desk.run(&["apikey", "create", "app"]);
    let key = match made.exit {
        0 => made.out.trim().to_owned(),
        _ => {
            api.desk.document(&["apikey", "revoke", "app"]);
            let made = api.desk.document(&["apikey", "create", "app"]);
            text(&made["key"])
        }
    };
    let token = api.token_of(&key, &format!("scope=CLIENT_ACCESS&userId={user}"));
    format!("/home?token={token}{more}")
}

fn link(api: &Api, user: &str) -> String {
    let made = api.post(
        &format!("/users/{user}/auth_link"),
        &json!({"mobile": "+61400111222"}),
    );
    text(&made.with(201)["links"]["public"])
}

fn connections(api: &Api, user: &str) -> Vec<Value> {
    let list = api.get(&format!("/users/{user}/connections")).with(200);
    list["data"].as_array().unwrap().clone()
}

pub(super) fn only(api: &Api, user: &str) -> Value {
    let all = connections(api, user);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

const AGREE: &[(&str, &str)] = &[("answer", "agree")];

#[test]
fn a_first_consent_and_two_banks_in_one_sitting_go_back_to_the_app() {
    let api = returning();
    let user = api.user();
    let mut browser = Browser::new(&api);
    browser.open(&home(&api, &user, "&action=null&state=a%26b"));
    assert_eq!(browser.at, "/connect", "no token is left in the address");
    assert_eq!(browser.title(), "Share your bank data?");
    assert!(browser.page.body.contains("365 days"));
    // no bank is asked before that
    browser.open("/connect/banks/AU00000/web");
    assert_eq!(browser.title(), "Share your bank data?");
    browser.send("/connect/agree", AGREE);
    assert_eq!(browser.title(), "Choose your bank");
    assert!(browser.page.body.contains(">Hooli</a>"));
    browser.open("/connect/banks/AU00000");
    assert!(browser.page.body.contains("agree at the bank"));
    browser.sign_in("AU00000", "gavinBelson", "hooli2016");
    browser.wait("Hooli is connected");
    let first = browser.last();
    // the second asks a question, and once more after a wrong number of answers
    browser.open("/connect/banks/AU00002");
    assert_eq!(browser.title(), "Connect Pied Piper Bank");
    browser.sign_in("AU00002", "jared", "django");
    browser.wait("Pied Piper Bank asks");
    let second = browser.last();
    let question = format!("/connect/jobs/{second}");
    assert_eq!(browser.send(&question, &[("answer", "")]).status, 400);
    browser.send(&question, &[("answer", "1234")]);
    browser.wait("Pied Piper Bank is connected");
    assert!(!browser.page.body.contains("1234"));
    browser.send("/connect/finish", &[("all", "no")]);
    assert_eq!(
        browser.at,
        format!(
            "https://app.example.test/back?from=bank&jobId={first}&jobIds={first}%2C{second}&state=a%26b"
        )
    );
    let policy = browser.page.header("content-security-policy").unwrap();
    assert!(policy.contains("form-action 'self' https://app.example.test;"));
    assert_eq!(browser.open("/connect").status, 403, "the sitting is over");
    let all = connections(&api, &user);
    assert!(all.iter().all(|c| c["status"] == "active") && all.len() == 2);
    let consents = api.get(&format!("/users/{user}/consents")).with(200);
    assert_eq!(consents["size"], 1);
    let rows = api.desk.rows(&["audit", "--action", "connect"]);
    let by = |row: &Value| (text(&row["face"]), text(&row["actor"]));
    assert_eq!(by(&rows[0]), ("page".to_owned(), "app".to_owned()));
    // who has agreed before is not asked again
    browser.open(&home(&api, &user, "&action=connect&institutionId=AU00003"));
    assert_eq!(browser.title(), "Connect Nucleus Bank");
    api.desk.healthy();
}

#[test]
fn an_auth_link_serves_one_sitting_with_several_banks() {
    let api = Api::new();
    let user = api.user();
    let address = link(&api, &user);
    let mut browser = Browser::new(&api);
    browser.open(&address);
    assert_eq!(browser.at, "/connect");
    // who does not agree has not used it
    browser.send("/connect/agree", &[("answer", "decline")]);
    assert_eq!(browser.title(), "Done");
    assert!(connections(&api, &user).is_empty());
    browser.open(&address);
    browser.send("/connect/agree", AGREE);
    let bank = "/connect/banks/AU00000/openbanking";
    browser.open(bank);
    browser.send(bank, &[]);
    let answer = format!("{}/answer", browser.at);
    browser.send(&answer, &[("answer", "authorise")]);
    browser.wait("Hooli is connected");
    let own = format!("/users/{user}/auth_link");
    assert_eq!(api.get(&own).status, 404, "it was used");
    let mut other = Browser::new(&api);
    assert_eq!(other.open(&address).status, 404);
    assert_eq!(other.title(), "This link is no longer good");
    // the sitting goes on
    browser.sign_in("AU00002", "jared", "django");
    browser.wait("Pied Piper Bank asks");
    let question = browser.at.clone();
    browser.send(&question, &[("answer", "1234")]);
    browser.wait("Pied Piper Bank is connected");
    browser.send("/connect/finish", &[("all", "yes")]);
    assert_eq!(browser.title(), "Done");
    let methods: Vec<_> = connections(&api, &user)
        .iter()
        .map(|c| (text(&c["method"]), text(&c["status"])))
        .collect();
    let active = |method: &str| (method.to_owned(), "active".to_owned());
    assert_eq!(methods, [active("openbanking"), active("web")]);
    let rows = api.desk.rows(&["audit", "--action", "connect"]);
    assert_eq!(rows[0]["actor"], "auth-link");
    // the user may say that there are no more accounts without adding one
    let address = link(&api, &user);
    browser.open(&address);
    browser.sign_in("AU00000", "", "");
    assert_eq!(browser.page.status, 400);
    assert!(
        browser
            .page
            .body
            .contains("Login ID parameter is required.")
    );
    assert_eq!(api.get(&own).status, 200, "nothing was begun");
    api.desk.healthy();
}

#[test]
fn a_refusal_ends_it_and_leaving_changes_nothing() {
    let api = Api::new();
    let user = api.user();
    let address = link(&api, &user);
    let mut browser = Browser::new(&api);
    browser.open(&address);
    browser.send("/connect/agree", AGREE);
    let bank = "/connect/banks/AU00000/openbanking";
    browser.open(bank);
    browser.send(bank, &[]);
    let question = browser.at.clone();
    let answer = format!("{question}/answer");
    browser.send(&answer, &[("answer", "abandon")]);
    assert_eq!(browser.title(), "Hooli was told nothing");
    assert_eq!(browser.at, answer, "going back shows it again");
    assert_eq!(browser.open(&answer).status, 200);
    assert_eq!(only(&api, &user)["status"], "pre-init");
    // the link is still good, and the same connection is gone through again
    let mut later = Browser::new(&api);
    later.open(&address);
    assert_eq!(later.title(), "Choose your bank");
    later.open(bank);
    later.send(bank, &[]);
    assert_eq!(later.at, question);
    later.send(&answer, &[("answer", "deny")]);
    later.wait("Hooli is not connected");
    assert!(
        later.page.body.contains("Your bank did not give us access"),
        "{:?}",
        later.page
    );
    assert_eq!(only(&api, &user)["status"], "invalid");
    // and the user may allow it after all
    assert!(!later.page.body.contains("access_denied"), "a code");
    later.open(&question);
    later.send(&answer, &[("answer", "authorise")]);
    later.wait("Hooli is connected");
    assert_eq!(only(&api, &user)["status"], "active");
}

#[test]
fn a_connection_is_mended_by_a_new_password_or_a_new_permission() {
    let api = Api::new();
    let user = api.user();
    let broken = api.connected(&user, "gavinBelson", "wrong", "AU00000");
    assert_eq!(api.status(&user, &broken), "invalid");
    let mut browser = Browser::new(&api);
    let to = format!("&action=connect&connectionId={broken}&state=s");
    browser.open(&home(&api, &user, &to));
    assert_eq!(browser.title(), "Sign in at Hooli again");
    let form = format!("/connect/connections/{broken}");
    assert_eq!(browser.send(&form, &[("password", "")]).status, 400);
    assert!(browser.page.body.contains("Password value is not valid"));
    browser.send(&form, &[("password", "still wrong")]);
    browser.wait("Hooli is not connected");
    browser.open(&form);
    browser.send(&form, &[("password", "hooli2016")]);
    browser.wait("Hooli is connected");
    assert_eq!(api.status(&user, &broken), "active");

    let other = api.user();
    let body = json!({"method": "openbanking", "institution": {"id": "AU00000"}});
    api.post(&format!("/users/{other}/connections"), &body)
        .with(202);
    let id = text(&only(&api, &other)["id"]);
    api.desk.document(&["sandbox", "authorise", &id]);
    until("it is active", || api.status(&other, &id) == "active");
    let before = text(&only(&api, &other)["expiryDate"]);
    browser.open(&home(&api, &other, "&action=reauthorise"));
    assert_eq!(browser.title(), "What you share");
    browser.open(&format!("/connect/connections/{id}"));
    assert!(browser.page.body.contains("You allowed this before"));
    let answer = format!("/connect/connections/{id}/answer");
    browser.send(&answer, &[("answer", "authorise")]);
    browser.wait("Hooli is connected");
    let after = text(&only(&api, &other)["expiryDate"]);
    assert!(after >= before, "{after} {before}");
    let accounts = api.get(&format!("/users/{other}/accounts")).with(200);
    assert!(accounts["count"].as_u64() > Some(0));
}

#[test]
fn a_user_extends_and_ends_what_is_shared() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let mut browser = Browser::new(&api);
    browser.open(&home(&api, &user, "&action=manage"));
    assert_eq!(browser.title(), "What you share");
    assert!(browser.page.body.contains("Hooli</strong>: works"));
    browser.send("/connect/manage/extend", &[]);
    assert_eq!(api.desk.audited("extend-consent"), 1);
    browser.open("/connect/manage/end");
    browser.send("/connect/manage/end", &[]);
    assert_eq!(browser.title(), "You share nothing now");
    assert_eq!(browser.at, "/connect/manage/ended");
    assert_eq!(browser.open("/connect/manage/ended").status, 200);
    let one = format!("/users/{user}/connections/{connection}");
    assert_eq!(
        api.get(&one).error(),
        refused(404, "resource-not-found", super::NOT_FOUND)
    );
    let accounts = api.get(&format!("/users/{user}/accounts")).with(200);
    assert_eq!(accounts["count"], 0);
    api.desk.healthy();
}

#[test]
fn a_failure_is_told_in_words_for_its_user_and_with_what_can_be_done() {
    let api = Api::new();
    let user = api.user();
    let mut browser = Browser::new(&api);
    browser.open(&home(&api, &user, ""));
    browser.send("/connect/agree", AGREE);
    let locked = "Your bank has locked your account.";
    let act = "Sign in there, follow what it asks, and then try again here.";
    for (login, password, told) in [
        ("nobody", "x", "Your bank did not accept the sign-in."),
        ("bighead", "password", locked),
        ("erlich", "aviato", act),
        ("jianYang", "nothotdog", "Your details with us are fine"),
    ] {
        browser.sign_in("AU00000", login, password);
        browser.wait("Hooli is not connected");
        let body = &browser.page.body;
        assert!(body.contains(told), "{login}: {body}");
        assert!(body.contains(">Try another password<"), "{body}");
    }
    browser.sign_in("AU00002", "jared", "django");
    browser.wait("Pied Piper Bank asks");
    let question = browser.at.clone();
    browser.send(&question, &[("answer", "9999")]);
    browser.wait("Pied Piper Bank is not connected");
    let body = &browser.page.body;
    assert!(body.contains("Your bank did not accept the answer."));
    assert!(
        body.contains(">Try again<") && !body.contains("another password"),
        "{body}"
    );
    // what only open banking has, and what comes after an end, lead back where there is neither
    let jobs = api.get(&format!("/users/{user}/connections")).with(200);
    let web = text(&jobs["data"][0]["id"]);
    browser.open(&format!("/connect/connections/{web}/answer"));
    assert_eq!(browser.at, format!("/connect/connections/{web}"));
    browser.open("/connect/manage/ended");
    assert_eq!(browser.at, "/connect/manage");
}
