//! Amounts and their currencies.

use super::*;

#[tokio::test]
async fn an_amount_is_in_the_currency_that_it_names() {
    let (_dir, ops) = based().await;
    for (id, currency, amount) in [
        ("yen", "JPY", "-1200"),
        ("dinar", "kwd", "1.234"),
        ("unknown", "XQX", "7.50"),
        ("same", " aud ", "2.00"),
    ] {
        let fields = json!({"id": id, "currency": currency, "amount": amount});
        assert_eq!(import(&ops, &t(fields)).await.lost, 0, "{id}");
    }
    let mut found = amounts(&ops, "a-1").await;
    found.sort();
    assert_eq!(found, ["-1200 JPY", "1.234 KWD", "2.00 AUD", "7.50 XQX"]);
    // what is no code is left out and said, and is not taken for the account's
    let odd = import(&ops, &t(json!({"id": "odd", "currency": "A$"}))).await;
    assert_eq!((odd.lost, odd.kept), (1, 1));
    assert_eq!(odd.dangling[0].missing, "its currency is not one");
    sound(&ops).await;
}

#[tokio::test]
async fn an_amount_without_a_currency_has_that_of_its_account() {
    let (_dir, ops) = based().await;
    import(
        &ops,
        &a(json!({"id": "a-j", "currency": "JPY", "balance": "120000", "creditLimit": null})),
    )
    .await;
    import(
        &ops,
        &t(json!({"account": "a-j", "currency": null, "amount": "-1200"})),
    )
    .await;
    assert_eq!(amounts(&ops, "a-j").await, ["-1200 JPY"]);
    assert_eq!(
        stored_account(&ops, "a-j").await.account.balance,
        Some(120_000)
    );
    // an account that names none keeps the one that is known of it
    let nameless = json!({"id": "a-j", "currency": null, "balance": "5000", "creditLimit": null,
        "lastUpdated": "2026-11-30T00:00:00Z"});
    assert!(!noted(&import(&ops, &a(nameless)).await, "a-j", "currency"));
    let account = stored_account(&ops, "a-j").await.account;
    assert_eq!(
        (account.balance, account.currency.as_str()),
        (Some(5_000), "JPY")
    );
    // and so does the summary in its connection
    let summary = json!({"lastUsed": "2026-12-01T00:00:00Z", "id": "c-1",
        "accounts": {"type": "list", "data": [{"type": "account", "id": "a-j", "balance": "700"}]}});
    import(&ops, &c(summary)).await;
    let account = stored_account(&ops, "a-j").await.account;
    assert_eq!(
        (account.balance, account.currency.as_str()),
        (Some(700), "JPY")
    );
    let unknown = import(&ops, &a(json!({"id": "a-n", "currency": null}))).await;
    assert!(
        noted(&unknown, "a-n", "taken as AUD"),
        "{:?}",
        unknown.notes
    );
}

#[tokio::test]
async fn transactions_keep_their_currency_when_their_account_gets_another() {
    let (_dir, ops) = based().await;
    import(
        &ops,
        &json!([
            t(json!({})),
            t(json!({"id": "t-2", "currency": "JPY", "amount": "900"}))
        ]),
    )
    .await;
    let yen = json!({"id": "a-1", "currency": "JPY", "balance": "1200", "creditLimit": null,
        "links": {"self": "/users/u-1/accounts/a-1"}});
    import(&ops, &a(yen)).await;
    let mut found = amounts(&ops, "a-1").await;
    found.sort();
    assert_eq!(found, ["-4.80 AUD", "900 JPY"]);
    assert_eq!(import(&ops, &t(json!({}))).await.unchanged, 1);
    sound(&ops).await;
}

#[tokio::test]
async fn numbers_are_the_amounts_that_they_stand_for() {
    let (_dir, ops) = based().await;
    let sum: Value = serde_json::from_str("0.30000000000000004").unwrap();
    import(
        &ops,
        &json!([
            t(json!({"amount": sum})),
            t(json!({"id": "t-2", "amount": 12})),
            t(json!({"id": "t-3", "amount": -4.8}))
        ]),
    )
    .await;
    let mut found = amounts(&ops, "a-1").await;
    found.sort();
    assert_eq!(found, ["-4.80 AUD", "0.30 AUD", "12.00 AUD"]);
}

#[tokio::test]
async fn a_direction_against_the_sign_is_noted() {
    let (_dir, ops) = based().await;
    for (amount, direction, is_noted) in [
        ("580.00", "debit", true),
        ("-580.00", "credit", true),
        ("-580.00", "debit", false),
        ("0.00", "debit", false),
    ] {
        let report = import(&ops, &t(json!({"amount": amount, "direction": direction}))).await;
        assert_eq!(
            noted(&report, "direction", "sign"),
            is_noted,
            "{amount} {direction}"
        );
    }
}

#[tokio::test]
async fn a_newer_account_without_a_balance_has_none() {
    let (_dir, ops) = based().await;
    let none = json!({"id": "a-1", "balance": null, "availableFunds": null, "status": "unavailable",
        "lastUpdated": "2026-11-29T00:00:00Z", "links": {"self": "/users/u-1/accounts/a-1"}});
    import(&ops, &but(base()[2].clone(), none)).await;
    let held = stored_account(&ops, "a-1").await;
    let account = &held.account;
    assert_eq!((account.balance, account.available), (None, None));
    assert_eq!(
        (held.updated.rfc3339().as_str(), account.status.as_str()),
        ("2026-11-29T00:00:00Z", "unavailable")
    );
    // the older document does not bring it back
    let again = import(&ops, &base()).await;
    assert_eq!(again.imported.accounts, 0);
    assert!(noted(&again, "account a-1", "older"), "{:?}", again.notes);
    assert_eq!(stored_account(&ops, "a-1").await, held);
}
