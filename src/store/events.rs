//! The change feed: appended in the transaction of the change, read from a place on. Ids and counts only.

use super::error::Result;
use super::{ReadTxn, WriteTxn};
use crate::domain::events::{self, EventType};
use crate::domain::ids::{ConnectionId, EventId, JobId, UserId};
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params};

const COLUMNS: &str = "seq, id, at, entity, type, user_id, connection_id, job_id, count, actor";

/// Which lines are wanted. What is none is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventFilter {
    /// Of this user.
    pub(crate) user: Option<UserId>,
    /// Of these types.
    pub(crate) types: Option<Vec<&'static EventType>>,
}

/// A line about to be appended.
#[derive(Clone, Debug)]
pub(crate) struct NewEvent<'a> {
    /// `connection`, `account`, `transactions`, `consent`, `user`, `job`.
    pub(crate) entity: &'static str,
    /// `created`, `updated`, ...
    pub(crate) event_type: &'a str,
    /// Whose.
    pub(crate) user: Option<&'a UserId>,
    /// Which connection.
    pub(crate) connection: Option<&'a ConnectionId>,
    /// Which job.
    pub(crate) job: Option<&'a JobId>,
    /// How many, for transactions.
    pub(crate) count: Option<u64>,
    /// Who made it happen.
    pub(crate) actor: &'a str,
}

impl<'a> NewEvent<'a> {
    /// About something of a user: `consent`, `user`, `transactions`, ...
    pub(crate) fn of_user(
        entity: &'static str,
        event_type: &'a str,
        user: &'a UserId,
        actor: &'a str,
    ) -> Self {
        Self {
            entity,
            event_type,
            user: Some(user),
            connection: None,
            job: None,
            count: None,
            actor,
        }
    }

    /// About a connection.
    pub(crate) fn of_connection(
        event_type: &'a str,
        user: &'a UserId,
        id: &'a ConnectionId,
        actor: &'a str,
    ) -> Self {
        Self {
            connection: Some(id),
            ..Self::of_user("connection", event_type, user, actor)
        }
    }

    /// About a job, or about `entity`, which that job changed.
    pub(crate) fn of_job(
        entity: &'static str,
        event_type: &'a str,
        job: &'a Job,
        actor: &'a str,
    ) -> Self {
        Self {
            connection: Some(&job.connection),
            job: Some(&job.id),
            ..Self::of_user(entity, event_type, &job.user, actor)
        }
    }
}

/// A line of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its place in the order.
    pub(crate) seq: i64,
    /// Its id.
    pub(crate) id: EventId,
    /// When.
    pub(crate) at: Moment,
    /// Of what kind of thing.
    pub(crate) entity: String,
    /// What happened.
    pub(crate) event_type: String,
    /// Whose.
    pub(crate) user: Option<UserId>,
    /// Which connection.
    pub(crate) connection: Option<ConnectionId>,
    /// Which job.
    pub(crate) job: Option<JobId>,
    /// How many.
    pub(crate) count: Option<u64>,
    /// Who made it happen.
    pub(crate) actor: String,
}

