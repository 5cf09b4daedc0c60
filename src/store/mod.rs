//! The database: its file and schema, one writing and several reading threads, and the tables by family. No row,
//! statement or SQLite type leaves this room.

mod accepted_time;
mod api_keys;
mod audit;
mod bank_data;
mod cancel;
mod causes;
mod certificates;
mod codec;
mod connections;
mod consents;
mod error;
mod events;
mod file;
mod holds;
mod import;
mod incidents;
mod institutions;
mod jobs;
mod keys;
mod live;
mod loss;
mod moved;
mod notes;
mod others;
mod plans;
mod purge;
#[cfg(test)]
mod query_plan_tests;
mod requests;
mod row;
mod search;
mod since;
mod sql;
mod tags;
mod transaction;
mod users;
mod webhooks;

pub(crate) use crate::vault::{Head as AuditHead, TokenKey};
#[cfg(test)]
pub(crate) use audit::Break;
pub(crate) use audit::{AuditEntry, AuditFilter, AuditLine, AuditVerdict, Change};
pub(crate) use codec::Authorised;
pub(crate) use connections::{ConnectionChange, NewConnection};
pub(crate) use error::{Error, Result};
pub(crate) use events::{Event, EventFilter, NewEvent};
pub(crate) use file::backup::{Copied, in_the_way, proven};
pub(crate) use file::{Apart, Health, Look, Mode, WHAT_TO_DO, what_can_be_read};
pub(crate) use import::{AccountPlace, Ingested, Known, Owner, Waiting};
pub(crate) use institutions::Upcoming;
pub(crate) use jobs::{Due, Guard, NewJob, WorkerRow};
pub(crate) use keys::{Files, Loss};
pub(crate) use live::{NewPlatform, Slot};
pub(crate) use notes::Note;
#[cfg(test)]
pub(crate) use purge::Scrubbed;
pub(crate) use purge::{PurgeCounts, Purged, Scan, Scrub, Whose};
pub(crate) use search::Asker;
pub(crate) use users::ERASED;
pub(crate) use webhooks::{Letter, MessageFilter, Settled};

use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::vault::Moved;
use file::threads::{Around, ReadJob, Readers, Writer};
use file::{migrate, open};
use keys::{Bound, Keys};
use others::Others;
use purge::Together;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{oneshot, watch};
use transaction::{Write, view};

/// An open database. Clones share it; dropping the last one closes it.
#[derive(Clone)]
pub(crate) struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    keys: Arc<Keys>,
    clock: Clock,
    writer: Option<Writer>,
    readers: Readers,
    wake: watch::Sender<u64>,
    others: Others,
    // the error of a file that was replaced, once that was seen
    moved: watch::Sender<Option<Moved>>,
    // how many calls of `read_newest` there were
    newest: Arc<AtomicU64>,
    scrubs: Together<i64, Scrub>,
    searches: Together<Vec<Secret>, Scan>,
}

/// A read transaction: one consistent view of the file.
pub(crate) struct ReadTxn<'a> {
    conn: &'a Connection,
    keys: &'a Keys,
}

/// A write transaction, which can read too.
pub(crate) struct WriteTxn<'a> {
    rd: ReadTxn<'a>,
}

impl Drop for Inner {
    /// The writing connection is closed last: of the connections of this process only it can move the log into the
    /// file, and SQLite does that when the last connection of all processes is closed.
    fn drop(&mut self) {
        let writing = self.writer.take().and_then(Writer::stop);
        self.readers.stop();
        if let Ok(others) = self.others.seen.get_mut() {
            *others = None;
        }
        if let Some(conn) = &writing
            && self.keys.database_unmoved().is_err()
        {
            // the log belongs to the file that is at the path now, and closing would delete it
            let kept = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
            debug_assert!(kept.is_ok(), "{kept:?}");
        }
        drop(writing);
    }
}

impl<'a> Deref for WriteTxn<'a> {
    type Target = ReadTxn<'a>;

    fn deref(&self) -> &ReadTxn<'a> {
        &self.rd
    }
}

impl Store {
    /// Opens the file at `path`. Only [`Mode::Create`] makes one.
    /// A file that is foreign, newer or damaged is refused before the first write.
    pub(crate) fn open(path: &Path, mode: Mode, clock: &Clock) -> Result<Self> {
        let path = &*open::real(path);
        if matches!(mode, Mode::Read | Mode::Examine) {
            open::inspect(path, mode)?;
            let mut keys = Keys::open(path, false)?;
            let conn = open::reader(path)?;
            file::ours(&conn, path)?;
            let found = migrate::version(&conn)?;
            if found < migrate::KNOWN {
                return Err(Error::Older {
                    path: path.into(),
                    found,
                    known: migrate::KNOWN,
                });
            }
            keys.learn(&conn)?;
            if mode == Mode::Read {
                keys.complete(&conn, None)?;
            }
            return Self::assemble(path, None, keys, clock);
        }
        let conn = open::writer(path, mode, |conn| {
            Keys::open(path, false)?.complete(conn, None)
        })?;
        let mut keys = Keys::open(path, true)?;
        keys.bind(&conn, clock.now())?;
        Self::assemble(path, Some(conn), keys, clock)
    }

