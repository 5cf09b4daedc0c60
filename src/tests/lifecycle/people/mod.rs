//! Users, their data and auth links as operations, and the events of all of it.

mod contacts;
mod stored_data;
mod users;

use crate::domain::bank_data::{BankAccount, BankTransaction};
use crate::domain::connection::Method;
use crate::domain::events;
use crate::domain::holdings::{AccountHeld, HoldingsFilter, TransactionRow};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::job::State;
use crate::domain::mask::Level;
use crate::domain::person::{Given, NumberKind, UserRow};
use crate::domain::query::People;
use crate::domain::views::{BankAnswer, Size};
use crate::ops::{Error, NewLink};
use crate::store::{AuditFilter, Event, EventFilter};
use crate::testing::lifecycle::{Rig, link};
use std::time::Duration;

fn monica() -> Given {
    Given {
        email: Some("monica@example.test".into()),
        mobile: Some("+61400333444".into()),
        first_name: Some("Monica".into()),
        last_name: Some("Hall".into()),
        ..Given::default()
    }
}

fn of_user(user: &str) -> HoldingsFilter {
    HoldingsFilter {
        user: Some(user.into()),
        ..HoldingsFilter::default()
    }
}

async fn found(rig: &Rig, words: &str) -> Vec<UserRow> {
    let people = People::read(words).unwrap();
    let page = rig
        .ops
        .users(&people, None, 100, Level::Standard)
        .await
        .unwrap();
    assert_eq!(
        rig.ops.user_size(&people, 50).await.unwrap(),
        Size {
            count: page.rows.len() as u64,
            exact: true
        },
        "{words}"
    );
    page.rows
}

async fn names(rig: &Rig, words: &str) -> Vec<String> {
    found(rig, words)
        .await
        .into_iter()
        .map(|row| row.name)
        .collect()
}

async fn feed(rig: &Rig, filter: EventFilter) -> Vec<Event> {
    rig.ops.events_like(&filter, 0, 10_000).await.unwrap()
}

async fn accounts(rig: &Rig, held: &HoldingsFilter) -> Vec<AccountHeld> {
    rig.ops
        .accounts(held, None, 1_000, Level::Standard)
        .await
        .unwrap()
        .rows
}

async fn transactions(rig: &Rig, held: &HoldingsFilter) -> Vec<TransactionRow> {
    rig.ops
        .transactions(held, None, 100_000, Level::Standard)
        .await
        .unwrap()
        .rows
}

async fn audited(rig: &Rig) -> Vec<(String, String)> {
    let lines = rig
        .ops
        .audit_before(&AuditFilter::default(), i64::MAX, 100)
        .await
        .unwrap();
    lines
        .into_iter()
        .map(|line| (line.action, line.outcome))
        .collect()
}

fn code<T>(done: Result<T, Error>) -> String {
    match done {
        Err(Error::Refused(refusal)) => format!("{}: {}", refusal.code, refusal.detail),
        Err(Error::NotFound { kind, .. }) => format!("no {kind}"),
        Err(other) => format!("{other:?}"),
        Ok(_) => "done".into(),
    }
}
