//! The key files beside the database. A data key is durable before the first row sealed with it; the head of the audit
//! is written after the commit that moved it.

use super::error::{Error, Result};
use crate::domain::bank_data::Credentials;
use crate::domain::ids::InstitutionId;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::vault::{
    self, AuditHead, AuditKey, DataKey, DataKeys, Destroyed, Head, MasterKey, Record, Reserve, Slot,
};
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use zeroize::Zeroizing;

/// The paths of a database and of the files beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Files {
    pub(crate) database: PathBuf,
    pub(crate) master: PathBuf,
    pub(crate) keys: PathBuf,
    /// The place and digest of the newest line of the audit.
    pub(crate) head: PathBuf,
    /// Empty space that is given up when a purge meets a full disk.
    pub(crate) reserve: PathBuf,
}

impl Files {
    pub(crate) fn of(path: &Path) -> Self {
        let beside = |end: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        Self {
            database: path.into(),
            master: beside(".master"),
            keys: beside(".keys"),
            head: beside(".audit"),
            reserve: beside(".reserve"),
        }
    }

    /// Those that others than their owner may read or write, with their modes.
    pub(crate) fn too_open(&self) -> Vec<(PathBuf, u32)> {
        let mode = |path: PathBuf| vault::mode_of(&path).map(|mode| (path, mode));
        let open = |(_, mode): &(PathBuf, u32)| !vault::is_private(*mode);
        self.all()
            .into_iter()
            .filter_map(mode)
            .filter(open)
            .collect()
    }

    pub(crate) fn all(&self) -> Vec<PathBuf> {
        let beside = |end: &str| {
            let mut name = self.database.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        vec![
            self.database.clone(),
            beside("-wal"),
            beside("-shm"),
            self.master.clone(),
            self.keys.clone(),
            self.head.clone(),
            self.reserve.clone(),
        ]
    }
}

pub(super) struct Keys {
    files: Files,
    master: Option<MasterKey>,
    data: Option<DataKeys>,
    head: Option<AuditHead>,
    unsynced: AtomicBool,
    moved: AtomicBool,
}

impl Keys {
    /// They are made only with a new database: a lost master key must not be replaced silently.
    pub(crate) fn open(path: &Path, write: bool) -> Result<Self> {
        let files = Files::of(path);
        let master = MasterKey::open(&files.master)?;
        let data = match &master {
            Some(master) => DataKeys::open(&files.keys, master, write, false)?,
            None => None,
        };
        let head = AuditHead::open(&files.head, write, false)?;
        Ok(Self {
            files,
            master,
            data,
            head,
            unsynced: AtomicBool::new(false),
            moved: AtomicBool::new(false),
        })
    }

