//! Records with their personal data, for the HTTP API: a token of the application sees what the bank gave
//! (docs/domain.md 13). Everything else is shown masked.

use super::{Ops, Result, not_found};
use crate::domain::connection::Status;
use crate::domain::holdings::HoldingsFilter;
use crate::domain::ids::{AccountId, ConnectionId, TransactionId, UserId};
use crate::domain::records::{
    AccountWhole, ConnectionWhole, IdentityWhole, TransactionWhole, UserWhole,
};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, Page};
use crate::store::ReadTxn;

/// How many accounts of a user are listed; there is no paging of accounts (docs/domain.md 15.4).
const ACCOUNTS: usize = 5_000;

/// Among how many of its newest jobs the last fetch of a connection is looked for.
const JOBS: usize = 50;

pub(super) fn must_be_there(rd: &ReadTxn<'_>, user: &UserId) -> Result<()> {
    match rd.user_exists(user)? {
        true => Ok(()),
        false => Err(not_found("user", user)),
    }
}

/// The user's connection of this id, as long as it is not revoked.
fn living(rd: &ReadTxn<'_>, user: &UserId, id: &ConnectionId) -> Result<ConnectionRow> {
    must_be_there(rd, user)?;
    rd.connection(id)?
        .filter(|row| row.user == *user && row.status != Status::Deleted)
        .ok_or_else(|| not_found("connection", id))
}

/// None when the bank gave nothing, it was purged, or its key is missing.
fn identity(rd: &ReadTxn<'_>, row: ConnectionRow) -> Result<Option<IdentityWhole>> {
    let Some(profile) = rd.profile(&row.id)? else {
        return Ok(None);
    };
    let jobs = rd.jobs_of(&row.id, JOBS)?;
    let job = jobs.into_iter().find(|job| job.kind.fetches());
    Ok(Some(IdentityWhole {
        job: job.map(|job| job.id),
        profile,
        row,
    }))
}

impl Ops {
    pub(crate) async fn user_whole(&self, id: &UserId) -> Result<UserWhole> {
        let asked = id.clone();
        self.read(move |rd| {
            let user = rd.user(&asked)?.ok_or_else(|| not_found("user", &asked))?;
            let rows = rd.connections_of(&asked, None)?.into_iter();
            let living = rows.filter(|row| row.status != Status::Deleted);
            Ok(UserWhole {
                business: rd.business(&asked)?,
                connections: living.map(|row| row.id).collect(),
                accounts: rd.account_ids(&asked, ACCOUNTS)?,
                user,
            })
        })
        .await
    }

    pub(crate) async fn user_is_there(&self, id: &UserId) -> Result<()> {
        let asked = id.clone();
        self.read(move |rd| must_be_there(rd, &asked)).await
    }

    /// The row of a user's connection. A revoked one is not found, nor is another user's.
    pub(crate) async fn connection_of(
        &self,
        user: &UserId,
        id: &ConnectionId,
    ) -> Result<ConnectionRow> {
        let (user, asked) = (user.clone(), id.clone());
        self.read(move |rd| living(rd, &user, &asked)).await
    }

    /// Whose connection this is. A revoked one is not found.
    pub(crate) async fn owner_of(&self, id: &ConnectionId) -> Result<UserId> {
        let asked = id.clone();
        let row = self.read(move |rd| Ok(rd.connection(&asked)?)).await?;
        row.filter(|row| row.status != Status::Deleted)
            .map(|row| row.user)
            .ok_or_else(|| not_found("connection", id))
    }

    pub(crate) async fn connection_whole(
        &self,
        user: &UserId,
        id: &ConnectionId,
    ) -> Result<ConnectionWhole> {
        let (user, asked) = (user.clone(), id.clone());
        let unseals = self.store.can_unseal();
        self.read(move |rd| {
            let row = living(rd, &user, &asked)?;
            let held = HoldingsFilter {
                connection: Some(asked.clone()),
                ..HoldingsFilter::default()
            };
            Ok(ConnectionWhole {
                mfa_enabled: rd.meets_challenges(&asked)?,
                profile: if unseals { rd.profile(&asked)? } else { None },
                accounts: rd.accounts_whole(&held, None, ACCOUNTS)?.rows,
                row,
            })
        })
        .await
    }

    /// Who signed in at the banks of a user, oldest connection first. The user has to be there.
    pub(crate) async fn identities_whole(&self, user: &UserId) -> Result<Vec<IdentityWhole>> {
        let user = user.clone();
        self.read(move |rd| {
            must_be_there(rd, &user)?;
            let rows = rd.connections_of(&user, None)?.into_iter();
            let living = rows.filter(|row| row.status != Status::Deleted);
            let found: Result<Vec<_>> = living.map(|row| identity(rd, row)).collect();
            Ok(found?.into_iter().flatten().collect())
        })
        .await
    }

    /// An identity has the id of its connection.
    pub(crate) async fn identity_whole(
        &self,
        user: &UserId,
        id: &ConnectionId,
    ) -> Result<IdentityWhole> {
        let (user, asked) = (user.clone(), id.clone());
        self.read(move |rd| {
            must_be_there(rd, &user)?;
            let missing = || not_found("identity", &asked);
            let row = living(rd, &user, &asked).map_err(|_| missing())?;
            identity(rd, row)?.ok_or_else(missing)
        })
        .await
    }

    /// In the order they came. The user has to be there.
    pub(crate) async fn accounts_whole(
        &self,
        user: &UserId,
        held: HoldingsFilter,
    ) -> Result<Vec<AccountWhole>> {
        let user = user.clone();
        self.read(move |rd| {
            must_be_there(rd, &user)?;
            Ok(rd.accounts_whole(&held, None, ACCOUNTS)?.rows)
        })
        .await
    }

    pub(crate) async fn account_whole(
        &self,
        user: &UserId,
        id: &AccountId,
    ) -> Result<AccountWhole> {
        let held = HoldingsFilter {
            user: Some(user.clone()),
            account: Some(id.clone()),
            ..HoldingsFilter::default()
        };
        let found = self.accounts_whole(user, held).await?;
        found
            .into_iter()
            .next()
            .ok_or_else(|| not_found("account", id))
    }

    /// A page, newest first, and how many there are in all. The user has to be there.
    pub(crate) async fn transactions_whole(
        &self,
        user: &UserId,
        held: HoldingsFilter,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<(Page<TransactionWhole>, u64)> {
        let user = user.clone();
        self.read(move |rd| {
            must_be_there(rd, &user)?;
            let page = rd.transactions_whole(&held, from.as_ref(), limit)?;
            Ok((page, rd.transaction_size(&held)?))
        })
        .await
    }

    pub(crate) async fn transaction_whole(
        &self,
        user: &UserId,
        id: &TransactionId,
    ) -> Result<TransactionWhole> {
        let held = HoldingsFilter {
            user: Some(user.clone()),
            transaction: Some(id.clone()),
            ..HoldingsFilter::default()
        };
        let (page, _) = self.transactions_whole(user, held, None, 1).await?;
        page.rows
            .into_iter()
            .next()
            .ok_or_else(|| not_found("transaction", id))
    }
}
