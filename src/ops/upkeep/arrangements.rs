//! The end of an open-banking arrangement (domain 2.3, row 19): when its date has passed an active
//! connection becomes invalid, and the user has to authorise again.

use crate::domain::connection::{Happening, transition};
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};
use crate::store::{ConnectionChange, NewEvent, Rd, Tx};

/// So many are ended in one transaction.
const AT_ONCE: usize = 200;

impl Ops {
    /// Ends the arrangements whose date has passed; answers when the next one ends.
    pub(super) async fn lapse_arrangements(&self) -> Result<Option<Moment>> {
        loop {
            let now = self.now();
            let next: Result<Option<Moment>> = self.store.read(|rd: &Rd<'_>| Ok(rd.next_lapse()?)).await;
            match next? {
                Some(at) if at <= now => self.lapse_some(now).await?,
                next => return Ok(next),
            }
        }
    }

    async fn lapse_some(&self, now: Moment) -> Result<()> {
        let ops = self.clone();
        self.store
            .write(move |tx: &Tx<'_>| {
                for row in tx.lapsed(now, AT_ONCE)? {
                    let Ok(moved) = transition(row.method, Some(row.status), Happening::Expired) else { continue };
                    let change = ConnectionChange { status: Some(moved.to), ..Default::default() };
                    tx.change_connection(&row.id, change, now)?;
                    let event = NewEvent {
                        entity: "connection",
                        event_type: moved.event.map_or("updated", |e| e.word()),
                        user: Some(&row.user),
                        connection: Some(&row.id),
                        job: None,
                        count: None,
                        actor: &ops.caller.actor,
                    };
                    tx.append_event(&ops.event_id(), &event, now)?;
                }
                Ok(())
            })
            .await
    }
}
