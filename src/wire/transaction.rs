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
    "links",
];

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
    let amount = node.decimal("amount").ok_or("it has no amount")?;
    // without a currency it is its account's, known only where the record is taken in
    let decimals =
        account::currency(node).map_or(money::MOST_DECIMALS, |code| money::decimals(&code));
    let amount = money::parse(&amount, decimals).ok_or("its amount is not one of its currency")?;
    // The other date is worth keeping only where there are two.
    let one_date = made.is_none() || made == Some(at);
    let rest = if one_date {
        node.rest(&[READ, &["transactionDate"]].concat())
    } else {
        node.rest(READ)
    };
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
                rest,
            },
        },
        account,
        decimals: Some(decimals),
    });
    Ok(())
}
