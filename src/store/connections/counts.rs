//! Numbers that are kept, so that nobody counts: connections by label, and how many need action.

use crate::domain::connection::Label;
use crate::domain::views::Counts;
use crate::store::ReadTxn;
use crate::store::codec::Coded;
use crate::store::error::Result;

impl ReadTxn<'_> {
    /// The header's numbers, read in one go.
    pub(crate) fn counts(&self) -> Result<Counts> {
        let mut counts = Counts::default();
        let mut rows = self
            .conn
            .prepare_cached("SELECT label, value FROM connection_counts")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            counts.set(
                Label::decode(row.get(0)?)?,
                row.get::<_, i64>(1)?.unsigned_abs(),
            );
        }
        counts.attention = self.counter("attention")?.unsigned_abs();
        Ok(counts)
    }

    pub(crate) fn counter(&self, name: &str) -> Result<i64> {
        let sql = "SELECT value FROM counters WHERE name = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([name], |r| r.get(0))?)
    }
}
