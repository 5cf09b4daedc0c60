//! Whose a document is that waits: the owner of the connection or account that it names, where the file knows that, else
//! whom its links name.

use crate::domain::secret::Secret;
use crate::store::{Owner, ReadTxn, Result, WriteTxn};
use crate::wire;

/// How many documents are read at a time.
const PAGE: usize = 500;

pub(super) fn owner(rd: &ReadTxn<'_>, body: &Secret) -> Result<Owner> {
    let named = wire::named(body);
    let mut owner = Owner {
        user: named.user,
        institution: named.institution,
        connection: named.connection,
        account: named.account,
    };
    if let Some((user, institution)) = rd.known_owner(&owner)? {
        (owner.user, owner.institution) = (Some(user), Some(institution));
    }
    Ok(owner)
}

/// Reads the owners of documents that an older version kept: it took them from any text. Called before anything is
/// deleted by owner.
pub(crate) fn read_owners(tx: &WriteTxn<'_>) -> Result<()> {
    loop {
        let page = tx.waiting_unowned(PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for (kind, id, waiting) in page {
            let owner = waiting
                .map(|waiting| owner(tx, &waiting.body))
                .transpose()?;
            tx.own_waiting(&kind, &id, owner.as_ref())?;
        }
    }
}
