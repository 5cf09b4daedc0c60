//! A transaction (docs/domain.md 6).

use super::{kept, link, over, plain, time_or_empty};
use crate::domain::money;
use crate::domain::records::TransactionWhole;
use serde_json::{Map, Value, json};

/// What is written of the enrichment when nothing was derived.
fn nothing_derived() -> Value {
    json!({"cleanDescription": "", "tags": [], "merchant": null, "location": null, "category": null})
}

pub(crate) fn transaction(base: &str, whole: &TransactionWhole) -> Value {
    let row = &whole.row;
    let details = whole.details.clone().unwrap_or_default();
    let (user, account) = (row.user.as_str(), row.account.as_str());
    let institution = row.institution.as_str();
    let connection = row.connection.as_ref().map_or("", |c| c.as_str());
    let address = link::user(base, user);
    let (made, posted) = match row.posted {
        true => (row.made, Some(row.at)),
        false => (Some(row.at), None),
    };
    let own = json!({
        "type": "transaction",
        "id": row.id.as_str(),
        "status": if row.posted { "posted" } else { "pending" },
        "description": plain(&details.description),
        "reference": plain(&details.reference),
        "amount": money::text(row.amount, &row.currency),
        "currency": row.currency,
        "account": account,
        "connection": connection,
        "institution": institution,
        "direction": if row.amount < 0 { "debit" } else { "credit" },
        "class": row.class,
        "transactionDate": time_or_empty(made),
        "postDate": time_or_empty(posted),
        "links": {
            "self": format!("{address}/transactions/{}", row.id),
            "account": link::account(base, user, account),
            "institution": link::institution(base, institution),
            "connection": link::connection(base, user, connection),
        },
    });
    let mut fields: Map<String, Value> = [
        ("balance", json!("")),
        ("subClass", Value::Null),
        ("enrich", nothing_derived()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .collect();
    fields.extend(kept(&details.rest));
    if let Some(Value::Object(enrich)) = fields.get_mut("enrich")
        && let Value::Object(usual) = nothing_derived()
    {
        // what the derivation does not know is null, and never absent
        for (name, value) in usual {
            enrich.entry(name).or_insert(value);
        }
    }
    over(fields, own)
}
