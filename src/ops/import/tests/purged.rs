//! Data that was purged does not come back unasked.

use super::*;

fn file() -> Value {
    let named = c(json!({"id": "c-1", "profile": {"fullName": "Ada Byron"}}));
    let identity = json!({"type": "identity", "id": "i", "updated": "2026-11-02T00:00:00Z", "connectionID": "c-1",
        "fullName": "Ada", "links": {"self": "/users/u-1/identities/i"}});
    json!([
        base(),
        named,
        t(json!({})),
        t(json!({"id": "t-2"})),
        identity
    ])
}

/// What a purge does to the file, a day after the last document.
async fn purge(ops: &Ops) {
    ops.store
        .write(|tx: &crate::store::WriteTxn<'_>| {
            let (user, bank) = ("u-1".into(), "AU00000".into());
            let now = Moment::parse("2026-11-29T00:00:00Z").unwrap();
            tx.note_purge(&user, &bank, now)?;
            tx.purge(&user, &bank).map(drop)
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn an_older_file_brings_purged_data_back_only_when_it_is_asked_to() {
    let (_dir, ops) = ops();
    import(&ops, &file()).await;
    purge(&ops).await;
    let report = import(&ops, &file()).await;
    // the account, two transactions, the profile and the identity
    assert_eq!(
        (report.held_back, report.imported),
        (5, Ingested::default()),
        "{:?}",
        report.notes
    );
    let (row, profile) = (
        stored_connection(&ops, "c-1").await,
        profile(&ops, "c-1").await,
    );
    assert_eq!((row.accounts, row.transactions, profile), (0, 0, None));
    // a part of it that names only its account is not kept either
    let part = import(&ops, &t(json!({}))).await;
    assert_eq!((part.held_back, part.kept), (1, 0));
    assert_eq!(ops.waiting_size().await.unwrap(), 0);
    sound(&ops).await;

    let text = file().to_string();
    let report = ops
        .import_purged(Cursor::new(text), "old.json", |_| ())
        .await
        .unwrap();
    assert_eq!(
        (
            report.held_back,
            report.imported.accounts,
            report.imported.transactions
        ),
        (0, 1, 2)
    );
    let row = stored_connection(&ops, "c-1").await;
    assert_eq!((row.accounts, row.transactions), (1, 2));
    // it is back: the next import of it needs no permission
    assert_eq!(import(&ops, &file()).await.held_back, 0);
}

#[tokio::test]
async fn what_is_newer_than_the_purge_goes_in() {
    let (_dir, ops) = ops();
    import(&ops, &file()).await;
    purge(&ops).await;
    let newer = json!([
        c(json!({"id": "c-1", "lastUsed": "2026-11-30T00:00:00Z", "profile": {"fullName": "Ada"}})),
        but(
            base()[2].clone(),
            json!({"lastUpdated": "2026-11-30T00:00:00Z"})
        ),
        t(json!({})),
        t(json!({"id": "t-3", "postDate": "2026-11-30T00:00:00Z"})),
    ]);
    let report = import(&ops, &newer).await;
    // of its transactions one is of before the purge
    assert_eq!(
        (
            report.held_back,
            report.imported.accounts,
            report.imported.transactions
        ),
        (1, 1, 1)
    );
    assert!(profile(&ops, "c-1").await.is_some());
    sound(&ops).await;
}
