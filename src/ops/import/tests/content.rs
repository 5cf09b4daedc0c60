//! Documents that contradict, break off, or are many.

use super::*;

#[tokio::test]
async fn contradicting_documents_are_left_out() {
    let (_dir, ops) = ops();
    import(&ops, &json!([user(), connection()])).await;
    let mut stolen = connection();
    stolen["links"] = json!({"user": "https://api.example.test/users/u-2"});
    stolen["accounts"] = Value::Null;
    let mut moved = account("a-1", "c-1");
    moved["institution"] = "AU00001".into();
    let mut unlawful = connection();
    unlawful["id"] = "c-2".into();
    unlawful["accounts"] = Value::Null;
    unlawful["status"] = "pre-init".into();
    let other = json!({"type": "user", "id": "u-2", "firstName": "Bo"});
    let statement = json!({"type": "statement", "id": "x", "status": "active"});
    let report = import(
        &ops,
        &json!([
            other,
            stolen,
            moved,
            unlawful,
            statement,
            transaction("t-1", "a-1", "c-1")
        ]),
    )
    .await;
    let left_out = report
        .notes
        .iter()
        .filter(|n| n.what.starts_with("left out"))
        .count();
    assert_eq!(left_out, 4, "{:?}", report.notes);
    assert_eq!(
        (
            report.imported.users,
            report.imported.transactions,
            report.imported.connections
        ),
        (1, 1, 0)
    );
    sound(&ops).await;
}

#[tokio::test]
async fn a_broken_file_reports_the_place_and_keeps_what_came_before() {
    let (_dir, ops) = ops();
    let text = format!("{}\n{}\n{{\"type\": ", user(), connection());
    let broken = ops.import(Cursor::new(text), "half.json", |_| ()).await;
    assert!(
        matches!(&broken, Err(Error::Input(text)) if text.contains("half.json: document 3") && text.contains("1 users")),
        "{broken:?}"
    );
    assert_eq!(seen(&ops).await.1, 2);
    let nothing = ops.import(Cursor::new("  \n"), "empty.json", |_| ()).await;
    assert!(
        matches!(&nothing, Err(Error::Input(text)) if text.contains("no document")),
        "{nothing:?}"
    );
    let audit = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.audit_before(i64::MAX, 10))
        .await
        .unwrap();
    assert_eq!(
        audit[1].outcome,
        "stopped: 1 users, 1 connections, 2 accounts"
    );
    assert!(
        audit
            .iter()
            .all(|line| !line.target.contains("json") && line.action == "import")
    );
}

#[tokio::test]
async fn many_documents_are_imported_in_chunks() {
    let (_dir, ops) = ops();
    let mut text = format!("{}\n", transaction("t-x", "a-9", "c-1"));
    text.push_str(&format!("{}\n{}\n", user(), connection()));
    for n in 0..12_000 {
        text.push_str(
            &transaction(
                &format!("t-{n}"),
                if n % 2 == 0 { "a-1" } else { "a-2" },
                "c-1",
            )
            .to_string(),
        );
        text.push('\n');
    }
    text.push_str(&account("a-9", "c-1").to_string());
    let mut told = vec![];
    let report = ops
        .import(Cursor::new(text), "many.jsonl", |read| told.push(read))
        .await
        .unwrap();
    assert!(told.len() >= 3 && told.is_sorted(), "{told:?}");
    assert_eq!(
        (report.documents, report.imported.transactions),
        (12_004, 12_001)
    );
    assert_eq!(report.dangling, vec![]);
    assert_eq!(seen(&ops).await.2, 12_001);
    sound(&ops).await;
}

