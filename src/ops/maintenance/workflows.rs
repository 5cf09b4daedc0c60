//! Goes on with workflows whose lease has run out: whoever began one has died, or it waits for something.

use crate::domain::act::lease_holds;
use crate::domain::moment::Moment;
use crate::ops::maintenance::Parts;
use crate::ops::{Ops, Result};

impl Ops {
    pub(super) async fn take_up_workflows(&self) -> Result<Option<Moment>> {
        let mut all = Parts::default();
        for open in self.open_workflows().await? {
            let now = self.now();
            let leased = |until: &Moment| lease_holds(*until, now, self.limits.lease);
            all.add(match open.lease.filter(leased) {
                None => self.go_on(&open.id).await,
                waits => Ok(waits),
            });
        }
        all.result()
    }
}
