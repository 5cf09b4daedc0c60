//! Tokens as JSON Web Tokens, signed with a key that is derived from the master key. The library writes and reads
//! them; the signature is the HMAC that everything else here is made with.

use crate::ops::TokenKey;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult, new_error};
use jsonwebtoken::signature::{self, Signer as Signs, Verifier as Verifies};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) partnerid: String,
    pub(super) applicationid: String,
    /// `SERVER_ACCESS` or `CLIENT_ACCESS`; empty when none was asked for.
    pub(super) scope: String,
    /// The user that a client token is bound to.
    #[serde(rename = "userid", default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    /// The API key it was made with.
    pub(super) sub: String,
    pub(super) version: String,
    /// Seconds since 1970.
    pub(super) iat: i64,
    pub(super) exp: i64,
}

pub(super) struct Signer {
    signing: EncodingKey,
    checking: DecodingKey,
}

impl Signer {
    pub(super) fn new(key: &TokenKey) -> Self {
        // another one in this process has installed the same
        let _ = PROVIDER.install_default();
        let right = "a key of 32 bytes is taken";
        Self {
            signing: EncodingKey::from_secret(key.bytes()).expect(right),
            checking: DecodingKey::from_secret(key.bytes()).expect(right),
        }
    }

    pub(super) fn signed<T: Serialize>(&self, claims: &T) -> Option<String> {
        let header = Header::new(Algorithm::HS256);
        jsonwebtoken::encode(&header, claims, &self.signing).ok()
    }

    /// What a token says, when it is one of ours; whether it has expired is for the caller, who knows the time.
    pub(super) fn read<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        let read = jsonwebtoken::decode::<T>(token, &self.checking, &validation);
        read.ok().map(|read| read.claims)
    }

    /// A keyed digest of these parts, in their order.
    pub(super) fn digest(&self, parts: &[&[u8]]) -> Option<[u8; 32]> {
        let begun = keyed(self.signing.as_bytes())
            .ok()?
            .chain_update(b"request");
        let each = |mac: Hmac<Sha256>, part: &&[u8]| {
            let length = part.len().to_be_bytes();
            mac.chain_update(length).chain_update(part)
        };
        let mac = parts.iter().fold(begun, each);
        Some(mac.finalize().into_bytes().into())
    }

    /// A short seal on a text that a client is to give back unchanged.
    pub(super) fn seal(&self, text: &str) -> String {
        let mac = keyed(self.signing.as_bytes())
            .map(|mac| mac.chain_update(b"cursor").chain_update(text));
        let bytes = mac.map(|mac| mac.finalize().into_bytes());
        let bytes = bytes.unwrap_or_default();
        bytes
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn keyed(secret: &[u8]) -> JwtResult<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(secret).map_err(|_| new_error(ErrorKind::InvalidKeyFormat))
}

struct Hs256(Hmac<Sha256>);

impl Signs<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        let mac = self.0.clone().chain_update(message);
        Ok(mac.finalize().into_bytes().to_vec())
    }
}

impl Verifies<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let mac = self.0.clone().chain_update(message);
        mac.verify_slice(signature)
            .map_err(|_| signature::Error::new())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

fn only_ours(algorithm: &Algorithm) -> JwtResult<()> {
    match algorithm {
        Algorithm::HS256 => Ok(()),
        _ => Err(new_error(ErrorKind::InvalidAlgorithm)),
    }
}

fn signs(algorithm: &Algorithm, key: &EncodingKey) -> JwtResult<Box<dyn JwtSigner>> {
    only_ours(algorithm)?;
    Ok(Box::new(Hs256(keyed(key.as_bytes())?)))
}

fn verifies(algorithm: &Algorithm, key: &DecodingKey) -> JwtResult<Box<dyn JwtVerifier>> {
    only_ours(algorithm)?;
    Ok(Box::new(Hs256(keyed(key.try_get_as_bytes()?)?)))
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signs,
    verifier_factory: verifies,
    key_utils: KeyUtils::new_unimplemented(),
};

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            partnerid: "p".into(),
            applicationid: "a".into(),
            scope: "SERVER_ACCESS".into(),
            user: None,
            sub: "0123456789ab".into(),
            version: "3.0".into(),
            iat: 1_000,
            exp: 4_600,
        }
    }

    fn signer(byte: u8) -> Signer {
        let _ = PROVIDER.install_default();
        Signer {
            signing: EncodingKey::from_secret(&[byte; 32]).unwrap(),
            checking: DecodingKey::from_secret(&[byte; 32]).unwrap(),
        }
    }

    #[test]
    fn a_token_is_read_as_it_was_signed_and_only_with_its_key() {
        let token = signer(1).signed(&claims()).unwrap();
        assert_eq!(signer(1).read(&token), Some(claims()));
        assert_eq!(signer(2).read::<Claims>(&token), None);
    }

    #[test]
    fn a_changed_token_and_one_without_a_signature_are_none() {
        let token = signer(1).signed(&claims()).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let [head, body, mark] = parts.as_slice() else {
            panic!("three parts");
        };
        // {"alg":"none"}
        let none = "eyJhbGciOiJub25lIn0";
        let other = if mark.starts_with('A') { "B" } else { "A" };
        for wrong in [
            format!("{none}.{body}."),
            format!("{none}.{body}.{mark}"),
            format!("{head}.{body}."),
            format!("{head}.{body}"),
            format!("{head}.{body}.{other}{}", &mark[1..]),
            format!("{head}.{}.{mark}", &body[..body.len() - 4]),
            String::new(),
            "..".into(),
        ] {
            assert_eq!(signer(1).read::<Claims>(&wrong), None, "{wrong}");
        }
    }
}
