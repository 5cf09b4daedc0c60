//! The master key: 32 random bytes in a file of their own, from which every other key is derived by name.

use super::error::{Error, Result};
use super::identity::Identity;
use super::private_file::{open_private, random};
use super::seal::{self, Binding};
use hkdf::Hkdf;
use rustix::fs::{AtFlags, CWD, Mode as RustixMode, OFlags};
use sha2::Sha256;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"SBMASTR1";
const BYTES: usize = 40;

/// Wiped when dropped, never printed.
pub(crate) struct MasterKey {
    id: [u8; 8],
    wrap: Zeroizing<[u8; 32]>,
    records: Zeroizing<[u8; 32]>,
    digests: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
    heads: Zeroizing<[u8; 32]>,
    tokens: Zeroizing<[u8; 32]>,
    identity: Identity,
    /// Kept open, so that the system does not give its inode to another file.
    _file: File,
}

/// What is sealed under the master key itself, because it belongs to no pair of user and institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    Credentials,
    Contact,
    Answers,
    /// An imported document that waits for what it refers to.
    Waiting,
    Business,
    AuthLink,
    /// What an operator wrote about a connection.
    Note,
    /// The secret of a webhook.
    Webhook,
    /// What a test message to a webhook says.
    WebhookText,
    /// The API key of a platform.
    PlatformKey,
    /// What a platform lets this program in with, for an hour.
    PlatformToken,
}

impl Record {
    fn tag(self) -> u8 {
        match self {
            Record::Credentials => 64,
            Record::Contact => 65,
            Record::Answers => 66,
            Record::Waiting => 67,
            Record::Business => 68,
            Record::AuthLink => 69,
            Record::Note => 75,
            Record::Webhook => 80,
            Record::WebhookText => 81,
            Record::PlatformKey => 78,
            Record::PlatformToken => 79,
        }
    }
}

impl MasterKey {
    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// `Ok(None)`: there is none.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>> {
        let Some(mut file) = open_private(path, false)? else {
            return Ok(None);
        };
        let mut bytes = Zeroizing::new([0u8; BYTES + 1]);
        let mut read = 0;
        while read < bytes.len() {
            match file.read(&mut bytes[read..]).map_err(Error::io(path))? {
                0 => break,
                n => read += n,
            }
        }
        if read != BYTES || &bytes[..8] != MAGIC {
            return Err(Error::Broken { path: path.into() });
        }
        let identity = Identity::of(path, &file)?;
        Ok(Some(Self::derive(&bytes[8..BYTES], identity, file)))
    }

    /// Two that make it at once end with one key.
    pub(crate) fn open_or_create(path: &Path) -> Result<Self> {
        if let Some(key) = Self::open(path)? {
            return Ok(key);
        }
        let mut bytes = Zeroizing::new([0u8; BYTES]);
        bytes[..8].copy_from_slice(MAGIC);
        random(&mut bytes[8..])?;
        // written whole first, then linked: the name never shows half a key
        let linked = link_unnamed(path, &*bytes).unwrap_or_else(|| link_named(path, &*bytes));
        match linked {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(Error::io(path)(e)),
            _ => Self::open(path)?.ok_or_else(|| Error::Lost { path: path.into() }),
        }
    }

    /// Removes files that were left when making this key was cut off: whole copies of it, and parts of a key. Another
    /// whole key is left where it is. Nobody may be making a key meanwhile.
    pub(crate) fn remove_copies(&self, left: &[PathBuf]) -> Result<()> {
        for path in left {
            let ours = match Self::open(path) {
                Ok(Some(key)) => key.id == self.id,
                // a part of a key was never used
                Err(Error::Broken { .. }) => {
                    std::fs::metadata(path).is_ok_and(|meta| meta.len() < BYTES as u64)
                }
                Ok(None) | Err(_) => false,
            };
            if ours {
                std::fs::remove_file(path).map_err(Error::io(path))?;
            }
        }
        Ok(())
    }

    fn derive(bytes: &[u8], identity: Identity, file: File) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(b"switchboard"), bytes);
        let key = |name: &str| {
            let mut out = Zeroizing::new([0u8; 32]);
            hkdf.expand(name.as_bytes(), &mut *out)
                .expect("32 bytes are within what HKDF gives");
            out
        };
        let mut id = [0u8; 8];
        id.copy_from_slice(&key("id")[..8]);
        Self {
            id,
            wrap: key("wrap"),
            records: key("records"),
            digests: key("digests"),
            audit: key("audit"),
            heads: key("heads"),
            tokens: key("tokens"),
            identity,
            _file: file,
        }
    }

    /// Names this key without telling anything of it; the database remembers which key it belongs to.
    pub(crate) fn id(&self) -> [u8; 8] {
        self.id
    }

    pub(crate) fn seal_record(
        &self,
        record: Record,
        to: &Binding<'_>,
        plain: &[u8],
    ) -> Result<Vec<u8>> {
        seal::seal_bound(&self.records, record.tag(), to, plain)
    }

    pub(crate) fn open_record(
        &self,
        record: Record,
        to: &Binding<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        seal::open_bound(&self.records, record.tag(), to, sealed)
    }

    pub(super) fn wrapping(&self) -> &[u8; 32] {
        &self.wrap
    }

    pub(super) fn digesting(&self) -> &[u8; 32] {
        &self.digests
    }

    pub(super) fn heading(&self) -> &[u8; 32] {
        &self.heads
    }

    pub(super) fn tokening(&self) -> &[u8; 32] {
        &self.tokens
    }

    pub(super) fn auditing(&self) -> &[u8; 32] {
        &self.audit
    }
}

