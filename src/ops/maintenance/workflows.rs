//! Goes on with workflows whose lease has run out: whoever began one has died, or it waits for something.

use crate::domain::act::lease_holds;
use crate::domain::ids::PlanId;
use crate::domain::moment::Moment;
use crate::ops::maintenance::Parts;
use crate::ops::{Ops, Result};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

impl Ops {
    /// Destroys the keys of search lists that have served, where whoever ended the deletion died before it could.
    pub(super) async fn forget_search_lists(&self) -> Result<Option<Moment>> {
        if self.read(|rd| Ok(rd.any_served_list()?)).await? {
            self.write(|_, tx| Ok(tx.forget_served_lists()?)).await?;
        }
        Ok(None)
    }

    pub(crate) async fn take_up_workflows(&self) -> Result<Option<Moment>> {
        let (mut all, mut free) = (Parts::default(), Vec::new());
        for open in self.open_workflows().await? {
            let now = self.now();
            let leased = |until: &Moment| lease_holds(*until, now, self.limits.lease);
            match open.lease.filter(leased) {
                None => free.push(open.id),
                waits => all.add(Ok(waits)),
            }
        }
        all.add(self.go_on_together(free).await);
        all.result()
    }

    /// Goes on with several at a time, so that they share the scrubs and searches of the file.
    pub(super) async fn go_on_together(&self, ids: Vec<PlanId>) -> Result<Option<Moment>> {
        let mut under_way: FuturesUnordered<_> = ids.iter().map(|id| self.go_on(id)).collect();
        let mut all = Parts::default();
        while let Some(ended) = under_way.next().await {
            all.add(ended);
        }
        all.result()
    }
}
