//! One where many is usual and the other way round, numbers as text, times in other spellings, overlong texts.

use super::*;

#[tokio::test]
async fn lists_of_one_and_numbers_as_ids_are_read() {
    let (_dir, ops) = based().await;
    let odd = json!({"type": "list", "data": {"type": "connection", "id": 12345, "status": "active",
        "createdDate": "2026-11-01T00:00:00Z", "lastUsed": "2026-11-28T00:00:00Z", "institution": [{"id": "AU00000"}],
        "mfaEnabled": "true", "profile": [{"fullName": "Ada", "phoneNumbers": "0400 111 222", "emailAddresses": ["a@b.test"]}],
        "accounts": [{"type": "account", "id": 77, "currency": "AUD", "balance": 1.5, "accountNo": 600000114210017_u64}],
        "links": [{"rel": "user", "href": "/users/u-1"}]}});
    let report = import(&ops, &odd).await;
    assert_eq!(
        (
            report.imported.connections,
            report.imported.accounts,
            report.lost
        ),
        (1, 1, 0),
        "{:?}",
        report.notes
    );
    let held = profile(&ops, "12345").await.unwrap();
    assert_eq!((held.phones.len(), held.emails.len()), (1, 1));
    let account = stored_account(&ops, "77").await.account;
    assert_eq!(
        (account.balance, account.details.number.expose()),
        (Some(150), "600000114210017")
    );
    let one = json!({"type": "user", "id": 9, "mobile": 61_400_111_222_u64,
        "connections": {"type": "connection", "id": "c-77"}, "links": [{"self": "/users/9"}]});
    let report = import(&ops, &one).await;
    assert_eq!(report.imported.users, 1);
    assert!(
        report
            .dangling
            .iter()
            .any(|d| d.missing == "connection c-77"),
        "{:?}",
        report.dangling
    );
    sound(&ops).await;
}

#[tokio::test]
async fn the_result_of_a_step_may_be_a_list_of_one() {
    let (_dir, ops) = based().await;
    let job = json!({"type": "job", "id": "j", "created": "2026-11-22T10:00:00Z", "updated": "2026-11-22T10:00:10Z",
        "steps": {"title": "verify-credentials", "status": "failed",
            "result": [{"code": "invalid-credentials", "title": "T", "detail": "The account is locked."}]},
        "links": {"source": "/users/u-1/connections/c-m"}});
    import(
        &ops,
        &json!([c(json!({"id": "c-m", "status": "invalid"})), job]),
    )
    .await;
    let job = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.job(&"j".into()))
        .await
        .unwrap()
        .unwrap();
    let failure = job.steps[0].failure.as_ref().unwrap();
    assert_eq!(
        (failure.code.as_str(), failure.detail.as_str()),
        ("invalid-credentials", "The account is locked.")
    );
}

#[tokio::test]
async fn times_in_other_spellings_are_read_with_a_note_where_there_is_no_zone() {
    let (_dir, ops) = based().await;
    let day = Moment::parse("2026-11-08T00:00:00Z").unwrap();
    for (id, text, is_noted) in [
        ("t-1", "2026-11-08T00:00:00", true),
        ("t-2", "2026-11-08 00:00:00", true),
        ("t-3", "2026-11-08T10:00:00+1000", false),
        ("t-4", "2026-11-08", false),
    ] {
        let report = import(&ops, &t(json!({"id": id, "postDate": text}))).await;
        assert_eq!(
            noted(&report, "postDate", "taken as UTC"),
            is_noted,
            "{text}"
        );
    }
    assert!(listed(&ops, "a-1").await.iter().all(|t| t.at == day));
    let seconds = import(&ops, &t(json!({"id": "t-5", "postDate": 1_794_096_000}))).await;
    assert!(
        noted(&seconds, "postDate", "seconds since 1970"),
        "{:?}",
        seconds.notes
    );
    assert_eq!(listed(&ops, "a-1").await.len(), 5);
}

