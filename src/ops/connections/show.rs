//! Shows one connection or one user with everything that belongs to it, masked.

use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::job::Job;
use crate::domain::mask::{self, Level, MaskedProfile};
use crate::domain::moment::Moment;
use crate::domain::person::NumberKind;
use crate::domain::policy::{Act, KeptBack, Reason, may_now};
use crate::domain::rows::{AccountRow, ConnectionRow};
use crate::ops::connections::list::masked;
use crate::ops::connections::refresh::day_used_up;
use crate::ops::{Ops, Result, not_found};
use crate::store::ReadTxn;

const JOBS: usize = 20;

#[derive(Clone, Debug)]
pub(crate) struct ConnectionDetail {
    pub(crate) row: ConnectionRow,
    /// Who logged in; none when the bank gave nothing, it was purged, or the key is missing.
    pub(crate) profile: Option<MaskedProfile>,
    pub(crate) accounts: Vec<AccountRow>,
    /// Newest first, at most [`JOBS`].
    pub(crate) jobs: Vec<Job>,
    /// Each action with the reason why it is not possible now, if it is not.
    pub(crate) acts: Vec<(Act, Option<Reason>)>,
    /// Its next background refresh; none when it has none.
    pub(crate) next_background: Option<Moment>,
}

/// A user in the app's own record, masked.
#[derive(Clone, Debug)]
pub(crate) struct UserShown {
    pub(crate) id: UserId,
    pub(crate) name: String,
    /// None when there is none, or when the key is missing.
    pub(crate) email: Option<String>,
    pub(crate) mobile: Option<String>,
    pub(crate) pieces: [String; 3],
    /// Name, number and kind of number of the user's business.
    pub(crate) business: Option<(String, String, Option<NumberKind>)>,
    pub(crate) created: Option<Moment>,
    /// Oldest first, deleted ones included.
    pub(crate) connections: Vec<ConnectionRow>,
    /// Those of revoked connections included.
    pub(crate) accounts: u64,
    /// Those of revoked connections included.
    pub(crate) transactions: u64,
}

pub(crate) fn acts(
    rd: &ReadTxn<'_>,
    row: &ConnectionRow,
    now: Moment,
) -> Result<Vec<(Act, Option<Reason>)>> {
    let kept_back = KeptBack {
        on_hold: rd.hold_of(&row.id, now)?.is_some(),
        day_used_up: day_used_up(rd, row, now)?,
    };
    Ok(Act::ALL
        .into_iter()
        // of a move the bank and the user's other connections are asked too
        .filter(|act| *act != Act::Migrate)
        .map(|act| (act, may_now(act, row, kept_back).err()))
        .collect())
}

impl Ops {
    pub(crate) async fn connection(
        &self,
        id: &ConnectionId,
        level: Level,
    ) -> Result<ConnectionDetail> {
        let (ops, asked) = (self.clone(), id.clone());
        let unseals = self.store.can_unseal();
        self.read(move |rd| {
            let mut row = rd
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?;
            row.attention &= !row.handling.quiet(ops.now());
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

    pub(crate) async fn user(&self, id: &UserId, level: Level) -> Result<UserShown> {
        let asked = id.clone();
        self.read(move |rd| {
            let user = rd.user(&asked)?.ok_or_else(|| not_found("user", &asked))?;
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
