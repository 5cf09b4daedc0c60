//! Plans over the API: counted, confirmed, carried out and cancelled as by the commands.

use super::{Api, refused};
use crate::harness::text;
use serde_json::{Value, json};

const PLANS: &str = "/switchboard/v1/plans";

/// A server with two active connections of one user at two banks.
fn two() -> (Api, String, [String; 2]) {
    let api = Api::new();
    let user = api.user();
    let first = api.connected(&user, "gavinBelson", "hooli2016", "AU00000");
    let second = api.connected(&user, "gavinBelson", "hooli2016", "AU00004");
    (api, user, [first, second])
}

fn planned(api: &Api, action: &str, ids: &[String]) -> Value {
    api.post(PLANS, &json!({"action": action, "connectionIds": ids}))
        .with(201)
}

fn outcomes(plan: &Value) -> Vec<(String, String)> {
    let items = plan["items"].as_array().unwrap().iter();
    items
        .map(|item| (text(&item["connectionId"]), text(&item["outcome"])))
        .collect()
}

fn at(plan: &Value, what: &str) -> String {
    format!("{PLANS}/{}{what}", text(&plan["id"]))
}

fn accounts(api: &Api, user: &str) -> usize {
    let found = api.get(&format!("/users/{user}/accounts")).with(200);
    found["data"].as_array().unwrap().len()
}

#[test]
fn a_plan_changes_nothing_until_it_is_confirmed_and_is_the_plan_of_the_commands() {
    let (api, user, ids) = two();
    let plan = planned(&api, "purge", &[ids.as_slice(), &ids[..1]].concat());
    assert_eq!(plan["totals"]["items"], 2, "named twice, it is one");
    let had = accounts(&api, &user);
    for (body, detail, parameter) in [
        (
            json!({}),
            "The words that confirm it are: purge 2. Nothing was changed.",
            "confirm",
        ),
        (
            json!({"confirm": "purge 3", "reason": "left"}),
            "The words that confirm it are: purge 2. Nothing was changed.",
            "confirm",
        ),
        (
            json!({"confirm": "purge 2", "reason": " "}),
            "A purge of more than one needs a reason. Nothing was changed.",
            "reason",
        ),
    ] {
        let came = api.post(&at(&plan, "/apply"), &body);
        assert_eq!(came.error(), refused(400, "confirmation-missing", detail));
        assert_eq!(came.json()["data"][0]["source"]["parameter"], parameter);
    }
    assert_eq!(accounts(&api, &user), had);
    let read = api.get(&at(&plan, "")).with(200);
    assert_eq!(read["items"], plan["items"]);
    let of_command = api.desk.document(&["plan", &text(&plan["id"])]);
    for field in [
        "id", "action", "stage", "totals", "items", "banks", "confirm",
    ] {
        assert_eq!(read[field], of_command[field], "{field}");
    }
    let confirmed = json!({"confirm": "Purge  2", "reason": "left"});
    let done = api.post(&at(&plan, "/apply"), &confirmed).with(200);
    let all_done = ids.each_ref().map(|id| (id.clone(), "done".to_owned()));
    assert_eq!(
        (outcomes(&done).as_slice(), &done["reason"]),
        (all_done.as_slice(), &json!("left"))
    );
    assert_eq!(accounts(&api, &user), 0);
    let again = api.post(&at(&plan, "/apply"), &confirmed).with(200);
    assert_eq!(
        again["items"], done["items"],
        "it is over, and nothing is done twice"
    );
    let listed = api.get(PLANS).with(200);
    assert_eq!(
        (&listed["size"], &listed["data"][0]["stage"]),
        (&json!(1), &json!("finished"))
    );
    let id = text(&plan["id"]);
    let lines = api.audit().into_iter();
    let lines = lines.filter(|(_, target, ..)| *target == id);
    let lines: Vec<_> = lines
        .map(|(action, _, outcome, by)| (action, outcome, by))
        .collect();
    let line =
        |action: &str, outcome: &str| (action.to_owned(), outcome.to_owned(), "tester".to_owned());
    for expected in [
        line("plan", "made: purge 2, 2 in all"),
        line("purge", "refused: confirmation-missing"),
        line("apply", "begun: purge 2"),
        line("apply", "done"),
    ] {
        assert!(lines.contains(&expected), "{expected:?} in {lines:?}");
    }
}

#[test]
fn what_changed_since_the_plan_is_skipped_and_named() {
    let (api, user, ids) = two();
    let plan = planned(&api, "revoke", &ids);
    let path = format!("/users/{user}/connections/{}", ids[0]);
    api.call("POST", &format!("{path}/purge")).with(204);
    let body = json!({"confirm": "revoke 2", "reason": "left"});
    let done = api.post(&at(&plan, "/apply"), &body).with(200);
    let [first, second] = [&done["items"][0], &done["items"][1]];
    assert_eq!(
        (&first["outcome"], &second["outcome"]),
        (&json!("skipped"), &json!("done"))
    );
    assert!(text(&first["reason"]).starts_with("changed: "), "{first}");
    assert_eq!(api.status(&user, &ids[0]), "active");
}

