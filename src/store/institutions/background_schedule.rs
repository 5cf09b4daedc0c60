//! Background refreshing: how far each bank was refreshed, and whose turns come next.

use crate::domain::ids::{ConnectionId, InstitutionId, JobId};
use crate::domain::job::State;
use crate::domain::schedule::{ACTOR, Through};
use crate::store::codec::{ACTIVE, SANDBOX};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

/// The connections with a turn, as the index `connections_turn` says it: active ones of the sandbox whose user need not
/// be asked.
fn has_turn() -> String {
    format!("status = {ACTIVE} AND mfa_enabled = 0 AND origin = {SANDBOX}")
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upcoming {
    pub(crate) place: i64,
    pub(crate) n: i64,
    pub(crate) id: ConnectionId,
    /// How often in a row the bank refused its sign-in.
    pub(crate) refused: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Background {
    pub(crate) job: JobId,
    pub(crate) state: State,
}

fn upcoming(row: &Row<'_>) -> Result<Upcoming> {
    Ok(Upcoming {
        place: row.get("turn")?,
        n: row.get("n")?,
        id: row.get("id")?,
        refused: row.get("refused")?,
    })
}

impl ReadTxn<'_> {
    pub(crate) fn banks_with_turns(&self) -> Result<Vec<InstitutionId>> {
        let next = format!(
            "SELECT min(institution_n) FROM connections INDEXED BY connections_turn
             WHERE {} AND institution_n > ?1",
            has_turn()
        );
        let (mut found, mut after) = (Vec::new(), i64::MIN);
        // one step of the index per bank
        while let Some(n) = self.value::<Option<i64>>(&next, [after])? {
            found.push(self.value("SELECT id FROM institutions WHERE n = ?1", [n])?);
            after = n;
        }
        Ok(found)
    }

    /// How far a bank was refreshed; none when never.
    pub(crate) fn cached_through(&self, at: &InstitutionId) -> Result<Option<Through>> {
        let sql = "SELECT through, connection_n FROM cache_rounds
            WHERE institution_n = (SELECT n FROM institutions WHERE id = ?1)";
        self.first(sql, [at], |row| {
            Ok(Through {
                at: row.get("through")?,
                n: row.get("connection_n")?,
            })
        })
    }

    /// The connections at a bank whose places come after this one, in order, at most `limit`.
    pub(crate) fn turns(
        &self,
        at: &InstitutionId,
        (turn, n): (i64, i64),
        limit: usize,
    ) -> Result<Vec<Upcoming>> {
        let sql = format!(
            "SELECT turn, n, id, refused FROM connections INDEXED BY connections_turn
             WHERE {} AND institution_n = (SELECT n FROM institutions WHERE id = ?1)
               AND (turn, n) > (?2, ?3) ORDER BY turn, n LIMIT ?4",
            has_turn()
        );
        self.all(&sql, params![at, turn, n, limit], upcoming)
    }

    pub(crate) fn turn_size(&self, at: &InstitutionId) -> Result<u64> {
        let sql = format!(
            "SELECT count(*) FROM connections INDEXED BY connections_turn
             WHERE {} AND institution_n = (SELECT n FROM institutions WHERE id = ?1)",
            has_turn()
        );
        self.value(&sql, [at])
    }

    /// The turn of one connection; none when it has none.
    pub(crate) fn turn(&self, id: &ConnectionId) -> Result<Option<Upcoming>> {
        let sql = format!(
            "SELECT turn, n, id, refused FROM connections WHERE id = ?1 AND {}",
            has_turn()
        );
        self.first(&sql, [id], upcoming)
    }

    /// The open jobs of background refreshing at a bank.
    pub(crate) fn background_jobs(&self, at: &InstitutionId) -> Result<Vec<Background>> {
        let sql = format!(
            "SELECT id, state FROM jobs INDEXED BY jobs_background WHERE open = 1 AND actor = '{ACTOR}'
             AND institution_n = (SELECT n FROM institutions WHERE id = ?1)"
        );
        self.all(&sql, [at], |row| {
            Ok(Background {
                job: row.get("id")?,
                state: row.get("state")?,
            })
        })
    }
}

impl WriteTxn<'_> {
    pub(crate) fn set_cached_through(&self, at: &InstitutionId, through: Through) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO cache_rounds (institution_n, through, connection_n)
            SELECT n, ?2, ?3 FROM institutions WHERE id = ?1";
        self.execute(sql, params![at, through.at, through.n])
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::schedule::{ACTOR, turn_of};

    #[test]
    fn the_schema_computes_the_turn_and_names_the_actor_of_the_domain() {
        let schema = include_str!("../schema/0002_whole_domain.sql");
        assert!(schema.contains(&format!("actor = '{ACTOR}'")));
        let asked = include_str!("../schema/0003_one_act.sql");
        assert!(asked.contains(&format!("actor <> '{ACTOR}'")));
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        for n in [1, 2, 3_012, 999_999, 1_000_001, 9_000_000_000] {
            let sql = "SELECT (?1 * 618033) % 1000000";
            let turn: i64 = conn.query_row(sql, [n], |r| r.get(0)).unwrap();
            assert_eq!(turn, turn_of(n));
        }
        assert!(schema.contains("((n * 618033) % 1000000)"));
    }
}
