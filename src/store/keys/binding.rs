//! Ties a database to the files beside it: makes them with a new database, and refuses a database that a part is
//! missing of until the loss is accepted.

use super::{Files, Keys};
use crate::domain::moment::Moment;
use crate::store::error::{Error, Result};
use crate::store::file::threads::patiently;
use crate::store::tags::tag_open_rows;
use crate::vault::{self, AuditHead, DataKeys, Identity, MasterKey, Reserve};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What the database knows of the files beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// Whether the database holds the tables at all, and is bound to keys.
    pub(super) master: Option<String>,
    /// The id of the database itself, which goes with its copies.
    pub(super) id: Option<String>,
    key_file: Option<String>,
    /// How many slots of the key file were given out.
    slots: u64,
    /// Whether a head of the audit was made that nobody makes without the key.
    pub(super) head: bool,
}

impl Known {
    /// Whether the audit has a head. The key file is named in the transaction that makes the head, and a process that
    /// is killed before its commit leaves neither in the database.
    pub(super) fn written(&self) -> bool {
        self.head || self.key_file.is_some()
    }
}

/// What can be lost beside a database without losing the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The data keys: what they sealed cannot be read any more.
    Keys,
    /// The head of the audit, or the newest lines that it knows.
    Audit,
}

impl Loss {
    pub(crate) const ALL: [Loss; 2] = [Loss::Keys, Loss::Audit];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Loss::Keys => "keys",
            Loss::Audit => "audit",
        }
    }
}

fn known(conn: &Connection) -> Result<Known> {
    let tables = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'meta')
             AND EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'audit')";
    if !conn.query_row(tables, [], |row| row.get::<_, bool>(0))? {
        return Ok(Known::default());
    }
    let meta = |key: &str| -> Result<Option<String>> {
        let sql = "SELECT value FROM meta WHERE key = ?1";
        let found = conn.query_row(sql, [key], |row| {
            Ok(row.get_ref(0)?.as_str().map(str::to_owned).ok())
        });
        match found.optional()? {
            Some(None) => Err(Error::Row {
                table: "meta",
                what: format!("a damaged text as {key}"),
            }),
            found => Ok(found.flatten()),
        }
    };
    let slots = "SELECT value FROM counters WHERE name = 'next_slot'";
    let slots: Option<i64> = conn.query_row(slots, [], |row| row.get(0)).optional()?;
    Ok(Known {
        master: meta("master")?,
        id: meta("id")?,
        key_file: meta("key-file")?,
        slots: slots.unwrap_or(0).unsigned_abs(),
        head: meta("head")?.is_some(),
    })
}