#[tokio::test]
async fn dates_that_stand_for_none_are_none() {
    use crate::domain::connection::Method;
    let (_dir, ops) = based().await;
    for (n, none) in [
        "0001-01-01T00:00:00Z",
        "1970-01-01",
        "9999-12-31T23:59:59Z",
        "0000-00-00",
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("c-{}", n + 10);
        import(
            &ops,
            &c(json!({"id": id, "expiryDate": none, "lastUsed": none})),
        )
        .await;
        let row = stored_connection(&ops, &id).await;
        assert_eq!(
            (row.method, row.expiry, row.last_used),
            (Method::Web, None, row.created),
            "{none}"
        );
    }
    let nothing = import(&ops, &t(json!({"postDate": "0001-01-01T00:00:00Z"}))).await;
    assert_eq!(
        (nothing.kept, nothing.dangling[0].missing.as_str()),
        (1, "it has no date")
    );
}

#[tokio::test]
async fn an_overlong_text_is_left_out_and_the_rest_goes_in() {
    let (_dir, ops) = ops();
    let long = "x".repeat(1 << 20);
    let report = import(
        &ops,
        &json!({"type": "user", "id": "u-1", "firstName": long, "lastName": "Byron"}),
    )
    .await;
    assert_eq!((report.imported.users, report.lost), (1, 1));
    assert!(
        noted(&report, "$.firstName", "longer than 64 KiB"),
        "{:?}",
        report.notes
    );
    let user = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.user(&"u-1".into()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.name, "Byron");
}

#[tokio::test]
async fn other_formats_are_named_and_joined_files_with_marks_are_read() {
    let (_dir, ops) = ops();
    for (bytes, what) in [
        (&b"\x1f\x8b\x08\0"[..], "gzip"),
        (b"\xff\xfe[\0]\0", "UTF-16"),
        (b"<html>", "HTML"),
    ] {
        let failed = ops.import(Cursor::new(bytes.to_vec()), "f", |_| ()).await;
        assert!(
            matches!(&failed, Err(Error::Input(text)) if text.contains(what)),
            "{failed:?}"
        );
    }
    let joined = format!(
        "\u{feff}{}\u{feff}{}",
        base(),
        t(json!({"description": "\u{feff}"}))
    );
    let report = ops
        .import(Cursor::new(joined), "two.json", |_| ())
        .await
        .unwrap();
    assert_eq!((report.documents, report.imported.transactions), (2, 1));
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_and_listed() {
    let (_dir, ops) = based().await;
    let three = json!([
        t(json!({"amount": "12,34"})),
        t(json!({"id": "t2", "postDate": "soon"})),
        t(json!({"id": "t3"}))
    ]);
    let report = import(&ops, &three).await;
    assert_eq!(
        (report.imported.transactions, report.lost, report.kept),
        (1, 2, 2)
    );
    let waiting = ops.waiting(None, 1).await.unwrap();
    assert_eq!((waiting.rows[0].id.as_str(), waiting.more), ("t", true));
    let rest = ops.waiting(waiting.last, 10).await.unwrap().rows;
    assert_eq!(
        (rest.len(), rest[0].missing.as_str()),
        (1, "it has no date")
    );
    // one that does not name what it refers to waits and is not lost
    let hole = json!({"type": "job", "id": "j", "created": "2026-11-22T10:00:00Z", "links": {"source": "{source}"},
        "steps": [{"title": "verify-credentials", "status": "success", "result": null}]});
    let report = import(&ops, &hole).await;
    assert_eq!((report.lost, report.kept), (0, 1));
    // what was told is not told again, nor counted
    let other = import(&ops, &a(json!({}))).await;
    assert_eq!((other.imported.accounts, other.lost), (1, 0));
    // read at last, it waits no longer
    import(&ops, &t(json!({}))).await;
    assert_eq!(ops.waiting_size().await.unwrap(), 2);
}
