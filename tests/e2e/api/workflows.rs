//! The three workflows of an operator over HTTP: refresh only, purge then refresh, revoke. Each is the act that the
//! commands do, with the same lines in the audit.

use super::Api;
use crate::harness::text;
use serde_json::Value;

struct Held {
    accounts: usize,
    transactions: u64,
}

fn held(api: &Api, user: &str) -> Held {
    let accounts = api.get(&format!("/users/{user}/accounts")).with(200);
    let transactions = api
        .get(&format!("/users/{user}/transactions?limit=1"))
        .with(200);
    Held {
        accounts: accounts["data"].as_array().unwrap().len(),
        transactions: transactions["size"].as_u64().unwrap(),
    }
}

fn refreshed(api: &Api, path: &str) -> Value {
    let job = api.call("POST", &format!("{path}/refresh")).with(202);
    api.ended(&text(&job["id"]))
}

/// Actions of the API in the order they were done, with what became of them.
fn done(api: &Api, connection: &str) -> Vec<String> {
    let mut lines = api.audit();
    lines.reverse();
    let about = lines.into_iter().filter(|line| line.1 == connection);
    about
        .map(|(action, _, outcome, actor)| format!("{action} {outcome} by {actor}"))
        .collect()
}

#[test]
fn refresh_only() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let path = format!("/users/{user}/connections/{connection}");
    let before = held(&api, &user);
    let used = text(&api.get(&path).with(200)["lastUsed"]);
    let job = refreshed(&api, &path);
    assert!(
        job["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|s| s["status"] == "success")
    );
    let after = held(&api, &user);
    assert_eq!(after.accounts, before.accounts);
    assert!(after.transactions >= before.transactions);
    assert!(text(&api.get(&path).with(200)["lastUsed"]) >= used);
    let jobs = api.get(&format!("/users/{user}/jobs")).with(200);
    assert_eq!(
        (&jobs["size"], &jobs["data"][0]["id"]),
        (&2.into(), &job["id"])
    );
    assert_eq!(
        done(&api, &connection),
        ["connect done by tester", "refresh done by tester"]
    );
    api.desk.healthy();
}

#[test]
fn purge_then_refresh() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let path = format!("/users/{user}/connections/{connection}");
    let before = held(&api, &user);
    assert!(before.accounts > 0 && before.transactions > 0);
    let purged = api.call("POST", &format!("/connections/{connection}/purge"));
    assert_eq!((purged.status, purged.body.as_str()), (204, ""));
    let empty = held(&api, &user);
    assert_eq!((empty.accounts, empty.transactions), (0, 0));
    let one = api.get(&path).with(200);
    assert_eq!(one["status"], "active", "the connection stays");
    assert!(one.get("profile").is_none() && one["accounts"]["data"].as_array().unwrap().is_empty());
    // once more, by the other path, is harmless
    assert_eq!(api.call("POST", &format!("{path}/purge")).status, 204);
    let jobs = api.get(&format!("/users/{user}/jobs")).with(200);
    assert_eq!(jobs["size"], 1, "a purge has no job on the wire");
    refreshed(&api, &path);
    let after = held(&api, &user);
    assert_eq!(after.accounts, before.accounts);
    assert!(api.get(&path).with(200)["profile"].is_object());
    let lines = done(&api, &connection);
    let held = format!(
        "{} accounts, {} transactions",
        before.accounts, before.transactions
    );
    let purges = [
        "purge begun by tester".to_owned(),
        format!("purge done: {held}, 1 profile by tester"),
    ];
    assert_eq!(lines[1..3], purges, "{lines:?}");
    assert!(lines.iter().all(|line| line.ends_with("by tester")));
    // the first of them proves that all is gone
    let local = api.desk.rows(&["jobs", "kind:purge"]);
    let job = text(&local.last().unwrap()["id"]);
    let proof = api.desk.run(&["certificate", &job, "--verify"]);
    assert_eq!(proof.exit, 0, "{proof:?}");
    assert_eq!(api.get(&format!("/jobs/{job}")).status, 404);
    api.desk.healthy();
}

#[test]
fn revoke() {
    let api = Api::new();
    let user = api.user();
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let path = format!("/users/{user}/connections/{connection}");
    let before = held(&api, &user);
    assert_eq!(api.call("DELETE", &path).status, 204);
    let after = held(&api, &user);
    assert_eq!(
        (after.accounts, after.transactions),
        (before.accounts, before.transactions)
    );
    assert_eq!(api.call("DELETE", &path).status, 404);
    assert_eq!(
        done(&api, &connection),
        ["connect done by tester", "revoke done by tester"]
    );
    // the user can connect there again
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    api.desk.healthy();
}
