//! Seals one row with XChaCha20-Poly1305, bound to its kind and id.
//! Layout: version 1, nonce of 24, ciphertext with its tag of 16.

use super::error::{Error, Result};
use super::private_file::random;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::cell::RefCell;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
/// With a [`Binding`].
const BOUND: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    Profile,
    /// Name, number, holder and product of an account.
    Account,
    /// Description, reference and what was derived from them.
    Transaction,
    /// The values that a deletion destroys, to be searched for afterwards.
    SearchList,
    /// What a bank or an imported document said of a job.
    BankWords,
}

impl Sealed {
    fn tag(self) -> u8 {
        match self {
            Sealed::Profile => 1,
            Sealed::Account => 2,
            Sealed::Transaction => 3,
            Sealed::SearchList => 4,
            Sealed::BankWords => 5,
        }
    }
}

/// The key of one user's data at one institution.
pub(crate) struct DataKey(pub(super) Zeroizing<[u8; 32]>);

impl DataKey {
    pub(crate) fn seal(&self, kind: Sealed, row: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal(&self.0, kind.tag(), row, plain)
    }

    pub(crate) fn open(
        &self,
        kind: Sealed,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        open(&self.0, kind.tag(), row, sealed)
    }
}

/// What a record is bound to: the database, its row, and whose it is. It opens nowhere else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Binding<'a> {
    pub(crate) database: &'a str,
    pub(crate) row: &'a str,
    /// How often such a row was written before, where an older one must not come back.
    pub(crate) count: i64,
    pub(crate) user: &'a str,
    pub(crate) institution: &'a str,
}

impl Binding<'_> {
    /// Each part with its length in front, so that no two lists of parts are one text.
    fn bytes(&self, tag: u8) -> Vec<u8> {
        let mut bytes = vec![BOUND, tag];
        bytes.extend_from_slice(&self.count.to_be_bytes());
        for part in [self.database, self.row, self.user, self.institution] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// A blob of the second version, which is bound to more than its row.
pub(super) fn seal_bound(
    key: &[u8; 32],
    tag: u8,
    to: &Binding<'_>,
    plain: &[u8],
) -> Result<Vec<u8>> {
    sealed(key, BOUND, &to.bytes(tag), plain)
}

/// Opens a blob of either version; the first byte says which it is, and an older one is bound to its row only.
pub(super) fn open_bound(
    key: &[u8; 32],
    tag: u8,
    to: &Binding<'_>,
    blob: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    match blob.first() {
        Some(&BOUND) => opened(key, BOUND, &to.bytes(tag), blob),
        _ => open(key, tag, to.row, blob),
    }
}

fn bound(tag: u8, row: &str) -> Vec<u8> {
    let mut bound = Vec::with_capacity(row.len() + 1);
    bound.push(tag);
    bound.extend_from_slice(row.as_bytes());
    bound
}

/// Nonces come from a buffer, so that a million rows are not a million calls into the system.
fn nonce() -> Result<[u8; 24]> {
    const BUFFER: usize = 24 * 256;
    thread_local! {
        static LEFT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    // no process goes on as a copy of this one: to fork without a new program would be unsafe code
    LEFT.with_borrow_mut(|left| {
        if left.len() < 24 {
            left.resize(BUFFER, 0);
            random(left)?;
        }
        let mut nonce = [0u8; 24];
        let at = left.len() - 24;
        nonce.copy_from_slice(&left[at..]);
        left.truncate(at);
        Ok(nonce)
    })
}

pub(super) fn seal(key: &[u8; 32], tag: u8, row: &str, plain: &[u8]) -> Result<Vec<u8>> {
    sealed(key, VERSION, &bound(tag, row), plain)
}

fn sealed(key: &[u8; 32], version: u8, bound: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = nonce()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: bound,
            },
        )
        .map_err(|_| Error::Unsealable)?;
    let mut out = Vec::with_capacity(25 + sealed.len());
    out.push(version);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&sealed);
    Ok(out)
}

pub(super) fn open(key: &[u8; 32], tag: u8, row: &str, blob: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    opened(key, VERSION, &bound(tag, row), blob)
}

fn opened(key: &[u8; 32], version: u8, bound: &[u8], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let Some((head, rest)) = blob
        .split_first_chunk::<25>()
        .filter(|(head, _)| head[0] == version)
    else {
        return Err(Error::Unsealable);
    };
    let nonce: [u8; 24] = head[1..].try_into().expect("25 bytes less the first");
    let cipher = XChaCha20Poly1305::new(key.into());
    let plain = cipher
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: rest,
                aad: bound,
            },
        )
        .map_err(|_| Error::Unsealable)?;
    Ok(Zeroizing::new(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cipher_wipes_its_key_when_it_is_dropped() {
        fn wiped<T: zeroize::ZeroizeOnDrop>() {}
        wiped::<XChaCha20Poly1305>();
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let key = [7u8; 32];
        let sealed = seal(&key, 3, "t1", b"HOOLI CAFE SYDNEY").unwrap();
        assert_eq!(
            &**open(&key, 3, "t1", &sealed).unwrap(),
            b"HOOLI CAFE SYDNEY"
        );
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(open(&key, 3, "t1", &changed).is_err(), "byte {at}");
        }
        assert!(open(&key, 3, "t1", &sealed[..20]).is_err());
        assert!(open(&key, 3, "t1", &[]).is_err());
        assert!(open(&[8u8; 32], 3, "t1", &sealed).is_err());
    }

    #[test]
    fn a_bound_blob_opens_only_with_every_part_of_its_binding() {
        let key = [7u8; 32];
        let to = Binding {
            database: "d",
            row: "c",
            count: 3,
            user: "u",
            institution: "AU00000",
        };
        let blob = seal_bound(&key, 64, &to, b"secret").unwrap();
        assert_eq!(&**open_bound(&key, 64, &to, &blob).unwrap(), b"secret");
        for other in [
            Binding {
                database: "e",
                ..to
            },
            Binding { row: "x", ..to },
            Binding { count: 2, ..to },
            Binding { user: "v", ..to },
            Binding {
                institution: "AU00001",
                ..to
            },
            // the parts do not run into each other
            Binding {
                row: "",
                database: "dc",
                ..to
            },
        ] {
            assert!(open_bound(&key, 64, &other, &blob).is_err(), "{other:?}");
        }
        assert!(open_bound(&key, 65, &to, &blob).is_err());
        // said to be of the older version it does not open either
        let mut older = blob.clone();
        older[0] = VERSION;
        assert!(open_bound(&key, 64, &to, &older).is_err());
        let older = seal(&key, 64, "c", b"old").unwrap();
        assert_eq!(&**open_bound(&key, 64, &to, &older).unwrap(), b"old");
    }

    #[test]
    fn no_nonce_comes_twice() {
        let mut seen: Vec<[u8; 24]> = (0..2000).map(|_| nonce().unwrap()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 2000);
    }
}