    /// Refuses a file that a part is missing of: its log, or the data keys. A missing master key is not a reason:
    /// what is not sealed works without it.
    pub(crate) fn complete(&self, conn: &Connection) -> Result<()> {
        // read before the file: a line that another process appends in between is newer than this head
        let head = self.head()?;
        let known = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'meta')
                 AND EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'audit')";
        if !conn.query_row(known, [], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        let bound = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'master')";
        let bound: bool = conn.query_row(bound, [], |row| row.get(0))?;
        if bound && self.master.is_some() && !self.files.keys.exists() {
            return Err(vault::Error::NoDataKeys {
                path: self.files.keys.clone(),
            }
            .into());
        }
        let newest = "SELECT coalesce(max(seq), 0) FROM audit";
        let newest: i64 = conn.query_row(newest, [], |row| row.get(0))?;
        match head {
            Some(head) if head.seq > newest.unsigned_abs() => Err(Error::Incomplete {
                path: self.files.database.clone(),
                head: self.files.head.clone(),
                lines: newest.unsigned_abs(),
                known: head.seq,
            }),
            _ => Ok(()),
        }
    }

    /// Makes the keys of a new database, and refuses a master key that belongs to another one.
    pub(crate) fn bind(&mut self, conn: &Connection, now: Moment) -> Result<()> {
        // under the write lock: of two processes one makes the keys and the other finds them
        super::file::threads::patiently(|| Ok(conn.execute_batch("BEGIN IMMEDIATE")?))?;
        let bound = self.bind_locked(conn, now);
        conn.execute_batch(if bound.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        bound
    }

    fn bind_locked(&mut self, conn: &Connection, now: Moment) -> Result<()> {
        let known: Option<String> = conn
            .query_row("SELECT value FROM meta WHERE key = 'master'", [], |row| {
                row.get("value")
            })
            .optional()?;
        let id = |master: &MasterKey| {
            master
                .id()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect::<String>()
        };
        match known {
            None => {
                let master = MasterKey::open_or_create(&self.files.master)?;
                self.data = DataKeys::open(&self.files.keys, &master, true, true)?;
                self.head = AuditHead::open(&self.files.head, true, true)?;
                let sql = "INSERT INTO meta (key, value) VALUES ('master', ?1), ('made', ?2)";
                conn.execute(sql, [id(&master), now.rfc3339()])?;
                self.master = Some(master);
            }
            Some(known) => {
                if self.master.is_none() {
                    self.master = MasterKey::open(&self.files.master)?;
                }
                if let Some(master) = &self.master {
                    if id(master) != known {
                        return Err(vault::Error::Mismatch {
                            path: self.files.master.clone(),
                        }
                        .into());
                    }
                    // it was made with the database: one made now would hide that every key is gone
                    self.data = DataKeys::open(&self.files.keys, master, true, false)?;
                }
                self.head = AuditHead::open(&self.files.head, true, false)?;
            }
        }
        Reserve::at(&self.files.reserve).ensure()?;
        Ok(())
    }

    fn master(&self) -> Result<&MasterKey> {
        self.master.as_ref().ok_or_else(|| {
            vault::Error::Lost {
                path: self.files.master.clone(),
            }
            .into()
        })
    }

    fn data(&self) -> Result<&DataKeys> {
        self.data.as_ref().ok_or_else(|| {
            vault::Error::NoDataKeys {
                path: self.files.keys.clone(),
            }
            .into()
        })
    }

    pub(crate) fn files(&self) -> &Files {
        &self.files
    }

    pub(crate) fn have_master(&self) -> bool {
        self.master.is_some()
    }

    /// The data key in a slot; none when it was destroyed.
    pub(crate) fn data_key(&self, slot: i64) -> Result<Option<DataKey>> {
        Ok(self.data()?.get(self.master()?, slot.unsigned_abs())?)
    }

    /// Makes a data key; it is synced to disk before the running transaction commits.
    pub(crate) fn make_data_key(&self, slot: i64) -> Result<DataKey> {
        self.unsynced.store(true, Ordering::Relaxed);
        Ok(self.data()?.make(self.master()?, slot.unsigned_abs())?)
    }

    /// The error for a slot beyond the end of the key file.
    pub(crate) fn missing(&self, slot: i64) -> Error {
        vault::Error::KeyMissing {
            path: self.files.keys.clone(),
            slot: slot.unsigned_abs(),
        }
        .into()
    }

    pub(crate) fn slot(&self, slot: i64) -> Result<Slot> {
        Ok(self.data()?.holds(self.master()?, slot.unsigned_abs())?)
    }

    /// Destroys the key in a slot, at once and irrevocably.
    pub(crate) fn destroy_data_key(&self, slot: i64) -> Result<Destroyed> {
        Ok(self.data()?.destroy(slot.unsigned_abs())?)
    }

    pub(crate) fn destroyed(&self, slot: i64) -> Result<bool> {
        Ok(self.data()?.destroyed(slot.unsigned_abs())?)
    }

    pub(crate) fn seal_record(&self, record: Record, row: &str, plain: &[u8]) -> Result<Vec<u8>> {
        Ok(self.master()?.seal_record(record, row, plain)?)
    }

    pub(crate) fn open_record(
        &self,
        record: Record,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        Ok(self.master()?.open_record(record, row, sealed)?)
    }

    pub(crate) fn contact_digest(&self, contact: &Secret) -> Result<Vec<u8>> {
        Ok(self.master()?.contact_digest(contact)?)
    }

    pub(crate) fn id_digest(&self, id: &str) -> Result<Vec<u8>> {
        Ok(self.master()?.id_digest(id))
    }

    pub(crate) fn credential_digest(&self, credentials: &Credentials) -> Result<Vec<u8>> {
        Ok(self.master()?.credential_digest(credentials)?)
    }

    pub(crate) fn audit_key(&self) -> Result<AuditKey> {
        Ok(self.master()?.audit_key())
    }

    pub(crate) fn head(&self) -> Result<Option<Head>> {
        match &self.head {
            Some(head) => Ok(head.read()?),
            None => Ok(None),
        }
    }

    /// Remembers to write the head of the audit after the commit.
    pub(crate) fn head_moves(&self) {
        self.moved.store(true, Ordering::Relaxed);
    }

    /// Syncs new data keys to disk; runs right before a commit.
    pub(crate) fn before_commit(&self) -> Result<()> {
        if self.unsynced.swap(false, Ordering::Relaxed) {
            self.data()?.sync()?;
        }
        Ok(())
    }

    /// Writes the head of the audit; runs right after a commit. A failure leaves the head behind the chain, which
    /// `audit verify` allows and the next line repairs.
    pub(crate) fn after_commit(&self, conn: &Connection) {
        if self.moved.swap(false, Ordering::Relaxed)
            && let Some(file) = &self.head
            && let Ok(Some(head)) = follows(conn, file)
        {
            let _ = file.write(head);
        }
    }
}

/// None when the chain no longer holds the line that the head names: an older copy of the file must not look whole.
fn follows(conn: &Connection, file: &AuditHead) -> Result<Option<Head>> {
    let line = |sql: &str, seq: i64| -> Result<Option<Head>> {
        let read = |r: &rusqlite::Row<'_>| {
            Ok(Head {
                seq: r.get("seq")?,
                mac: r.get("mac")?,
            })
        };
        Ok(conn
            .prepare_cached(sql)?
            .query_row([seq], read)
            .optional()?)
    };
    let newest = line(
        "SELECT seq, mac FROM audit WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1",
        i64::MAX,
    )?;
    let Some(known) = file.read()? else {
        return Ok(newest);
    };
    let seq = i64::try_from(known.seq).unwrap_or(i64::MAX);
    let kept = line("SELECT seq, mac FROM audit WHERE seq = ?1", seq)?;
    Ok(newest.filter(|_| kept == Some(known)))
}

pub(super) fn unknown_bank(id: &InstitutionId) -> Error {
    super::error::absent("institution", id)
}
