//! Stores a new password for a web connection and queues a job that tries it. The login cannot change.
//! An open job uses the new password from its next attempt.

use crate::domain::act::Force;
use crate::domain::bank_data::Credentials;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Kind;
use crate::domain::policy::{self, Act};
use crate::domain::secret::Secret;
use crate::ops::connections::refresh::Refreshed;
use crate::ops::{Ops, Refusal, Result, not_found};

impl Ops {
    /// Refused on open banking, on a deleted connection, and when the password is empty.
    pub(crate) async fn update_credentials(
        &self,
        id: &ConnectionId,
        password: Secret,
        security_code: Option<Secret>,
        secondary_login: Option<Secret>,
    ) -> Result<Refreshed> {
        let asked = id.clone();
        self.act("update-credentials", id.as_str(), move |ops, tx| {
            let row = tx
                .connection(&asked)?
                .ok_or_else(|| not_found("connection", &asked))?;
            policy::may(Act::UpdateCredentials, row.origin, row.method, row.label)
                .map_err(Refusal::from)?;
            if password.is_empty() {
                return Err(Refusal::new(
                    "parameter-not-valid",
                    "Password value is not valid",
                    "Give the new password and try again.",
                )
                .into());
            }
            ops.not_in_workflow(tx, &row.user, &row.institution)?;
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
            // a new password is tried once, whatever the bank refused before
            ops.refresh_in(tx, &asked, Kind::UpdateCredentials, Force::ALL)
        })
        .await
    }
}
