//! Waits for commits.

use super::{Ops, Result};
use std::time::Duration;
use tokio::sync::watch;

/// How often commits of other processes are looked for.
const LOOK: Duration = Duration::from_millis(250);

impl Ops {
    /// Waits until something may have been committed, here or by another process; `wakes` is what the store gave.
    ///
    /// # Errors
    ///
    /// [`Error::Store`](super::Error::Store) when the file cannot be looked at.
    pub(crate) async fn committed(&self, wakes: &mut watch::Receiver<u64>) -> Result<()> {
        tokio::select! {
            _ = wakes.changed() => {}
            // SQLite does not announce commits of other processes
            () = tokio::time::sleep(LOOK) => { self.store.look_for_others()?; }
        }
        Ok(())
    }
}
