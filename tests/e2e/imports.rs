//! What an import says to a script: counts, exit codes, what waits.

use super::harness::{Desk, purge_words};
use serde_json::{Value, json};

fn base() -> Value {
    json!([
        {"type": "user", "id": "u-1", "firstName": "Ada", "lastName": "Byron"},
        {"type": "connection", "id": "c-1", "status": "active", "createdDate": "2026-11-01T00:00:00Z",
            "lastUsed": "2026-11-28T00:00:00Z", "institution": {"id": "AU00000"}, "links": {"user": "/users/u-1"}},
        {"type": "account", "id": "a-1", "name": "Everyday", "accountNo": 600000114210017_u64, "balance": "835.15",
            "currency": "AUD", "class": {"type": "transaction", "product": "P"}, "connection": "c-1",
            "institution": "AU00000", "lastUpdated": "2026-11-28T00:00:00Z", "status": "available",
            "links": {"self": "/users/u-1/accounts/a-1"}}
    ])
}

fn transaction(id: &str, fields: Value) -> Value {
    let mut document = json!({"type": "transaction", "id": id, "status": "posted", "amount": "-4.80",
        "currency": "AUD", "account": "a-1", "postDate": "2026-11-08T00:00:00Z"});
    document
        .as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    document
}

/// A desk with these documents in `in.json`.
fn desk_with(documents: &Value) -> Desk {
    let desk = Desk::empty(0.0);
    std::fs::write(desk.path("in.json"), documents.to_string()).unwrap();
    desk
}

#[test]
fn the_exit_code_of_an_import_says_whether_all_is_in() {
    let desk = desk_with(&base());
    let done = desk.run(&["import", "in.json"]);
    assert_eq!((done.exit, done.err.as_str()), (0, ""), "{done:?}");
    let bad = json!([
        transaction("t-1", json!({"amount": "12,34"})),
        transaction("t-2", json!({"postDate": "2026-11-08T00:00:00"}))
    ]);
    std::fs::write(desk.path("bad.json"), bad.to_string()).unwrap();
    let done = desk.run(&["import", "bad.json"]);
    assert_eq!(done.exit, 11, "{done:?}");
    assert!(
        done.out.contains("Imported: 1 transactions; 0 unchanged."),
        "{done:?}"
    );
    assert!(done.err.contains("import --list-waiting"), "{done:?}");
    let waiting = desk.rows(&["import", "--list-waiting"]);
    assert_eq!(waiting.len(), 1);
    assert_eq!(
        (&waiting[0]["id"], &waiting[0]["missing"]),
        (
            &json!("t-1"),
            &json!("its amount is not one of its currency")
        )
    );
    let table = desk.run(&["--read-only", "import", "--list-waiting"]);
    assert!(
        table.exit == 0 && table.out.contains("WAITS FOR"),
        "{table:?}"
    );
    assert_eq!(desk.run(&["import"]).exit, 2);
    desk.healthy();
}

#[test]
fn what_is_no_document_is_named_and_ends_with_2() {
    let desk = desk_with(&base());
    let error = json!({"type": "list", "data": [{"type": "error", "code": "access-denied", "title": "Token has expired"}]});
    for (name, bytes, what) in [
        (
            "error.json",
            error.to_string().into_bytes(),
            "an error of the API (`access-denied`)",
        ),
        ("answer.gz", b"\x1f\x8b\x08\0".to_vec(), "gzip"),
        ("wide.json", b"\xff\xfe[\0]\0".to_vec(), "UTF-16"),
        ("empty.json", vec![], "holds no document"),
        (
            "other.json",
            br#"{"type": "statement", "id": "s", "status": "x"}"#.to_vec(),
            "could be taken in",
        ),
    ] {
        std::fs::write(desk.path(name), bytes).unwrap();
        let done = desk.run(&["import", name]);
        assert!(
            done.exit == 2 && done.err.contains(what),
            "{name}: {done:?}"
        );
        assert!(done.err.contains(name), "{done:?}");
    }
    let folder = desk.run(&["import", "."]);
    assert!(
        folder.exit == 2 && folder.err.contains(". is a folder"),
        "{folder:?}"
    );
}

