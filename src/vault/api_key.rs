//! The keys of the HTTP API: what is handed out, the digest that is kept, and the key that signs tokens.

use super::digest::{Mac, keyed};
use super::error::Result;
use super::master::MasterKey;
use super::private_file::random;
use crate::domain::secret::Secret;
use hmac::Mac as _;
use std::fmt::Write as _;
use zeroize::Zeroizing;

const PREFIX: &str = "sbk_";
const ID_BYTES: usize = 6;
const SECRET_BYTES: usize = 24;

/// The text of an API key: `sbk_<id>_<secret>`. The id finds the row; only the digest of the secret is stored.
pub(crate) struct ApiKeyText {
    pub(crate) id: String,
    secret: Secret,
}

impl ApiKeyText {
    pub(crate) fn fresh() -> Result<Self> {
        let mut bytes = Zeroizing::new([0u8; ID_BYTES + SECRET_BYTES]);
        random(&mut *bytes)?;
        let (id, secret) = bytes.split_at(ID_BYTES);
        Ok(Self {
            id: hex(id).to_string(),
            secret: Secret::new(hex(secret).as_str()),
        })
    }

    /// Reads what a caller presents; none when it cannot be one of ours.
    pub(crate) fn read(presented: &Secret) -> Option<Self> {
        let (id, secret) = presented.expose().strip_prefix(PREFIX)?.split_once('_')?;
        let digits = |text: &str, bytes: usize| {
            text.len() == 2 * bytes && text.bytes().all(|b| b.is_ascii_hexdigit())
        };
        (digits(id, ID_BYTES) && digits(secret, SECRET_BYTES)).then(|| Self {
            id: id.to_owned(),
            secret: Secret::from(secret),
        })
    }

    /// The whole key, to be shown once.
    pub(crate) fn whole(&self) -> Secret {
        Secret::new(format!("{PREFIX}{}_{}", self.id, self.secret.expose()))
    }
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for byte in bytes {
        // writing to a text does not fail
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Signs and checks the tokens of the HTTP API. Wiped when dropped.
#[derive(Clone)]
pub(crate) struct TokenKey(Zeroizing<[u8; 32]>);

impl TokenKey {
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl MasterKey {
    pub(crate) fn token_key(&self) -> TokenKey {
        TokenKey(Zeroizing::new(*self.tokening()))
    }

    pub(crate) fn api_key_digest(&self, key: &ApiKeyText) -> Mac {
        self.api_key_mac(key).finalize().into_bytes().into()
    }

    /// Takes as long whether the first byte differs or the last.
    pub(crate) fn is_api_key(&self, key: &ApiKeyText, digest: &[u8]) -> bool {
        self.api_key_mac(key).verify_slice(digest).is_ok()
    }

    fn api_key_mac(&self, key: &ApiKeyText) -> super::digest::Keyed {
        let parts: [&[u8]; 3] = [
            b"api key",
            key.id.as_bytes(),
            key.secret.expose().as_bytes(),
        ];
        keyed(self.digesting(), &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_shown_and_nothing_else_is() {
        let key = ApiKeyText::fresh().unwrap();
        let read = ApiKeyText::read(&key.whole()).unwrap();
        assert_eq!((&read.id, &read.secret), (&key.id, &key.secret));
        let whole = key.whole();
        let text = whole.expose();
        for wrong in [
            "",
            "sbk_",
            &text[..text.len() - 1],
            &format!("{text}0"),
            &text.replace("sbk_", "abc_"),
            &text.replace('_', "-"),
        ] {
            assert!(ApiKeyText::read(&wrong.into()).is_none(), "{}", wrong.len());
        }
    }

    #[test]
    fn only_the_whole_key_has_its_digest() {
        let dir = tempfile::tempdir().unwrap();
        let master = MasterKey::open_or_create(&dir.path().join("m")).unwrap();
        let (key, other) = (ApiKeyText::fresh().unwrap(), ApiKeyText::fresh().unwrap());
        let digest = master.api_key_digest(&key);
        assert!(master.is_api_key(&key, &digest));
        assert!(!master.is_api_key(&other, &digest));
        let renamed = ApiKeyText {
            id: other.id.clone(),
            secret: key.secret.clone(),
        };
        assert!(!master.is_api_key(&renamed, &digest));
        assert!(!master.is_api_key(&key, &digest[..31]));
    }
}
