//! Keyed digests: to find contacts, to compare credentials without keeping them, and for the audit chain.

use super::error::Result;
use super::master::MasterKey;
use crate::domain::bank_data::Credentials;
use crate::domain::secret::Secret;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

pub(crate) type Mac = [u8; 32];

/// What the first line of the audit is chained to.
pub(crate) const GENESIS: Mac = [0u8; 32];

pub(super) type Keyed = Hmac<Sha256>;

/// Digest of the parts, each with its length in front, so that no two lists of parts are one text.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Mac {
    keyed(key, parts).finalize().into_bytes().into()
}

/// The same before it is finished, to be compared in constant time.
pub(super) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> Keyed {
    let mut hmac = Keyed::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac
}

/// An email or a phone number, written one way whoever typed it.
fn normal(contact: &str) -> Zeroizing<String> {
    let contact = contact.trim();
    if contact.contains('@') {
        return Zeroizing::new(contact.to_lowercase());
    }
    let digits: String = contact.chars().filter(char::is_ascii_digit).collect();
    Zeroizing::new(match digits.strip_prefix('0') {
        // a national number of the platform's country
        Some(rest) if !contact.starts_with('+') && rest.len() == 9 => format!("61{rest}"),
        _ => digits,
    })
}

impl MasterKey {
    pub(crate) fn contact_digest(&self, contact: &Secret) -> Result<Vec<u8>> {
        let normal = normal(contact.expose());
        Ok(mac(self.digesting(), &[b"contact", normal.as_bytes()])[..16].to_vec())
    }

    /// The digest of an id that is remembered after what it named was deleted.
    pub(crate) fn id_digest(&self, id: &str) -> Vec<u8> {
        mac(self.digesting(), &[b"id", id.as_bytes()])[..16].to_vec()
    }

    /// The digest by which equal credentials are told: login and second login, case and all.
    pub(crate) fn credential_digest(&self, credentials: &Credentials) -> Result<Vec<u8>> {
        let second = credentials
            .secondary_login
            .as_ref()
            .map_or("", |s| s.expose());
        let parts: [&[u8]; 3] = [
            b"credentials",
            credentials.login.expose().as_bytes(),
            second.as_bytes(),
        ];
        Ok(mac(self.digesting(), &parts)[..16].to_vec())
    }

    /// Binds the number of a line to the key file of this id.
    pub(super) fn highest_tag(&self, key_file: &[u8], seq: u64) -> [u8; 16] {
        let parts: [&[u8]; 3] = [b"highest line", key_file, &seq.to_be_bytes()];
        mac(self.heading(), &parts)[..16]
            .try_into()
            .expect("16 bytes")
    }

    pub(crate) fn head_key(&self, database: &str) -> HeadKey {
        HeadKey {
            key: Zeroizing::new(*self.heading()),
            database: database.into(),
        }
    }

    pub(crate) fn audit_key(&self) -> AuditKey {
        AuditKey(Zeroizing::new(*self.auditing()))
    }
}

/// Makes and checks the heads of one database's audit.
pub(crate) struct HeadKey {
    key: Zeroizing<[u8; 32]>,
    database: String,
}

impl HeadKey {
    pub(super) fn tag(&self, head: &[u8]) -> [u8; 16] {
        let tag = mac(&self.key, &[b"audit head", self.database.as_bytes(), head]);
        tag[..16].try_into().expect("16 bytes")
    }

    pub(super) fn makes(&self, head: &[u8], tag: &[u8]) -> bool {
        self.tag(head) == *tag
    }
}

pub(crate) struct AuditKey(Zeroizing<[u8; 32]>);

impl AuditKey {
    pub(crate) fn chain(&self, before: &Mac, line: &[&[u8]]) -> Mac {
        let mut parts: Vec<&[u8]> = Vec::with_capacity(line.len() + 1);
        parts.push(before);
        parts.extend_from_slice(line);
        mac(&self.0, &parts)
    }

    /// The digest of what a row of one database orders; never one of a line or document.
    pub(crate) fn tag(&self, database: &str, what: &str, columns: &[Vec<u8>]) -> Mac {
        let mut all: Vec<&[u8]> = vec![b"row", database.as_bytes(), what.as_bytes()];
        all.extend(columns.iter().map(Vec::as_slice));
        mac(&self.0, &all)
    }

    /// The digest of a document that is kept; never one of a line, which has other parts.
    pub(crate) fn certify(&self, parts: &[&[u8]]) -> Mac {
        let mut all: Vec<&[u8]> = vec![b"certificate"];
        all.extend_from_slice(parts);
        mac(&self.0, &all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_number_however_it_is_written() {
        let want = "61400111222";
        for written in [
            "0400 111 222",
            "+61 400 111 222",
            "+61400111222",
            " (0400) 111-222 ",
        ] {
            assert_eq!(*normal(written), want, "{written}");
        }
        assert_eq!(*normal(" Gavin@Hooli.COM "), "gavin@hooli.com");
        assert_eq!(*normal("00"), "00");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let key = [1u8; 32];
        assert_ne!(mac(&key, &[b"ab", b"c"]), mac(&key, &[b"a", b"bc"]));
        assert_ne!(mac(&key, &[b"a"]), mac(&[2u8; 32], &[b"a"]));
        let key = AuditKey(Zeroizing::new(key));
        assert_ne!(key.certify(&[b"a"]), key.chain(&GENESIS, &[b"a"]));
    }
}
