//! Reads the change feed, and one event with its connection as it is now.

use crate::domain::ids::EventId;
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::ops::connections::list::masked;
use crate::ops::{Ops, Result, not_found};
use crate::store::{Event, EventFilter};
use std::time::Duration;
use tokio::sync::watch;

/// How often events of other processes are looked for.
const LOOK: Duration = Duration::from_millis(250);

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

    /// Waits until something may have been committed, here or by another process.
    pub(crate) async fn others(&self, wakes: &mut watch::Receiver<u64>) -> Result<()> {
        tokio::select! {
            _ = wakes.changed() => {}
            // SQLite does not announce commits of other processes
            () = tokio::time::sleep(LOOK) => { self.store.look_for_others()?; }
        }
        Ok(())
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
            let (connection, mfa_enabled) = match &event.connection {
                Some(id) => (rd.connection(id)?, rd.meets_challenges(id)?),
                None => (None, false),
            };
            Ok(EventDetail {
                event,
                connection: connection.map(|row| masked(row, level)),
                mfa_enabled,
            })
        })
        .await
    }
}
