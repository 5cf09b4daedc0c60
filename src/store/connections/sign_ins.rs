//! How often in a row a bank refused a sign-in, counted per bank and digest of the credentials, whichever
//! connection tried; each of those connections shows the count. Deliberately absent: what follows from it
//! (the engine and `ops`).

use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::store::codec::Coded;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::{OptionalExtension, params};

/// The bank and digest of a connection's credentials.
const MINE: &str =
    "SELECT c.institution_n, k.digest FROM connections c JOIN credentials k ON k.connection_n = c.n
    WHERE c.id = ?1";

impl ReadTxn<'_> {
    /// How often in a row the bank refused these credentials, whichever connection tried them.
    pub(crate) fn refused_sign_ins(&self, id: &ConnectionId) -> Result<u32> {
        let sql = format!("SELECT refused FROM sign_ins WHERE (institution_n, digest) = ({MINE})");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?
            .unwrap_or(0))
    }

    /// Another job that a worker holds now and that signs in with the credentials of this connection.
    pub(crate) fn signing_in(&self, id: &ConnectionId) -> Result<Option<JobId>> {
        let sql = "SELECT j.id FROM connections c
            JOIN credentials mine ON mine.connection_n = c.n
            JOIN credentials k ON k.digest = mine.digest AND k.connection_n <> c.n
            JOIN jobs j ON j.connection_n = k.connection_n AND j.open = 1 AND j.kind <= 2
              AND j.state = ?2 AND j.institution_n = c.institution_n
            WHERE c.id = ?1 LIMIT 1";
        let values = params![id.as_str(), State::Running.code()];
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row(values, |r| r.get::<_, String>(0))
            .optional()?;
        Ok(found.map(JobId::from))
    }

    /// Whether somebody insisted on this job although refused sign-ins speak against it.
    pub(crate) fn forced(&self, id: &JobId) -> Result<bool> {
        let sql = "SELECT forced FROM jobs WHERE id = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?
            .unwrap_or(false))
    }
}

impl WriteTxn<'_> {
    /// Notes that somebody insists on this job.
    pub(crate) fn set_forced(&self, id: &JobId) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE jobs SET forced = 1 WHERE id = ?1")?
            .execute([id.as_str()])?;
        Ok(())
    }

    /// Counts a sign-in the bank refused; answers the connections whose count that changed.
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
        self.conn
            .prepare_cached(&sql)?
            .execute(params![id.as_str(), limit, now.0])?;
        self.show_sign_ins(id)
    }

    /// Forgets what was counted: the bank accepted these credentials. Answers as above.
    pub(crate) fn sign_in_accepted(&self, id: &ConnectionId) -> Result<Vec<ConnectionId>> {
        let sql = format!("DELETE FROM sign_ins WHERE (institution_n, digest) = ({MINE})");
        self.conn.prepare_cached(&sql)?.execute([id.as_str()])?;
        self.show_sign_ins(id)
    }

    /// Measures every count by this limit: it may have been another when they were written.
    pub(crate) fn guard_at(&self, limit: u32) -> Result<()> {
        let sql = "UPDATE sign_ins SET guarded = (refused >= ?1) WHERE guarded <> (refused >= ?1)";
        if self.conn.prepare_cached(sql)?.execute([limit])? == 0 {
            return Ok(());
        }
        let sql = "UPDATE connections SET guarded = s.guarded, version = version + 1
            FROM sign_ins s JOIN credentials k ON k.digest = s.digest
            WHERE connections.n = k.connection_n AND connections.institution_n = s.institution_n
              AND connections.guarded <> s.guarded";
        self.conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    }

    /// Writes the count into every connection with the credentials of this one.
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
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map([id.as_str()], |r| r.get::<_, String>(0))?;
        Ok(rows
            .map(|r| r.map(ConnectionId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Takes the count along when the second login of a connection, and with it the digest, changes: it is
    /// the same person at the same bank.
    pub(crate) fn carry_sign_ins(&self, n: i64, digest: &[u8]) -> Result<()> {
        let sql = "INSERT INTO sign_ins (institution_n, digest, refused, guarded, last)
            SELECT s.institution_n, ?2, s.refused, s.guarded, s.last
            FROM connections c JOIN credentials k ON k.connection_n = c.n
            JOIN sign_ins s ON s.institution_n = c.institution_n AND s.digest = k.digest
            WHERE c.n = ?1 AND k.digest <> ?2
            ON CONFLICT DO UPDATE SET refused = max(refused, excluded.refused),
              guarded = max(guarded, excluded.guarded), last = max(last, excluded.last)";
        self.conn.prepare_cached(sql)?.execute(params![n, digest])?;
        Ok(())
    }
}
