//! Merges an imported transaction with the stored one, and tells whether it is one that moved.

use super::merge::{fill, fill_secret};
use crate::domain::ids::TransactionId;
use crate::domain::import_records::TransactionRecord;
use crate::domain::money;
use crate::wire;

/// What a transaction is to the stored one of its id.
pub(crate) enum Came {
    New(TransactionRecord),
    Changed(TransactionRecord),
    Same,
    Older(TransactionId),
}

/// Without a time of its own the later document is the newer one, but nothing posted becomes pending again.
pub(crate) fn transaction(
    old: &TransactionRecord,
    mut new: TransactionRecord,
    currency: &str,
    emptied: &[&str],
) -> Came {
    if old.transaction.posted && !new.transaction.posted {
        return Came::Older(new.id);
    }
    // an amount that names no currency is in the one that was named before
    if let (None, Some(named)) = (&new.currency, &old.currency) {
        let (from, to) = (money::decimals(currency), money::decimals(named));
        if let Some(amount) = money::rescaled(new.transaction.amount, from, to) {
            new.transaction.amount = amount;
            new.currency = Some(named.clone());
        }
    }
    let (mine, others) = (&mut new.transaction, &old.transaction);
    if !emptied.contains(&"class") {
        fill(&mut mine.class, &others.class);
    }
    let (details, before) = (&mut mine.details, &others.details);
    if !emptied.contains(&"description") {
        fill_secret(&mut details.description, &before.description);
    }
    if !emptied.contains(&"reference") {
        fill_secret(&mut details.reference, &before.reference);
    }
    details.rest = wire::merged_rest(&before.rest, &details.rest);
    new.made = new.made.or(old.made.filter(|_| mine.posted));
    let same = (
        mine.posted,
        mine.at,
        mine.amount,
        &mine.class,
        &mine.details,
    ) == (
        others.posted,
        others.at,
        others.amount,
        &others.class,
        &others.details,
    ) && (&new.currency, new.made) == (&old.currency, old.made);
    match same {
        true => Came::Same,
        false => Came::Changed(new),
    }
}

/// Whether two documents of one id tell of the same payment, so that only its account differs.
pub(crate) fn is_alike(
    old: &TransactionRecord,
    old_currency: &str,
    new: &TransactionRecord,
    new_currency: &str,
) -> bool {
    let money = |t: &TransactionRecord, of_account: &str| {
        let code = t.currency.as_deref().unwrap_or(of_account).to_owned();
        (code, t.transaction.amount)
    };
    let (a, b) = (&old.transaction, &new.transaction);
    money(old, old_currency) == money(new, new_currency)
        && (a.posted, a.at) == (b.posted, b.at)
        && a.details.description == b.details.description
}
