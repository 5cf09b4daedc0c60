//! The master key: 32 random bytes in a file of their own, from which every other key is derived by name.

use super::error::{Error, Result};
use super::private_file::{create_private, open_private, random};
use super::seal;
use hkdf::Hkdf;
use sha2::Sha256;
use std::io::{Read, Write};
use std::path::Path;
use zeroize::Zeroizing;

const MAGIC: &[u8; 8] = b"SBMASTR1";

/// Wiped when dropped, never printed.
pub(crate) struct MasterKey {
    id: [u8; 8],
    wrap: Zeroizing<[u8; 32]>,
    records: Zeroizing<[u8; 32]>,
    digests: Zeroizing<[u8; 32]>,
    audit: Zeroizing<[u8; 32]>,
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
        }
    }
}

impl MasterKey {
    /// `Ok(None)`: there is none.
    pub(crate) fn open(path: &Path) -> Result<Option<Self>> {
        let Some(mut file) = open_private(path, false)? else {
            return Ok(None);
        };
        let mut bytes = Zeroizing::new([0u8; 41]);
        let mut read = 0;
        while read < bytes.len() {
            match file.read(&mut bytes[read..]).map_err(Error::io(path))? {
                0 => break,
                n => read += n,
            }
        }
        if read != 40 || &bytes[..8] != MAGIC {
            return Err(Error::Broken { path: path.into() });
        }
        Ok(Some(Self::derive(&bytes[8..40])))
    }

    /// Two that make it at once end with one key.
    pub(crate) fn open_or_create(path: &Path) -> Result<Self> {
        if let Some(key) = Self::open(path)? {
            return Ok(key);
        }
        let mut bytes = Zeroizing::new([0u8; 40]);
        bytes[..8].copy_from_slice(MAGIC);
        random(&mut bytes[8..])?;
        // written whole under another name first, then linked: the name never shows half a key
        let fresh = path.with_extension(format!("new-{}", std::process::id()));
        let mut file = create_private(&fresh)?;
        file.write_all(&*bytes)
            .and_then(|()| file.sync_all())
            .map_err(Error::io(&fresh))?;
        let linked = std::fs::hard_link(&fresh, path);
        std::fs::remove_file(&fresh).map_err(Error::io(&fresh))?;
        match linked {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(Error::io(path)(e)),
            _ => Self::open(path)?.ok_or_else(|| Error::Lost { path: path.into() }),
        }
    }

    fn derive(bytes: &[u8]) -> Self {
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
        }
    }

    /// Names this key without telling anything of it; the database remembers which key it belongs to.
    pub(crate) fn id(&self) -> [u8; 8] {
        self.id
    }

    /// `row` is bound in, so that it opens nowhere else.
    pub(crate) fn seal_record(&self, record: Record, row: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal::seal(&self.records, record.tag(), row, plain)
    }

    pub(crate) fn open_record(
        &self,
        record: Record,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        seal::open(&self.records, record.tag(), row, sealed)
    }

    pub(super) fn wrapping(&self) -> &[u8; 32] {
        &self.wrap
    }

    pub(super) fn digesting(&self) -> &[u8; 32] {
        &self.digests
    }

    pub(super) fn auditing(&self) -> &[u8; 32] {
        &self.audit
    }
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
        let sealed = key
            .seal_record(Record::Contact, "u1", b"gavin@hooli.com")
            .unwrap();
        assert_eq!(
            &**key.open_record(Record::Contact, "u1", &sealed).unwrap(),
            b"gavin@hooli.com"
        );
        assert!(key.open_record(Record::Contact, "u2", &sealed).is_err());
        assert!(key.open_record(Record::Credentials, "u1", &sealed).is_err());
        assert!(!sealed.windows(5).any(|w| w == b"hooli"));
    }

    #[test]
    fn a_file_that_is_no_key_is_broken() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("m");
        create_private(&path)
            .unwrap()
            .write_all(b"SBMASTR1 too short")
            .unwrap();
        assert!(matches!(MasterKey::open(&path), Err(Error::Broken { .. })));
    }
}
