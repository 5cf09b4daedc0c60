//! Reads the change feed, and one event with its connection as it is now.

use crate::domain::events;
use crate::domain::ids::EventId;
use crate::domain::mask::Level;
use crate::domain::query::reference::EventsOf;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, Page};
use crate::ops::connections::list::masked;
use crate::ops::{Ops, Result, not_found};
use crate::store::{Event, EventFilter, ReadTxn};
use crate::wire::event_document::EventFacts;

/// How far back the platform tells of events (docs/domain.md 10.2).
const REACH_MS: i64 = 7 * 86_400_000;

#[derive(Clone, Debug)]
pub(crate) struct EventDetail {
    pub(crate) event: Event,
    /// The connection it is about, as it is now; none when it is about none or that one has gone.
    pub(crate) connection: Option<ConnectionRow>,
    /// Whether that connection's jobs meet a challenge.
    pub(crate) mfa_enabled: bool,
}

impl Ops {
    /// The place of the newest event; 0 when there is none.
    pub(crate) async fn last_event(&self) -> Result<i64> {
        self.read(|rd| Ok(rd.last_event()?)).await
    }

    /// The events after `seq` that the filter lets through.
    pub(crate) async fn events_like(
        &self,
        filter: &EventFilter,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let filter = filter.clone();
        self.read(move |rd| Ok(rd.events_like(&filter, seq, limit)?))
            .await
    }

    pub(crate) async fn event_size(&self, filter: &EventFilter) -> Result<u64> {
        let filter = filter.clone();
        self.read(move |rd| Ok(rd.event_size(&filter)?)).await
    }

    pub(crate) async fn event(&self, id: &EventId, level: Level) -> Result<EventDetail> {
        let asked = id.clone();
        self.read(move |rd| {
            let event = rd
                .event(&asked)?
                .ok_or_else(|| not_found("event", &asked))?;
            detail(rd, event, level)
        })
        .await
    }

    /// An event that the platform tells; one that is only this program's own is not found.
    pub(crate) async fn told_event(&self, id: &EventId, level: Level) -> Result<EventDetail> {
        let found = self.event(id, level).await?;
        let one = events::find(&found.event.entity, &found.event.event_type);
        match one.is_some_and(|one| !one.local()) {
            true => Ok(found),
            false => Err(not_found("event", id)),
        }
    }

    /// What happened in the last days that is of one of these sorts, the newest first.
    pub(crate) async fn told_events(
        &self,
        sorts: Vec<EventsOf>,
        from: Option<Anchor>,
        limit: usize,
        level: Level,
    ) -> Result<Page<EventDetail>> {
        let since = self.now().plus_ms(-REACH_MS);
        self.read(move |rd| {
            let page = rd.events_since(since, &sorts, from.as_ref(), limit)?;
            let rows = page.rows.into_iter().map(|event| detail(rd, event, level));
            Ok(Page {
                rows: rows.collect::<Result<_>>()?,
                first: page.first,
                last: page.last,
                more: page.more,
            })
        })
        .await
    }
}

fn detail(rd: &ReadTxn<'_>, event: Event, level: Level) -> Result<EventDetail> {
    let (connection, mfa_enabled) = match &event.connection {
        Some(id) => (rd.connection(id)?, rd.meets_challenges(id)?),
        None => (None, false),
    };
    Ok(EventDetail {
        event,
        connection: connection.map(|row| masked(row, level)),
        mfa_enabled,
    })
}

/// What the document of an event is written from, without what it is about.
pub(in crate::ops) fn facts_of(event: &Event) -> EventFacts<'_> {
    EventFacts {
        id: event.id.as_str(),
        at: event.at,
        entity: &event.entity,
        happened: &event.event_type,
        user: event.user.as_ref().map(|id| id.as_str()),
        connection: event.connection.as_ref().map(|id| id.as_str()),
        institution: event.institution.as_ref().map(|id| id.as_str()),
        job: event.job.as_ref().map(|id| id.as_str()),
        count: event.count,
        row: None,
        mfa_enabled: false,
    }
}

impl EventDetail {
    /// What its document is written from.
    pub(crate) fn facts(&self) -> EventFacts<'_> {
        EventFacts {
            row: self.connection.as_ref(),
            mfa_enabled: self.mfa_enabled,
            ..facts_of(&self.event)
        }
    }
}
