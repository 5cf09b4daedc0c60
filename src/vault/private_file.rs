//! Files for their owner only: created so whatever the umask, refused when others may read them.

use super::error::{Error, Result};
use rustix::fs::{Mode, OFlags};
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// `Ok(None)`: it is not there. An error when it is a link, somebody else's, or may be read by others.
pub(crate) fn open_private(path: &Path, write: bool) -> Result<Option<File>> {
    let access = if write { OFlags::RDWR } else { OFlags::RDONLY };
    let opened = rustix::fs::open(
        path,
        access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC,
        Mode::empty(),
    );
    let file = match opened {
        Ok(fd) => File::from(fd),
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::ISDIR) => {
            return Err(Error::NotAFile { path: path.into() });
        }
        Err(errno) => {
            return Err(Error::Io {
                path: path.into(),
                cause: errno.into(),
            });
        }
    };
    let meta = file.metadata().map_err(Error::io(path))?;
    if !meta.is_file() {
        return Err(Error::NotAFile { path: path.into() });
    }
    if meta.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::NotOurs { path: path.into() });
    }
    if !is_private(meta.mode()) {
        return Err(Error::TooOpen {
            path: path.into(),
            mode: meta.mode() & 0o777,
        });
    }
    Ok(Some(file))
}

/// Makes a private file; somebody who was faster wins and their file is opened.
pub(super) fn create_private(path: &Path) -> Result<File> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR) {
        Ok(fd) => {
            rustix::fs::fchmod(&fd, Mode::RUSR | Mode::WUSR)
                .map_err(|e| Error::io(path)(e.into()))?;
            Ok(File::from(fd))
        }
        Err(rustix::io::Errno::EXIST) => {
            open_private(path, true)?.ok_or_else(|| Error::Broken { path: path.into() })
        }
        Err(errno) => Err(Error::Io {
            path: path.into(),
            cause: errno.into(),
        }),
    }
}

/// Whether only the owner has any right.
pub(crate) fn is_private(mode: u32) -> bool {
    mode & 0o077 == 0
}

/// None when it is not there.
pub(crate) fn mode_of(path: &Path) -> Option<u32> {
    std::fs::symlink_metadata(path)
        .ok()
        .map(|m| m.mode() & 0o777)
}

pub(super) fn random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| Error::NoRandom)
}

/// An id that nothing else has, in hexadecimal.
pub(crate) fn fresh_id() -> Result<String> {
    let mut id = [0u8; 16];
    random(&mut id)?;
    Ok(id.iter().map(|b| format!("{b:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_others_can_read_is_refused_with_the_line_to_run() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db.master");
        drop(create_private(&path).unwrap());
        assert_eq!(mode_of(&path), Some(0o600));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = open_private(&path, false).unwrap_err().to_string();
        assert!(
            refused.contains("chmod 600") && refused.contains("644"),
            "{refused}"
        );
    }

    #[test]
    fn links_and_folders_are_refused_and_nothing_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        drop(create_private(&real).unwrap());
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(matches!(
            open_private(&link, true),
            Err(Error::NotAFile { .. })
        ));
        assert!(matches!(
            open_private(dir.path(), false),
            Err(Error::NotAFile { .. })
        ));
        assert!(
            open_private(&dir.path().join("no"), false)
                .unwrap()
                .is_none()
        );
    }
}
