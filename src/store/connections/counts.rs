//! Counters that triggers keep: connections by label, and how many need attention.

use crate::domain::moment::Moment;
use crate::domain::views::Counts;
use crate::store::ReadTxn;
use crate::store::codec::{ATTENTION, FETCHES};
use crate::store::error::Result;
use crate::store::search::attention;

impl ReadTxn<'_> {
    /// `now` decides about consents that end and jobs whose worker is gone.
    pub(crate) fn counts(&self, now: Moment) -> Result<Counts> {
        let mut counts = Counts::default();
        let sql = "SELECT label, value FROM connection_counts";
        self.all(sql, [], |row| {
            counts.set(row.get("label")?, row.get("value")?);
            Ok(())
        })?;
        // the counter knows the status only; what a job or a date changes of it are few rows
        let sql = format!(
            "SELECT value
              - (SELECT count(*) FROM jobs o JOIN connections c ON c.n = o.connection_n
                 WHERE o.open = 1 AND o.kind <= {FETCHES} AND c.urgency <= {ATTENTION} AND {})
              + (SELECT count(*) FROM connections c WHERE {} AND (c.urgency > {ATTENTION} OR {}))
              - (SELECT count(*) FROM connections c INDEXED BY connections_snoozed WHERE c.snoozed > {} AND {})
             FROM counters WHERE name = 'attention'",
            attention::calm(now),
            attention::raised(now),
            attention::calm(now),
            now.0,
            attention::unquieted(now)
        );
        counts.attention = self.value(&sql, [])?;
        Ok(counts)
    }

    pub(crate) fn total(&self) -> Result<u64> {
        self.value("SELECT sum(value) FROM connection_counts", [])
    }
}
