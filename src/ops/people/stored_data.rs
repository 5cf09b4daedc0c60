//! Lists of users, accounts and transactions, masked; what a revoked connection left is listed too.

use crate::domain::holdings::{AccountHeld, HoldingsFilter, TransactionRow};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::insight::Insights;
use crate::domain::mask::Level;
use crate::domain::person::UserRow;
use crate::domain::query::People;
use crate::domain::records::TransactionWhole;
use crate::domain::views::{Anchor, Page, Size};
use crate::ops::{Ops, Result};
use crate::store::{self, ReadTxn};
use crate::wire::insight::insight;

fn told(
    rd: &ReadTxn<'_>,
    held: &HoldingsFilter,
    from: Option<&Anchor>,
    limit: usize,
    level: Level,
) -> store::Result<Page<TransactionRow>> {
    let page = rd.transactions_whole(held, from, limit)?;
    let row = |whole: TransactionWhole| TransactionRow {
        insight: (whole.details.as_ref().and_then(insight)).map(|it| it.masked(level)),
        ..whole.row
    };
    Ok(Page {
        rows: page.rows.into_iter().map(row).collect(),
        first: page.first,
        last: page.last,
        more: page.more,
    })
}

/// How many of the newest transactions are looked at for what was derived of them.
const NEWEST: usize = 60;

/// What was derived of the newest transactions of a connection.
pub(in crate::ops) fn insights(
    rd: &ReadTxn<'_>,
    connection: &ConnectionId,
    level: Level,
) -> store::Result<Insights> {
    let held = HoldingsFilter {
        connection: Some(connection.clone()),
        ..HoldingsFilter::default()
    };
    let rows = told(rd, &held, None, NEWEST, level)?.rows;
    Ok(Insights::of(rows.iter().map(|row| row.insight.as_ref())))
}

impl Ops {
    /// Newest first.
    pub(crate) async fn users(
        &self,
        people: &People,
        from: Option<Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<UserRow>> {
        let people = people.clone();
        self.read(move |rd| Ok(rd.user_page(&people, from.as_ref(), limit, level)?))
            .await
    }

    /// The people whose names have words that begin so, or whose contact or id it is; none where it reads as no such text.
    pub(crate) async fn seek_people(
        &self,
        words: &str,
        most: usize,
        level: Level,
    ) -> Result<Vec<(UserId, String)>> {
        let Ok(people) = People::read(words) else {
            return Ok(vec![]);
        };
        let found = self.users(&people, None, most, level).await?.rows;
        Ok(found.into_iter().map(|it| (it.id, it.name)).collect())
    }

    pub(crate) async fn user_size(&self, people: &People, cap: u64) -> Result<Size> {
        let people = people.clone();
        self.read(move |rd| Ok(rd.user_size(&people, cap)?)).await
    }

    /// In the order they came.
    pub(crate) async fn accounts(
        &self,
        held: &HoldingsFilter,
        from: Option<Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<AccountHeld>> {
        let held = held.clone();
        self.read(move |rd| Ok(rd.account_page(&held, from.as_ref(), limit, level)?))
            .await
    }

    pub(crate) async fn account_size(&self, held: &HoldingsFilter) -> Result<u64> {
        let held = held.clone();
        self.read(move |rd| Ok(rd.account_size(&held)?)).await
    }

    /// Newest first, with what was derived of them.
    pub(crate) async fn transactions(
        &self,
        held: &HoldingsFilter,
        from: Option<Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<TransactionRow>> {
        let held = held.clone();
        self.read(move |rd| Ok(told(rd, &held, from.as_ref(), limit, level)?))
            .await
    }

    pub(crate) async fn transaction_size(&self, held: &HoldingsFilter) -> Result<u64> {
        let held = held.clone();
        self.read(move |rd| Ok(rd.transaction_size(&held)?)).await
    }
}
