//! Where background refreshing stands at each bank, and whose turns come next. Deliberately absent: when a turn
//! comes and whether it is taken (`domain/schedule`).

use crate::domain::ids::{ConnectionId, InstitutionId, JobId};
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::domain::schedule::Through;
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::{OptionalExtension, params};

use crate::store::codec::Coded;

/// A connection with a turn of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upcoming {
    /// Its place in the round.
    pub(crate) place: i64,
    /// Its number in the file.
    pub(crate) n: i64,
    /// Which.
    pub(crate) id: ConnectionId,
    /// How often in a row the bank refused its sign-in.
    pub(crate) refused: u32,
}

/// A job of background refreshing that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Background {
    /// Which.
    pub(crate) job: JobId,
    /// Where it stands.
    pub(crate) state: State,
}

impl ReadTxn<'_> {
    /// The banks that have connections with a turn: active ones whose user nobody has to ask.
    pub(crate) fn banks_with_turns(&self) -> Result<Vec<InstitutionId>> {
        let sql = "SELECT min(institution_n) FROM connections INDEXED BY connections_turn
            WHERE status = 3 AND mfa_enabled = 0 AND institution_n > ?1";
        let name = "SELECT id FROM institutions WHERE n = ?1";
        let (mut found, mut after) = (Vec::new(), i64::MIN);
        // one hop of the index per bank
        while let Some(n) = self
            .conn
            .prepare_cached(sql)?
            .query_row([after], |r| r.get::<_, Option<i64>>(0))?
        {
            found.push(
                self.conn
                    .prepare_cached(name)?
                    .query_row([n], |r| r.get::<_, String>(0))?
                    .into(),
            );
            after = n;
        }
        Ok(found)
    }

    /// How far a bank has been seen to; none when never.
    pub(crate) fn cached_through(&self, at: &InstitutionId) -> Result<Option<Through>> {
        let sql = "SELECT through, connection_n FROM cache_rounds
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([at.as_str()], |r| {
                Ok(Through {
                    at: Moment(r.get(0)?),
                    n: r.get(1)?,
                })
            });
        Ok(found.optional()?)
    }

    /// The connections at a bank whose places come after this one, in order, at most `limit`.
    pub(crate) fn turns(
        &self,
        at: &InstitutionId,
        after: (i64, i64),
        limit: usize,
    ) -> Result<Vec<Upcoming>> {
        let sql = "SELECT c.turn, c.n, c.id, c.refused FROM connections c INDEXED BY connections_turn
            WHERE c.status = 3 AND c.mfa_enabled = 0 AND c.institution_n = (SELECT n FROM institutions WHERE id = ?1)
              AND (c.turn, c.n) > (?2, ?3) ORDER BY c.turn, c.n LIMIT ?4";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map(params![at.as_str(), after.0, after.1, limit as i64], |r| {
            Ok(Upcoming {
                place: r.get(0)?,
                n: r.get(1)?,
                id: r.get::<_, String>(2)?.into(),
                refused: r.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many connections at a bank have a turn.
    pub(crate) fn turn_size(&self, at: &InstitutionId) -> Result<u64> {
        let sql = "SELECT count(*) FROM connections INDEXED BY connections_turn
            WHERE status = 3 AND mfa_enabled = 0 AND institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([at.as_str()], |r| r.get::<_, i64>(0))?
            .unsigned_abs())
    }

    /// The turn of one connection; none when it has none.
    pub(crate) fn turn(&self, id: &ConnectionId) -> Result<Option<Upcoming>> {
        let sql = "SELECT turn, n, refused FROM connections WHERE id = ?1 AND status = 3 AND mfa_enabled = 0";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| {
                Ok(Upcoming {
                    place: r.get(0)?,
                    n: r.get(1)?,
                    id: id.clone(),
                    refused: r.get(2)?,
                })
            });
        Ok(found.optional()?)
    }

    /// The open jobs of background refreshing at a bank.
    pub(crate) fn background_jobs(&self, at: &InstitutionId) -> Result<Vec<Background>> {
        let sql = "SELECT id, state FROM jobs INDEXED BY jobs_background WHERE open = 1 AND actor = 'smart-cache'
            AND institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut rows = query.query([at.as_str()])?;
        let mut found = Vec::new();
        while let Some(r) = rows.next()? {
            found.push(Background {
                job: r.get::<_, String>(0)?.into(),
                state: State::decode(r.get(1)?)?,
            });
        }
        Ok(found)
    }
}

impl WriteTxn<'_> {
    /// Notes how far a bank has been seen to.
    pub(crate) fn set_cached_through(&self, at: &InstitutionId, through: Through) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO cache_rounds (institution_n, through, connection_n)
            SELECT n, ?2, ?3 FROM institutions WHERE id = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![at.as_str(), through.at.0, through.n])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::schedule::{ACTOR, turn_of};

    #[test]
    fn the_schema_means_the_same_turn_and_actor() {
        let schema = include_str!("../schema/0002_whole_domain.sql");
        assert!(schema.contains(&format!("actor = '{ACTOR}'")));
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        for n in [1, 2, 3_012, 999_999, 1_000_001, 9_000_000_000] {
            let sql = "SELECT (?1 * 618033) % 1000000";
            let turn: i64 = conn.query_row(sql, [n], |r| r.get(0)).unwrap();
            assert_eq!(turn, turn_of(n));
        }
        assert!(schema.contains("((n * 618033) % 1000000)"));
    }
}
