//! Records that come again and differ.

use super::*;

#[tokio::test]
async fn a_transaction_that_comes_again_is_changed() {
    let (_dir, ops) = based().await;
    let pending = t(
        json!({"status": "pending", "postDate": "", "transactionDate": "2026-11-27T00:00:00Z",
        "amount": "-50.00"}),
    );
    import(&ops, &pending).await;
    let posted = t(json!({"postDate": "2026-11-28T00:00:00Z", "amount": "-52.10"}));
    let report = import(&ops, &posted).await;
    assert_eq!(
        (report.imported.transactions, report.changed.transactions),
        (1, 1)
    );
    let row = &listed(&ops, "a-1").await[0];
    assert_eq!((row.posted, row.amount), (true, -5_210));
    // a pending one is older than a posted one, and nothing comes back of it
    let older = import(&ops, &pending).await;
    assert_eq!((older.imported.transactions, older.unchanged), (0, 1));
    assert!(noted(&older, "transaction t", "older"), "{:?}", older.notes);
    assert_eq!(amounts(&ops, "a-1").await, ["-52.10 AUD"]);
    sound(&ops).await;
}

#[tokio::test]
async fn of_two_in_one_document_the_last_counts() {
    let (_dir, ops) = based().await;
    let two = json!([
        t(json!({"amount": "-20.00"})),
        t(json!({"amount": "-24.00"}))
    ]);
    let report = import(&ops, &two).await;
    assert_eq!(
        (report.imported.transactions, report.changed.transactions),
        (2, 1)
    );
    assert_eq!(amounts(&ops, "a-1").await, ["-24.00 AUD"]);
    let users = json!([{"type": "user", "id": "u-1", "firstName": "Grace"},
        {"type": "user", "id": "u-1", "firstName": "Joan", "email": ""}]);
    import(&ops, &users).await;
    let user = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.user(&"u-1".into()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((user.name.as_str(), user.email), ("Joan Byron", None));
    let banks = json!([{"type": "institution", "id": "AU7", "name": "Old"}, {"type": "institution", "id": "AU7", "name": "New"}]);
    import(&ops, &banks).await;
    let bank = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.institution(&"AU7".into()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(bank.name, "New");
}

#[tokio::test]
async fn description_class_and_dates_of_a_transaction_change() {
    let (_dir, ops) = based().await;
    let first = t(json!({"description": "CAFE", "class": "payment", "reference": "R"}));
    import(&ops, &first).await;
    for (fields, what) in [
        (
            json!({"description": "HOTEL", "class": "payment", "reference": "R"}),
            "description",
        ),
        (
            json!({"description": "HOTEL", "class": "transfer"}),
            "class",
        ),
        (json!({"description": "", "class": "transfer"}), "emptied"),
        (json!({"transactionDate": "2026-11-06T00:00:00Z"}), "made"),
    ] {
        let report = import(&ops, &t(fields.clone())).await;
        assert_eq!(report.changed.transactions, 1, "{what}");
        assert_eq!(import(&ops, &t(fields)).await.unchanged, 1, "{what}");
    }
    let found = ops
        .store
        .write(|tx: &crate::store::WriteTxn<'_>| {
            tx.transaction_record(
                &"t".into(),
                &"a-1".into(),
                &mut crate::store::Known::default(),
            )
        })
        .await
        .unwrap()
        .unwrap();
    let details = &found.transaction.details;
    assert_eq!(
        (details.description.expose(), details.reference.expose()),
        ("", "R")
    );
    let made = Moment::parse("2026-11-06T00:00:00Z");
    assert_eq!(
        (found.transaction.class.as_str(), found.made),
        ("transfer", made)
    );
    assert_eq!(listed(&ops, "a-1").await[0].made, made);
}

#[tokio::test]
async fn an_account_that_comes_again_with_the_same_time_is_changed() {
    let (_dir, ops) = based().await;
    import(&ops, &a(json!({"accountHolder": "ADA"}))).await;
    let report = import(&ops, &a(json!({"creditLimit": "9000.00"}))).await;
    assert_eq!((report.imported.accounts, report.changed.accounts), (1, 1));
    assert_eq!(
        stored_account(&ops, "a-7").await.account.credit_limit,
        Some(900_000)
    );
    for fields in [
        json!({"creditLimit": "9000.00", "currency": "NZD"}),
        json!({"creditLimit": "9000.00", "currency": "NZD", "connection": "c-9"}),
    ] {
        assert_eq!(import(&ops, &a(fields)).await.changed.accounts, 1);
    }
    // what a newer document says is empty does not come back from an older one
    let emptied =
        json!({"accountHolder": "", "creditLimit": null, "lastUpdated": "2026-11-30T00:00:00Z"});
    import(&ops, &a(emptied)).await;
    let older = import(&ops, &a(json!({"accountHolder": "ADA"}))).await;
    assert_eq!(older.imported.accounts, 0, "{:?}", older.notes);
    let account = stored_account(&ops, "a-7").await.account;
    assert!(account.details.holder.is_empty() && account.credit_limit.is_none());
    sound(&ops).await;
}

#[tokio::test]
async fn a_connection_changes_by_newer_documents_only() {
    let (_dir, ops) = based().await;
    let newer = c(
        json!({"id": "c-1", "status": "invalid", "lastUsed": "2026-11-29T00:00:00Z", "mfaEnabled": true}),
    );
    let report = import(&ops, &newer).await;
    assert_eq!(
        (report.imported.connections, report.changed.connections),
        (1, 1)
    );
    let older = import(&ops, &base()).await;
    assert_eq!(
        (older.imported, older.changed),
        (Ingested::default(), Ingested::default())
    );
    assert!(
        noted(&older, "connection c-1", "older"),
        "{:?}",
        older.notes
    );
    assert_eq!(stored_connection(&ops, "c-1").await.status, Status::Invalid);
    let told: Vec<String> = events(&ops)
        .await
        .into_iter()
        .map(|e| e.event_type)
        .collect();
    assert_eq!(told.last().unwrap(), "invalidated");
}

fn consent(fields: Value) -> Value {
    let plain = json!({"type": "consent", "id": "k", "status": "active", "created": "2026-11-01T00:00:00Z",
        "updated": "2026-11-01T00:00:00Z", "expiryDate": "2027-11-01T00:00:00Z",
        "purpose": {"primary": {"title": "Budgeting"}}, "links": {"self": "/users/u-1/consents/k"}});
    but(plain, fields)
}

#[tokio::test]
async fn consents_and_events_and_jobs_change_by_newer_documents_only() {
    let (_dir, ops) = based().await;
    import(&ops, &consent(json!({}))).await;
    let newer =
        json!({"updated": "2026-11-02T00:00:00Z", "purpose": {"primary": {"title": "Lending"}}});
    assert_eq!(
        import(&ops, &consent(newer.clone())).await.changed.consents,
        1
    );
    assert_eq!(import(&ops, &consent(newer)).await.unchanged, 1);
    let older = import(&ops, &consent(json!({}))).await;
    assert!(noted(&older, "consent k", "older") && older.changed.consents == 0);
    assert_eq!(ops.consent(&"k".into()).await.unwrap().purpose, "Lending");

    let event = |count: &str, user: &str| {
        json!({"type": "event", "id": "e", "createdDate": "2026-11-20T00:00:00Z",
        "entity": "transactions", "eventType": "updated", "userId": user, "data": {"count": count}})
    };
    assert_eq!(import(&ops, &event("3", "u-1")).await.imported.events, 1);
    assert_eq!(import(&ops, &event("3", "u-1")).await.unchanged, 1);
    assert_eq!(import(&ops, &event("4", "u-1")).await.changed.events, 1);
    let other = import(&ops, &event("4", "u-2")).await;
    assert_eq!((other.imported.events, other.lost), (0, 1));
    assert!(
        noted(&other, "event e", "another user"),
        "{:?}",
        other.notes
    );

    let steps = |detail: &str| {
        json!([{"title": "verify-credentials", "status": "failed",
        "result": {"code": "invalid-credentials", "title": "T", "detail": detail}}])
    };
    let job = |updated: &str, detail: &str, source: &str| {
        json!({"type": "job", "id": "j",
        "created": "2026-11-22T10:00:00Z", "updated": updated, "steps": steps(detail),
        "links": {"source": format!("/users/u-1/connections/{source}")}})
    };
    import(&ops, &job("2026-11-22T10:00:10Z", "one", "c-1")).await;
    assert_eq!(
        import(&ops, &job("2026-11-22T10:00:10Z", "two", "c-1"))
            .await
            .changed
            .jobs,
        1
    );
    let older = import(&ops, &job("2026-11-22T10:00:05Z", "three", "c-1")).await;
    assert!(noted(&older, "job j", "older") && older.imported.jobs == 0);
    import(&ops, &c(json!({}))).await;
    let other = import(&ops, &job("2026-11-22T10:00:20Z", "four", "c-2")).await;
    assert!(noted(&other, "job j", "another connection") && other.lost == 1);
}