/// Writes a file that has no name until it is whole, so that nothing is left of it when this is cut off. None when
/// the file system cannot do that.
fn link_unnamed(path: &Path, bytes: &[u8]) -> Option<std::io::Result<()>> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::CLOEXEC;
    let made = rustix::fs::open(folder, flags, RustixMode::RUSR | RustixMode::WUSR).ok()?;
    let mut file = File::from(made);
    if let Err(e) = file.write_all(bytes).and_then(|()| file.sync_all()) {
        return Some(Err(e));
    }
    let opened = format!("/proc/self/fd/{}", file.as_raw_fd());
    let linked = rustix::fs::linkat(CWD, &opened, CWD, path, AtFlags::SYMLINK_FOLLOW);
    match linked {
        // there is no /proc
        Err(rustix::io::Errno::NOENT) => None,
        other => Some(other.map_err(Into::into)),
    }
}

/// The same under another name first; `doctor` looks for what is left of it.
fn link_named(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let fresh = PathBuf::from(name);
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&fresh)?;
    let linked = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&fresh, path));
    std::fs::remove_file(&fresh)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_to_make_it_gets_the_first_ones_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db.master");
        assert!(MasterKey::open(&path).unwrap().is_none());
        let first = MasterKey::open_or_create(&path).unwrap();
        assert_eq!(MasterKey::open_or_create(&path).unwrap().id(), first.id());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_record_opens_only_in_its_row_and_as_its_kind() {
        let dir = tempfile::tempdir().unwrap();
        let key = MasterKey::open_or_create(&dir.path().join("m")).unwrap();
        let to = Binding {
            row: "u1",
            ..Binding::default()
        };
        let sealed = key
            .seal_record(Record::Contact, &to, b"gavin@hooli.com")
            .unwrap();
        assert_eq!(
            &**key.open_record(Record::Contact, &to, &sealed).unwrap(),
            b"gavin@hooli.com"
        );
        let other = Binding { row: "u2", ..to };
        assert!(key.open_record(Record::Contact, &other, &sealed).is_err());
        assert!(key.open_record(Record::Credentials, &to, &sealed).is_err());
        assert!(!sealed.windows(5).any(|w| w == b"hooli"));
    }

    #[test]
    fn a_file_that_is_no_key_is_broken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("m");
        crate::vault::private_file::create_private(&path)
            .unwrap()
            .write_all(b"SBMASTR1 too short")
            .unwrap();
        assert!(matches!(MasterKey::open(&path), Err(Error::Broken { .. })));
    }

    #[test]
    fn nothing_is_left_of_making_a_key_and_what_was_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("w.db.master");
        let bytes = [MAGIC.as_slice(), &[7; 32]].concat();
        for link in [link_named, |path: &Path, bytes: &[u8]| {
            link_unnamed(path, bytes).expect("this file system can")
        }] {
            link(&path, &bytes).unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
            let again = link(&path, &bytes).unwrap_err();
            assert_eq!(again.kind(), std::io::ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
            std::fs::remove_file(&path).unwrap();
        }
        link_named(&path, &bytes).unwrap();
        let key = MasterKey::open(&path).unwrap().unwrap();
        let [same, part, other] = ["1", "2", "3"].map(|n| dir.path().join(n));
        link_named(&same, &bytes).unwrap();
        link_named(&part, &bytes[..20]).unwrap();
        link_named(&other, &[MAGIC.as_slice(), &[8; 32]].concat()).unwrap();
        let left = [
            same.clone(),
            part.clone(),
            other.clone(),
            dir.path().join("none"),
        ];
        key.remove_copies(&left).unwrap();
        assert!(!same.exists() && !part.exists());
        assert!(other.exists() && path.exists());
    }
}
