//! Computes once a day how long fetches take by every method of every bank.

use crate::domain::health::Window;
use crate::domain::moment::Moment;
use crate::ops::banks::health::times;
use crate::ops::maintenance::Parts;
use crate::ops::{Ops, Result};

const EVERY_MS: i64 = 24 * 3_600_000;

impl Ops {
    pub(super) async fn measure_fetches(&self) -> Result<Option<Moment>> {
        debug_assert!(
            EVERY_MS < Window::Week.ms(),
            "no job is left out between two computations"
        );
        let now = self.now();
        let limit = now.plus_ms(-EVERY_MS);
        let found = self
            .read(move |rd| Ok((rd.unmeasured(limit, now)?, rd.oldest_measure(limit, now)?)))
            .await;
        let (old, oldest) = found?;
        let measured = !old.is_empty();
        let mut all = Parts::default();
        for (bank, method) in old {
            let done: Result<()> = self
                .write(move |_, tx| {
                    Ok(tx.put_stats(&bank, method, times(tx, &bank, method, now)?.as_ref(), now)?)
                })
                .await;
            all.add(done.map(|()| None));
        }
        let next = oldest.or(measured.then_some(now));
        all.add(Ok(next.map(|at| at.plus_ms(EVERY_MS))));
        all.result()
    }
}
