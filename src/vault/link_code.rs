//! The code in the public address of an auth link: made from its id, so that it is not stored.

use super::digest::keyed;
use super::master::MasterKey;
use crate::domain::secret::Secret;
use hmac::Mac as _;
use std::fmt::Write as _;

const BYTES: usize = 16;

impl MasterKey {
    pub(crate) fn link_code(&self, id: &str) -> Secret {
        let digest = self.link_mac(id).finalize().into_bytes();
        let mut code = String::with_capacity(2 * BYTES);
        for byte in &digest[..BYTES] {
            // writing to a text does not fail
            let _ = write!(code, "{byte:02x}");
        }
        Secret::new(code)
    }

    /// Takes as long whether the first byte differs or the last.
    pub(crate) fn is_link_code(&self, id: &str, code: &Secret) -> bool {
        let code = code.expose();
        let pairs = code.as_bytes().chunks(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let digits = code.len() == 2 * BYTES && code.bytes().all(|b| b.is_ascii_hexdigit());
        let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
        bytes
            .filter(|_| digits)
            .is_some_and(|bytes| self.link_mac(id).verify_truncated_left(&bytes).is_ok())
    }

    fn link_mac(&self, id: &str) -> super::digest::Keyed {
        keyed(self.digesting(), &[b"auth link", id.as_bytes()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_opens_its_own_link_only() {
        let dir = tempfile::tempdir().unwrap();
        let master = MasterKey::open_or_create(&dir.path().join("m")).unwrap();
        let code = master.link_code("a");
        assert_eq!(code.expose().len(), 32);
        assert!(master.is_link_code("a", &code));
        assert!(!master.is_link_code("b", &code));
        let text = code.expose();
        for wrong in [
            "",
            "00",
            &text[..30],
            &format!("{text}00"),
            &"+1".repeat(16),
            "\u{e9}",
        ] {
            assert!(!master.is_link_code("a", &wrong.into()), "{wrong}");
        }
        let other = MasterKey::open_or_create(&dir.path().join("o")).unwrap();
        assert!(!other.is_link_code("a", &code));
    }
}