impl WriteTxn<'_> {
    /// Appends a line. Its type is one of the table's: what nobody can name nobody can ask for.
    pub(crate) fn append_event(
        &self,
        id: &EventId,
        event: &NewEvent<'_>,
        now: Moment,
    ) -> Result<()> {
        debug_assert!(
            events::find(event.entity, event.event_type).is_some(),
            "{}.{} is not in domain/events.rs",
            event.entity,
            event.event_type
        );
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

impl ReadTxn<'_> {
    /// The lines after `seq`, in order.
    pub(crate) fn events_after(&self, seq: i64, limit: usize) -> Result<Vec<Event>> {
        self.events_like(&EventFilter::default(), seq, limit)
    }

    /// The lines after `seq` that are wanted, in order.
    pub(crate) fn events_like(
        &self,
        filter: &EventFilter,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let user = filter.user.as_ref().map(UserId::as_str);
        let Some(types) = &filter.types else {
            return self.read_events(user, None, seq, limit);
        };
        // each type gives its first along the index; together they hold the first of all
        let mut found = Vec::new();
        for one in types {
            found.extend(self.read_events(user, Some(one), seq, limit)?);
        }
        found.sort_unstable_by_key(|event: &Event| event.seq);
        found.truncate(limit);
        Ok(found)
    }

    /// How many lines are wanted, from the first on; along an index in any case.
    pub(crate) fn event_size(&self, filter: &EventFilter) -> Result<u64> {
        let count = |sql: &str, values: &[&str]| -> Result<u64> {
            let mut query = self.conn.prepare_cached(sql)?;
            Ok(query
                .query_row(rusqlite::params_from_iter(values), |r| r.get::<_, i64>(0))?
                .unsigned_abs())
        };
        let user = filter.user.as_ref().map(UserId::as_str);
        let of_type = |one: &EventType| match user {
            Some(user) => count(
                "SELECT count(*) FROM events INDEXED BY events_user WHERE user_id = ?1 AND entity = ?2 AND type = ?3",
                &[user, one.entity, one.happened],
            ),
            None => count(
                "SELECT count(*) FROM events INDEXED BY events_kind WHERE entity = ?1 AND type = ?2",
                &[one.entity, one.happened],
            ),
        };
        match (&filter.types, user) {
            (Some(types), _) => types.iter().map(|one| of_type(one)).sum(),
            (None, Some(user)) => count(
                "SELECT count(*) FROM events INDEXED BY events_user WHERE user_id = ?1",
                &[user],
            ),
            (None, None) => count("SELECT count(*) FROM events INDEXED BY events_kind", &[]),
        }
    }

    fn read_events(
        &self,
        user: Option<&str>,
        one: Option<&EventType>,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let mut values = vec![Value::Integer(seq), Value::Integer(limit as i64)];
        let mut conditions = String::new();
        let mut bind = |condition: &str, value: &str| {
            values.push(Value::Text(value.to_owned()));
            conditions.push_str(&format!(" AND {condition} = ?{}", values.len()));
        };
        if let Some(user) = user {
            bind("user_id", user);
        }
        if let Some(one) = one {
            bind("entity", one.entity);
            bind("type", one.happened);
        }
        // without a user the index of the types, with one that user's
        let index = match (user, one) {
            (Some(_), _) => "INDEXED BY events_user",
            (None, Some(_)) => "INDEXED BY events_kind",
            (None, None) => "",
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM events {index} WHERE seq > ?1{conditions} ORDER BY seq LIMIT ?2"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map(rusqlite::params_from_iter(values), event)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// One line.
    pub(crate) fn event(&self, id: &EventId) -> Result<Option<Event>> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE id = ?1");
        Ok(self
            .conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], event)
            .optional()?)
    }

    /// The lines whose id is or begins with this text, or whose place it is; at most `limit`.
    pub(crate) fn events_named(&self, text: &str, limit: usize) -> Result<Vec<EventId>> {
        let sql = "SELECT id FROM events WHERE id = ?1
            UNION SELECT id FROM events WHERE seq = ?3
            UNION SELECT id FROM events WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let seq: Option<i64> = text.parse().ok();
        let mut query = self.conn.prepare_cached(sql)?;
        let ids = query.query_map(params![text, limit as i64, seq], |r| r.get::<_, String>(0))?;
        Ok(ids
            .map(|id| id.map(EventId::from))
            .collect::<rusqlite::Result<_>>()?)
    }

    /// Whether jobs of this connection meet a challenge.
    pub(crate) fn meets_challenges(&self, id: &ConnectionId) -> Result<bool> {
        let sql = "SELECT mfa_enabled FROM connections WHERE id = ?1";
        let found: Option<bool> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?;
        Ok(found.unwrap_or(false))
    }

    /// The place of the newest line; 0 when there is none.
    pub(crate) fn last_event(&self) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT coalesce(max(seq), 0) FROM events")?
            .query_row([], |r| r.get(0))?)
    }
}

fn event(r: &Row<'_>) -> rusqlite::Result<Event> {
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
}
