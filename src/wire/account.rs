//! An account (docs/domain.md 5), whole or as the summary in a connection (2.5).

use super::documents::{Context, Documents};
use super::json_object::Node;
use crate::domain::bank_data::{AccountDetails, BankAccount};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::AccountRecord;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::secret::Secret;

/// The fields with a place of their own; every other is kept in `rest`.
const READ: &[&str] = &[
    "type",
    "id",
    "name",
    "accountNo",
    "accountHolder",
    "balance",
    "availableFunds",
    "creditLimit",
    "currency",
    "class",
    "connection",
    "institution",
    "lastUpdated",
    "status",
    "links",
];

/// The fields that stay as they were when a document does not name them, and go when it says that they are empty.
pub(super) const MAY_BE_EMPTIED: &[&str] = &["name", "accountNo", "accountHolder", "creditLimit"];

pub(crate) fn read(
    node: &Node<'_>,
    id: &str,
    context: &Context,
    docs: &mut Documents,
) -> Result<(), String> {
    let user = node
        .linked_user()
        .map(UserId::from)
        .or_else(|| context.user.clone());
    let user = user.ok_or("its user is not known: no link names one")?;
    let institution = node.reference("institution").map(InstitutionId::from);
    let institution = institution.ok_or("its institution is not known")?;
    let updated = node
        .moment("lastUpdated")
        .ok_or("nobody knows when it was last updated")?;
    let connection = node.reference("connection").map(ConnectionId::from);
    let account = account(node, id);
    docs.batch.accounts.push(AccountRecord {
        id: id.into(),
        user,
        connection,
        institution,
        account,
        updated,
    });
    Ok(())
}

/// Reads the summary of an account; one without id is noted by whoever asks for ids.
pub(crate) fn read_summary(
    node: &Node<'_>,
    user: &UserId,
    connection: &ConnectionId,
    institution: &InstitutionId,
    last_used: Moment,
    docs: &mut Documents,
) {
    let Some(id) = node.id("id") else {
        node.note("id", "an account without id; left out");
        return;
    };
    docs.summaries.push(AccountRecord {
        id: id.into(),
        user: user.clone(),
        connection: Some(connection.clone()),
        institution: institution.clone(),
        account: account(node, id),
        updated: node.moment("lastUpdated").unwrap_or(last_used),
    });
}

fn account(node: &Node<'_>, id: &str) -> BankAccount {
    let currency = currency(node);
    let amount = |field: &str| {
        let code = currency.as_ref()?;
        // the currency of one that does not say is known only where it is taken in
        let decimals = match code.as_str() {
            "" => money::MOST_DECIMALS,
            code => money::decimals(code),
        };
        let amount = node.amount(field, decimals)?;
        if amount.is_none() {
            let what = match code.as_str() {
                "" => "not an amount; left out".to_owned(),
                code => format!("not an amount of {code}; left out"),
            };
            node.note(field, what);
        }
        amount
    };
    let (balance, available, credit_limit) = (
        amount("balance"),
        amount("availableFunds"),
        amount("creditLimit"),
    );
    if currency.is_none() {
        node.note("currency", "not a currency; its amounts are left out");
    }
    let (class, product) = class(node);
    BankAccount {
        reference: id.into(),
        class,
        balance,
        available,
        credit_limit,
        status: node.words("status").unwrap_or("available").into(),
        details: AccountDetails {
            name: node.name("name"),
            number: node.secret("accountNo"),
            holder: node.name("accountHolder"),
            product,
            rest: node.rest(READ),
        },
        currency: currency.unwrap_or_default(),
    }
}

/// In capitals; empty when there is none, and none when it is no code.
pub(super) fn currency(node: &Node<'_>) -> Option<String> {
    let Some(code) = node.words("currency") else {
        // what is no text was noted
        return Some(String::new());
    };
    let code = code.trim().to_ascii_uppercase();
    let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
    is_code.then_some(code)
}

/// The class and the product. Older documents write the class as one word.
fn class(node: &Node<'_>) -> (String, Secret) {
    match node.class_word() {
        Some(word) => (word.into(), Secret::default()),
        None => {
            let class = node.node("class");
            let word = class
                .as_ref()
                .and_then(|c| c.words("type"))
                .unwrap_or("unknown");
            (
                word.into(),
                class
                    .as_ref()
                    .map(|c| c.secret("product"))
                    .unwrap_or_default(),
            )
        }
    }
}
