//! A transaction (docs/domain.md 6).

use super::account;
use super::documents::Documents;
use super::json_object::{Node, printable};
use crate::domain::bank_data::{BankTransaction, TransactionDetails};
use crate::domain::ids::AccountId;
use crate::domain::import_records::TransactionRecord;
use crate::domain::money;

/// The fields with a place of their own, or that the account has already; every other is kept.
const READ: &[&str] = &[
    "type",
    "id",
    "status",
    "description",
    "reference",
    "amount",
    "currency",
    "account",
    "connection",
    "institution",
    "class",
    "postDate",
    "transactionDate",
    "links",
];

/// The fields that stay as they were when a document does not name them, and go when it says that they are empty.
pub(super) const MAY_BE_EMPTIED: &[&str] = &["description", "reference", "class"];

/// Its day is the one it was posted, or else the one it was made.
pub(crate) fn read(node: &Node<'_>, id: &str, docs: &mut Documents) -> Result<(), String> {
    let account = node
        .reference("account")
        .map(AccountId::from)
        .ok_or("its account is not known")?;
    let (made, posted_at) = (node.moment("transactionDate"), node.moment("postDate"));
    let posted = match node.words("status") {
        Some("posted") => true,
        Some("pending") => false,
        None => posted_at.is_some(),
        Some(other) => return Err(format!("its status is {}", printable(other))),
    };
    let at = if posted {
        posted_at.or(made)
    } else {
        made.or(posted_at)
    };
    let at = at.ok_or("it has no date")?;
    let currency = account::currency(node).ok_or("its currency is not one")?;
    // without a currency it is its account's, known only where the record is taken in
    let decimals = match currency.as_str() {
        "" => money::MOST_DECIMALS,
        code => money::decimals(code),
    };
    let amount = node
        .amount("amount", decimals)
        .ok_or("it has no amount")?
        .ok_or("its amount is not one of its currency")?;
    let against = match node.words("direction") {
        Some("debit") => amount > 0,
        Some("credit") => amount < 0,
        _ => false,
    };
    if against {
        node.note(
            "direction",
            "it contradicts the sign of the amount; the sign counts",
        );
    }
    docs.batch.transactions.push(TransactionRecord {
        id: id.into(),
        transaction: BankTransaction {
            reference: id.into(),
            account: account.as_str().into(),
            posted,
            amount,
            class: node.words("class").unwrap_or("").into(),
            at,
            details: TransactionDetails {
                description: node.secret("description"),
                reference: node.secret("reference"),
                rest: node.rest(READ),
            },
        },
        account,
        decimals: Some(decimals),
        currency: Some(currency).filter(|code| !code.is_empty()),
        made: made.filter(|_| posted),
    });
    Ok(())
}
