//! Reads the text of a configuration file: a regular file of at most 1 MiB in UTF-8.

use super::mistake::ConfigError;
use rustix::fs::OFlags;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// In bytes.
pub(crate) const LIMIT: u64 = 1 << 20;

/// None when it does not exist.
pub(crate) fn text(path: &Path) -> Result<Option<String>, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable {
        path: path.into(),
        source,
    };
    // without this flag, opening a pipe would wait for a writer
    let flags =
        i32::try_from((OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).expect("open flags are an int");
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let facts = file.metadata().map_err(unreadable)?;
    if !facts.is_file() {
        return Err(ConfigError::NotAFile { path: path.into() });
    }
    let mut bytes = Vec::new();
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if facts.len() > LIMIT || bytes.len() as u64 > LIMIT {
        return Err(ConfigError::TooLarge { path: path.into() });
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => Err(ConfigError::NotText {
            path: path.into(),
            offset: error.utf8_error().valid_up_to(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_regular_file_of_limited_size_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::write(at("good"), "a\r\n").unwrap();
        std::fs::write(at("latin"), b"ab\xe9c").unwrap();
        std::fs::write(at("edge"), vec![b' '; LIMIT as usize]).unwrap();
        std::fs::File::create(at("huge"))
            .unwrap()
            .set_len(100 << 20)
            .unwrap();
        rustix::fs::mkfifoat(rustix::fs::CWD, at("pipe"), rustix::fs::Mode::RWXU).unwrap();

        assert_eq!(text(&at("good")).unwrap().unwrap(), "a\r\n");
        assert!(text(&at("none")).unwrap().is_none());
        assert_eq!(text(&at("edge")).unwrap().unwrap().len() as u64, LIMIT);
        assert!(matches!(
            text(&at("latin")),
            Err(ConfigError::NotText { offset: 2, .. })
        ));
        assert!(matches!(
            text(&at("huge")),
            Err(ConfigError::TooLarge { .. })
        ));
        assert!(matches!(
            text(&at("pipe")),
            Err(ConfigError::NotAFile { .. })
        ));
        assert!(matches!(
            text(dir.path()),
            Err(ConfigError::NotAFile { .. })
        ));
        assert!(matches!(
            text(&at("good").join("x")),
            Err(ConfigError::Unreadable { .. })
        ));
    }
}
