//! Counters that triggers keep: connections by label, and how many need attention.

use crate::domain::views::Counts;
use crate::store::ReadTxn;
use crate::store::error::Result;

impl ReadTxn<'_> {
    pub(crate) fn counts(&self) -> Result<Counts> {
        let mut counts = Counts::default();
        let sql = "SELECT label, value FROM connection_counts";
        self.all(sql, [], |row| {
            counts.set(row.get("label")?, row.get("value")?);
            Ok(())
        })?;
        counts.attention = self.value("SELECT value FROM counters WHERE name = 'attention'", [])?;
        Ok(counts)
    }
}
