//! Commits of other processes, which SQLite does not announce: one thread of a store looks for them once a second.

use super::Store;
use super::error::Result;
use super::file::open;
use super::file::threads::Apart;
use rusqlite::Connection;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

const EVERY: Duration = Duration::from_secs(1);

#[derive(Default)]
pub(super) struct Others {
    /// The connection that looks, and the version of the data that it saw last.
    pub(super) seen: Mutex<Option<(Connection, i64)>>,
    watch: Mutex<Option<Watch>>,
}

struct Watch {
    /// Why it cannot look, since it cannot.
    blind: watch::Sender<Option<String>>,
    /// Dropped with the store, which ends the thread.
    _open: Sender<()>,
}

impl Store {
    /// Checks whether another process has committed since the last check, and wakes listeners if so.
    pub(crate) fn look_for_others(&self) -> Result<bool> {
        self.unmoved()?;
        let mut others = self
            .0
            .others
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let version = |conn: &Connection| -> Result<i64> {
            Ok(conn.query_row("PRAGMA data_version", [], |row| row.get(0))?)
        };
        let Some((conn, seen)) = others.as_mut() else {
            let conn = open::reader(&self.0.path)?;
            let now = version(&conn)?;
            *others = Some((conn, now));
            return Ok(false);
        };
        let now = version(conn)?;
        let changed = now != *seen;
        *seen = now;
        if changed {
            self.0.wake.send_modify(|n| *n += 1);
        }
        Ok(changed)
    }

    /// Looks for commits of other processes from now on. Answers why it cannot, while it cannot; then commits are missed.
    ///
    /// # Errors
    /// When the system gives no thread for it.
    pub(crate) fn watch_others(&self) -> Result<watch::Receiver<Option<String>>> {
        let mut watched = self
            .0
            .others
            .watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(watch) = watched.as_ref() {
            return Ok(watch.blind.subscribe());
        }
        let blind = watch::Sender::new(self.blind());
        let receiver = blind.subscribe();
        let (open, ended) = channel();
        let (told, inner) = (blind.clone(), Arc::downgrade(&self.0));
        let look = move || {
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(EVERY) {
                let Some(inner) = inner.upgrade() else { return };
                let now = Store(inner).blind();
                told.send_if_modified(|before| {
                    let changed = *before != now;
                    *before = now;
                    changed
                });
            }
        };
        Apart::start("store-others", look)?;
        *watched = Some(Watch { blind, _open: open });
        Ok(receiver)
    }

    fn blind(&self) -> Option<String> {
        self.look_for_others().err().map(|why| why.to_string())
    }
}
