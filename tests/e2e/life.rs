//! Everything that can happen to a user and their connections, by every command that changes something, from the import
//! to the deletion.

use super::harness::{fed, purge_words, text};
use super::live::{Beside, import};
use serde_json::{Value, json};

pub(super) fn one_life(beside: &mut Beside<'_>, round: usize) {
    let user = by_documents(beside, round);
    web(beside, &user);
    asked(beside, &user);
    open_banking(beside, &user);
    moved(beside, &user);
    offboarded(beside, &user);
}

/// By documents: a user, a connection, what changed of it, and a bank that is renamed.
pub(super) fn by_documents(beside: &mut Beside<'_>, round: usize) -> String {
    let desk = beside.desk;
    let (user, imported) = (format!("user-{round:03}"), format!("conn-{round:03}"));
    let person = json!({"type": "user", "id": user, "email": "ada@example.test", "firstName": "Ada",
        "lastName": "Byron"});
    let connection = |status: &str, day: &str| {
        json!({"type": "connection", "id": imported, "status": status, "createdDate": "2026-01-01T00:00:00Z",
            "lastUsed": format!("2026-02-{day}T00:00:00Z"), "institution": {"id": "AU00000"},
            "links": {"user": format!("/users/{user}")}})
    };
    let done = import(desk, &[person, connection("active", "01")]);
    beside.after("an import", &done);
    let done = import(desk, &[connection("invalid", "02")]);
    beside.after("an import of what changed", &done);
    let bank = json!({"type": "institution", "id": "AU00000", "name": format!("Hooli {round}")});
    let done = import(desk, &[bank]);
    beside.after("a bank that is renamed", &done);
    let name = format!("Nova{round}");
    beside.runs(&["user", "update", &user, "--first-name", &name]);
    let words = format!("delete {}", &user[user.len() - 3..]);
    beside.runs(&[
        "user",
        "delete",
        &user,
        "--confirm",
        &words,
        "--reason",
        "r",
    ]);
    let email = format!("made{round}@example.test");
    let words = [
        "user",
        "create",
        "--email",
        &email,
        "--mobile",
        "+61400333444",
        "--json",
    ];
    let made = beside.runs(&words);
    text(&made.document()["id"])
}

/// The connection of the job that a command printed.
fn connection_of(job: &Value) -> String {
    text(&job["connectionId"])
}

fn connect(beside: &mut Beside<'_>, user: &str, bank: &str, login: &str, password: &str) -> Value {
    let words = [
        "connect",
        "--user",
        user,
        "--institution",
        bank,
        "--login-id",
        login,
        "--password-stdin",
        "--json",
    ];
    let done = fed(beside.desk, &words, &format!("{password}\n"));
    beside.after(&format!("connect {bank}"), &done);
    beside.runs(&["work", "--until-idle"]);
    done.document()
}

/// A web connection: connected, signed in anew, refreshed alone and by plan, its bank down and up, purged, revoked.
fn web(beside: &mut Beside<'_>, user: &str) {
    let job = connect(beside, user, "AU00004", "gavinBelson", "hooli2016");
    let id = connection_of(&job);
    let words = [
        "update-credentials",
        &id,
        "--password-stdin",
        "--wait",
        "--json",
    ];
    let done = fed(beside.desk, &words, "hooli2016\n");
    beside.after("update-credentials", &done);
    beside.runs(&["refresh", &id, "--force-recent", "--wait"]);
    for state in ["degraded-performance", "operational"] {
        beside.runs(&["sandbox", "health", "AU00004", state]);
    }
    for length in ["20m", "0s"] {
        beside.runs(&["sandbox", "outage", "AU00004", "--for", length]);
    }
    beside.runs(&["purge", &id, "--confirm", &purge_words(&id)]);
    let plan = beside.runs(&["revoke", &id, "--plan", "--json"]).document();
    beside.runs(&[
        "apply",
        &text(&plan["id"]),
        "--confirm",
        "revoke 1",
        "--reason",
        "r",
    ]);
}

/// A bank that asks its user, who answers.
fn asked(beside: &mut Beside<'_>, user: &str) {
    let job = connect(beside, user, "AU00002", "jared", "django");
    let job = text(&job["id"]);
    assert_eq!(beside.desk.job(&job)["state"], "waiting-mfa");
    beside.runs(&["answer", &job, "1234"]);
    beside.runs(&["work", "--until-idle"]);
    assert_eq!(beside.desk.job(&job)["state"], "succeeded");
}

/// A user who leaves the bank's page, refuses there, and agrees in the end, with a link that is made and deleted.
fn open_banking(beside: &mut Beside<'_>, user: &str) {
    let words = [
        "connect",
        "--user",
        user,
        "--institution",
        "AU10003",
        "--method",
        "openbanking",
        "--json",
    ];
    let id = connection_of(&beside.runs(&words).document());
    beside.runs(&["auth-link", "create", user]);
    beside.runs(&["auth-link", "delete", user]);
    beside.runs(&["work", "--until-idle"]);
    for part in ["abandon", "deny", "authorise"] {
        beside.runs(&["sandbox", part, &id]);
        beside.runs(&["work", "--until-idle"]);
    }
    assert_eq!(beside.desk.connection(&id)["label"], "Active");
}

/// From web to open banking.
fn moved(beside: &mut Beside<'_>, user: &str) {
    let job = connect(beside, user, "AU10001", "Whistler", "ShowBox");
    let id = connection_of(&job);
    let plan = beside.desk.document(&["migrate", &id, "--dry-run"]);
    let words = text(&plan["confirm"]);
    beside.runs(&["migrate", &id, "--confirm", &words, "--reason", "r"]);
    beside.runs(&["work", "--until-idle"]);
}

/// The consent is extended and ended; what is left is erased; the user goes.
fn offboarded(beside: &mut Beside<'_>, user: &str) {
    let consents = beside.desk.rows(&["consents", "--user", user]);
    let open = |consent: &&Value| consent["status"] == "active";
    let consent = text(&consents.iter().find(open).unwrap()["id"]);
    beside.runs(&["consent", "extend", &consent, "--reason", "r"]);
    let ending = |beside: &mut Beside<'_>, command: &[&str]| {
        let plan = beside.desk.document(&[command, &["--dry-run"]].concat());
        let words = text(&plan["confirm"]);
        beside.runs(&[command, &["--confirm", &words, "--reason", "r"]].concat());
    };
    ending(beside, &["consent", "end", &consent]);
    let job = connect(beside, user, "AU00004", "gavinBelson", "hooli2016");
    assert_eq!(beside.desk.job(&text(&job["id"]))["state"], "succeeded");
    ending(beside, &["erase", "--user", user]);
    beside.runs(&["doctor", "--fix-counts"]);
    ending(beside, &["user", "delete", user]);
}
