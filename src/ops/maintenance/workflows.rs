//! Goes on with workflows whose lease has run out: whoever began one has died, or it waits for something.

use crate::domain::act::lease_holds;
use crate::domain::moment::Moment;
use crate::ops::maintenance::Parts;
use crate::ops::{Ops, Result};

impl Ops {
    /// Destroys the keys of search lists that have served, where whoever ended the deletion died before it could.
    pub(super) async fn forget_search_lists(&self) -> Result<Option<Moment>> {
        if self.read(|rd| Ok(rd.any_served_list()?)).await? {
            self.write(|_, tx| Ok(tx.forget_served_lists()?)).await?;
        }
        Ok(None)
    }

    pub(crate) async fn take_up_workflows(&self) -> Result<Option<Moment>> {
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
