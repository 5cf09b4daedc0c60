//! Consents, identities and auth links.

use super::{Api, NOT_FOUND, refused};
use crate::harness::{Desk, text, until};
use serde_json::{Value, json};

const NO_USER: &str = "Requested user does not exist.";

#[test]
fn consents_are_listed_by_status_and_deleting_one_ends_all_that_hangs_on_it() {
    let api = Api::new();
    let (user, other) = (api.user(), api.user());
    let consents = format!("/users/{user}/consents");
    let none = api.get(&consents).with(200);
    assert_eq!((&none["size"], &none["data"]), (&json!(0), &json!([])));
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let listed = api.get(&consents).with(200);
    assert_eq!(listed["size"], 1);
    let consent = &listed["data"][0];
    let id = text(&consent["id"]);
    assert_eq!(
        (&consent["status"], &consent["origin"]),
        (&json!("active"), &json!("user"))
    );
    assert_eq!(
        consent["links"]["self"],
        format!("{}{consents}/{id}", api.url)
    );
    let size = |filter: &str| {
        let list = api.get(&format!("{consents}?filter={filter}")).with(200);
        list["size"].as_u64().unwrap()
    };
    assert_eq!(size("status.eq('active')"), 1);
    assert_eq!(size("consent.status.eq('revoked')"), 0);
    assert_eq!(
        api.get(&format!("{consents}?filter=id.eq('x')")).error(),
        refused(
            400,
            "parameter-not-valid",
            "The provided filter parameter is in invalid format or unsupported"
        )
    );
    let one = format!("{consents}/{id}");
    let operator = api.key("acts", "operator");
    assert_eq!(api.by(&operator, "DELETE", &one, None).status, 403);
    let missing = refused(404, "resource-not-found", NOT_FOUND);
    let elsewhere = format!("/users/{other}/consents/{id}");
    assert_eq!(api.call("DELETE", &elsewhere).error(), missing);
    assert_eq!(api.status(&user, &connection), "active");

    let gone = api.call("DELETE", &one);
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    assert_eq!(
        api.get(&format!("/users/{user}/connections/{connection}"))
            .error(),
        missing
    );
    let accounts = api.get(&format!("/users/{user}/accounts")).with(200);
    assert_eq!(accounts["data"], json!([]));
    let ended = api.get(&consents).with(200);
    assert_eq!(ended["data"][0]["status"], "revoked");
    assert!(!text(&ended["data"][0]["revoked"]).is_empty());
    assert_eq!(api.call("DELETE", &one).error(), missing);
    let done = api.audit();
    assert!(done.iter().any(|line| line.0 == "end-consent"), "{done:?}");
    api.desk.healthy();
}

#[test]
fn an_identity_is_the_profile_of_a_connection_unmasked() {
    let api = Api::new();
    let user = api.user();
    let identities = format!("/users/{user}/identities");
    assert_eq!(api.get(&identities).with(200)["count"], 0);
    let connection = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let whole = api
        .get(&format!("/users/{user}/connections/{connection}"))
        .with(200);
    let listed = api.get(&identities).with(200);
    assert_eq!(listed["count"], 1);
    let identity = &listed["data"][0];
    let mut profile = whole["profile"].clone();
    for address in profile["physicalAddresses"].as_array_mut().unwrap() {
        for line in address.as_object_mut().unwrap().values_mut() {
            // the platform's document has every line of an identity's address as a text
            if line.is_null() {
                *line = "".into();
            }
        }
    }
    for (field, value) in profile.as_object().unwrap() {
        assert_eq!(&identity[field], value, "{field}");
    }
    assert!(!text(&identity["fullName"]).is_empty());
    assert_eq!(
        (
            &identity["connectionID"],
            &identity["institutionID"],
            &identity["source"]
        ),
        (&json!(connection), &json!("AU00000"), &json!("web"))
    );
    let id = text(&identity["id"]);
    assert_eq!(&api.get(&format!("{identities}/{id}")).with(200), identity);
    let job = text(&identity["links"]["job"]);
    let job = api.get(job.strip_prefix(&api.url).unwrap()).with(200);
    assert_eq!(
        job["links"]["source"],
        format!("{}/users/{user}/connections/{connection}", api.url)
    );
    let missing = refused(404, "resource-not-found", NOT_FOUND);
    assert_eq!(api.get(&format!("{identities}/nothing")).error(), missing);
    assert_eq!(
        api.get("/users/nobody/identities").error(),
        refused(404, "resource-not-found", NO_USER)
    );
    // it goes with the data
    api.call(
        "POST",
        &format!("/users/{user}/connections/{connection}/purge"),
    )
    .with(204);
    assert_eq!(api.get(&identities).with(200)["count"], 0);
    assert_eq!(api.get(&format!("{identities}/{id}")).error(), missing);
}

