//! Show one thing with all that hangs on it: a connection, a user. Personal data leaves here
//! masked, at the level that was asked for.

use crate::domain::connection::Method;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::job::Job;
use crate::domain::mask::{self, Level, MaskedProfile};
use crate::domain::moment::Moment;
use crate::domain::person::NumberKind;
use crate::domain::policy::{Act, Reason, may_now};
use crate::domain::views::{AccountRow, ConnectionRow};
use crate::ops::connections::list::masked;
use crate::ops::{Error, Ops, Result};
use crate::store::ReadTxn;

/// How many jobs are shown with a connection.
const JOBS: usize = 20;

/// A connection with its profile, accounts and jobs.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionDetail {
    /// Its row.
    pub(crate) row: ConnectionRow,
    /// Who logged in; none when the bank said nothing, it was purged, or the key is missing.
    pub(crate) profile: Option<MaskedProfile>,
    /// What it fetched.
    pub(crate) accounts: Vec<AccountRow>,
    /// Its newest jobs, newest first.
    pub(crate) jobs: Vec<Job>,
    /// Each action, and why it is not possible now.
    pub(crate) acts: Vec<(Act, Option<Reason>)>,
    /// When background refreshing comes to it; none when it does not.
    pub(crate) next_background: Option<Moment>,
}

/// A person in the app's own record.
#[derive(Clone, Debug)]
pub(crate) struct UserShown {
    /// Its id.
    pub(crate) id: UserId,
    /// As it is, or the initials.
    pub(crate) name: String,
    /// Masked; none when there is none, or when the key is missing.
    pub(crate) email: Option<String>,
    /// Masked; likewise.
    pub(crate) mobile: Option<String>,
    /// Its name in pieces: first, middle, last; initials where names are hidden.
    pub(crate) pieces: [String; 3],
    /// The business it stands for, its name and its number, masked.
    pub(crate) business: Option<(String, String, Option<NumberKind>)>,
    /// When it was made.
    pub(crate) created: Option<Moment>,
    /// Its connections, oldest first, deleted ones included.
    pub(crate) connections: Vec<ConnectionRow>,
    /// Stored accounts, those of revoked connections included.
    pub(crate) accounts: u64,
    /// Stored transactions, likewise.
    pub(crate) transactions: u64,
}

/// Each action on a connection, and why it is not possible now.
pub(crate) fn acts(
    rd: &ReadTxn<'_>,
    row: &ConnectionRow,
    now: Moment,
) -> Result<Vec<(Act, Option<Reason>)>> {
    let used_up = row.method == Method::OpenBanking
        && rd.refreshes_since(&row.id, now.day())?
            >= crate::ops::connections::refresh::OPEN_BANKING_A_DAY;
    Ok(Act::ALL
        .into_iter()
        .map(|act| (act, may_now(act, row, used_up).err()))
        .collect())
}

impl Ops {
    /// One connection, deleted ones included.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn connection(
        &self,
        id: &ConnectionId,
        level: Level,
    ) -> Result<ConnectionDetail> {
        let (ops, asked) = (self.clone(), id.clone());
        let unseals = self.store.can_unseal();
        self.store
            .read(move |rd| {
                let Some(row) = rd.connection(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "connection",
                        id: asked.to_string(),
                    });
                };
                let profile = if unseals { rd.profile(&asked)? } else { None };
                Ok(ConnectionDetail {
                    profile: profile.map(|p| p.masked(level)),
                    accounts: rd.accounts_of(&asked, level)?,
                    jobs: rd.jobs_of(&asked, JOBS)?,
                    acts: acts(rd, &row, ops.now())?,
                    next_background: ops.next_background(rd, &row)?,
                    row: masked(row, level),
                })
            })
            .await
    }

    /// One user.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn user(&self, id: &UserId, level: Level) -> Result<UserShown> {
        let asked = id.clone();
        self.store
            .read(move |rd| {
                let Some(user) = rd.user(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "user",
                        id: asked.to_string(),
                    });
                };
                let (accounts, transactions) = rd.stored_under(&asked)?;
                let connections = rd.connections_of(&asked, None)?;
                let (email, mobile) = user.masked_contact(level);
                let business = rd.business(&asked)?.map(|b| (b.masked(level), b.kind));
                let pieces = [&user.first_name, &user.middle_name, &user.last_name];
                Ok(UserShown {
                    name: mask::user_name(&user.name, level),
                    email,
                    mobile,
                    pieces: pieces.map(|piece| mask::user_name(piece, level)),
                    business: business.map(|((name, number), kind)| (name, number, kind)),
                    created: user.created,
                    connections: connections
                        .into_iter()
                        .map(|row| masked(row, level))
                        .collect(),
                    accounts,
                    transactions,
                    id: user.id,
                })
            })
            .await
    }
}
