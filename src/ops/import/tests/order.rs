//! Documents in any order, again, and before what they refer to.

use super::*;

#[tokio::test]
async fn documents_in_any_order_or_twice_give_the_same_file() {
    let documents = [user(), connection(), accounts(), transactions(), jobs()];
    let orders = [
        [0, 1, 2, 3, 4],
        [4, 3, 2, 1, 0],
        [3, 0, 4, 2, 1],
        [2, 4, 1, 0, 3],
        [1, 3, 0, 4, 2],
        [3, 1, 2, 4, 0],
    ];
    for order in orders {
        let (_dir, ops) = ops();
        let mut imported = Ingested::default();
        for at in order {
            imported.add(import(&ops, &documents[at]).await.imported);
        }
        let whole = (Some(Status::Active), 2, 3, Some(Kind::Connect), 0, true);
        assert_eq!(seen(&ops).await, whole, "{order:?}");
        assert_eq!(
            (
                imported.users,
                imported.connections,
                imported.transactions,
                imported.jobs
            ),
            (1, 1, 3, 1),
            "{order:?}"
        );
        for at in order {
            let again = import(&ops, &documents[at]).await;
            assert_eq!(
                (again.imported, again.kept),
                (Ingested::default(), 0),
                "{order:?} {at}"
            );
            assert_eq!(again.dangling, vec![], "{order:?} {at}");
        }
        let mut told: Vec<(String, Option<u64>)> = events(&ops)
            .await
            .into_iter()
            .map(|e| (format!("{}.{}", e.entity, e.event_type), e.count))
            .collect();
        told.sort();
        told.dedup();
        let kinds: Vec<&str> = told.iter().map(|t| t.0.as_str()).collect();
        assert_eq!(
            kinds,
            ["connection.created", "transactions.updated", "user.created"],
            "{order:?}"
        );
        assert_eq!(told[1].1, Some(3), "{order:?}");
        sound(&ops).await;
    }
}

#[tokio::test]
async fn documents_with_open_references_are_kept_and_reported() {
    let (_dir, ops) = ops();
    let all = json!([
        user(),
        account("a-1", "c-9"),
        transaction("t-1", "a-1", "c-8"),
        transaction("t-2", "a-7", "c-1"),
        job("j-1", "{source}", "2026-03-02T01:14:09Z", "success"),
        job(
            "j-2",
            "https://api.example.test/users/u-2/connections/c-7",
            "2026-03-02T01:14:09Z",
            "success"
        ),
    ]);
    let first = import(&ops, &all).await;
    let named: Vec<(&str, &str, &str)> = first
        .dangling
        .iter()
        .map(|d| (d.kind, d.id.as_str(), d.missing.as_str()))
        .collect();
    assert_eq!(
        named,
        [
            ("account", "a-1", "connection c-9"),
            ("job", "j-1", "its connection is not known"),
            ("job", "j-2", "connection c-7"),
            ("reference", "$[0].accounts.data[1]", "account a-2"),
            ("reference", "$[0].connections.data[0]", "connection c-1"),
            ("transaction", "t-1", "connection c-8"),
            ("transaction", "t-2", "account a-7"),
        ]
    );
    assert_eq!(
        (
            first.imported.users,
            first.imported.accounts,
            first.imported.transactions
        ),
        (1, 1, 1)
    );
    assert_eq!(first.kept, 3);
    let texts: Vec<&str> = first.placeholders.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(
        texts.iter().filter(|t| **t == "{source}").count(),
        1,
        "{texts:?}"
    );
    let second = import(&ops, &all).await;
    assert_eq!(
        (second.imported, second.kept, second.unchanged),
        (Ingested::default(), 0, 6)
    );
    assert_eq!(
        (second.dangling, second.placeholders),
        (first.dangling, first.placeholders)
    );
    // who they are about is known, so that a purge finds them
    let waiting = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.waiting_after(("", ""), 100))
        .await
        .unwrap();
    let owners: Vec<_> = waiting
        .iter()
        .map(|w| (w.id.as_str(), w.owner.user.as_ref().map(|u| u.as_str())))
        .collect();
    assert_eq!(
        owners,
        [("j-1", None), ("j-2", Some("u-2")), ("t-2", Some("u-1"))]
    );
    sound(&ops).await;
}

