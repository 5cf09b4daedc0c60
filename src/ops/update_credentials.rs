//! A new password for a web connection (domain 12.7): stored at once, tried by a job. The login cannot
//! change. With a job open, that job uses them from its next attempt.

use super::refresh::{Force, Refreshed};
use super::{Error, Ops, Refusal, Result};
use crate::domain::bank_data::Credentials;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Kind;
use crate::domain::policy::{self, Act};
use crate::domain::secret::Secret;
use crate::store::WriteTxn;

impl Ops {
    /// Stores the new password and has it tried.
    ///
    /// # Errors
    /// On open banking, on a deleted connection, and when the password is empty.
    pub(crate) async fn update_credentials(
        &self,
        id: &ConnectionId,
        password: Secret,
        security_code: Option<Secret>,
        secondary_login: Option<Secret>,
    ) -> Result<Refreshed> {
        let (ops, asked) = (self.clone(), id.clone());
        let done: Result<std::result::Result<Refreshed, Refusal>> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let Some(row) = tx.connection(&asked)? else {
                    return Err(Error::NotFound {
                        kind: "connection",
                        id: asked.to_string(),
                    });
                };
                if let Err(reason) = policy::may(Act::UpdateCredentials, row.method, row.label) {
                    return Ok(Err(Refusal::new(reason.code, reason.detail, reason.words)));
                }
                if password.is_empty() {
                    let advice = "Give the new password and try again.";
                    return Ok(Err(Refusal::new(
                        "parameter-not-valid",
                        "Password value is not valid",
                        advice,
                    )));
                }
                // what is refused is not stored either
                if let Some(refusal) = ops.in_sequence(tx, &row.user, &row.institution)? {
                    return Ok(Err(refusal));
                }
                let old = tx.credentials(&asked)?.unwrap_or_default();
                tx.put_credentials(
                    &asked,
                    &Credentials {
                        login: old.login,
                        password,
                        security_code: security_code.or(old.security_code),
                        secondary_login: secondary_login.or(old.secondary_login),
                    },
                )?;
                // a new password is a try somebody meant: one, whatever was refused before
                ops.refresh_in(tx, &asked, Kind::UpdateCredentials, Force::ALL)
            })
            .await;
        match done? {
            Ok(refreshed) => Ok(refreshed),
            Err(refusal) => Err(self
                .refused("update-credentials", id.as_str(), refusal)
                .await),
        }
    }
}
