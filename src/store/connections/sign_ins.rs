//! Refused sign-ins in a row, counted per bank and digest of the credentials, shown by every connection with them.

use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::store::codec::FETCHES;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

/// The bank and digest of a connection's credentials.
const MINE: &str =
    "SELECT c.institution_n, k.digest FROM connections c JOIN credentials k ON k.connection_n = c.n
    WHERE c.id = ?1";

impl ReadTxn<'_> {
    /// How often in a row the bank refused these credentials, whichever connection tried them.
    pub(crate) fn refused_sign_ins(&self, id: &ConnectionId) -> Result<u32> {
        let sql = format!("SELECT refused FROM sign_ins WHERE (institution_n, digest) = ({MINE})");
        Ok(self.find(&sql, [id])?.unwrap_or(0))
    }

    /// Another job that a worker holds now and that signs in with the credentials of this connection.
    pub(crate) fn signing_in(&self, id: &ConnectionId) -> Result<Option<JobId>> {
        let sql = format!(
            "SELECT j.id FROM connections c
            JOIN credentials mine ON mine.connection_n = c.n
            JOIN credentials k ON k.digest = mine.digest AND k.connection_n <> c.n
            JOIN jobs j ON j.connection_n = k.connection_n AND j.open = 1 AND j.kind <= {FETCHES}
              AND j.state = ?2 AND j.institution_n = c.institution_n
            WHERE c.id = ?1 LIMIT 1"
        );
        self.find(&sql, params![id, State::Running])
    }

    /// Whether somebody insisted on this job although sign-ins were refused.
    pub(crate) fn forced(&self, id: &JobId) -> Result<bool> {
        let sql = "SELECT forced FROM jobs WHERE id = ?1";
        Ok(self.find(sql, [id])?.unwrap_or(false))
    }
}

impl WriteTxn<'_> {
    pub(crate) fn set_forced(&self, id: &JobId) -> Result<()> {
        self.execute("UPDATE jobs SET forced = 1 WHERE id = ?1", [id])
            .map(drop)
    }

    /// Counts a sign-in the bank refused; answers the connections whose count changed.
    pub(crate) fn sign_in_refused(
        &self,
        id: &ConnectionId,
        limit: u32,
        now: Moment,
    ) -> Result<Vec<ConnectionId>> {
        let sql = format!(
            "INSERT INTO sign_ins (institution_n, digest, refused, guarded, last)
             SELECT institution_n, digest, 1, 1 >= ?2, ?3 FROM ({MINE}) WHERE true
             ON CONFLICT DO UPDATE SET refused = refused + 1, guarded = refused + 1 >= ?2, last = excluded.last"
        );
        self.execute(&sql, params![id, limit, now])?;
        self.show_sign_ins(id)
    }

    /// Deletes the count, because the bank accepted these credentials; answers the connections whose count changed.
    pub(crate) fn sign_in_accepted(&self, id: &ConnectionId) -> Result<Vec<ConnectionId>> {
        let sql = format!("DELETE FROM sign_ins WHERE (institution_n, digest) = ({MINE})");
        self.execute(&sql, [id])?;
        self.show_sign_ins(id)
    }

    /// Compares every count with this limit: it may have been another when they were written.
    pub(crate) fn guard_at(&self, limit: u32) -> Result<()> {
        let sql = "UPDATE sign_ins SET guarded = (refused >= ?1) WHERE guarded <> (refused >= ?1)";
        if self.execute(sql, [limit])? == 0 {
            return Ok(());
        }
        let sql = "UPDATE connections SET guarded = s.guarded, version = version + 1
            FROM sign_ins s JOIN credentials k ON k.digest = s.digest
            WHERE connections.n = k.connection_n AND connections.institution_n = s.institution_n
              AND connections.guarded <> s.guarded";
        self.execute(sql, []).map(drop)
    }

    /// Writes the count into every connection with the credentials of this one; answers which changed.
    pub(crate) fn show_sign_ins(&self, id: &ConnectionId) -> Result<Vec<ConnectionId>> {
        let sql = format!(
            "WITH mine AS ({MINE}),
               now AS (SELECT coalesce(max(s.refused), 0) AS refused, coalesce(max(s.guarded), 0) AS guarded
                       FROM mine JOIN sign_ins s USING (institution_n, digest))
             UPDATE connections SET refused = now.refused, guarded = now.guarded, version = version + 1
             FROM mine JOIN credentials k ON k.digest = mine.digest, now
             WHERE connections.n = k.connection_n AND connections.institution_n = mine.institution_n
               AND (connections.refused, connections.guarded) <> (now.refused, now.guarded)
             RETURNING connections.id"
        );
        self.column(&sql, [id])
    }

    /// Keeps the count when the second login changes the digest: it is the same person at the same bank.
    pub(crate) fn carry_sign_ins(&self, n: i64, digest: &[u8]) -> Result<()> {
        let sql = "INSERT INTO sign_ins (institution_n, digest, refused, guarded, last)
            SELECT s.institution_n, ?2, s.refused, s.guarded, s.last
            FROM connections c JOIN credentials k ON k.connection_n = c.n
            JOIN sign_ins s ON s.institution_n = c.institution_n AND s.digest = k.digest
            WHERE c.n = ?1 AND k.digest <> ?2
            ON CONFLICT DO UPDATE SET refused = max(refused, excluded.refused),
              guarded = max(guarded, excluded.guarded), last = max(last, excluded.last)";
        self.execute(sql, params![n, digest]).map(drop)
    }
}
