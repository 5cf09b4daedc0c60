//! What is stored of a user at a bank, as a purge and the profile pane show it.

use super::Result;
use crate::domain::act::{Figures, Stored};
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::store::ReadTxn;

/// How much a purge through this connection would delete: all of its user at its bank.
pub(super) fn held(rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<Figures> {
    let counts = rd.purge_counts(&row.user, &row.institution)?;
    Ok(Figures {
        accounts: counts.accounts,
        transactions: counts.transactions,
        profiles: counts.profiles,
    })
}

/// What that is in detail, with the accounts of this connection and of these siblings.
pub(super) fn stored(
    rd: &ReadTxn<'_>,
    row: &ConnectionRow,
    siblings: &[ConnectionRow],
    held: Figures,
) -> Result<Stored> {
    const HIDDEN: &str = "••••";
    let mut accounts = Vec::new();
    for connection in std::iter::once(row).chain(siblings) {
        for account in rd.accounts_of(&connection.id, Level::Standard)? {
            let tail = account.shown.map(|shown| shown.number);
            accounts.push(tail.unwrap_or_else(|| HIDDEN.to_owned()));
        }
    }
    // accounts whose connection is not in this file count too, and have no tail to show
    let all = usize::try_from(held.accounts).unwrap_or(accounts.len());
    accounts.resize(all.max(accounts.len()), HIDDEN.to_owned());
    Ok(Stored {
        accounts,
        transactions: held.transactions,
        days: rd.purge_span(&row.user, &row.institution)?,
        profiles: held.profiles,
    })
}
