//! Short facts about the file by name, such as the seed of a generated world.

use crate::store::error::{Error, Result};
use crate::store::file::threads::apart;
use crate::store::{ReadTxn, Store, WriteTxn};

impl ReadTxn<'_> {
    pub(crate) fn meta(&self, name: &str) -> Result<Option<String>> {
        self.find("SELECT value FROM meta WHERE key = ?1", [name])
    }
}

impl WriteTxn<'_> {
    pub(crate) fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.execute(sql, [name, value]).map(drop)
    }
}

impl Store {
    /// Moves the log into the file as far as readers allow, so that the next process does not open a long log.
    pub(crate) async fn settle(&self) -> Result<()> {
        if self.read_only() {
            return Err(Error::ReadOnly);
        }
        let store = self.clone();
        apart("store-settle", move || {
            let conn = crate::store::file::open::maintenance(store.path(), || store.unmoved())?;
            // a reader that blocks it is reported in the row, not as an error; the log stays longer then
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::domain::moment::Moment;
    use crate::store::Mode;

    #[tokio::test]
    async fn meta_value_is_overwritten_and_survives_reopening() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        let clock = Clock::fixed(Moment(1_000));
        {
            let store = Store::open(&path, Mode::Create, &clock).unwrap();
            store.write(|tx| tx.set_meta("seed", "7")).await.unwrap();
            store.write(|tx| tx.set_meta("seed", "8")).await.unwrap();
            store.settle().await.unwrap();
        }
        let store = Store::open(&path, Mode::Read, &clock).unwrap();
        assert_eq!(
            store.read(|rd| rd.meta("seed")).await.unwrap().as_deref(),
            Some("8")
        );
        assert_eq!(store.read(|rd| rd.meta("moon")).await.unwrap(), None);
        assert!(matches!(store.settle().await, Err(Error::ReadOnly)));
    }
}
