//! Imports documents and checks what the file then holds.

mod changed;
mod content;
mod currencies;
mod events;
mod moved;
mod order;
mod purged;
mod shapes;

use super::*;
use crate::clock::Clock;
use crate::domain::bank_data::Profile;
use crate::domain::connection::Status;
use crate::domain::holdings::{HoldingsFilter, TransactionRow};
use crate::domain::ids::{AccountId, ConnectionId};
use crate::domain::import_records::AccountRecord;
use crate::domain::job::{Kind, State};
use crate::domain::limits::Limits;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::rows::ConnectionRow;
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
                zone: crate::domain::zone::Zone::UTC,
                actor: "t".into(),
                face: "command",
                role: crate::domain::access::Role::Admin,
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

/// A user with one connection and one account, of 2026-11-28.
fn base() -> Value {
    json!([
        {"type": "user", "id": "u-1", "email": "ada@example.test", "firstName": "Ada", "lastName": "Byron"},
        {"type": "connection", "id": "c-1", "status": "active", "createdDate": "2026-11-01T00:00:00Z",
            "lastUsed": "2026-11-28T00:00:00Z", "institution": {"id": "AU00000"}, "links": {"user": "/users/u-1"}},
        {"type": "account", "id": "a-1", "name": "Everyday", "accountNo": "600000114210017", "balance": "835.15",
            "availableFunds": "812.40", "currency": "AUD", "class": {"type": "transaction", "product": "P"},
            "connection": "c-1", "institution": "AU00000", "lastUpdated": "2026-11-28T00:00:00Z",
            "status": "available", "links": {"self": "/users/u-1/accounts/a-1"}}
    ])
}

/// A document with some of its fields changed.
fn but(mut document: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} is no object")
    };
    document.as_object_mut().unwrap().extend(fields);
    document
}

/// A posted transaction of the account of the base world.
fn t(fields: Value) -> Value {
    let plain = json!({"type": "transaction", "id": "t", "status": "posted", "amount": "-4.80", "currency": "AUD",
        "account": "a-1", "postDate": "2026-11-08T00:00:00Z"});
    but(plain, fields)
}

/// A second account, a day newer.
fn a(fields: Value) -> Value {
    let plain = json!({"type": "account", "id": "a-7", "currency": "AUD", "balance": "1.00", "creditLimit": "5000.00",
        "connection": "c-1", "institution": "AU00000", "lastUpdated": "2026-11-29T00:00:00Z",
        "links": {"self": "/users/u-1/accounts/a-7"}});
    but(plain, fields)
}

/// A second connection.
fn c(fields: Value) -> Value {
    let plain = json!({"type": "connection", "id": "c-2", "status": "active", "createdDate": "2026-11-01T00:00:00Z",
        "lastUsed": "2026-11-28T00:00:00Z", "institution": {"id": "AU00000"}, "links": {"user": "/users/u-1"}});
    but(plain, fields)
}

/// A file with the base world.
async fn based() -> (TempDir, Ops) {
    let (dir, ops) = ops();
    import(&ops, &base()).await;
    (dir, ops)
}

/// The transactions of an account as the list shows them.
async fn listed(ops: &Ops, account: &str) -> Vec<TransactionRow> {
    let held = HoldingsFilter {
        account: Some(account.into()),
        ..HoldingsFilter::default()
    };
    ops.transactions(&held, None, 100, Level::Standard)
        .await
        .unwrap()
        .rows
}

/// Amounts as text, with their currencies.
async fn amounts(ops: &Ops, account: &str) -> Vec<String> {
    let rows = listed(ops, account).await;
    rows.iter()
        .map(|t| format!("{} {}", money::text(t.amount, &t.currency), t.currency))
        .collect()
}

async fn stored_account(ops: &Ops, id: &str) -> AccountRecord {
    let id = AccountId::from(id);
    ops.store
        .read(move |rd: &ReadTxn<'_>| rd.account_record(&id))
        .await
        .unwrap()
        .unwrap()
}

async fn stored_connection(ops: &Ops, id: &str) -> ConnectionRow {
    let id = ConnectionId::from(id);
    ops.store
        .read(move |rd: &ReadTxn<'_>| rd.connection(&id))
        .await
        .unwrap()
        .unwrap()
}

async fn profile(ops: &Ops, id: &str) -> Option<Profile> {
    let id = ConnectionId::from(id);
    ops.store
        .read(move |rd: &ReadTxn<'_>| rd.profile(&id))
        .await
        .unwrap()
}

fn noted(report: &ImportReport, at: &str, what: &str) -> bool {
    report
        .notes
        .iter()
        .any(|note| note.at.contains(at) && note.what.contains(what))
}
