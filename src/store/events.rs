//! The change feed: events are appended in the transaction of the change and hold ids and counts only.

use super::error::Result;
use super::sql::{numbers, page, place, text};
use super::{ReadTxn, WriteTxn};
use crate::domain::events::{self, EventType};
use crate::domain::ids::{ConnectionId, EventId, InstitutionId, JobId, UserId};
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use crate::domain::query::reference::EventsOf;
use crate::domain::views::{Anchor, Page};
use crate::store::row::Row;
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

const COLUMNS: &str =
    "seq, id, at, entity, type, user_id, connection_id, institution_id, job_id, count, actor";

/// Which events are wanted. What is none does not restrict them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventFilter {
    pub(crate) user: Option<UserId>,
    pub(crate) types: Option<Vec<&'static EventType>>,
}

#[derive(Clone, Debug)]
pub(crate) struct NewEvent<'a> {
    /// `connection`, `account`, `transactions`, `consent`, `user`, `institution`, `job`.
    pub(crate) entity: &'static str,
    /// `created`, `updated`, ...
    pub(crate) event_type: &'a str,
    pub(crate) user: Option<&'a UserId>,
    pub(crate) connection: Option<&'a ConnectionId>,
    pub(crate) institution: Option<&'a InstitutionId>,
    pub(crate) job: Option<&'a JobId>,
    pub(crate) count: Option<u64>,
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
            institution: None,
            job: None,
            count: None,
            actor,
        }
    }

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

    /// About a bank itself, whoever is connected to it.
    pub(crate) fn of_bank(event_type: &'a str, id: &'a InstitutionId, actor: &'a str) -> Self {
        Self {
            entity: "institution",
            event_type,
            user: None,
            connection: None,
            institution: Some(id),
            job: None,
            count: None,
            actor,
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its place in the order.
    pub(crate) seq: i64,
    pub(crate) id: EventId,
    pub(crate) at: Moment,
    pub(crate) entity: String,
    pub(crate) event_type: String,
    pub(crate) user: Option<UserId>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) job: Option<JobId>,
    pub(crate) count: Option<u64>,
    pub(crate) actor: String,
}

impl WriteTxn<'_> {
    /// Appends an event. Its type has to be in `domain/events.rs`, so that it can be asked for.
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
        let sql = "INSERT INTO events (id, at, entity, type, user_id, connection_id, institution_id, job_id, count,
              actor)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = params![
            id,
            now,
            event.entity,
            event.event_type,
            event.user,
            event.connection,
            event.institution,
            event.job,
            event.count,
            event.actor,
        ];
        self.execute(sql, values).map(drop)
    }
}

