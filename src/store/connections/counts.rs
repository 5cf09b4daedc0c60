//! Counters that triggers keep: connections by label, and by who has to act next.

use crate::domain::moment::Moment;
use crate::domain::views::Counts;
use crate::store::ReadTxn;
use crate::store::error::Result;

impl ReadTxn<'_> {
    /// `now` decides about consents that end and jobs whose worker is gone.
    pub(crate) fn counts(&self, now: Moment) -> Result<Counts> {
        let mut counts = Counts::default();
        let sql = "SELECT label, value FROM connection_counts";
        self.all(sql, [], |row| {
            counts.set(row.get("label")?, row.get("value")?);
            Ok(())
        })?;
        let sql = "SELECT mover, value FROM mover_counts";
        self.all(sql, [], |row| {
            counts.set_mover(row.get("mover")?, row.get("value")?);
            Ok(())
        })?;
        for (then, by_now) in self.judged_late(now)? {
            counts.passed_on(then, by_now);
        }
        Ok(counts)
    }

    pub(crate) fn total(&self) -> Result<u64> {
        self.value("SELECT sum(value) FROM connection_counts", [])
    }
}
