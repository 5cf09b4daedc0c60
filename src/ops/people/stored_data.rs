//! Read what was fetched, through its user: people, their accounts and transactions, page by page, masked.
//! What a revoked connection left is there too. Deliberately absent: the reveal.

use crate::domain::holdings::{AccountHeld, Held, TransactionRow};
use crate::domain::ids::AccountId;
use crate::domain::mask::Level;
use crate::domain::person::UserRow;
use crate::domain::query::People;
use crate::domain::views::{Anchor, Page};
use crate::ops::{Error, Ops, Result};

/// How many accounts are looked through for the one that was typed.
const SOUGHT: usize = 5_000;

impl Ops {
    /// A page of the users that are meant, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn users(
        &self,
        people: &People,
        from: Option<Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<UserRow>> {
        let people = people.clone();
        self.store
            .read(move |rd| Ok(rd.user_page(&people, from.as_ref(), limit, level)?))
            .await
    }

    /// How many users are meant.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn user_size(&self, people: &People) -> Result<u64> {
        let people = people.clone();
        self.store.read(move |rd| Ok(rd.user_size(&people)?)).await
    }

    /// A page of accounts, in the order they came.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn accounts(
        &self,
        held: &Held,
        from: Option<Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<AccountHeld>> {
        let held = held.clone();
        self.store
            .read(move |rd| Ok(rd.account_page(&held, from.as_ref(), limit, level)?))
            .await
    }

    /// How many accounts there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn account_size(&self, held: &Held) -> Result<u64> {
        let held = held.clone();
        self.store.read(move |rd| Ok(rd.account_size(&held)?)).await
    }

    /// A page of transactions, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn transactions(
        &self,
        held: &Held,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<TransactionRow>> {
        let held = held.clone();
        self.store
            .read(move |rd| Ok(rd.transaction_page(&held, from.as_ref(), limit)?))
            .await
    }

    /// How many transactions there are.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn transaction_size(&self, held: &Held) -> Result<u64> {
        let held = held.clone();
        self.store
            .read(move |rd| Ok(rd.transaction_size(&held)?))
            .await
    }

    /// The account that `text` names among these: the whole id, its shown end, or its beginning.
    ///
    /// # Errors
    /// When there is none, or several.
    pub(crate) async fn resolve_account(&self, text: &str, among: &Held) -> Result<AccountId> {
        let asked = text.trim().to_owned();
        if among.user.is_none() && among.connection.is_none() {
            let (id, wanted) = (
                AccountId::from(asked.as_str()),
                AccountId::from(asked.as_str()),
            );
            let there: Result<bool> = self
                .store
                .read(move |rd| Ok(rd.account_place(&id)?.is_some()))
                .await;
            return if there? {
                Ok(wanted)
            } else {
                Err(Error::NotFound {
                    kind: "account",
                    id: asked,
                })
            };
        }
        let page = self.accounts(among, None, SOUGHT, Level::default()).await?;
        let named = |id: &AccountId| {
            id.as_str() == asked
                || id.short() == asked
                || (asked.len() >= 4 && id.as_str().starts_with(&asked))
        };
        let found: Vec<AccountId> = page
            .rows
            .into_iter()
            .map(|a| a.row.id)
            .filter(named)
            .collect();
        crate::ops::connections::list::only("account", &asked, &found)
    }
}
