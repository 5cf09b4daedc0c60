//! Short facts about the file as a whole, by name: which made-up world it holds, and at which moment.
//! Deliberately absent: what binds the file to its keys, which only `keys` writes.

use crate::store::error::{Error, Result};
use crate::store::{ReadTxn, Store, WriteTxn};
use rusqlite::{OptionalExtension, params};

impl ReadTxn<'_> {
    /// A fact, if it was ever noted.
    pub(crate) fn meta(&self, name: &str) -> Result<Option<String>> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([name], |r| r.get(0))
            .optional()?)
    }
}

impl WriteTxn<'_> {
    /// Notes a fact, in place of what was noted under this name before.
    pub(crate) fn set_meta(&self, name: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.conn
            .prepare_cached(sql)?
            .execute(params![name, value])?;
        Ok(())
    }
}

impl Store {
    /// Moves what the log holds into the file, as far as no reader is in the way. After a bulk load this
    /// spares the first one to open the file a long log.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) async fn settle(&self) -> Result<()> {
        if self.read_only() {
            return Err(Error::ReadOnly);
        }
        let path = self.path().to_path_buf();
        let done = tokio::task::spawn_blocking(move || -> Result<()> {
            let conn = crate::store::file::open::maintenance(&path)?;
            // a reader in the way is answered in the row, not as an error, and costs nothing but a longer log
            conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            Ok(())
        });
        done.await.unwrap_or(Err(Error::Closed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::domain::moment::Moment;
    use crate::store::Mode;

    #[tokio::test]
    async fn a_fact_is_what_was_noted_last_and_survives() {
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
