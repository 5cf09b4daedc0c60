//! What each kind of document is read as.

use super::stream::read;
use super::*;
use crate::domain::connection::{Method, Status};
use crate::domain::job::{Kind, Label, State, StepStatus};
use proptest::prelude::*;
use serde_json::{Value, json};

const USER: &str = "https://api.example.test/users/u-1";

fn documents(value: &Value) -> Documents {
    read(&value.to_string()).unwrap()
}

pub(super) fn institution() -> Value {
    json!({"type": "institution", "id": "AU00000", "links": {"self": "https://api.example.test/institutions/AU00000"}})
}

pub(super) fn connection() -> Value {
    json!({"type": "connection", "id": "c-1", "status": "active", "createdDate": "2026-03-02T01:14:07Z",
        "lastUsed": "2026-03-09T22:40:31Z", "expiryDate": "", "institution": institution(),
        "accounts": {"type": "list", "data": [{"type": "account", "id": "a-1", "name": "Daily", "currency": "AUD",
            "class": {"type": "transaction", "product": "Daily Plus"}, "accountNo": "123", "availableFunds": "812.40",
            "balance": "835.15", "lastUpdated": "2026-03-09T22:40:36Z", "status": "available"}]},
        "profile": {"fullName": "Ada Byron", "firstName": "Ada", "middleName": "", "lastName": "Byron",
            "phoneNumbers": ["0400 111 222"], "emailAddresses": ["ada@example.test"],
            "physicalAddresses": [{"addressLine1": "4 Sample St", "addressLine2": null, "city": "Sydney"}]},
        "links": {"self": format!("{USER}/connections/c-1"), "user": USER}})
}

pub(super) fn account() -> Value {
    json!({"type": "account", "id": "a-1", "name": "Daily", "accountNo": "123456789", "accountHolder": "ADA BYRON",
        "balance": "835.15", "availableFunds": null, "creditLimit": "", "currency": "AUD", "isOwned": true,
        "class": {"type": "transaction", "product": "Daily Plus"}, "connection": "c-1", "institution": "AU00000",
        "lastUpdated": "2026-03-09T22:40:36Z", "status": "available",
        "transactionIntervals": [{"from": "2024-03-10", "to": "2026-03-09"}],
        "links": {"self": format!("{USER}/accounts/a-1"), "connection": null}})
}

pub(super) fn transaction() -> Value {
    json!({"type": "transaction", "id": "t-1", "status": "posted", "description": "CAFE", "reference": "", "amount": "-4.80",
        "currency": "AUD", "account": "a-1", "balance": "835.15", "direction": "debit", "class": "payment",
        "institution": "AU00000", "connection": "c-1", "transactionDate": "", "postDate": "2026-03-08T00:00:00Z",
        "subClass": null, "enrich": {"cleanDescription": "Cafe"}, "links": {"self": format!("{USER}/transactions/t-1")}})
}

fn job() -> Value {
    let step = |title: &str, status: &str, result: Value| json!({"title": title, "status": status, "result": result});
    json!({"type": "job", "id": "j-1", "created": "2026-03-09T22:40:29Z", "updated": "2026-03-09T22:40:36Z",
        "institution": institution(),
        "steps": [
            step("verify-credentials", "success", json!({"type": "link", "url": "/users/u-1/connections/c-1"})),
            step("retrieve-accounts", "failed", json!({"code": "service-unavailable", "title": "Away", "details": "Later."})),
            step("retrieve-transactions", "pending", Value::Null)],
        "links": {"self": "https://api.example.test/jobs/j-1", "source": format!("{USER}/connections/c-1")}})
}

pub(super) fn user() -> Value {
    json!({"type": "user", "id": "u-1", "email": "ada@example.test", "mobile": "", "name": "", "firstName": "Ada",
        "middleName": "", "lastName": "Byron",
        "connections": {"type": "list", "count": 1, "data": [{"type": "connection", "id": "c-1", "links": {"self": format!("{USER}/connections/c-1")}}]},
        "accounts": {"type": "list", "count": 2, "data": [{"type": "account", "id": "a-1"}, {"type": "account", "id": "a-2"}]},
        "links": {"self": USER, "auth_link": null}})
}

fn connector(method: &str) -> Value {
    json!({"type": "connector", "id": "AU00002", "method": method, "stage": "live", "status": "operational",
        "institution": {"type": "Test Bank", "name": "Pied Piper Bank", "shortName": "Pied Piper", "tier": "4", "country": "Australia"},
        "authorization": {"type": "user-mfa", "meta": {}}})
}

