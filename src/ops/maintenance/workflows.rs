//! Workflows that nobody goes on with: whoever began one has died, or it waits for something. Taken up when its lease
//! has run out.

use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};

impl Ops {
    /// Goes on with what is due; answers when the next one is.
    pub(super) async fn take_up_workflows(&self) -> Result<Option<Moment>> {
        let mut next = Vec::new();
        for open in self.open_workflows().await? {
            let now = self.now();
            // a lease that lies further ahead than any can was written by a clock that was wrong
            let leased = |until: &Moment| *until > now && *until <= now.plus(self.limits.lease * 2);
            next.extend(match open.lease.filter(leased) {
                None => self.go_on(&open.id).await?,
                waits => waits,
            });
        }
        Ok(next.into_iter().min())
    }
}
