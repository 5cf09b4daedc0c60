//! Writing connections: the one place that writes a status and what follows from it.

use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::moment::Moment;
use crate::store::WriteTxn;
use crate::store::codec::urgency;
use crate::store::error::{Error, Result};
use rusqlite::params;

#[derive(Clone, Debug)]
pub(crate) struct NewConnection {
    pub(crate) id: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) institution: InstitutionId,
    pub(crate) method: Method,
    pub(crate) origin: Origin,
    pub(crate) status: Status,
    pub(crate) created: Moment,
}

/// A change of a connection. What is `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ConnectionChange {
    pub(crate) status: Option<Status>,
    pub(crate) last_used: Option<Moment>,
    /// When the user's consent at the bank ends.
    pub(crate) expiry: Option<Moment>,
    pub(crate) mfa_enabled: Option<bool>,
}

impl WriteTxn<'_> {
    pub(crate) fn insert_connection(&self, new: &NewConnection) -> Result<()> {
        let ever_active = new.status == Status::Active;
        let label = Label::of(new.status, ever_active);
        let sql = "INSERT INTO connections (id, user_n, institution_n, method, status, ever_active, label, urgency,
              since, created, last_used, mfa_enabled, bank_sort, user_sort, origin)
            SELECT ?1, u.n, i.n, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9, 0, i.folded, u.folded, ?10
            FROM users u, institutions i WHERE u.id = ?2 AND i.id = ?3";
        let values = params![
            new.id,
            new.user,
            new.institution,
            new.method,
            new.status,
            ever_active,
            label,
            urgency(label, false),
            new.created,
            new.origin,
        ];
        let written = self.execute(sql, values)?;
        if written == 1 {
            return Ok(());
        }
        Err(Error::Absent {
            what: format!("user {} or institution {}", new.user, new.institution),
        })
    }

    /// Changes a connection; the label, its place in the lists and the version follow.
    pub(crate) fn change_connection(
        &self,
        id: &ConnectionId,
        change: ConnectionChange,
        now: Moment,
    ) -> Result<()> {
        let old = self.must_number(id)?;
        let status = change.status.unwrap_or(old.status);
        let ever_active = old.ever_active || status == Status::Active;
        let label = Label::of(status, ever_active);
        let sql = "UPDATE connections SET status = ?2, ever_active = ?3, label = ?4, urgency = ?5,
              since = CASE WHEN label = ?4 THEN since ELSE ?6 END,
              snoozed = CASE WHEN label = ?4 AND urgency = ?5 THEN snoozed END,
              last_used = max(last_used, coalesce(?7, last_used)), expiry = coalesce(?8, expiry),
              mfa_enabled = coalesce(?9, mfa_enabled), version = version + 1 WHERE n = ?1";
        let asks = old.urgency == 0 && label == Label::of(old.status, old.ever_active);
        let values = params![
            old.n,
            status,
            ever_active,
            label,
            urgency(label, asks),
            now,
            change.last_used,
            change.expiry,
            change.mfa_enabled,
        ];
        self.execute(sql, values).map(drop)
    }

    /// Marks whether the connection waits for its user's answer, which puts it first in the list.
    pub(crate) fn set_asking(&self, id: &ConnectionId, asks: bool) -> Result<()> {
        let Some(old) = self.numbered(id)? else {
            return Ok(());
        };
        let urgency = urgency(Label::of(old.status, old.ever_active), asks);
        let sql = "UPDATE connections SET urgency = ?2, snoozed = NULL, version = version + 1 WHERE n = ?1 AND urgency <> ?2";
        self.execute(sql, params![old.n, urgency]).map(drop)
    }

    pub(crate) fn forget_login(&self, id: &ConnectionId) -> Result<()> {
        let Some(old) = self.numbered(id)? else {
            return Ok(());
        };
        for sql in [
            "DELETE FROM credentials WHERE connection_n = ?1",
            "DELETE FROM profiles WHERE connection_n = ?1",
            "UPDATE connections SET refused = 0, guarded = 0 WHERE n = ?1",
        ] {
            self.execute(sql, [old.n])?;
        }
        Ok(())
    }
}
