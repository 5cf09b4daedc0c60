//! The change feed by type and user, and one event with what it is about, as it stands now. Deliberately
//! absent: the snapshot's shape, which is the wire's.

use crate::domain::ids::EventId;
use crate::domain::mask::Level;
use crate::domain::views::ConnectionRow;
use crate::ops::{Error, Ops, Result};
use crate::store::{Event, EventFilter};

/// One event with what it is about.
#[derive(Clone, Debug)]
pub(crate) struct EventDetail {
    /// The line of the feed.
    pub(crate) event: Event,
    /// The connection it is about, as it is now; none when it is about none or that one has gone.
    pub(crate) connection: Option<ConnectionRow>,
    /// Whether that connection's jobs meet a challenge.
    pub(crate) mfa_enabled: bool,
}

impl Ops {
    /// The events after a place that are wanted.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn events_like(
        &self,
        filter: &EventFilter,
        seq: i64,
        limit: usize,
    ) -> Result<Vec<Event>> {
        let filter = filter.clone();
        self.store
            .read(move |rd| Ok(rd.events_like(&filter, seq, limit)?))
            .await
    }

    /// How many events are wanted, wherever one begins to read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn event_size(&self, filter: &EventFilter) -> Result<u64> {
        let filter = filter.clone();
        self.store.read(move |rd| Ok(rd.event_size(&filter)?)).await
    }

    /// The event that `text` names: its id, the beginning of it, or its place.
    ///
    /// # Errors
    /// When there is none, or several.
    pub(crate) async fn resolve_event(&self, text: &str) -> Result<EventId> {
        let asked = text.trim().to_owned();
        let wanted = asked.clone();
        let found: Result<Vec<EventId>> = self
            .store
            .read(move |rd| Ok(rd.events_named(&wanted, 6)?))
            .await;
        let found = found?;
        // a place is one event, and no id of ours is as short as a number
        match (found.as_slice(), asked.parse::<i64>()) {
            ([one], Ok(_)) => Ok(one.clone()),
            _ => crate::ops::connections::list::only("event", &asked, &found),
        }
    }

    /// One event.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn event(&self, id: &EventId, level: Level) -> Result<EventDetail> {
        let asked = id.clone();
        self.store
            .read(move |rd| {
                let Some(event) = rd.event(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "event",
                        id: asked.to_string(),
                    });
                };
                let (connection, mfa_enabled) = match &event.connection {
                    Some(id) => (rd.connection(id)?, rd.meets_challenges(id)?),
                    None => (None, false),
                };
                let connection =
                    connection.map(|row| crate::ops::connections::list::masked(row, level));
                Ok(EventDetail {
                    event,
                    connection,
                    mfa_enabled,
                })
            })
            .await
    }
}
