//! Jobs and users by what a person types: the whole id, its shown end, or its beginning. Connections have
//! the same beside their rows.

use super::ReadTxn;
use super::error::Result;
use super::search::backwards;
use crate::domain::ids::{JobId, UserId};
use rusqlite::params;

impl ReadTxn<'_> {
    /// The jobs whose id is, ends with or begins with this text; at most `limit`. There is no index over the
    /// ends, so an end is looked for only when nothing else fits.
    pub(crate) fn jobs_named(&self, text: &str, limit: usize) -> Result<Vec<JobId>> {
        let begins = "SELECT id FROM jobs WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4 LIMIT ?2";
        let ends = "SELECT id FROM jobs WHERE substr(id, -6) = ?1 LIMIT ?2";
        for sql in [begins, ends] {
            let mut query = self.conn.prepare_cached(sql)?;
            let ids = query.query_map(params![text, limit as i64], |r| r.get::<_, String>(0))?;
            let found: Vec<JobId> = ids
                .map(|id| id.map(JobId::from))
                .collect::<rusqlite::Result<_>>()?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(vec![])
    }

    /// The users whose id is, ends with or begins with this text; at most `limit`.
    pub(crate) fn users_named(&self, text: &str, limit: usize) -> Result<Vec<UserId>> {
        let sql = "SELECT id FROM users WHERE id = ?1
            UNION SELECT id FROM users WHERE tail = ?3 AND length(?1) = 6
            UNION SELECT id FROM users WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map(params![text, limit as i64, backwards(text)], |r| {
            r.get::<_, String>(0)
        })?;
        Ok(ids
            .map(|id| id.map(UserId::from))
            .collect::<rusqlite::Result<_>>()?)
    }
}