fn remember(conn: &Connection, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
    conn.execute(sql, params![key, value])?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Keys {
    /// They are made only with a new database: a lost key must not be replaced silently.
    pub(crate) fn open(path: &Path, write: bool) -> Result<Self> {
        let files = Files::of(path);
        let Some(database) = Identity::at(path) else {
            return Err(Error::Missing { path: path.into() });
        };
        let master = MasterKey::open(&files.master)?;
        // whether a wrong key file matters is known when the database has been read
        let (data, unusable) = match &master {
            Some(master) => match DataKeys::open(&files.keys, master, write, false) {
                Ok(data) => (data, None),
                Err(e @ (vault::Error::Broken { .. } | vault::Error::Mismatch { .. })) => {
                    (None, Some(e))
                }
                Err(other) => return Err(other.into()),
            },
            None => (None, None),
        };
        let head = AuditHead::open(&files.head, write, false)?;
        let mut keys = Self {
            files,
            master,
            data,
            unusable,
            head,
            known: Known::default(),
            opened: vec![database],
            unsynced: AtomicBool::new(false),
            moved: AtomicBool::new(false),
        };
        keys.watch();
        Ok(keys)
    }

    /// Notes which files are open, so that one that is replaced is noticed.
    fn watch(&mut self) {
        self.opened.truncate(1);
        let master = self.master.as_ref().map(MasterKey::identity);
        let data = self.data.as_ref().map(DataKeys::identity);
        let head = self.head.as_ref().map(AuditHead::identity);
        self.opened
            .extend([master, data, head].into_iter().flatten().cloned());
    }

    /// Reads what the database knows of these files.
    pub(crate) fn learn(&mut self, conn: &Connection) -> Result<()> {
        self.known = known(conn)?;
        Ok(())
    }

    /// Refuses a file that a part is missing of: its log, or the data keys. A missing master key is not a reason:
    /// what is not sealed works without it.
    pub(crate) fn complete(&self, conn: &Connection, accepted: Option<Loss>) -> Result<()> {
        // read before the file: a line that another process appends in between is newer than this head
        let spoken_of = self.newest_spoken_of()?;
        let known = known(conn)?;
        if known.master.is_none() {
            return Ok(());
        }
        if accepted != Some(Loss::Keys) {
            self.keys_complete(&known)?;
        }
        let newest = "SELECT coalesce(max(seq), 0) FROM audit";
        let newest: i64 = conn.query_row(newest, [], |row| row.get(0))?;
        if accepted != Some(Loss::Audit) && spoken_of > newest.unsigned_abs() {
            return Err(Error::Incomplete {
                path: self.files.database.clone(),
                head: self.files.head.clone(),
                lines: newest.unsigned_abs(),
                known: spoken_of,
            });
        }
        Ok(())
    }

    /// What is wrong with the key file, as the database knows it.
    fn keys_complete(&self, known: &Known) -> Result<()> {
        let (Some(bound), Some(master)) = (&known.master, &self.master) else {
            return Ok(());
        };
        let path = self.files.keys.clone();
        if hex(&master.id()) != *bound {
            let path = self.files.master.clone();
            return Err(vault::Error::Mismatch { path }.into());
        }
        let Some(data) = &self.data else {
            return Err(match &self.unusable {
                Some(vault::Error::Broken { .. }) => vault::Error::Broken { path },
                Some(_) => vault::Error::Mismatch { path },
                None => vault::Error::NoDataKeys { path },
            }
            .into());
        };
        let id = data.id()?.map(|id| hex(&id));
        if known.key_file.is_some() && id != known.key_file {
            let database = self.files.database.clone();
            return Err(vault::Error::OtherKeys { path, database }.into());
        }
        if data.slots()? < known.slots {
            let slot = known.slots - 1;
            return Err(vault::Error::KeyMissing { path, slot }.into());
        }
        Ok(())
    }

    /// What is wrong with the key file; none when it is whole, or when the master key is missing.
    pub(crate) fn key_file_trouble(&self) -> Option<Error> {
        self.keys_complete(&self.known).err()
    }

    /// Makes the keys of a new database, and refuses files that belong to another one.
    pub(crate) fn bind(&mut self, conn: &Connection, now: Moment) -> Result<()> {
        // under the write lock: of two processes one makes the keys and the other finds them
        patiently(|| Ok(conn.execute_batch("BEGIN IMMEDIATE")?))?;
        let bound = self.bind_locked(conn, now);
        conn.execute_batch(if bound.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        bound?;
        // after the commit: cut off in between, the same rows get the same tags once more
        if let Some(data) = &self.data
            && self.master.is_some()
            && !data.tagged()?
        {
            data.set_tagged()?;
        }
        Ok(())
    }

    fn bind_locked(&mut self, conn: &Connection, now: Moment) -> Result<()> {
        self.known = known(conn)?;
        if self.known.master.is_none() {
            let master = MasterKey::open_or_create(&self.files.master)?;
            self.data = DataKeys::open(&self.files.keys, &master, true, true)?;
            self.head = AuditHead::open(&self.files.head, true, true)?;
            remember(conn, "master", &hex(&master.id()))?;
            remember(conn, "made", &now.rfc3339())?;
            self.master = Some(master);
        } else {
            if self.master.is_none() {
                self.master = MasterKey::open(&self.files.master)?;
            }
            if let Some(master) = &self.master {
                // it was made with the database: one made now would hide that every key is gone
                self.data = DataKeys::open(&self.files.keys, master, true, false)?;
            }
            self.head = AuditHead::open(&self.files.head, true, false)?;
            self.keys_complete(&self.known)?;
        }
        self.name(conn)?;
        if let Some(data) = &self.data
            && !data.tagged()?
        {
            tag_open_rows(conn, self)?;
        }
        self.watch();
        if let Some(master) = &self.master {
            // the lock is held, so nobody is making a key
            master.remove_copies(&self.files.leftovers())?;
        }
        Reserve::at(&self.files.reserve).ensure()?;
        Ok(())
    }

    /// Gives the database and the key file the ids that they do not have yet, and the audit its head.
    fn name(&mut self, conn: &Connection) -> Result<()> {
        let new = self.known.key_file.is_none();
        if self.known.id.is_none() {
            let id = vault::fresh_id()?;
            remember(conn, "id", &id)?;
            self.known.id = Some(id);
        }
        if let (Some(master), Some(data)) = (&self.master, &self.data) {
            let id = hex(&data.name(master)?);
            if self.known.key_file.as_ref() != Some(&id) {
                remember(conn, "key-file", &id)?;
                self.known.key_file = Some(id);
            }
            // a head that was there is not made again
            if !self.known.head && new {
                self.first_head(conn)?;
                remember(conn, "head", "1")?;
                self.known.head = true;
            }
        }
        Ok(())
    }

    /// Goes on without what was lost, inside a transaction; `false` when nothing of it is lost. A key file that is
    /// there is set aside and not overwritten: it may be the right one of another database.
    pub(crate) fn accept(&mut self, conn: &Connection, loss: Loss, now: Moment) -> Result<bool> {
        self.known = known(conn)?;
        let lost = match loss {
            Loss::Keys => self.keys_complete(&self.known).is_err(),
            Loss::Audit => true,
        };
        let Some(master) = &self.master else {
            let path = self.files.master.clone();
            return Err(vault::Error::Lost { path }.into());
        };
        if !lost {
            return Ok(false);
        }
        if loss == Loss::Keys {
            if self.known.master.as_deref() != Some(hex(&master.id()).as_str()) {
                let path = self.files.master.clone();
                return Err(vault::Error::Mismatch { path }.into());
            }
            if Identity::at(&self.files.keys).is_some() {
                let aside = self.files.aside(&self.files.keys, now);
                std::fs::rename(&self.files.keys, &aside)
                    .map_err(|e| Error::Io(format!("{}: {e}", aside.display())))?;
            }
            let made = DataKeys::open(&self.files.keys, master, true, true)?;
            if let Some(data) = &made {
                data.name(master)?;
                data.fill(self.known.slots)?;
            }
            self.data = made;
            self.unusable = None;
            self.known.key_file = None;
        }
        self.name(conn)?;
        match loss {
            Loss::Keys => self.reset_highest(conn)?,
            Loss::Audit => {
                self.reset_head(conn)?;
                remember(conn, "head", "1")?;
                self.known.head = true;
            }
        }
        self.watch();
        Ok(true)
    }
}
