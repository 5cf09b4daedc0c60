//! How long fetches take, computed once a day for every way to a bank (domain 9) and kept with it.

use crate::domain::health::Window;
use crate::domain::moment::Moment;
use crate::ops::banks::health::times;
use crate::ops::{Ops, Result};
use crate::store::{ReadTxn, WriteTxn};

/// How long a figure is good for.
const EVERY_MS: i64 = 24 * 3_600_000;

impl Ops {
    /// Computes the figures that are missing or old; answers when the next ones get old.
    pub(super) async fn measure(&self) -> Result<Option<Moment>> {
        debug_assert!(
            EVERY_MS < Window::Week.ms(),
            "no job is left out between two computations"
        );
        let now = self.now();
        let limit = now.plus_ms(-EVERY_MS);
        let found: Result<_> = self
            .store
            .read(move |rd: &ReadTxn<'_>| {
                Ok((rd.unmeasured(limit, now)?, rd.oldest_measure(limit, now)?))
            })
            .await;
        let (old, oldest) = found?;
        let measured = !old.is_empty();
        for (bank, method) in old {
            let done: Result<()> = self
                .store
                .write(move |tx: &WriteTxn<'_>| {
                    Ok(tx.put_stats(&bank, method, times(tx, &bank, method, now)?.as_ref(), now)?)
                })
                .await;
            done?;
        }
        let next = oldest.or(measured.then_some(now));
        Ok(next.map(|at| at.plus_ms(EVERY_MS)))
    }
}