fn path(link: &Value) -> String {
    text(&link["links"]["public"])
}

#[test]
fn an_auth_link_is_made_shown_replaced_and_deleted() {
    let api = Api::new();
    let user = api.user();
    let own = format!("/users/{user}/auth_link");
    let missing = refused(404, "resource-not-found", NOT_FOUND);
    assert_eq!(api.get(&own).error(), missing);
    assert_eq!(api.call("DELETE", &own).error(), missing);
    // the user has no mobile
    let required = "Mobile parameter is required.";
    let without = api.call("POST", &own);
    assert_eq!(
        without.error(),
        refused(400, "parameter-not-supplied", required)
    );
    assert_eq!(
        without.json()["data"][0]["source"],
        json!({"pointer": "auth_link/mobile", "parameter": "mobile"})
    );
    let bad = api.post(&own, &json!({"mobile": "call me"}));
    assert_eq!(
        bad.error(),
        refused(
            400,
            "parameter-not-valid",
            "Provided mobile is in bad format."
        )
    );
    assert_eq!(
        bad.json()["data"][0]["source"]["pointer"],
        "auth_link/mobile"
    );
    assert_eq!(api.post(&own, &json!({"phone": "1"})).status, 422);
    api.post(
        &format!("/users/{user}"),
        &json!({"mobile": "+61400111222"}),
    )
    .with(200);
    let made = api.call("POST", &own).with(201);
    assert_eq!(
        (&made["type"], &made["userId"], &made["mobile"]),
        (&json!("auth_link"), &json!(user), &json!("+61400111222"))
    );
    assert_eq!(made["links"]["self"], format!("{}{own}", api.url));
    assert_eq!(api.get(&own).with(200), made);
    // what is given wins over the user's own, and a new link ends the one before
    let other = api.post(&own, &json!({"mobile": "+61400111333"})).with(201);
    assert_eq!(other["mobile"], "+61400111333");
    assert_ne!(path(&other), path(&made));
    assert_eq!(api.get(&path(&made)).status, 404);
    // who only reads does not get what opens the page
    let viewer = api.key("looks", "viewer");
    assert_eq!(api.by(&viewer, "GET", &own, None).status, 403);
    let last = path(&other).rsplit_once('/').unwrap().1.to_owned();
    let (_, code) = last.rsplit_once('.').unwrap();
    for (file, bytes) in api.desk.files() {
        let held = bytes.windows(code.len()).any(|w| w == code.as_bytes());
        assert!(!held, "{}", file.display());
    }
    // the commands show the same link
    let shown = api.desk.document(&["auth-link", "show", &user]);
    assert_eq!(
        path(&other),
        format!("{}{}", api.url, text(&shown["links"]["public"]))
    );
    api.call("DELETE", &own).with(204);
    assert_eq!(api.get(&own).error(), missing);
    for call in ["GET", "POST", "DELETE"] {
        let nobody = api.call(call, "/users/nobody/auth_link");
        assert_eq!(
            nobody.error(),
            refused(404, "resource-not-found", NO_USER),
            "{call}"
        );
    }
}

#[test]
fn an_auth_link_lapses() {
    let short = Desk::empty(0.0).with("[sandbox]", "[api]\nauth_link_life = \"100ms\"\n[sandbox]");
    let api = Api::on(short, &[]);
    let user = api.user();
    let own = format!("/users/{user}/auth_link");
    let made = api.post(&own, &json!({"mobile": "+61400111222"})).with(201);
    until("it lapses", || api.get(&own).status == 410);
    assert_eq!(
        api.get(&own).error(),
        refused(
            410,
            "resource-no-longer-available",
            "Requested resource is no longer available"
        )
    );
    assert_eq!(api.get(&path(&made)).status, 410);
}
