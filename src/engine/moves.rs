//! Moves a connection by the state table, and appends events about jobs and connections.

use super::Result;
use super::recorder::Recorder;
use crate::domain::connection::{ConnectionEvent, Happening, Move, transition};
use crate::domain::ids::EventId;
use crate::domain::job::Job;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::store::{self, ConnectionChange, NewEvent, WriteTxn};

pub(crate) fn write_move(
    tx: &WriteTxn<'_>,
    connection: &ConnectionRow,
    moved: Move,
    actor: &str,
    event: &EventId,
    now: Moment,
) -> store::Result<()> {
    if moved.to != connection.status {
        let change = ConnectionChange {
            status: Some(moved.to),
            ..Default::default()
        };
        tx.change_connection(&connection.id, change, now)?;
    }
    let event_type = moved.event.unwrap_or(ConnectionEvent::Updated).word();
    let new = NewEvent::of_connection(event_type, &connection.user, &connection.id, actor);
    tx.append_event(event, &new, now)
}

impl Recorder<'_> {
    /// A move that is not in the table changes nothing.
    pub(crate) fn transit(
        &self,
        tx: &WriteTxn<'_>,
        connection: &ConnectionRow,
        happening: Happening,
    ) -> Result<()> {
        let Ok(moved) = transition(connection.method, Some(connection.status), happening) else {
            return Ok(());
        };
        let event = self.clock.fresh_id().into();
        let now = self.clock.now();
        Ok(write_move(tx, connection, moved, self.owner, &event, now)?)
    }

    pub(super) fn tell(&self, tx: &WriteTxn<'_>, job: &Job) -> Result<()> {
        self.event(tx, job, "job", "updated", None)
    }

    pub(super) fn event(
        &self,
        tx: &WriteTxn<'_>,
        job: &Job,
        entity: &'static str,
        event_type: &str,
        count: Option<u64>,
    ) -> Result<()> {
        let new = NewEvent {
            count,
            ..NewEvent::of_job(entity, event_type, job, self.owner)
        };
        tx.append_event(&self.clock.fresh_id().into(), &new, self.clock.now())?;
        Ok(())
    }
}
