//! What is stored of a user at a bank, as a purge and the profile pane show it.

use super::Result;
use crate::domain::act::Stored;
use crate::domain::mask::Level;
use crate::domain::rows::ConnectionRow;
use crate::store::ReadTxn;

/// What a purge through this connection, or of it and these siblings, would delete.
pub(super) fn stored(
    rd: &ReadTxn<'_>,
    row: &ConnectionRow,
    siblings: &[ConnectionRow],
) -> Result<Stored> {
    const HIDDEN: &str = "••••";
    let counts = rd.purge_counts(&row.user, &row.institution)?;
    let mut accounts = Vec::new();
    for connection in std::iter::once(row).chain(siblings) {
        for account in rd.accounts_of(&connection.id, Level::Standard)? {
            let tail = account.shown.map(|shown| shown.number);
            accounts.push(tail.unwrap_or_else(|| HIDDEN.to_owned()));
        }
    }
    // accounts whose connection is not in this file count too, and have no tail to show
    let all = usize::try_from(counts.accounts).unwrap_or(accounts.len());
    accounts.resize(all.max(accounts.len()), HIDDEN.to_owned());
    Ok(Stored {
        accounts,
        transactions: counts.transactions,
        days: rd.purge_span(&row.user, &row.institution)?,
        profiles: counts.profiles,
    })
}
