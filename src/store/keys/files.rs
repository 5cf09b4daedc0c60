//! The names of a database and of the files beside it.

use crate::domain::moment::Moment;
use crate::vault;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

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

    /// The name under which a file is kept that is not wanted any more and not deleted either.
    pub(super) fn aside(&self, file: &Path, now: Moment) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".set-aside-{}", now.0));
        PathBuf::from(name)
    }

    /// Files beside the database that were left when making the master key was cut off: they may hold it.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let folder = match self.database.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let begins: Vec<Vec<u8>> = [".new-", ".master.new-"]
            .iter()
            .map(|end| {
                let name = self.database.file_name().unwrap_or_default();
                [name.as_bytes(), end.as_bytes()].concat()
            })
            .collect();
        let left = |name: &OsStr| begins.iter().any(|b| name.as_bytes().starts_with(b));
        let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
            .map(|entries| {
                entries
                    .flatten()
                    .filter(|entry| left(&entry.file_name()))
                    .map(|entry| entry.path())
                    .collect()
            })
            .unwrap_or_default();
        found.sort();
        found
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

    /// Those that may hold something that was written; the reserve is empty space.
    pub(crate) fn searched(&self) -> Vec<PathBuf> {
        let mut files = self.all();
        files.retain(|file| *file != self.reserve);
        files
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
