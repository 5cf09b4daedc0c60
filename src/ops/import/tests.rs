//! Imports documents and checks what the file then holds.

use super::*;
use crate::clock::Clock;
use crate::domain::connection::Status;
use crate::domain::job::{Kind, State};
use crate::domain::limits::Limits;
use crate::domain::moment::Moment;
use crate::ops::Caller;
use crate::store::{Event, Mode, ReadTxn, Store};
use serde_json::{Value, json};
use std::io::Cursor;
use tempfile::TempDir;

const BASE: &str = "https://api.example.test/users/u-1";

fn ops() -> (TempDir, Ops) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Moment::parse("2026-03-10T09:41:07Z").unwrap());
    let store = Store::open(&dir.path().join("w.db"), Mode::Create, &clock).unwrap();
    (
        dir,
        Ops::new(
            store,
            clock,
            Caller {
                actor: "t".into(),
                face: "command",
            },
            Limits::default(),
        ),
    )
}

async fn import(ops: &Ops, document: &Value) -> ImportReport {
    ops.import(Cursor::new(document.to_string()), "test.json", |_| ())
        .await
        .unwrap()
}

fn user() -> Value {
    json!({"type": "user", "id": "u-1", "email": "ada@example.test", "firstName": "Ada", "lastName": "Byron",
        "connections": {"type": "list", "data": [{"type": "connection", "id": "c-1"}]},
        "accounts": {"type": "list", "data": [{"type": "account", "id": "a-1"}, {"type": "account", "id": "a-2"}]},
        "links": {"self": BASE}})
}

fn summary(id: &str) -> Value {
    json!({"type": "account", "id": id, "name": "Daily", "currency": "AUD", "class": {"type": "savings", "product": "S"},
        "accountNo": "123456", "balance": "1.00", "availableFunds": "1.00", "lastUpdated": "2026-03-09T22:40:36Z",
        "status": "available"})
}

fn account(id: &str, connection: &str) -> Value {
    let mut account = summary(id);
    account["accountHolder"] = "ADA BYRON".into();
    account["connection"] = connection.into();
    account["institution"] = "AU00000".into();
    account["transactionIntervals"] = json!([{"from": "2025-01-01", "to": "2026-03-09"}]);
    account["links"] = json!({"self": format!("{BASE}/accounts/{id}")});
    account
}

fn accounts() -> Value {
    json!({"type": "list", "data": [account("a-1", "c-1"), account("a-2", "c-1")], "links": {"self": format!("{BASE}/accounts")}})
}

fn connection() -> Value {
    json!({"type": "connection", "id": "c-1", "status": "active", "createdDate": "2026-03-02T01:14:07Z",
        "lastUsed": "2026-03-09T22:40:31Z", "institution": {"type": "institution", "id": "AU00000"},
        "accounts": {"type": "list", "data": [summary("a-1"), summary("a-2")]},
        "profile": {"fullName": "Ada Byron", "firstName": "Ada", "lastName": "Byron", "phoneNumbers": ["0400 111 222"]},
        "links": {"self": format!("{BASE}/connections/c-1"), "user": BASE}})
}

fn transaction(id: &str, account: &str, connection: &str) -> Value {
    json!({"type": "transaction", "id": id, "status": "posted", "description": "CAFE", "amount": "-4.80", "currency": "AUD",
        "account": account, "class": "payment", "institution": "AU00000", "connection": connection,
        "postDate": "2026-03-08T00:00:00Z", "links": {"self": format!("{BASE}/transactions/{id}")}})
}

fn transactions() -> Value {
    json!([
        transaction("t-1", "a-1", "c-1"),
        transaction("t-2", "a-2", "c-1"),
        transaction("t-3", "a-1", "c-1")
    ])
}

fn job(id: &str, source: &str, created: &str, last: &str) -> Value {
    json!({"type": "job", "id": id, "created": created, "updated": created,
        "institution": {"type": "institution", "id": "AU00000"},
        "steps": [{"title": "verify-credentials", "status": "success", "result": {"type": "link", "url": "{url}"}},
            {"title": "retrieve-accounts", "status": last, "result": null}],
        "links": {"source": source}})
}

fn jobs() -> Value {
    json!({"type": "list", "links": {"self": format!("{BASE}/jobs")},
        "data": [job("j-1", &format!("{BASE}/connections/c-1"), "2026-03-02T01:14:09Z", "success")]})
}

/// What anybody could see of the whole.
async fn seen(ops: &Ops) -> (Option<Status>, u64, u64, Option<Kind>, usize, bool) {
    let look = |rd: &ReadTxn<'_>| -> Result<_> {
        let row = rd.connection(&"c-1".into())?;
        let holder = rd
            .account_record(&"a-1".into())?
            .is_some_and(|a| !a.account.details.holder.is_empty());
        let job = rd.job(&"j-1".into())?.map(|j| j.kind);
        let (accounts, transactions) = row
            .as_ref()
            .map_or((0, 0), |r| (r.accounts, r.transactions));
        Ok((
            row.map(|r| r.status),
            accounts,
            transactions,
            job,
            rd.waiting_after(("", ""), 100)?.len(),
            holder,
        ))
    };
    ops.store.read(look).await.unwrap()
}

async fn events(ops: &Ops) -> Vec<Event> {
    ops.store
        .read(|rd: &ReadTxn<'_>| -> Result<_> { Ok(rd.events_after(0, 1_000)?) })
        .await
        .unwrap()
}

async fn sound(ops: &Ops) {
    let health = ops
        .store
        .read(|rd: &ReadTxn<'_>| rd.health())
        .await
        .unwrap();
    assert!(health.ok(), "{health:?}");
}

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
        .map(|w| (w.id.as_str(), w.user.as_ref().map(|u| u.as_str())))
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
async fn amounts_are_kept_in_the_currency_of_their_account() {
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
        ("t-7", "a-uyw", Some("AUD"), "1.20", Some(12_000)),
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
        let held = crate::domain::holdings::HoldingsFilter {
            account: Some(account.into()),
            ..Default::default()
        };
        let rows = ops.transactions(&held, None, 100).await.unwrap().rows;
        let row = rows.iter().find(|row| row.id.as_str() == id);
        assert_eq!(row.map(|row| row.amount), kept, "{id}");
    }
}
