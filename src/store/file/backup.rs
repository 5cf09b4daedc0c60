//! A copy of the database and of the files beside it, made while other connections write. The state that is copied is
//! pinned, and the files beside it are copied, under the write lock; the database itself is copied after that.

use super::open;
use crate::store::error::{Error, Result};
use crate::store::keys::Files;
use crate::store::{Mode, WriteTxn};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How many pages are copied at a time.
const PAGES: i32 = 1_000;

/// A copy that is being made. What it made is removed again unless it is finished.
pub(crate) struct Copying {
    source: Connection,
    to: PathBuf,
    /// Where the database is copied to before it gets its name.
    partial: PathBuf,
    made: Vec<PathBuf>,
}

/// A finished copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) bytes: u64,
}

impl Drop for Copying {
    fn drop(&mut self) {
        for path in &self.made {
            // what cannot be removed has no name of a database
            let _ = fs::remove_file(path);
        }
    }
}

/// The first file that is there already and would be a part of a copy at this path.
pub(crate) fn in_the_way(to: &Path) -> Option<PathBuf> {
    let mut names = Files::of(to).all();
    names.push(partial(to));
    names
        .into_iter()
        .find(|path| fs::symlink_metadata(path).is_ok())
}

fn partial(to: &Path) -> PathBuf {
    let mut name: OsString = to.into();
    name.push(".partial");
    name.into()
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Error + '_ {
    move |cause| match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full,
        _ => Error::Io(format!("{}: {cause}", path.display())),
    }
}

/// Makes a file for its owner only, where there is none.
fn make(path: &Path) -> Result<File> {
    let mut how = OpenOptions::new();
    how.write(true).create_new(true).mode(0o600);
    how.open(path).map_err(failed(path))
}

impl WriteTxn<'_> {
    /// Pins what was committed last, and copies the files beside the database. Nobody commits meanwhile, so they belong
    /// to the same state.
    pub(crate) fn begin_copy(&self, to: &Path) -> Result<Copying> {
        if let Some(folder) = to.parent().filter(|p| !p.as_os_str().is_empty())
            && !folder.is_dir()
        {
            return Err(Error::NoDirectory { path: to.into() });
        }
        let files = self.keys.files();
        let source = open::reader(&files.database)?;
        source.execute_batch("BEGIN")?;
        // only reading takes the view
        source.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
        let mut copying = Copying {
            source,
            to: to.into(),
            partial: partial(to),
            made: vec![],
        };
        let beside = Files::of(to);
        for (from, to) in [
            (&files.master, &beside.master),
            (&files.keys, &beside.keys),
            (&files.head, &beside.head),
        ] {
            copying.beside(from, to)?;
        }
        Ok(copying)
    }
}

impl Copying {
    /// A file that is missing here is missing in the copy.
    fn beside(&mut self, from: &Path, to: &Path) -> Result<()> {
        let mut content = zeroize::Zeroizing::new(Vec::new());
        match File::open(from).and_then(|mut file| file.read_to_end(&mut content)) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            read => read.map_err(failed(from))?,
        };
        let mut file = make(to)?;
        self.made.push(to.into());
        let written = file.write_all(&content).and_then(|()| file.sync_all());
        written.map_err(failed(to))
    }

    /// Copies the database; `told` gets the number of pages that are copied, and of all. It may be slow, and holds up
    /// nobody.
    pub(crate) fn finish(mut self, mut told: impl FnMut(u64, u64)) -> Result<Copied> {
        drop(make(&self.partial)?);
        self.made.push(self.partial.clone());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut copy = Connection::open_with_flags(&self.partial, flags)?;
        copy.execute_batch("PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")?;
        {
            let backup = Backup::new(&self.source, &mut copy)?;
            loop {
                let step = backup.step(PAGES)?;
                let progress = backup.progress();
                let all = u64::try_from(progress.pagecount).unwrap_or(0);
                told(
                    all.saturating_sub(u64::try_from(progress.remaining).unwrap_or(0)),
                    all,
                );
                match step {
                    StepResult::Done => break,
                    StepResult::More => {}
                    // a view that is pinned is never locked; the file system may be
                    _ => {
                        return Err(Error::Busy {
                            waited: Duration::ZERO,
                        });
                    }
                }
            }
        }
        copy.close().map_err(|(_, e)| Error::from(e))?;
        let complete = File::open(&self.partial).and_then(|file| {
            file.sync_all()?;
            file.metadata()
        });
        let bytes = complete.map_err(failed(&self.partial))?.len();
        if fs::symlink_metadata(&self.to).is_ok() {
            return Err(Error::Io(format!(
                "{} was made by somebody else meanwhile, and is not overwritten",
                self.to.display()
            )));
        }
        fs::rename(&self.partial, &self.to).map_err(failed(&self.to))?;
        self.made.retain(|path| *path != self.partial);
        self.made.push(self.to.clone());
        let folder = match self.to.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(failed(folder))?;
        Ok(Copied {
            files: std::mem::take(&mut self.made),
            bytes,
        })
    }
}

/// Opens a copy as any command would, and checks its audit; an error says what is wrong with it.
pub(crate) async fn proven(path: &Path, clock: &crate::clock::Clock) -> Result<u64> {
    let store = crate::store::Store::open(path, Mode::Read, clock)?;
    let verdict = match store.can_unseal() {
        true => Some(store.read(|rd| rd.audit_verify()).await?),
        false => None,
    };
    drop(store);
    // reading leaves an empty log, which only a connection that may write takes away
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let last = Connection::open_with_flags(path, flags)?;
    last.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
    last.close().map_err(|(_, e)| Error::from(e))?;
    let Some(verdict) = verdict else {
        return Ok(0);
    };
    match verdict.first_bad {
        None => Ok(verdict.checked),
        Some((seq, kind)) => Err(Error::Io(format!(
            "line {seq} of the audit of the copy {}: {}",
            path.display(),
            kind.word()
        ))),
    }
}
