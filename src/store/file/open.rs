//! Opens the file: refuses wrong files before the first write, and sets up every connection.

use crate::store::error::{BUSY, Error, Result};
use crate::store::file::threads::patiently;
use crate::store::file::{lock_safe_file, migrate, tables};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Read only: the file is opened read-only, no write can happen.
    Read,
    /// Like `Read`, also when the files beside it say that a part is missing: for what looks for that.
    Examine,
    Write,
    /// Like `Write`, and made when it is not there or empty.
    Create,
}

/// The file itself, when the path is a symbolic link to it: what belongs to a database is beside the file.
pub(crate) fn real(path: &Path) -> PathBuf {
    let link = fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink());
    match link.then(|| fs::canonicalize(path)) {
        Some(Ok(real)) => real,
        // one that leads nowhere is refused with its own name
        _ => path.into(),
    }
}

pub(crate) fn inspect(path: &Path, mode: Mode) -> Result<bool> {
    let foreign = |what: &str| Error::Foreign {
        path: path.into(),
        what: what.into(),
    };
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::NoDirectory { path: path.into() });
    }
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            if fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink()) {
                return Err(foreign("a symbolic link to a file that is not there"));
            }
            return if mode == Mode::Create {
                Ok(true)
            } else {
                Err(Error::Missing { path: path.into() })
            };
        }
        Err(e) if e.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            return Err(foreign("a loop of symbolic links"));
        }
        Err(e) => return Err(Error::Io(e.to_string())),
    };
    let kind = meta.file_type();
    if kind.is_dir() {
        return Err(foreign("a directory"));
    }
    if kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device() {
        return Err(foreign("not a regular file"));
    }
    if meta.len() == 0 {
        return if mode == Mode::Create {
            Ok(true)
        } else {
            Err(foreign("an empty file"))
        };
    }
    let mut head = [0u8; 100];
    let read = lock_safe_file::open(path)
        .and_then(|file| file.read_at(&mut head, 0))
        .map_err(|e| Error::Io(e.to_string()))?;
    if read < head.len() || &head[..16] != b"SQLite format 3\0" {
        return Err(foreign("no SQLite file"));
    }
    let number = |at: usize| {
        i64::from(u32::from_be_bytes([
            head[at],
            head[at + 1],
            head[at + 2],
            head[at + 3],
        ]))
    };
    if number(68) != migrate::APPLICATION_ID {
        return Err(foreign(&format!(
            "another program's SQLite file, application id {:#x}",
            number(68)
        )));
    }
    newer(path, number(60))?;
    if meta.len() < 512 {
        return Err(Error::Damaged { path: path.into() });
    }
    Ok(false)
}

fn newer(path: &Path, found: i64) -> Result<()> {
    if found > migrate::KNOWN {
        return Err(Error::Newer {
            path: path.into(),
            found,
            known: migrate::KNOWN,
        });
    }
    Ok(())
}

/// Opens the one writing connection; makes and migrates the file as needed.
/// `complete` is asked about a file that is there, before anything is changed.
pub(crate) fn writer(
    path: &Path,
    mode: Mode,
    complete: impl FnOnce(&Connection) -> Result<()>,
) -> Result<Connection> {
    let create = inspect(path, mode)?;
    if create {
        // made before SQLite opens it, so that its mode does not depend on the umask or on who made an empty file;
        // SQLite gives the same mode to the log
        let made = lock_safe_file::make(path, 0o600);
        made.and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o600)))
            .map_err(|e| {
                if e.kind() == std::io::ErrorKind::PermissionDenied {
                    Error::ReadOnly
                } else {
                    Error::Io(e.to_string())
                }
            })?;
    }
    let mut conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // SQLite opens a file it may not write for reading, without an error until the first change
    if conn.is_readonly("main")? {
        return Err(Error::ReadOnly);
    }
    if !create {
        newer(path, migrate::version(&conn)?)?;
        tables::ours(&conn, path)?;
        complete(&conn)?;
    }
    let damaged = |e: Error| match e {
        Error::Pages => Error::Damaged { path: path.into() },
        other => other,
    };
    // SQLite does not wait for all locks that making a file and switching its journal need, and several processes
    // may make one file at the same time
    patiently(|| migrate::run(&mut conn)).map_err(damaged)?;
    let switch = || Ok(conn.query_row("PRAGMA journal_mode = WAL", [], |r| r.get::<_, String>(0))?);
    let journal = patiently(switch).map_err(damaged)?;
    if journal != "wal" {
        return Err(Error::Io(format!(
            "the file system of {} does not allow a write-ahead log",
            path.display()
        )));
    }
    Ok(conn)
}