#[tokio::test]
async fn deferred_documents_go_in_when_their_reference_comes() {
    let (_dir, ops) = ops();
    import(
        &ops,
        &job("j-1", "{source}", "2026-03-05T01:14:09Z", "success"),
    )
    .await;
    import(&ops, &user()).await;
    import(&ops, &connection()).await;
    assert_eq!(seen(&ops).await.3, None);
    import(
        &ops,
        &job(
            "j-1",
            &format!("{BASE}/connections/c-1"),
            "2026-03-05T01:14:09Z",
            "success",
        ),
    )
    .await;
    let (.., kind, waiting, _) = seen(&ops).await;
    assert_eq!((kind, waiting), (Some(Kind::Refresh), 0));
}

#[tokio::test]
async fn an_imported_open_job_is_ended_by_a_later_import() {
    let (_dir, ops) = ops();
    let source = format!("{BASE}/connections/c-1");
    let open = job("j-1", &source, "2026-03-05T01:14:09Z", "in-progress");
    let other = job("j-2", &source, "2026-03-05T01:15:09Z", "pending");
    let report = import(&ops, &json!([user(), connection(), open, other])).await;
    assert_eq!(report.imported.jobs, 1);
    assert!(
        report.notes.iter().any(|n| n.at == "job j-2"),
        "{:?}",
        report.notes
    );
    let mut ended = job("j-1", &source, "2026-03-05T01:14:09Z", "success");
    ended["updated"] = "2026-03-05T01:14:19Z".into();
    assert_eq!(import(&ops, &ended).await.imported.jobs, 1);
    let job = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.job(&"j-1".into()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(job.state, State::Succeeded);
    sound(&ops).await;
}

#[tokio::test]
async fn a_deferred_document_that_still_cannot_go_in_is_named_with_what_it_lacks_now() {
    let (_dir, ops) = ops();
    let mut early = transaction("t-1", "a-1", "c-1");
    early["currency"] = Value::Null;
    early["amount"] = "12.345".into();
    let named = |report: &ImportReport| -> Vec<(&'static str, String)> {
        let dangling = report.dangling.iter();
        dangling
            .map(|d| (d.kind, format!("{}: {}", d.id, d.missing)))
            .collect()
    };
    let lacks = (
        "transaction",
        "t-1: its amount is not one of its account's currency".to_owned(),
    );
    let first = import(&ops, &early).await;
    assert_eq!(
        named(&first),
        [("transaction", "t-1: account a-1".to_owned())]
    );
    // its account comes later
    let second = import(&ops, &json!([user(), connection(), account("a-2", "c-1")])).await;
    assert_eq!(named(&second), std::slice::from_ref(&lacks));
    let waiting = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.waiting_after(("", ""), 100))
        .await
        .unwrap();
    assert_eq!(lacks.1, format!("t-1: {}", waiting[0].missing));
    // what was told is not told again by every later import
    let mut other = user();
    other["id"] = "u-2".into();
    other["links"] = Value::Null;
    other["accounts"] = Value::Null;
    other["connections"] = Value::Null;
    let third = import(&ops, &other).await;
    assert_eq!((third.imported.users, named(&third)), (1, vec![]));

    // within one import, in an earlier chunk than its account
    let (_dir, ops) = self::ops();
    let mut text = format!("{early}\n{}\n", user());
    for n in 0..5_000 {
        text.push_str(&format!(
            "{}\n",
            json!({"type": "user", "id": format!("v-{n}"), "firstName": "V"})
        ));
    }
    text.push_str(&format!("{}\n{}\n", connection(), account("a-2", "c-1")));
    let report = ops
        .import(Cursor::new(text), "early.jsonl", |_| ())
        .await
        .unwrap();
    assert_eq!(named(&report), [lacks]);
}
