//! The keys of the HTTP API: made, listed, revoked, and recognised when one is presented.

use super::{Ops, Refusal, Result, TokenKey, not_found};
use crate::domain::access::{ApiKey, LONGEST_KEY_NAME, Role, is_key_name};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;

impl Ops {
    /// Answers the key with its text, which is shown once and stored nowhere. Refused when the name is in use.
    pub(crate) async fn create_api_key(
        &self,
        name: &str,
        role: Role,
        expires: Option<Moment>,
    ) -> Result<(ApiKey, Secret)> {
        let asked = name.to_owned();
        self.act("apikey-create", name, move |ops, tx| {
            let now = ops.now();
            if !is_key_name(&asked) {
                return Err(Refusal::new(
                    "parameter-not-valid",
                    "The name of a key is one word.",
                    format!(
                        "At most {LONGEST_KEY_NAME} letters, digits and -_.@: without blanks, not beginning with -."
                    ),
                )
                .into());
            }
            if expires.is_some_and(|at| at <= now) {
                return Err(Refusal::new(
                    "parameter-not-valid",
                    "The key would have expired already.",
                    "Give a length like 90d, or a time in the future.",
                )
                .into());
            }
            if tx.api_key_named(&asked)?.is_some() {
                return Err(Refusal::new(
                    "resource-already-exists",
                    format!("There is a key {asked} already."),
                    format!("Choose another name, or run `switchboard apikey revoke {asked}` first."),
                )
                .into());
            }
            let made = tx.make_api_key(&asked, role, expires, now)?;
            let outcome = format!("done: {}", role.word());
            ops.audit(tx, "apikey-create", &asked, &outcome, "", now)?;
            Ok(made)
        })
        .await
    }

    /// Newest first, revoked ones too.
    pub(crate) async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        self.read(|rd| Ok(rd.api_keys()?)).await
    }

    /// Ends the key of this name; tokens made with it end with it.
    pub(crate) async fn revoke_api_key(&self, name: &str) -> Result<ApiKey> {
        let asked = name.to_owned();
        self.act("apikey-revoke", name, move |ops, tx| {
            let now = ops.now();
            let key = tx.api_key_named(&asked)?;
            let key = key.ok_or_else(|| not_found("API key", &asked))?;
            tx.revoke_api_key(&key.id, now)?;
            ops.audit(tx, "apikey-revoke", &asked, "done", "", now)?;
            Ok(ApiKey {
                revoked: Some(now),
                ..key
            })
        })
        .await
    }

    /// The key that is presented; none when there is no such key.
    pub(crate) async fn presented_key(&self, presented: Secret) -> Result<Option<ApiKey>> {
        self.read(move |rd| Ok(rd.presented_key(&presented)?)).await
    }

    /// By the part of it that finds it.
    pub(crate) async fn api_key(&self, id: &str) -> Result<Option<ApiKey>> {
        let asked = id.to_owned();
        self.read(move |rd| Ok(rd.api_key(&asked)?)).await
    }

    pub(crate) fn token_key(&self) -> Result<TokenKey> {
        Ok(self.store.token_key()?)
    }
}
