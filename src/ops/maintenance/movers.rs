//! Who has to act changes with time alone: a lease runs out, a consent comes near its end, a quiet time is over.

use crate::domain::moment::Moment;
use crate::ops::{Ops, Result};

/// Connections judged in one transaction: some milliseconds.
const PAGE: usize = 500;

impl Ops {
    /// A page a round; the rest is due at once.
    pub(super) async fn judge_movers(&self) -> Result<Option<Moment>> {
        let next = self.read(|rd| Ok(rd.next_judgement()?)).await?;
        if next.is_none_or(|at| at > self.now()) {
            return Ok(next);
        }
        self.write(|ops, tx| Ok(tx.judge_due(ops.now(), PAGE)?))
            .await?;
        self.read(|rd| Ok(rd.next_judgement()?)).await
    }
}
