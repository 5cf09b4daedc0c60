//! One move of a connection by the table of domain 2.3, with its event: for the operations that move one by
//! themselves. Deliberately absent: why, and what else goes with it.

use crate::domain::connection::{Happening, transition};
use crate::domain::moment::Moment;
use crate::domain::views::ConnectionRow;
use crate::ops::{Error, Ops, Result};
use crate::store::{ConnectionChange, NewEvent, WriteTxn};

impl Ops {
    /// Moves it; a move that is not in the table is an error and nothing happens.
    pub(crate) fn transit(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        happening: Happening,
        now: Moment,
    ) -> Result<()> {
        let moved = transition(row.method, Some(row.status), happening)
            .map_err(|illegal| Error::Input(illegal.to_string()))?;
        if moved.to != row.status {
            let change = ConnectionChange {
                status: Some(moved.to),
                ..Default::default()
            };
            tx.change_connection(&row.id, change, now)?;
        }
        let event = NewEvent {
            entity: "connection",
            event_type: moved.event.map_or("updated", |e| e.word()),
            user: Some(&row.user),
            connection: Some(&row.id),
            job: None,
            count: None,
            actor: &self.caller.actor,
        };
        tx.append_event(&self.event_id(), &event, now)?;
        Ok(())
    }
}
