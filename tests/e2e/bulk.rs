//! Acts on several connections: who is selected, what is stored, and the result.

use super::harness::{Desk, text};
use serde_json::Value;

/// The outcomes of the items.
fn outcomes(document: &Value) -> Vec<String> {
    document["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| text(&item["outcome"]))
        .collect()
}

#[test]
fn a_filter_selects_no_revoked_connection_and_an_empty_one_none() {
    let desk = Desk::new(40, 2, 0.0);
    assert!(!desk.ids("status:deleted").is_empty());
    for act in ["refresh", "purge", "revoke"] {
        for nobody in [
            &["--filter", "status:deleted"][..],
            &["--filter", "id:zzzzzzzz"],
        ] {
            for more in [&["--reason", "r"][..], &["--plan"], &["--dry-run"]] {
                let list = desk.document(&[&[act], nobody, more].concat());
                assert_eq!(
                    (&list["count"], &list["size"]),
                    (&0.into(), &0.into()),
                    "{act} {nobody:?} {more:?}"
                );
            }
        }
        for empty in ["", "  "] {
            let done = desk.run(&[act, "--filter", empty, "--json"]);
            assert_eq!(
                (done.exit, &done.document()["code"]),
                (2, &"usage".into()),
                "{done:?}"
            );
            assert!(done.err.contains("status:active"), "{done:?}");
        }
    }
    assert!(desk.rows(&["plans"]).is_empty() && desk.audited("plan") == 0);
    let user = text(&desk.connection(&desk.one("status:deleted"))["userId"]);
    let theirs = desk
        .run(&["purge", "--user", &user, "--plan", "--json"])
        .document();
    let items = theirs["items"]
        .as_array()
        .or(theirs["data"].as_array())
        .unwrap();
    for item in items {
        assert_ne!(
            text(&desk.connection(&text(&item["connectionId"]))["label"]),
            "Deleted"
        );
    }
}

#[test]
fn refused_items_set_the_exit_code_of_apply() {
    let desk = Desk::new(40, 2, 0.0);
    let (well, ill) = (desk.ids("status:active acc>0"), desk.one("status:failed"));
    let reach = |at: usize| -> Vec<&str> { vec!["purge", &well[at], &ill] };
    let plan = desk.document(&[&reach(0)[..], &["--plan"]].concat());
    let refused = plan["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["outcome"] == "refused")
        .unwrap();
    let reason = text(&refused["reason"]);
    assert!(reason.starts_with("Connection is not active. "), "{reason}");
    let id = text(&plan["id"]);
    let applied = desk.run(&["apply", &id, "--confirm", "purge 1", "--json"]);
    assert_eq!(
        (applied.exit, outcomes(&applied.document())),
        (11, vec!["done".into(), "refused".into()])
    );
    let again = desk.run(&["apply", &id, "--confirm", "purge 1"]);
    assert_eq!(
        again.exit, 11,
        "it says the same when nothing is left: {again:?}"
    );
    let other = well
        .iter()
        .skip(1)
        .position(|id| desk.pair(id) != desk.pair(&well[0]))
        .unwrap()
        + 1;
    let direct = desk.run(&[&reach(other)[..], &["--confirm", "purge 1", "--json"]].concat());
    assert_eq!(
        (direct.exit, outcomes(&direct.document())),
        (11, vec!["done".into(), "refused".into()])
    );
    // nothing would be done: no words are needed, and nothing is stored
    let plans = desk.rows(&["plans"]).len();
    let none = desk.run(&["purge", "--filter", "status:failed", "--json"]);
    assert_eq!(none.exit, 11, "{none:?}");
    let planned = desk.document(&["purge", "--filter", "status:failed", "--plan"]);
    assert_eq!(
        (&planned["id"], &planned["totals"]["planned"]),
        (&Value::Null, &0.into())
    );
    assert_eq!(desk.rows(&["plans"]).len(), plans);
    // a connection that is too recent or has an open job is no failure
    let refresh = ["refresh", "--filter", "status:active", "--force-recent"];
    assert_eq!(desk.run(&refresh).exit, 0);
    let again = desk.run(&[&refresh[..], &["--json"]].concat());
    assert_eq!(again.exit, 0, "{again:?}");
    assert!(
        outcomes(&again.document())
            .iter()
            .all(|outcome| outcome == "deduplicated")
    );
    desk.healthy();
}

#[test]
fn a_plan_that_is_not_stored_offers_no_apply() {
    let desk = Desk::new(40, 2, 0.0);
    let id = desk.one("status:active acc>0");
    for words in [
        &["purge", &id, "--dry-run"][..],
        &["revoke", &id, "--dry-run"],
        &["refresh", &id, "--dry-run"],
        &["purge", &id],
        &["revoke", &id],
        &["purge", "--filter", "status:active", "--dry-run"],
    ] {
        let plan = desk.run(&[words, &["--json"]].concat()).document();
        assert_eq!(
            (&plan["type"], &plan["id"], &plan["expires"]),
            (&"plan".into(), &Value::Null, &Value::Null)
        );
        let told = desk.run(words);
        assert!(
            !told.out.contains("can be carried out") && !told.out.contains("plan "),
            "{told:?}"
        );
        assert!(!told.err.contains("apply"), "{told:?}");
    }
    assert!(desk.rows(&["plans"]).is_empty());
}

#[test]
fn every_list_has_a_total() {
    let desk = Desk::new(40, 2, 0.0);
    for act in ["refresh", "purge"] {
        desk.document(&[act, "--filter", "status:active", "--plan"]);
    }
    let user = text(&desk.connection(&desk.one("status:active"))["userId"]);
    for (list, more) in [
        (&["plans"][..], 2),
        (&["sequences"], 0),
        (&["consents"], 2),
        (&["consents", "--user", &user], 1),
        (&["events"], 2),
        (&["events", "--user", &user], 1),
        (&["events", "--entity", "connection"], 2),
        (&["schedule"], 0),
    ] {
        let all = desk.document(list);
        assert_eq!(all["size"], all["count"], "{list:?}");
        assert!(
            all["size"].as_u64().unwrap() >= more,
            "{list:?}: {}",
            all["size"]
        );
        if more > 0 {
            let part = desk.document(&[list, &["--limit", "1"]].concat());
            assert_eq!(
                (&part["size"], &part["count"]),
                (&all["size"], &1.into()),
                "{list:?}"
            );
        }
    }
}

#[test]
fn user_create_prints_a_row() {
    let desk = Desk::new(4, 0, 0.0);
    let made = desk.run(&[
        "user",
        "create",
        "--email",
        "monica@example.test",
        "--format",
        "csv",
    ]);
    let lines: Vec<&str> = made.out.lines().collect();
    assert_eq!((made.exit, lines.len()), (0, 2), "{made:?}");
    assert!(lines[0].starts_with("id,name,email,"), "{made:?}");
    let id = lines[1].split(',').next().unwrap();
    assert_eq!(text(&desk.document(&["user", id])["id"]), id);
}
