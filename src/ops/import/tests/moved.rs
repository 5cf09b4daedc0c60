//! Things that moved, ids that are unique within their owner only, and the counts of both.

use super::*;
use proptest::prelude::*;

/// Accounts and transactions of a connection as the list shows them.
async fn counts(ops: &Ops, id: &str) -> (u64, u64) {
    let row = stored_connection(ops, id).await;
    (row.accounts, row.transactions)
}

#[tokio::test]
async fn an_account_moves_to_another_connection_and_both_are_counted() {
    let (_dir, ops) = based().await;
    import(&ops, &json!([c(json!({})), t(json!({}))])).await;
    let moved = json!({"connection": "c-2", "lastUpdated": "2026-11-29T00:00:00Z"});
    import(&ops, &but(base()[2].clone(), moved)).await;
    assert_eq!(
        (counts(&ops, "c-1").await, counts(&ops, "c-2").await),
        ((0, 0), (1, 1))
    );
    sound(&ops).await;
    // an older document does not move it back; a connection that is not in the file takes it too
    import(&ops, &base()).await;
    assert_eq!(counts(&ops, "c-2").await, (1, 1));
    let away = json!({"connection": "c-9", "lastUpdated": "2026-11-30T00:00:00Z"});
    import(&ops, &but(base()[2].clone(), away)).await;
    assert_eq!(
        (counts(&ops, "c-1").await, counts(&ops, "c-2").await),
        ((0, 0), (0, 0))
    );
    sound(&ops).await;
}

#[tokio::test]
async fn an_account_moves_to_another_bank_with_what_it_holds() {
    let (_dir, ops) = based().await;
    import(
        &ops,
        &json!([
            t(json!({"description": "CAFE"})),
            c(json!({"institution": {"id": "AU00001"}}))
        ]),
    )
    .await;
    let moved = json!({"connection": "c-2", "institution": "AU00001", "lastUpdated": "2026-11-29T00:00:00Z",
        "accountNo": "999"});
    let report = import(&ops, &but(base()[2].clone(), moved)).await;
    assert!(
        noted(&report, "account a-1", "moved from AU00000 to AU00001"),
        "{:?}",
        report.notes
    );
    assert_eq!(
        (counts(&ops, "c-1").await, counts(&ops, "c-2").await),
        ((0, 0), (1, 1))
    );
    let held = stored_account(&ops, "a-1").await;
    assert_eq!(held.account.details.number.expose(), "999");
    // what was sealed under the key of the other bank can be read under that of this one
    assert_eq!(
        import(&ops, &t(json!({"description": "CAFE"})))
            .await
            .unchanged,
        1
    );
    sound(&ops).await;
}

#[tokio::test]
async fn a_connection_moves_to_another_user_with_its_accounts() {
    let (_dir, ops) = based().await;
    let two = json!({"type": "user", "id": "u-2", "firstName": "Bo"});
    let named = json!({"id": "c-1", "profile": {"fullName": "Ada"}});
    import(
        &ops,
        &json!([two, c(named), t(json!({"description": "CAFE"}))]),
    )
    .await;
    let moved =
        json!({"id": "c-1", "lastUsed": "2026-11-29T00:00:00Z", "links": {"user": "/users/u-2"}});
    let report = import(&ops, &c(moved.clone())).await;
    assert!(
        noted(&report, "connection c-1", "moved from user u-1"),
        "{:?}",
        report.notes
    );
    let row = stored_connection(&ops, "c-1").await;
    assert_eq!(
        (row.user.as_str(), row.accounts, row.transactions),
        ("u-2", 1, 1)
    );
    assert_eq!(stored_account(&ops, "a-1").await.user.as_str(), "u-2");
    assert_eq!(
        profile(&ops, "c-1").await.unwrap().full_name.expose(),
        "Ada"
    );
    assert_eq!(
        import(&ops, &t(json!({"description": "CAFE"})))
            .await
            .unchanged,
        1
    );
    // one that is not newer is left out and named
    let back = import(&ops, &base()).await;
    assert!(
        noted(&back, "connection c-1", "another user's") && back.lost > 0,
        "{:?}",
        back.notes
    );
    assert_eq!(stored_connection(&ops, "c-1").await.user.as_str(), "u-2");
    sound(&ops).await;
}

#[tokio::test]
async fn a_consent_moves_to_another_user() {
    let (_dir, ops) = based().await;
    let consent = |user: &str, updated: &str| {
        json!({"type": "consent", "id": "k", "status": "active",
        "created": "2026-11-01T00:00:00Z", "updated": updated, "links": {"self": format!("/users/{user}/consents/k")}})
    };
    import(&ops, &json!([{"type": "user", "id": "u-2", "firstName": "Bo"}, consent("u-1", "2026-11-01T00:00:00Z")])).await;
    let same_time = import(&ops, &consent("u-2", "2026-11-01T00:00:00Z")).await;
    assert_eq!((same_time.imported.consents, same_time.lost), (0, 1));
    let report = import(&ops, &consent("u-2", "2026-11-02T00:00:00Z")).await;
    assert!(noted(&report, "consent k", "moved"), "{:?}", report.notes);
    assert_eq!(ops.consent(&"k".into()).await.unwrap().user.as_str(), "u-2");
    sound(&ops).await;
}