pub(super) fn with(mut document: Value, field: &str, value: Value) -> Value {
    let target = field.split('/').rev().skip(1).collect::<Vec<_>>();
    let last = field.rsplit('/').next().unwrap();
    let parent = target
        .iter()
        .rev()
        .fold(&mut document, |at, name| &mut at[*name]);
    parent[last] = value;
    document
}

#[test]
fn a_connection_brings_profile_and_account_summaries() {
    let docs = documents(&connection());
    let c = &docs.batch.connections[0];
    assert_eq!(
        (c.id.as_str(), c.user.as_str(), c.institution.as_str()),
        ("c-1", "u-1", "AU00000")
    );
    assert_eq!(
        (c.method, c.status, c.ever_active, c.expiry),
        (Method::Web, Status::Active, true, None)
    );
    assert_eq!(
        (c.created.rfc3339(), c.last_used.rfc3339()),
        ("2026-03-02T01:14:07Z".into(), "2026-03-09T22:40:31Z".into())
    );
    let profile = c.profile.as_ref().unwrap();
    assert_eq!(
        (
            profile.full_name.expose(),
            profile.phones.len(),
            profile.addresses[0].line2.is_none()
        ),
        ("Ada Byron", 1, true)
    );
    assert!(docs.batch.accounts.is_empty());
    assert_eq!(docs.summaries[0].account.balance, Some(83_515));

    assert!(docs.loose.is_empty() && docs.notes.is_empty() && docs.placeholders.is_empty());
}

#[test]
fn what_is_not_read_of_accounts_and_transactions_is_kept() {
    let docs = documents(&json!({"type": "list", "data": [account(), transaction()]}));
    let a = &docs.batch.accounts[0];
    assert_eq!(
        (a.user.as_str(), a.connection.as_ref().unwrap().as_str()),
        ("u-1", "c-1")
    );
    assert_eq!(
        (
            a.account.balance,
            a.account.available,
            a.account.credit_limit
        ),
        (Some(83_515), None, None)
    );
    let rest: Value = serde_json::from_str(a.account.details.rest.expose()).unwrap();
    assert_eq!(
        rest,
        json!({"isOwned": true, "transactionIntervals": [{"from": "2024-03-10", "to": "2026-03-09"}]})
    );
    let t = &docs.batch.transactions[0].transaction;
    assert_eq!(
        (t.amount, t.posted, t.class.as_str(), t.at.rfc3339()),
        (-480, true, "payment", "2026-03-08T00:00:00Z".into())
    );
    let rest: Value = serde_json::from_str(t.details.rest.expose()).unwrap();
    assert_eq!(
        rest,
        json!({"balance": "835.15", "direction": "debit", "enrich": {"cleanDescription": "Cafe"}})
    );
}

#[test]
fn a_job_is_tied_to_its_connection_and_labelled_by_its_steps() {
    let docs = documents(&json!([connection(), job()]));
    let j = &docs.batch.jobs[0];
    assert_eq!(
        (j.connection.as_str(), j.kind, j.state),
        ("c-1", Kind::Refresh, State::Failed)
    );
    assert_eq!(
        (Label::of(&j.steps), j.ended),
        (Label::Failed, Some(j.updated))
    );
    let failure = j.steps[1].failure.as_ref().unwrap();
    assert_eq!(
        (
            failure.code.as_str(),
            failure.title.as_str(),
            failure.detail.as_str()
        ),
        ("service-unavailable", "Away", "Later.")
    );

    let first = with(job(), "created", json!("2026-03-02T01:14:09Z"));
    assert_eq!(
        documents(&json!([connection(), first])).batch.jobs[0].kind,
        Kind::Connect
    );

    let open = with(
        job(),
        "steps",
        json!([{"title": "verify-credentials", "status": "in-progress", "result": null}]),
    );
    let open = &documents(&open).batch.jobs[0];
    assert_eq!(
        (open.state, open.ended, open.next_attempt),
        (State::Paused, None, None)
    );

    // The source may be a hole; the sign-in says which connection it made.
    let holed = documents(&with(job(), "links/source", json!("{source}")));
    assert_eq!(holed.batch.jobs[0].connection.as_str(), "c-1");
    assert_eq!(
        holed.placeholders,
        [Placeholder {
            at: "$.links.source".into(),
            text: "{source}".into()
        }]
    );
}

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
        ("$.links.self", "{base}"),
        ("$.data[0].links.source", "{source}"),
        ("$.data[0].steps[0].result.url", "{url}"),
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
fn a_user_mentions_what_is_theirs() {
    let docs = documents(&user());
    let u = &docs.batch.users[0];
    assert_eq!(
        (
            u.name.as_str(),
            u.mobile.is_none(),
            u.email.as_ref().unwrap().expose()
        ),
        ("Ada Byron", true, "ada@example.test")
    );
    let mentioned: Vec<_> = docs
        .mentions
        .iter()
        .map(|m| (m.entity, m.id.as_str(), m.at.as_str()))
        .collect();
    assert_eq!(
        mentioned,
        [
            (Entity::Connection, "c-1", "$.connections.data[0]"),
            (Entity::Account, "a-1", "$.accounts.data[0]"),
            (Entity::Account, "a-2", "$.accounts.data[1]")
        ]
    );
}

