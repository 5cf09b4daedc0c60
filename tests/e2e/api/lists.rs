//! Lists of connections, jobs, connectors and institutions, and their filters.

use super::{Api, refused};
use crate::harness::{text, until};
use serde_json::{Value, json};

#[test]
fn refresh_all_asks_for_every_connection_that_can_be_refreshed() {
    let api = Api::new();
    let user = api.user();
    let path = format!("/users/{user}/connections/refresh");
    assert_eq!(
        api.call("POST", &path).with(202),
        json!({"type": "list", "data": []})
    );
    api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    api.connected(&user, "bighead", "password", "AU00000");
    let open = json!({"method": "openbanking", "institution": {"id": "AU10001"}});
    let _ = api.post(&format!("/users/{user}/connections"), &open);
    let jobs = api.post(&path, &json!({})).with(202);
    assert_eq!(jobs["data"].as_array().unwrap().len(), 2, "{jobs}");
    let listed = || api.get(&format!("/users/{user}/jobs")).with(200);
    until("both ended", || {
        let jobs = listed();
        let open = |job: &Value| {
            let steps = job["steps"].as_array().unwrap();
            !steps.iter().any(|s| s["status"] == "failed")
                && steps.iter().any(|s| s["status"] != "success")
        };
        let web = |job: &&Value| job["institution"]["id"] == "AU00000";
        !jobs["data"]
            .as_array()
            .unwrap()
            .iter()
            .filter(web)
            .any(open)
    });
    let all = listed();
    assert_eq!(all["size"], all["data"].as_array().unwrap().len());
    let created: Vec<String> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|j| text(&j["created"]))
        .collect();
    assert!(
        created.is_sorted_by(|a, b| a >= b),
        "newest first: {created:?}"
    );
    let nobody = api
        .call("POST", "/users/nobody/connections/refresh")
        .error();
    assert_eq!(
        nobody,
        refused(404, "resource-not-found", "Requested user does not exist.")
    );
}

#[test]
fn lists_are_filtered_and_a_filter_that_is_none_is_400() {
    let api = Api::new();
    let user = api.user();
    let active = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let failed = api.connected(&user, "bighead", "password", "AU00000");
    let ids = |what: &str, filter: &str| -> Vec<String> {
        let listed = api
            .get(&format!("/users/{user}/{what}?filter={filter}"))
            .with(200);
        let ids = listed["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| text(&row["id"]));
        ids.collect()
    };
    for (filter, found) in [
        ("connection.status.eq('active')", vec![&active]),
        ("status.eq('invalid')", vec![&failed]),
        ("connection.status.eq('failed')", vec![]),
        ("institution.id.eq('AU00000')", vec![&active, &failed]),
        ("institution.id.eq('AU00002')", vec![]),
        ("connection.id.eq('nothing')", vec![]),
        (
            "status.eq('active'),institution.id.eq('AU00000')",
            vec![&active],
        ),
        ("status.eq('active'),status.eq('invalid')", vec![]),
        ("status%2Eeq%28%27active%27%29", vec![&active]),
    ] {
        assert_eq!(
            ids("connections", filter).iter().collect::<Vec<_>>(),
            found,
            "{filter}"
        );
    }
    assert_eq!(
        ids("connections", &format!("id.eq('{failed}')")),
        std::slice::from_ref(&failed)
    );
    assert_eq!(
        ids("jobs", &format!("connection.id.eq('{failed}')")).len(),
        1
    );
    let bad = "The provided filter parameter is in invalid format or unsupported";
    for path in [
        format!("/users/{user}/connections?filter=status"),
        format!("/users/{user}/connections?filter=status.like('a')"),
        format!("/users/{user}/connections?filter=user.name.eq('a')"),
        format!("/users/{user}/jobs?filter=status.eq('a')"),
        format!("/users/{user}/accounts?filter=account.id.gt('a')"),
        format!("/users/{user}/transactions?filter=transaction.amount.gt('a')"),
        "/connectors?filter=connector.mood.eq('a')".into(),
    ] {
        let came = api.get(&path);
        assert_eq!(
            came.error(),
            refused(400, "parameter-not-valid", bad),
            "{path}"
        );
        assert_eq!(
            came.json()["data"][0]["source"],
            json!({"parameter": "filter"})
        );
    }
}

#[test]
fn connectors_and_institutions_are_listed_with_a_token_or_publicly() {
    let api = Api::new();
    let all = api.get("/connectors").with(200);
    assert_eq!(all["totalCount"], all["data"].as_array().unwrap().len());
    let public = api.send("GET", "/public/connectors", &[], None).with(200);
    assert_eq!(public["data"], all["data"]);
    assert_eq!(api.send("GET", "/connectors", &[], None).status, 401);
    let one = api.get("/connectors/AU00002/web").with(200);
    assert_eq!(
        (&one["type"], &one["authorization"]["type"]),
        (&json!("connector"), &json!("user-mfa"))
    );
    assert_eq!(
        api.send("GET", "/public/connectors/AU00002/web", &[], None)
            .with(200)["id"],
        one["id"]
    );
    let asking = api.get(
        "/connectors?filter=connector.authorization.type.in('user-mfa','user-mfa-intermittent')",
    );
    let asking = asking.with(200);
    let banks: Vec<String> = asking["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| text(&c["id"]))
        .collect();
    assert!(
        banks.contains(&"AU00002".to_owned()) && banks.contains(&"AU00003".to_owned()),
        "{banks:?}"
    );
    let bank = api.get("/institutions/AU00000").with(200);
    assert_eq!(
        (&bank["type"], &bank["name"]),
        (&json!("institution"), &json!("Hooli"))
    );
    let listed = api.get("/institutions/").with(200);
    assert_eq!(
        listed["data"],
        api.send("GET", "/public/institutions", &[], None).with(200)["data"]
    );
}