#[test]
fn a_plan_of_a_filter_or_a_user_is_read_in_pages() {
    let (api, user, ids) = two();
    let of_user = json!({"action": "refresh", "userId": user, "forceRecent": true});
    let plan = api.post(PLANS, &of_user).with(201);
    let mut seen = vec![];
    let mut path = format!("{}?limit=1", at(&plan, ""));
    loop {
        let page = api.get(&path).with(200);
        assert_eq!(page["totals"], plan["totals"]);
        seen.extend(outcomes(&page).into_iter().map(|(id, _)| id));
        let Some(next) = page["links"]["next"].as_str() else {
            break;
        };
        path = next.strip_prefix(&api.url).unwrap().to_owned();
    }
    seen.sort();
    let mut all = ids.to_vec();
    all.sort();
    assert_eq!(seen, all);
    let of_filter = json!({"action": "purge", "filter": "bank:AU00004"});
    let other = api.post(PLANS, &of_filter).with(201);
    assert_eq!(outcomes(&other), [(ids[1].clone(), "would-run".into())]);
    let cursor = api.get(&format!("{}?limit=1", at(&plan, ""))).with(200);
    let cursor = text(&cursor["links"]["next"]);
    let cursor = cursor.split_once("next=").unwrap().1;
    let foreign = api.get(&format!("{}?next={cursor}", at(&other, "")));
    assert_eq!(foreign.error().2, "Next value is not valid");
    let none = api.post(
        PLANS,
        &json!({"action": "purge", "filter": "status:pending"}),
    );
    let none = none.with(200);
    assert_eq!(
        (&none["id"], &none["totals"]["items"]),
        (&Value::Null, &json!(0))
    );
}

#[test]
fn a_cancelled_plan_is_over_and_a_viewer_neither_makes_nor_applies_one() {
    let (api, user, ids) = two();
    let plan = planned(&api, "purge", &ids);
    let viewer = api.key("watcher", "viewer");
    let had = accounts(&api, &user);
    for (path, body) in [
        (
            PLANS.to_owned(),
            json!({"action": "purge", "connectionIds": ids}),
        ),
        (
            at(&plan, "/apply"),
            json!({"confirm": "purge 2", "reason": "left"}),
        ),
        (at(&plan, "/cancel"), json!({})),
    ] {
        let came = api.by(&viewer, "POST", &path, Some(&body));
        let (status, code, detail) = came.error();
        assert_eq!((status, code.as_str()), (403, "forbidden-access"));
        assert!(detail.contains("the role operator"), "{detail}");
    }
    api.by(&viewer, "GET", &at(&plan, ""), None).with(200);
    // what needs an operator is done by one
    let operator = api.key("worker", "operator");
    let mine = api.by(
        &operator,
        "POST",
        PLANS,
        Some(&json!({"action": "refresh", "connectionIds": ids, "forceRecent": true})),
    );
    let mine = mine.with(201);
    let applied = api.by(
        &operator,
        "POST",
        &at(&mine, "/apply"),
        Some(&json!({"confirm": "refresh 2"})),
    );
    assert_eq!(applied.with(200)["stage"], "finished");
    let reason = json!({"reason": "a slip"});
    let cancelled = api.post(&at(&plan, "/cancel"), &reason).with(200);
    assert_eq!(cancelled["stage"], "finished");
    assert!(
        outcomes(&cancelled)
            .iter()
            .all(|(_, outcome)| outcome == "skipped")
    );
    let (status, code, _) = api.post(&at(&plan, "/cancel"), &reason).error();
    assert_eq!((status, code.as_str()), (409, "not-cancellable"));
    api.post(
        &at(&plan, "/apply"),
        &json!({"confirm": "purge 2", "reason": "left"}),
    )
    .with(200);
    assert_eq!(accounts(&api, &user), had);
}

#[test]
fn why_is_that_of_the_command() {
    let (api, _, ids) = two();
    let path = format!("/switchboard/v1/connections/{}/why", ids[0]);
    let why = api.get(&path).with(200);
    assert_eq!(why["type"], "why");
    let of_command = api.desk.document(&["why", &ids[0]]);
    for field in [
        "id",
        "status",
        "label",
        "since",
        "headline",
        "whose",
        "whatToDo",
        "willNotHelp",
        "allowed",
        "refused",
    ] {
        assert_eq!(why[field], of_command[field], "{field}");
    }
}