#[tokio::test]
async fn an_imported_consent_does_not_end_an_active_one() {
    let (_dir, ops) = ops();
    let consent = |id: &str, status: &str| {
        json!({
            "type": "consent", "id": id, "status": status, "created": "2026-03-02T01:13:40Z",
            "updated": "2026-03-02T01:13:40Z", "expiryDate": "2027-03-02T01:13:40Z", "origin": "user",
            "purpose": {"primary": {"title": "Budgeting", "description": "See where it goes"}, "other": null},
            "data": {"retainData": false, "initialRetrievalDays": 90, "organisation": null, "permissions": [
                {"scope": "account.basic", "required": true, "consented": true, "entity": "account"}]},
            "links": {"self": "https://api.example.test/users/u-1/consents/k-1"},
        })
    };
    let waits = import(&ops, &consent("k-1", "active")).await;
    assert_eq!((waits.imported.consents, waits.kept), (0, 1));
    let mut person = user();
    person["id"] = "u-1".into();
    import(&ops, &person).await;
    let held = ops.consent(&"k-1".into()).await.unwrap();
    assert_eq!(
        (
            held.retrieval_days,
            held.permissions.len(),
            held.expiry.rfc3339().as_str()
        ),
        (90, 1, "2027-03-02T01:13:40Z")
    );
    let again = import(
        &ops,
        &json!([
            consent("k-1", "active"),
            consent("k-1", "revoked"),
            consent("k-2", "active")
        ]),
    )
    .await;
    assert_eq!(
        (again.imported.consents, again.notes.len()),
        (0, 2),
        "{:?}",
        again.notes
    );
    assert_eq!(ops.consent(&"k-1".into()).await.unwrap(), held);
}

#[tokio::test]
async fn an_amount_keeps_its_own_currency_or_has_that_of_its_account() {
    let (_dir, ops) = ops();
    for (id, currency, balance) in [
        ("a-jpy", "JPY", "1200"),
        ("a-kwd", "KWD", "1.234"),
        ("a-uyw", "UYW", "1.2345"),
    ] {
        let mut held = account(id, "c-1");
        held["currency"] = currency.into();
        held["balance"] = balance.into();
        held["availableFunds"] = Value::Null;
        import(&ops, &json!([user(), held])).await;
    }
    for (id, account, currency, amount, kept) in [
        ("t-1", "a-jpy", Some("JPY"), "1200", Some(1_200)),
        ("t-2", "a-jpy", None, "1200", Some(1_200)),
        ("t-3", "a-jpy", None, "12.5", None),
        ("t-4", "a-kwd", Some("KWD"), "-1.234", Some(-1_234)),
        ("t-5", "a-kwd", None, "-1.234", Some(-1_234)),
        ("t-6", "a-uyw", Some("UYW"), "1.2345", Some(12_345)),
        ("t-7", "a-uyw", Some("AUD"), "1.20", Some(120)),
    ] {
        let mut made = transaction(id, account, "c-1");
        made["currency"] = currency.map_or(Value::Null, Into::into);
        made["amount"] = amount.into();
        let report = import(&ops, &made).await;
        let dangling: Vec<_> = report.dangling.iter().map(|d| d.missing.as_str()).collect();
        let why = "its amount is not one of its account's currency";
        assert_eq!(
            dangling.contains(&why),
            kept.is_none(),
            "{id}: {dangling:?}"
        );
        assert_eq!(stored_amount(&ops, account, id).await, kept, "{id}");
    }
}

#[tokio::test]
async fn an_amount_that_comes_with_and_without_a_currency_is_the_same_amount() {
    let mut named = transaction("t-1", "a-1", "c-1");
    named["amount"] = "12.00".into();
    let mut nameless = named.clone();
    nameless["currency"] = Value::Null;
    for list in [[&named, &nameless], [&nameless, &named]] {
        let (_dir, ops) = ops();
        let report = import(&ops, &json!([user(), connection(), list[0], list[1]])).await;
        assert_eq!(report.imported.transactions, 1);
        assert_eq!(
            stored_amount(&ops, "a-1", "t-1").await,
            Some(1_200),
            "{list:?}"
        );
    }
}

async fn stored_amount(ops: &Ops, account: &str, id: &str) -> Option<i64> {
    let held = crate::domain::holdings::HoldingsFilter {
        account: Some(account.into()),
        ..Default::default()
    };
    let rows = ops
        .transactions(&held, None, 100, Level::Standard)
        .await
        .unwrap()
        .rows;
    rows.iter()
        .find(|row| row.id.as_str() == id)
        .map(|row| row.amount)
}
