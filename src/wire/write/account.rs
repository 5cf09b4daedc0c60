//! An account (docs/domain.md 5), and its summary inside a connection (2.5).

use super::{kept, link, over, plain};
use crate::domain::money;
use crate::domain::records::AccountWhole;
use crate::domain::secret::Secret;
use serde_json::{Map, Value, json};

fn amount(minor: Option<i64>, currency: &str) -> Value {
    minor.map_or(Value::Null, |minor| money::text(minor, currency).into())
}

/// What the account and its summary have in common.
fn common(whole: &AccountWhole) -> Value {
    let row = &whole.held.row;
    let details = whole.details.clone().unwrap_or_default();
    json!({
        "type": "account",
        "id": row.id.as_str(),
        "name": plain(&details.name),
        "accountNo": plain(&details.number),
        "currency": row.currency,
        "class": {"type": row.class, "product": plain(&details.product)},
        "balance": amount(row.balance, &row.currency),
        "availableFunds": amount(row.available, &row.currency),
        "lastUpdated": row.updated.rfc3339(),
        "status": row.status,
    })
}

fn address(base: &str, whole: &AccountWhole) -> String {
    link::account(base, whole.held.user.as_str(), whole.held.row.id.as_str())
}

fn transactions(base: &str, whole: &AccountWhole) -> String {
    let (user, id) = (whole.held.user.as_str(), whole.held.row.id.as_str());
    link::filtered(base, user, "transactions", "account.id", id)
}

pub(super) fn summary(base: &str, whole: &AccountWhole) -> Value {
    let links = json!({"self": address(base, whole), "transactions": transactions(base, whole)});
    let mut summary = common(whole);
    summary["links"] = links;
    summary
}

pub(crate) fn account(base: &str, whole: &AccountWhole) -> Value {
    let held = &whole.held;
    let details = whole.details.clone().unwrap_or_default();
    let (user, institution) = (held.user.as_str(), held.institution.as_str());
    let connection = held.connection.as_ref().map_or("", |c| c.as_str());
    let day = |at: crate::domain::moment::Moment| at.rfc3339()[..10].to_owned();
    let span = held
        .span
        .map(|(from, to)| json!([{"from": day(from), "to": day(to)}]));
    let holder = |holder: &Secret| match holder.is_empty() {
        true => Value::Null,
        false => plain(holder),
    };
    let mut own = common(whole);
    for (name, value) in [
        ("accountHolder", holder(&details.holder)),
        ("creditLimit", amount(held.credit_limit, &held.row.currency)),
        ("connection", connection.into()),
        ("institution", institution.into()),
        (
            "links",
            json!({
                "self": address(base, whole),
                "transactions": transactions(base, whole),
                "connection": link::connection(base, user, connection),
                "institution": link::institution(base, institution),
            }),
        ),
    ] {
        own[name] = value;
    }
    let usual: Map<String, Value> = [
        ("accountOwnership", json!("UNKNOWN")),
        ("isOwned", json!(true)),
        ("transactionIntervals", span.unwrap_or_else(|| json!([]))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    let mut fields = usual;
    fields.extend(kept(&details.rest));
    over(fields, own)
}
