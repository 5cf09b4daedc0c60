//! Lists of users, accounts and transactions, masked; what a revoked connection left is listed too.

use crate::domain::holdings::{AccountHeld, HoldingsFilter, TransactionRow};
use crate::domain::ids::UserId;
use crate::domain::mask::Level;
use crate::domain::person::UserRow;
use crate::domain::query::People;
use crate::domain::views::{Anchor, Page, Size};
use crate::ops::{Ops, Result};

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

    /// Newest first.
    pub(crate) async fn transactions(
        &self,
        held: &HoldingsFilter,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<TransactionRow>> {
        let held = held.clone();
        self.read(move |rd| Ok(rd.transaction_page(&held, from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn transaction_size(&self, held: &HoldingsFilter) -> Result<u64> {
        let held = held.clone();
        self.read(move |rd| Ok(rd.transaction_size(&held)?)).await
    }
}