impl ReadTxn<'_> {
    #[cfg(test)]
    pub(crate) fn events_after(&self, seq: i64, limit: usize) -> Result<Vec<Event>> {
        self.events_like(&EventFilter::default(), seq, limit)
    }

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

    /// How many events are wanted, from the first on; along an index in any case.
    pub(crate) fn event_size(&self, filter: &EventFilter) -> Result<u64> {
        let user = filter.user.as_ref().map(UserId::as_str);
        let count = |one: Option<&EventType>| -> Result<u64> {
            let (index, conditions, values) = narrowed(user, one, vec![]);
            let index = if index.is_empty() { BY_TYPE } else { index };
            let sql = format!("SELECT count(*) FROM events {index} WHERE true{conditions}");
            self.value(&sql, params_from_iter(values))
        };
        match &filter.types {
            Some(types) => types.iter().map(|one| count(Some(one))).sum(),
            None => count(None),
        }
    }

    fn read_events(
        &self,
        user: Option<&str>,
        one: Option<&EventType>,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let (index, conditions, values) = narrowed(user, one, vec![Value::Integer(seq)]);
        let sql = format!(
            "SELECT {COLUMNS} FROM events {index} WHERE seq > ?1{conditions} ORDER BY seq LIMIT {limit}"
        );
        self.all(&sql, params_from_iter(values), event)
    }

    /// The events since a time that are of one of these sorts, the newest first.
    pub(crate) fn events_since(
        &self,
        since: Moment,
        sorts: &[EventsOf],
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Event>> {
        let [at, seq] = numbers::<2>(from).unwrap_or([i64::MAX, 0]);
        let mut found = Vec::new();
        for of in sorts {
            let index = of.user.as_ref().map_or(BY_TIME, |_| BY_USER);
            let mut values: Vec<Value> = [since.0, at, seq].map(Value::Integer).to_vec();
            let mut bound = |text: String| {
                values.push(Value::Text(text));
                format!("?{}", values.len())
            };
            let user = of.user.as_ref();
            let user = user.map(|id| format!("AND user_id = {}", bound(id.to_string())));
            let names = of.types.iter().map(|one| bound(one.name()));
            let names = names.collect::<Vec<_>>().join(", ");
            let sql = format!(
                "SELECT {COLUMNS} FROM events {index} WHERE at >= ?1 AND (at, seq) < (?2, ?3) {}
                   AND entity || '.' || type IN ({names}) ORDER BY at DESC, seq DESC LIMIT {}",
                user.unwrap_or_default(),
                limit + 1
            );
            found.extend(self.all(&sql, params_from_iter(values), event)?);
        }
        // each sort gives its first; together they hold the first of all
        found.sort_unstable_by_key(|event| std::cmp::Reverse((event.at, event.seq)));
        found.dedup_by_key(|event| event.seq);
        found.truncate(limit + 1);
        let placed = found
            .into_iter()
            .map(|event| (place([event.at.0, event.seq]), event));
        Ok(page(placed.collect(), limit, false))
    }

    /// The newest events of a connection, at most `limit`, the newest first.
    pub(crate) fn events_of_connection(
        &self,
        id: &ConnectionId,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM events INDEXED BY events_connection WHERE connection_id = ?1
             ORDER BY seq DESC LIMIT ?2"
        );
        self.all(&sql, params![id, limit], event)
    }

    pub(crate) fn event(&self, id: &EventId) -> Result<Option<Event>> {
        let sql = format!("SELECT {COLUMNS} FROM events WHERE id = ?1");
        self.first(&sql, [id], event)
    }

    /// The events whose id is or begins with this text, or whose place it is; at most `limit`.
    pub(crate) fn events_named(&self, text: &str, limit: usize) -> Result<Vec<EventId>> {
        let sql = "SELECT id FROM events WHERE id = ?1
            UNION SELECT id FROM events WHERE seq = ?3
            UNION SELECT id FROM events WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4
            LIMIT ?2";
        let seq: Option<i64> = text.parse().ok();
        self.column(sql, params![text, limit, seq])
    }

    /// The place of the newest event; 0 when there is none.
    pub(crate) fn last_event(&self) -> Result<i64> {
        self.value("SELECT coalesce(max(seq), 0) FROM events", [])
    }
}

const BY_USER: &str = "INDEXED BY events_user";
const BY_TYPE: &str = "INDEXED BY events_kind";
const BY_TIME: &str = "INDEXED BY events_at";

/// The index for the events of a user and of a type, their conditions, and the values after those given.
fn narrowed(
    user: Option<&str>,
    one: Option<&EventType>,
    mut values: Vec<Value>,
) -> (&'static str, String, Vec<Value>) {
    let index = match (user, one) {
        (Some(_), _) => BY_USER,
        (None, Some(_)) => BY_TYPE,
        (None, None) => "",
    };
    let mut conditions = String::new();
    let entity = one.map(|one| one.entity);
    let happened = one.map(|one| one.happened);
    for (column, value) in [("user_id", user), ("entity", entity), ("type", happened)] {
        if let Some(value) = value {
            values.push(Value::Text(value.to_owned()));
            conditions.push_str(&format!(" AND {column} = ?{}", values.len()));
        }
    }
    (index, conditions, values)
}

fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        seq: row.get("seq")?,
        id: row.get("id")?,
        at: row.get("at")?,
        entity: text(row, "entity")?,
        event_type: text(row, "type")?,
        user: row.get("user_id")?,
        connection: row.get("connection_id")?,
        institution: row.get("institution_id")?,
        job: row.get("job_id")?,
        count: row.get("count")?,
        actor: text(row, "actor")?,
    })
}