#[test]
fn a_report_tells_what_changed_and_money_is_shown_in_its_own_currency() {
    let desk = desk_with(&base());
    assert_eq!(desk.run(&["import", "in.json"]).exit, 0);
    let first = json!([transaction(
        "t",
        json!({"status": "pending", "postDate": "", "transactionDate": "2026-11-06T00:00:00Z"})
    )]);
    std::fs::write(desk.path("first.json"), first.to_string()).unwrap();
    assert_eq!(desk.run(&["import", "first.json"]).exit, 0);
    let second = json!([transaction("t", json!({"transactionDate": "2026-11-06T00:00:00Z", "currency": "JPY", "amount": "-1200"})),
        {"type": "event", "id": "e", "createdDate": "2026-11-20T00:00:00Z", "entity": "connection",
            "eventType": "invalidated", "userId": "u-1", "data": {"id": "c-1"}}]);
    std::fs::write(desk.path("second.json"), second.to_string()).unwrap();
    let done = desk.document(&["import", "second.json"]);
    assert_eq!(
        (
            &done["imported"]["transactions"],
            &done["imported"]["events"]
        ),
        (&json!(1), &json!(1)),
        "{done}"
    );
    assert_eq!(
        (&done["changed"]["transactions"], &done["unchanged"]),
        (&json!(1), &json!(0))
    );
    let row = &desk.rows(&["transactions", "--account", "a-1"])[0];
    assert_eq!(
        (&row["amount"], &row["currency"], &row["transactionDate"]),
        (
            &json!("-1200"),
            &json!("JPY"),
            &json!("2026-11-06T00:00:00Z")
        )
    );
    let table = desk.run(&["transactions", "--account", "a-1"]);
    assert!(
        table.out.contains("-1200") && table.out.contains("JPY"),
        "{table:?}"
    );
    let again = desk.run(&["import", "second.json"]);
    assert!(again.out.contains("nothing new; 2 unchanged"), "{again:?}");
    assert!(
        desk.rows(&["accounts", "--user", "u-1"])[0]["accountNo"]
            .as_str()
            .unwrap()
            .ends_with("0017")
    );
}

#[test]
fn an_older_file_does_not_bring_back_what_was_purged() {
    let desk = Desk::new(12, 2, 0.0);
    let id = desk.one("status:active acc>0");
    let (user, bank) = desk.pair(&id);
    let words = purge_words(&id);
    let purged = desk.run(&["purge", &id, "--confirm", &words, "--wait"]);
    assert_eq!(purged.exit, 0, "{purged:?}");
    let old = json!({"type": "account", "id": "a-old", "currency": "AUD", "balance": "1.00", "connection": id,
        "institution": bank, "lastUpdated": "2020-01-01T00:00:00Z",
        "links": {"self": format!("/users/{user}/accounts/a-old")}});
    let of_it = json!([
        old,
        transaction(
            "t-old",
            json!({"account": "a-old", "postDate": "2020-01-01"})
        )
    ]);
    std::fs::write(desk.path("old.json"), of_it.to_string()).unwrap();
    let held = desk.run(&["import", "old.json"]);
    assert!(
        held.exit == 11 && held.err.contains("--restore-purged"),
        "{held:?}"
    );
    assert_eq!(desk.connection(&id)["accounts"], 0);
    assert!(desk.rows(&["import", "--list-waiting"]).is_empty());
    let back = desk.run(&["import", "old.json", "--restore-purged"]);
    assert_eq!(back.exit, 0, "{back:?}");
    let after = desk.connection(&id);
    assert_eq!(
        (&after["accounts"], &after["transactions"]),
        (&json!(1), &json!(1))
    );
    desk.healthy();
}
