//! The change feed: appended in the transaction of the change, read from a place on. Ids and counts only.

use super::error::Result;
use super::{Rd, Tx};
use crate::domain::ids::{ConnectionId, EventId, JobId, UserId};
use crate::domain::moment::Moment;
use rusqlite::params;

/// A line about to be appended.
#[derive(Clone, Debug)]
pub struct NewEvent<'a> {
    /// `connection`, `account`, `transactions`, `consent`, `user`, `job`.
    pub entity: &'static str,
    /// `created`, `updated`, ...
    pub event_type: &'a str,
    /// Whose.
    pub user: Option<&'a UserId>,
    /// Which connection.
    pub connection: Option<&'a ConnectionId>,
    /// Which job.
    pub job: Option<&'a JobId>,
    /// How many, for transactions.
    pub count: Option<u64>,
    /// Who made it happen.
    pub actor: &'a str,
}

/// A line of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the order.
    pub seq: i64,
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Moment,
    /// Of what kind of thing.
    pub entity: String,
    /// What happened.
    pub event_type: String,
    /// Whose.
    pub user: Option<UserId>,
    /// Which connection.
    pub connection: Option<ConnectionId>,
    /// Which job.
    pub job: Option<JobId>,
    /// How many.
    pub count: Option<u64>,
    /// Who made it happen.
    pub actor: String,
}

impl Tx<'_> {
    /// Appends a line.
    pub fn append_event(&self, id: &EventId, event: &NewEvent<'_>, now: Moment) -> Result<()> {
        let sql = "INSERT INTO events (id, at, entity, type, user_id, connection_id, job_id, count, actor)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.conn.prepare_cached(sql)?.execute(params![
            id.as_str(),
            now.0,
            event.entity,
            event.event_type,
            event.user.map(UserId::as_str),
            event.connection.map(ConnectionId::as_str),
            event.job.map(JobId::as_str),
            event.count.map(|n| n as i64),
            event.actor,
        ])?;
        Ok(())
    }
}

impl Rd<'_> {
    /// The lines after `seq`, in order.
    pub fn events_after(&self, seq: i64, limit: usize) -> Result<Vec<Event>> {
        let sql = "SELECT seq, id, at, entity, type, user_id, connection_id, job_id, count, actor
            FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map(params![seq, limit as i64], |r| {
            Ok(Event {
                seq: r.get(0)?,
                id: r.get::<_, String>(1)?.into(),
                at: Moment(r.get(2)?),
                entity: r.get(3)?,
                event_type: r.get(4)?,
                user: r.get::<_, Option<String>>(5)?.map(Into::into),
                connection: r.get::<_, Option<String>>(6)?.map(Into::into),
                job: r.get::<_, Option<String>>(7)?.map(Into::into),
                count: r.get::<_, Option<i64>>(8)?.map(i64::unsigned_abs),
                actor: r.get(9)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The place of the newest line; 0 when there is none.
    pub fn last_event(&self) -> Result<i64> {
        Ok(self.conn.prepare_cached("SELECT coalesce(max(seq), 0) FROM events")?.query_row([], |r| r.get(0))?)
    }
}
