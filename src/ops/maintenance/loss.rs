//! Goes on without a file beside the database that was lost.

use crate::domain::act::Confirmation;
use crate::domain::moment::Moment;
use crate::ops::{Caller, Error, Result};
use crate::store::{AuditEntry, Loss, Store};
use std::path::Path;

/// The words that confirm it.
pub(crate) fn loss_words(what: Loss) -> String {
    format!("accept loss of {}", what.word())
}

/// The database cannot be opened before, so this opens it itself.
pub(crate) fn accept_loss(
    path: &Path,
    what: Loss,
    typed: &Confirmation,
    caller: Caller,
    now: Moment,
) -> Result<()> {
    let lacking = caller.role.may("accept-loss");
    lacking.map_err(Error::Forbidden)?;
    typed
        .confirms(&loss_words(what))
        .map_err(|_| Error::Unconfirmed(loss_words(what)))?;
    let entry = AuditEntry {
        actor: caller.actor,
        face: caller.face,
        action: "accept-loss".into(),
        target: what.word().into(),
        outcome: "done".into(),
        reason: typed.reason().into(),
    };
    Ok(Store::accept_loss(path, what, &entry, now)?)
}