#[test]
fn the_ways_to_a_bank_are_gathered() {
    let docs = documents(&json!([
        connector("web"),
        connector("openbanking"),
        connector("web"),
        connector("pdf")
    ]));
    assert_eq!(docs.batch.institutions.len(), 1);
    let bank = &docs.batch.institutions[0];
    assert_eq!(
        (bank.name.as_str(), bank.kind.as_str(), bank.tier.as_str()),
        ("Pied Piper Bank", "Test Bank", "4")
    );
    let ways: Vec<_> = bank
        .connectors
        .iter()
        .map(|c| (c.method, c.authorization.as_str()))
        .collect();
    assert_eq!(
        ways,
        [(Method::Web, "user-mfa"), (Method::OpenBanking, "user-mfa")]
    );
    assert_eq!(docs.notes.len(), 1);

    let flat = json!({"type": "institution", "id": "AU1", "name": "Old Bank", "institutionType": "Bank", "country": "Australia"});
    let docs = documents(&flat);
    assert_eq!(
        (
            docs.batch.institutions[0].kind.as_str(),
            docs.batch.institutions[0].short_name.as_str()
        ),
        ("Bank", "Old Bank")
    );
}

#[test]
fn an_event_is_read_without_its_snapshot() {
    let docs = documents(
        &json!({"type": "event", "id": "e-1", "createdDate": "2026-03-10T03:00:11Z", "entity": "transactions",
        "eventType": "updated", "userId": "u-1", "data": {"type": "transactions", "count": "13", "connection": {"type": "connection", "id": "c-1"}}}),
    );
    let e = &docs.batch.events[0];
    assert_eq!(
        (e.count, e.connection.as_ref().map(|c| c.as_str())),
        (Some(13), Some("c-1"))
    );
}

#[test]
fn the_method_is_told_by_the_expiry_where_it_is_not_said() {
    let expires = json!("2027-03-02T01:13:40Z");
    for (document, method) in [
        (connection(), Some(Method::Web)),
        (
            with(connection(), "expiryDate", expires.clone()),
            Some(Method::OpenBanking),
        ),
        (
            with(connection(), "method", json!("open-banking")),
            Some(Method::OpenBanking),
        ),
        (
            with(
                with(connection(), "expiryDate", expires),
                "method",
                json!("web"),
            ),
            Some(Method::Web),
        ),
        (with(connection(), "method", json!("pdf")), None),
    ] {
        assert_eq!(
            documents(&document)
                .batch
                .connections
                .first()
                .map(|c| c.method),
            method
        );
    }
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
        (with(connection(), "id", json!(7)), "it has no id"),
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

#[test]
fn a_list_lends_its_user_to_what_is_in_it() {
    let list = json!({"type": "list", "links": {"self": format!("{USER}/accounts")}, "data": [with(account(), "links", json!({}))]});
    assert_eq!(documents(&list).batch.accounts[0].user.as_str(), "u-1");
}

#[test]
fn steps_keep_titles_that_are_not_ours() {
    let docs = documents(&with(
        job(),
        "steps",
        json!([{"title": "retrieve-moons", "status": "success"}]),
    ));
    let step = &docs.batch.jobs[0].steps[0];
    assert_eq!(
        (step.title.word(), step.status),
        ("retrieve-moons", StepStatus::Success)
    );
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