    fn assemble(
        path: &Path,
        writer: Option<Connection>,
        keys: Keys,
        clock: &Clock,
    ) -> Result<Self> {
        let keys = Arc::new(keys);
        let wake = watch::Sender::new(0);
        let writer = writer.map(|conn| {
            let (before, after, woken) = (keys.clone(), keys.clone(), wake.clone());
            let around = Around {
                before: Box::new(move || before.before_commit()),
                after: Box::new(move |conn| {
                    after.after_commit(conn);
                    woken.send_modify(|n| *n += 1);
                }),
            };
            Writer::start(conn, around)
        });
        let writer = writer.transpose()?;
        let at = path.to_path_buf();
        let first = keys.clone();
        let reader = move || {
            let conn = open::reader(&at)?;
            // else it would read the file that is at the path now, and not the one that is written
            first.database_unmoved()?;
            Ok(conn)
        };
        let readers = Readers::new(3, Box::new(reader));
        Ok(Self(Arc::new(Inner {
            path: path.into(),
            keys,
            clock: clock.clone(),
            writer,
            readers,
            wake,
            others: Others::default(),
            moved: watch::Sender::new(None),
            newest: Arc::new(AtomicU64::new(0)),
            scrubs: Together::default(),
            searches: Together::default(),
        })))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    pub(crate) fn files(&self) -> &Files {
        self.0.keys.files()
    }

    /// Whether sealed values can be opened, that is, whether the master key is there.
    pub(crate) fn can_unseal(&self) -> bool {
        self.0.keys.have_master()
    }

    /// The key that signs the tokens of the HTTP API. An error when the master key is missing.
    pub(crate) fn token_key(&self) -> Result<TokenKey> {
        self.0.keys.token_key()
    }

    /// Whether nothing can be written through this store.
    pub(crate) fn read_only(&self) -> bool {
        self.0.writer.is_none()
    }

    /// Runs `work` in a short transaction: commits on `Ok`, rolls back on `Err`.
    pub(crate) async fn write<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&WriteTxn<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let Some(writer) = &self.0.writer else {
            return Err(Error::ReadOnly.into());
        };
        let (reply, answer) = oneshot::channel();
        let (keys, now) = (self.0.keys.clone(), self.0.clock.now());
        writer.send(Box::new(Write::new(work, reply, keys, now)));
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Runs `work` on one consistent view of the file.
    pub(crate) async fn read<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&ReadTxn<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, answer) = self.reading(work, None);
        self.0.readers.send(job)?;
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// Like [`Store::read`], but interrupts earlier such calls that are still running: for lists that are read
    /// again with every key.
    /// An interrupted one answers [`Error::Interrupted`].
    pub(crate) async fn read_newest<T, E, F>(&self, work: F) -> std::result::Result<T, E>
    where
        F: FnOnce(&ReadTxn<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let turn = self.0.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let (job, answer) = self.reading(work, Some(turn));
        self.0.readers.overtake(job)?;
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    fn reading<T, E, F>(
        &self,
        work: F,
        turn: Option<u64>,
    ) -> (ReadJob, oneshot::Receiver<std::result::Result<T, E>>)
    where
        F: FnOnce(&ReadTxn<'_>) -> std::result::Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let (keys, newest) = (self.0.keys.clone(), self.0.newest.clone());
        let job: ReadJob = Box::new(move |conn| {
            // one that was overtaken while it waited is not started
            let result = match turn.is_some_and(|turn| turn < newest.load(Ordering::Relaxed)) {
                true => Err(Error::Interrupted.into()),
                false => view(conn, &keys, work),
            };
            // the caller may have gone; then nobody needs the answer
            let _ = reply.send(result);
        });
        (job, answer)
    }

    /// Changes after every commit of this process. It carries no data: listeners read again.
    pub(crate) fn wakes(&self) -> watch::Receiver<u64> {
        self.0.wake.subscribe()
    }

    /// Reads on the calling thread, without waiting; none when the file cannot be read.
    pub(crate) fn read_here<T>(&self, work: impl FnOnce(&ReadTxn<'_>) -> Result<T>) -> Option<T> {
        let mut others = self
            .0
            .others
            .seen
            .lock()
            .expect("no lock of the store is poisoned");
        if others.is_none() {
            *others = open::reader(&self.0.path).ok().map(|conn| (conn, -1));
        }
        let (conn, _) = others.as_ref()?;
        let rd = ReadTxn {
            conn,
            keys: &self.0.keys,
        };
        work(&rd).ok()
    }
}
