//! The two methods exclude each other at one bank. Checked when a connection is created and whenever its user
//! authorises it.

use crate::domain::connection::{Label, Method};
use crate::domain::ids::{InstitutionId, UserId};
use crate::ops::{Refusal, Result};
use crate::store::ReadTxn;

/// Refuses a connection by `method` while one by the other method is in its way, and says what to do first.
pub(crate) fn no_other_method(
    rd: &ReadTxn<'_>,
    user: &UserId,
    at: &InstitutionId,
    method: Method,
) -> Result<()> {
    let Some(other) = rd.clash(user, at, method)? else {
        return Ok(());
    };
    let Some(row) = rd.connection(&other)? else {
        return Ok(());
    };
    let has = match row.method {
        Method::Web => "a web",
        Method::OpenBanking => "an open banking",
    };
    let road = match (row.method, row.label) {
        (Method::Web, Label::Active) => {
            format!(
                "Purge and revoke {other} first; `switchboard migrate {other}` does both, and connects, in order."
            )
        }
        (Method::OpenBanking, Label::Active) => format!("Purge and revoke {other} first."),
        _ => format!(
            "Revoke {other} first; it is {}, so it cannot be purged.",
            row.label.word()
        ),
    };
    let detail = format!(
        "The user has {has} connection to {} already.",
        row.institution_name
    );
    Err(Refusal::new("resource-already-exists", detail, road).into())
}
