//! What each kind of document is read as.

mod incomplete;
mod records;

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