/// Opens a reading connection, which cannot write.
pub(crate) fn reader(path: &Path) -> Result<Connection> {
    let looked = |conn: Connection| migrate::version(&conn).map(|_| conn);
    let conn = match connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(looked) {
        Ok(conn) => conn,
        // in a read-only folder SQLite cannot make the index of its log; without a log nothing is missed, as
        // nobody writes
        Err(Error::ReadOnly | Error::Io(_)) if !logged(path) => connect(
            &unchanging(path),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        )?,
        Err(e) => return Err(e),
    };
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

fn logged(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::symlink_metadata(log).is_ok()
}

/// The path as a URI that tells SQLite that nothing changes the file.
fn unchanging(path: &Path) -> PathBuf {
    let mut name = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                name.push(char::from(*byte))
            }
            other => name.push_str(&format!("%{other:02X}")),
        }
    }
    name.push_str("?immutable=1");
    name.into()
}

/// A second writing connection for maintenance, so that the writer is not blocked by it. `unmoved` is asked whether
/// the file is still the one that the writer has.
pub(crate) fn maintenance(path: &Path, unmoved: impl Fn() -> Result<()>) -> Result<Connection> {
    unmoved()?;
    let conn = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    unmoved()?;
    Ok(conn)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let conn = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // plans depend on the statement only, not on its values: else SQLite plans again whenever a value is bound
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    for (name, value) in [
        ("foreign_keys", "ON"),
        ("secure_delete", "ON"),
        ("synchronous", "FULL"),
        ("cell_size_check", "ON"),
        ("temp_store", "MEMORY"),
        ("mmap_size", "0"),
        ("cache_size", "-8000"),
        ("journal_size_limit", "8388608"),
    ] {
        conn.execute_batch(&format!("PRAGMA {name} = {value}"))?;
    }
    crate::store::search::functions(&conn)?;
    Ok(conn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(dir: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn foreign_and_newer_files_are_refused_and_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let other = dir.path().join("other.db");
        Connection::open(&other)
            .unwrap()
            .execute_batch("CREATE TABLE t(a); PRAGMA application_id = 7")
            .unwrap();
        let newer = dir.path().join("newer.db");
        drop(writer(&newer, Mode::Create, |_| Ok(())).unwrap());
        let conn = Connection::open(&newer).unwrap();
        conn.pragma_update(None, "user_version", migrate::KNOWN + 1)
            .unwrap();
        conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .unwrap();
        drop(conn);
        let wrong = [
            at(
                &dir,
                "text.db",
                b"hello, this is a text file and not a database",
            ),
            at(&dir, "zip.db", b"PK\x03\x04 and so on"),
            at(&dir, "head.db", &fs::read(&other).unwrap()[..100]),
            other,
            newer,
        ];
        for path in wrong {
            let before = fs::read(&path).unwrap();
            for mode in [Mode::Create, Mode::Write] {
                let refused = writer(&path, mode, |_| Ok(())).err();
                assert!(
                    matches!(refused, Some(Error::Foreign { .. } | Error::Newer { .. })),
                    "{path:?} {refused:?}"
                );
            }
            assert_eq!(fs::read(&path).unwrap(), before, "{path:?}");
        }
        assert!(matches!(
            writer(dir.path(), Mode::Create, |_| Ok(())),
            Err(Error::Foreign { .. })
        ));
        assert!(matches!(
            writer(&at(&dir, "empty.db", b""), Mode::Write, |_| Ok(())),
            Err(Error::Foreign { .. })
        ));
        assert!(matches!(
            writer(&dir.path().join("no/such.db"), Mode::Create, |_| Ok(())),
            Err(Error::NoDirectory { .. })
        ));
    }

    #[test]
    fn writer_and_reader_have_the_required_pragmas() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db");
        let write = writer(&path, Mode::Create, |_| Ok(())).unwrap();
        for conn in [&write, &reader(&path).unwrap()] {
            for (pragma, want) in [
                ("secure_delete", 1),
                ("synchronous", 2),
                ("foreign_keys", 1),
                ("trusted_schema", 0),
                ("temp_store", 2),
            ] {
                let got: i64 = conn
                    .query_row(&format!("PRAGMA {pragma}"), [], |r| r.get(0))
                    .unwrap();
                assert_eq!(got, want, "{pragma}");
            }
        }
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn sqlite_is_built_to_overwrite_what_is_deleted_and_without_loading_extensions() {
        let dir = tempfile::tempdir().unwrap();
        let conn = writer(&dir.path().join("w.db"), Mode::Create, |_| Ok(())).unwrap();
        let mut built = conn.prepare("PRAGMA compile_options").unwrap();
        let built = built.query_map([], |r| r.get::<_, String>(0)).unwrap();
        let built: Vec<String> = built.map(std::result::Result::unwrap).collect();
        for option in ["SECURE_DELETE", "TEMP_STORE=2", "OMIT_LOAD_EXTENSION"] {
            assert!(built.iter().any(|one| one == option), "{option}: {built:?}");
        }
        let refused = conn.query_row("SELECT load_extension('x')", [], |_| Ok(()));
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains("no such function"), "{refused}");
    }
}