#[tokio::test]
async fn an_id_is_unique_within_its_account() {
    let (_dir, ops) = based().await;
    let two = json!([
        a(json!({})),
        t(json!({"id": "20261108-1", "amount": "-1.00"})),
        t(json!({"id": "20261108-1", "amount": "-2.00", "account": "a-7"}))
    ]);
    assert_eq!(import(&ops, &two).await.imported.transactions, 2);
    assert_eq!(import(&ops, &two).await.imported, Ingested::default());
    assert_eq!(
        (amounts(&ops, "a-1").await, amounts(&ops, "a-7").await),
        (vec!["-1.00 AUD".to_owned()], vec!["-2.00 AUD".to_owned()])
    );
    assert_eq!(counts(&ops, "c-1").await, (2, 2));
    // also when both wait for their accounts, and when both are alike
    let (_dir, ops) = self::ops();
    let alike = json!([t(json!({})), t(json!({"account": "a-7"}))]);
    assert_eq!(import(&ops, &alike).await.kept, 2);
    import(&ops, &json!([base(), a(json!({}))])).await;
    assert_eq!(counts(&ops, "c-1").await, (2, 2));
    assert_eq!(ops.waiting_size().await.unwrap(), 0);
    sound(&ops).await;
}

#[tokio::test]
async fn the_same_transaction_of_a_later_import_has_moved() {
    let (_dir, ops) = based().await;
    import(
        &ops,
        &json!([a(json!({})), t(json!({"description": "CAFE"}))]),
    )
    .await;
    let report = import(&ops, &t(json!({"description": "CAFE", "account": "a-7"}))).await;
    assert!(
        noted(
            &report,
            "transaction t",
            "moved from account a-1 to account a-7"
        ),
        "{:?}",
        report.notes
    );
    assert_eq!(
        (report.imported.transactions, report.changed.transactions),
        (1, 1)
    );
    assert_eq!(
        (
            amounts(&ops, "a-1").await.len(),
            amounts(&ops, "a-7").await.len()
        ),
        (0, 1)
    );
    // another one of that id has not
    import(&ops, &t(json!({"description": "HOTEL"}))).await;
    assert_eq!(
        (
            amounts(&ops, "a-1").await.len(),
            amounts(&ops, "a-7").await.len()
        ),
        (1, 1)
    );
    sound(&ops).await;
}

#[tokio::test]
async fn records_of_two_owners_are_never_merged() {
    let (_dir, ops) = based().await;
    let held = stored_account(&ops, "a-1").await;
    let two = json!({"type": "user", "id": "u-2", "firstName": "Bo"});
    let theirs =
        json!({"id": "a-1", "connection": null, "links": {"self": "/users/u-2/accounts/a-1"}});
    let report = import(&ops, &json!([two, a(theirs)])).await;
    assert!(
        noted(&report, "account a-1", "another user's") && report.lost == 1,
        "{:?}",
        report.notes
    );
    assert_eq!(stored_account(&ops, "a-1").await, held);
    // ids that differ in case are two
    let report = import(&ops, &a(json!({"id": "A-1"}))).await;
    assert_eq!((report.imported.accounts, report.changed.accounts), (1, 0));
    let blank = import(&ops, &a(json!({"id": "a 1"}))).await;
    assert_eq!((blank.lost, blank.kept), (1, 1));
    // two accounts of one id that wait for their users both wait
    let (_dir, ops) = self::ops();
    let of = |user: &str| {
        a(json!({"connection": null, "links": {"self": format!("/users/{user}/accounts/a-7")}}))
    };
    assert_eq!(import(&ops, &json!([of("u-1"), of("u-2")])).await.kept, 2);
}

fn some_move() -> impl Strategy<Value = Value> {
    let day = 1_u32..28;
    let (bank, user) = (0_u32..2, 1_u32..3);
    prop_oneof![
        (0_u32..3, day.clone(), bank.clone(), user).prop_map(|(id, day, bank, user)| c(json!({
            "id": format!("c-{id}"), "lastUsed": format!("2026-11-{day:02}T00:00:00Z"),
            "institution": {"id": format!("AU0000{bank}")}, "links": {"user": format!("/users/u-{user}")}}))),
        (0_u32..3, day, bank, 0_u32..4).prop_map(|(id, day, bank, link)| a(json!({
            "id": format!("a-{id}"), "lastUpdated": format!("2026-11-{day:02}T00:00:00Z"),
            "institution": format!("AU0000{bank}"), "connection": format!("c-{link}"),
            "links": {"self": format!("/users/u-1/accounts/a-{id}")}}))),
        (0_u32..4, 0_u32..3, any::<bool>()).prop_map(|(id, account, cents)| t(json!({
            "id": format!("t-{id}"), "account": format!("a-{account}"), "amount": if cents { "1.00" } else { "2.00" }}))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever comes in whichever order, the stored counts are the real ones and everything can be read.
    #[test]
    fn counts_follow_what_moves(all in prop::collection::vec(some_move(), 1..24), cut in 1_usize..6) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (_dir, ops) = ops();
            let users = json!([{"type": "user", "id": "u-1", "firstName": "A"}, {"type": "user", "id": "u-2", "firstName": "B"}]);
            import(&ops, &users).await;
            for part in all.chunks(cut) {
                import(&ops, &Value::from(part.to_vec())).await;
            }
            sound(&ops).await;
            for id in ["a-0", "a-1", "a-2"] {
                let id = AccountId::from(id);
                let held = ops.store.read(move |rd: &ReadTxn<'_>| rd.account_record(&id)).await.unwrap();
                prop_assert!(held.is_none_or(|held| held.account.details.rest.expose().is_empty()));
            }
            Ok(())
        })?;
    }
}
