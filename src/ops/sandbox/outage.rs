//! Breaks a bank of the sandbox for a while.

use crate::domain::ids::InstitutionId;
use crate::domain::moment::Moment;
use crate::ops::{Ops, Result, not_found};
use crate::store::{NewEvent, Store};

/// Whether a bank of the sandbox is broken now. A file that cannot be read breaks no bank.
pub(crate) fn outage_now(store: &Store, id: &InstitutionId, now: Moment) -> bool {
    store
        .read_here(|rd| rd.outage(id))
        .flatten()
        .is_some_and(|until| until > now)
}

impl Ops {
    /// Breaks a bank until a time; without one it works again.
    pub(crate) async fn outage(&self, id: &InstitutionId, until: Option<Moment>) -> Result<()> {
        let asked = id.clone();
        self.act("outage", id.as_str(), move |ops, tx| {
            let now = ops.now();
            if !tx.set_outage(&asked, until.unwrap_or(now))? {
                return Err(not_found("institution", &asked));
            }
            let outcome = until.map_or("mended".to_owned(), |at| format!("until {}", at.rfc3339()));
            ops.record_event(
                tx,
                &NewEvent::of_bank("updated", &asked, &ops.caller.actor),
                now,
            )?;
            ops.audit(tx, "outage", asked.as_str(), &outcome, "", now)
        })
        .await
    }
}
