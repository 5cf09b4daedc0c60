//! The secret of a webhook, and the signatures it makes, by the scheme Standard Webhooks (docs/domain.md 10.4).

use super::error::Result;
use super::private_file::random;
use crate::domain::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

const PREFIX: &str = "whsec_";
const BYTES: usize = 32;

#[derive(Clone)]
pub(crate) struct WebhookSecret(Zeroizing<Vec<u8>>);

impl WebhookSecret {
    pub(crate) fn fresh() -> Result<Self> {
        let mut bytes = Zeroizing::new(vec![0u8; BYTES]);
        random(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn of(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As a receiver is given it.
    pub(crate) fn whole(&self) -> Secret {
        let text = Zeroizing::new(STANDARD.encode(&*self.0));
        Secret::new(format!("{PREFIX}{}", *text))
    }

    /// The signature of one attempt, as its header holds it. The time is in seconds since 1970.
    pub(crate) fn sign(&self, message: &str, at: i64, body: &str) -> String {
        let mut hmac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        hmac.update(format!("{message}.{at}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(hmac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the scheme's own description.
    #[test]
    fn a_signature_is_that_of_the_scheme() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let secret = WebhookSecret::of(Zeroizing::new(key));
        assert_eq!(
            secret.whole().expose(),
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        );
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        assert_eq!(
            secret.sign(id, 1_614_265_330, r#"{"test": 2432232314}"#),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn every_secret_is_another() {
        let fresh = || WebhookSecret::fresh().unwrap();
        let (one, other) = (fresh(), fresh());
        assert_ne!(one.bytes(), other.bytes());
        assert_eq!(one.bytes().len(), BYTES);
    }
}
