//! Who executes for a connection: the banks of the sandbox, or nobody here because it was imported.

mod imported;
mod lacks;

use crate::domain::act::{ActKind, Force, Outcome, Selection, Standing};
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::diagnosis::Whose;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::{Job, Kind, State};
use crate::domain::limits::Limits;
use crate::domain::views::BankAnswer;
use crate::ops::{Error, Ops};
use crate::testing::lifecycle::{Rig, link};
use serde_json::{Value, json};
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

const USER: &str = "/users/u-1";

fn connection(id: &str, bank: &str, more: Value) -> Value {
    let mut document = json!({"type": "connection", "id": id, "status": "active",
        "createdDate": "2026-02-01T00:00:00Z", "lastUsed": "2026-03-08T00:00:00Z",
        "institution": {"id": bank}, "links": {"user": USER}});
    let fields = document.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    document
}

fn job(id: &str, connection: &str, steps: Value) -> Value {
    json!({"type": "job", "id": id, "created": "2026-03-01T00:00:00Z", "updated": "2026-03-01T00:00:30Z",
        "steps": steps, "links": {"source": format!("{USER}/connections/{connection}")}})
}

fn question() -> Value {
    json!({"type": "mfa", "method": "security-questions", "description": "Answer the questions",
        "input": ["What's your first company?"], "expiryMs": 120_000})
}

/// A user with one active connection and an account, as a platform tells it.
fn base() -> Value {
    json!([
        {"type": "user", "id": "u-1", "email": "ada@example.test", "firstName": "Ada", "lastName": "Byron"},
        connection("c-1", "AU00000", json!({})),
        {"type": "account", "id": "a-1", "name": "Everyday", "accountNo": "600000114210017", "balance": "835.15",
         "availableFunds": "812.40", "currency": "AUD", "class": {"type": "transaction", "product": "P"},
         "connection": "c-1", "institution": "AU00000", "lastUpdated": "2026-03-08T00:00:00Z",
         "status": "available", "links": {"self": format!("{USER}/accounts/a-1")}}
    ])
}

async fn import(ops: &Ops, document: Value) {
    let text = Cursor::new(document.to_string());
    ops.import(text, "test.json", |_| ()).await.unwrap();
}

async fn imported() -> Rig {
    let rig = Rig::new().await;
    import(&rig.ops, base()).await;
    rig
}

fn is_refused<T: std::fmt::Debug>(what: &str, done: Result<T, Error>) {
    match done {
        Err(Error::Refused(refusal)) => {
            assert_eq!(refusal.code, "imported", "{what}");
            let said = refusal.sentence();
            assert!(
                said.contains("imported: no bank or platform is connected here"),
                "{what}: {said}"
            );
        }
        other => panic!("{what} was not refused: {other:?}"),
    }
}

/// The newest job of a connection.
async fn newest(ops: &Ops, id: &ConnectionId) -> Job {
    ops.jobs_of(id, 1).await.unwrap().remove(0)
}

async fn delete_credentials(ops: &Ops, id: &ConnectionId) {
    let id = id.clone();
    let gone = ops
        .store
        .write(move |tx| -> Result<_, Error> { Ok(tx.forget_login(&id)?) });
    gone.await.unwrap();
}
