//! A transaction (docs/domain.md 6).

use super::{kept, link, over, plain, time_or_empty};
use crate::domain::money;
use crate::domain::records::TransactionWhole;
use serde_json::{Map, Value, json};

/// What is written of the enrichment when nothing was derived.
fn nothing_derived() -> Value {
    json!({"cleanDescription": "", "tags": [], "merchant": null, "location": null, "category": null})
}

fn unknown_merchant() -> Value {
    json!({"id": "", "businessName": "", "ABN": "", "website": "", "logoMaster": "", "logoThumb": ""})
}

fn unknown_category() -> Value {
    json!({"matchType": "none", "matchScore": "", "anzsic": {}})
}

/// Adds the fields that are missing.
fn complete(fields: &mut Map<String, Value>, usual: Value) {
    if let Value::Object(usual) = usual {
        for (name, value) in usual {
            fields.entry(name).or_insert(value);
        }
    }
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
    if let Some(Value::Object(enrich)) = fields.get_mut("enrich") {
        // what the derivation does not know is null or empty, and never absent
        complete(enrich, nothing_derived());
        if let Some(Value::Object(merchant)) = enrich.get_mut("merchant") {
            complete(merchant, unknown_merchant());
        }
        if let Some(Value::Object(category)) = enrich.get_mut("category") {
            complete(category, unknown_category());
        }
    }
    over(fields, own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_data::TransactionDetails;
    use crate::domain::holdings::TransactionRow;
    use crate::domain::moment::Moment;

    fn whole(posted: bool, rest: &str) -> TransactionWhole {
        TransactionWhole {
            row: TransactionRow {
                id: "7c4e".into(),
                account: "c2a9e0d4".into(),
                connection: Some("5b0f3c1e".into()),
                institution: "AU00000".into(),
                user: "9d1c".into(),
                posted,
                at: Moment::parse("2026-03-08T00:00:00Z").unwrap(),
                made: None,
                amount: -480,
                currency: "AUD".into(),
                class: "payment".into(),
                insight: None,
            },
            details: Some(TransactionDetails {
                description: "HOOLI CAFE SYDNEY".into(),
                reference: "".into(),
                rest: rest.into(),
            }),
        }
    }

    #[test]
    fn a_transaction_is_written_as_the_reference_shows_it() {
        let base = "https://api.example.test";
        let rest = r#"{"balance": "835.15", "subClass": {"code": "451", "title": "Cafes"},
            "enrich": {"cleanDescription": "Hooli Cafe"}, "amount": "9.99"}"#;
        assert_eq!(
            transaction(base, &whole(true, rest)),
            json!({"type": "transaction", "id": "7c4e", "status": "posted", "description": "HOOLI CAFE SYDNEY",
                "reference": "", "amount": "-4.80", "currency": "AUD", "account": "c2a9e0d4", "balance": "835.15",
                "direction": "debit", "class": "payment", "institution": "AU00000", "connection": "5b0f3c1e",
                "transactionDate": "", "postDate": "2026-03-08T00:00:00Z",
                "subClass": {"code": "451", "title": "Cafes"},
                "enrich": {"cleanDescription": "Hooli Cafe", "tags": [], "merchant": null, "location": null,
                    "category": null},
                "links": {"self": "https://api.example.test/users/9d1c/transactions/7c4e",
                    "account": "https://api.example.test/users/9d1c/accounts/c2a9e0d4",
                    "institution": "https://api.example.test/institutions/AU00000",
                    "connection": "https://api.example.test/users/9d1c/connections/5b0f3c1e"}})
        );
    }

    #[test]
    fn a_pending_one_has_no_day_on_which_it_was_posted() {
        let written = transaction(
            "",
            &whole(
                false,
                r#"{"enrich": {"merchant": {"businessName": "Hooli"}}}"#,
            ),
        );
        assert_eq!(
            (&written["status"], &written["postDate"]),
            (&json!("pending"), &json!(""))
        );
        assert_eq!(written["transactionDate"], "2026-03-08T00:00:00Z");
        let merchant = &written["enrich"]["merchant"];
        assert_eq!(
            (&merchant["businessName"], &merchant["ABN"]),
            (&json!("Hooli"), &json!(""))
        );
        // what cannot be opened is empty, and the rest is written
        let lost = TransactionWhole {
            details: None,
            ..whole(true, "")
        };
        assert_eq!(transaction("", &lost)["description"], "");
    }
}
