//! Documents that lack something or hold odd values.

use super::*;

#[test]
fn a_hole_is_named_and_a_job_without_connection_is_kept_loose() {
    let job = with(
        with(job(), "links/source", json!("{source}")),
        "steps",
        json!([
        {"title": "verify-credentials", "status": "success", "result": {"type": "link", "url": "{url}"}}]),
    );
    let docs = documents(&json!({"type": "list", "data": [job], "links": {"self": "{base}"}}));
    let named: Vec<_> = docs
        .placeholders
        .iter()
        .map(|p| (p.at.as_str(), p.text.as_str()))
        .collect();
    let holes = [
        ("$.data[0].links.source", "{source}"),
        ("$.data[0].steps[0].result.url", "{url}"),
        ("$.links.self", "{base}"),
    ];
    assert_eq!(named, holes);
    assert_eq!(
        (docs.loose[0].entity, docs.loose[0].id.as_deref()),
        (Entity::Job, Some("j-1"))
    );
    assert_eq!(
        (docs.loose[0].why.as_str(), docs.loose[0].at.as_str()),
        ("its connection is not known", "$.data[0]")
    );
    assert!(docs.loose[0].raw.expose().contains("verify-credentials"));
    assert!(docs.batch.jobs.is_empty());
}

#[test]
fn what_lacks_something_is_loose_and_says_what() {
    for (document, why) in [
        (
            with(connection(), "status", json!("sleeping")),
            "its status is `sleeping`",
        ),
        (
            with(connection(), "status", json!("a b\u{1b}[2J")),
            "its status is not one of the API's words",
        ),
        (
            with(connection(), "status", Value::Null),
            "its status is not known",
        ),
        (
            with(connection(), "institution", json!({"type": "institution"})),
            "its institution is not known",
        ),
        (
            with(connection(), "links", json!({})),
            "its user is not known: no link names one",
        ),
        (
            with(connection(), "id", json!("x".repeat(1 << 20))),
            "it has no id",
        ),
        (with(connection(), "id", json!(7.5)), "it has no id"),
        (
            with(transaction(), "currency", json!("dollars")),
            "its currency is not one",
        ),
        (
            with(account(), "links", Value::Null),
            "its user is not known: no link names one",
        ),
        (
            with(account(), "lastUpdated", json!("soon")),
            "nobody knows when it was last updated",
        ),
        (
            with(transaction(), "account", Value::Null),
            "its account is not known",
        ),
        (
            with(transaction(), "amount", json!("4.805")),
            "its amount is not one of its currency",
        ),
        (with(transaction(), "postDate", json!("")), "it has no date"),
        (
            with(transaction(), "status", json!("lost")),
            "its status is `lost`",
        ),
        (with(job(), "steps", json!([])), "it has no steps"),
        (
            with(job(), "jobType", json!("report")),
            "a report is not the job of a connection",
        ),
        (
            json!({"type": "statement", "id": "x", "status": "active"}),
            "its type is `statement`, and such documents are not taken in",
        ),
        (
            json!({"type": "consent", "id": "x", "status": "active"}),
            "its user is not known",
        ),
        (
            json!({"id": "x", "status": "active"}),
            "it does not say its type",
        ),
        (
            json!({"type": "event", "id": "x", "entity": "user"}),
            "it does not say what happened",
        ),
    ] {
        let docs = documents(&document);
        let said: Vec<_> = docs.loose.iter().map(|l| l.why.as_str()).collect();
        assert_eq!(said, [why], "{document:.200}");
    }
}

#[test]
fn odd_values_are_noted_and_left_out() {
    for (document, at) in [
        (with(account(), "name", json!(5)), "$.name"),
        (with(account(), "balance", json!("a lot")), "$.balance"),
        (with(account(), "currency", json!("dollars")), "$.currency"),
        (with(account(), "class", json!([1])), "$.class"),
        (with(connection(), "lastUsed", json!("soon")), "$.lastUsed"),
        (with(connection(), "profile", json!("Ada")), "$.profile"),
        (
            with(connection(), "accounts/data", json!({})),
            "$.accounts.data",
        ),
        (
            with(connection(), "mfaEnabled", json!("yes")),
            "$.mfaEnabled",
        ),
        (
            with(
                job(),
                "steps",
                json!([{"title": "verify-credentials", "status": "odd"}]),
            ),
            "$.steps[0].status",
        ),
        (json!("text"), "$"),
        (json!({"type": "list", "data": 3}), "$.data"),
        (json!([[[null]]]), "$[0][0][0]"),
    ] {
        let docs = documents(&document);
        let places: Vec<_> = docs.notes.iter().map(|n| n.at.as_str()).collect();
        assert_eq!(places, [at], "{document}");
        assert!(docs.loose.is_empty(), "{document}");
    }
    let amount = documents(&with(account(), "balance", json!(12.5)));
    assert_eq!(amount.batch.accounts[0].account.balance, Some(1_250));
    let yen = documents(&with(
        with(account(), "currency", json!("jpy")),
        "balance",
        json!("1200"),
    ));
    assert_eq!(
        (
            yen.batch.accounts[0].account.balance,
            yen.batch.accounts[0].account.currency.as_str()
        ),
        (Some(1_200), "JPY")
    );
}

#[test]
fn no_note_and_no_reason_tells_a_value() {
    let canary = "Zaphod0400999888";
    for document in [
        connection(),
        account(),
        transaction(),
        job(),
        user(),
        connector("web"),
    ] {
        let Value::Object(fields) = &document else {
            unreachable!("all of them are objects")
        };
        for field in fields
            .keys()
            .filter(|f| !matches!(f.as_str(), "type" | "id" | "status" | "method"))
        {
            for value in [json!(canary), json!([canary]), json!({ "x": canary })] {
                let docs = documents(&with(document.clone(), field, value));
                let said = format!("{:?} {:?} {:?}", docs.notes, docs.loose, docs.placeholders);
                assert!(!said.contains(canary), "{field}: {said}");
            }
        }
    }
}

fn odd_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ -~é\u{202e}]{0,12}".prop_map(Value::from),
        Just(json!("{hole}")),
        Just(json!("connection")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("type|id|data|links|steps|[a-z]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    /// Whatever stands in whichever field, a document is one record, one loose or one mention.
    #[test]
    fn a_document_is_never_lost(which in 0_usize..6, field in any::<prop::sample::Index>(), value in odd_value()) {
        let document = [connection(), account(), transaction(), job(), connector("web"), user()][which].clone();
        let names: Vec<String> = document.as_object().unwrap().keys().filter(|n| *n != "type").cloned().collect();
        let docs = documents(&with(document, field.get(&names).as_str(), value));
        let b = &docs.batch;
        let records = b.connections.len() + b.transactions.len() + b.jobs.len() + b.institutions.len() + b.users.len();
        if which != 5 {
            prop_assert_eq!(records + b.accounts.len() + docs.loose.len(), 1);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = read(&text);
    }
}
