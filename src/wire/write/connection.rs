//! A connection (docs/domain.md 2.4), with the profile (2.6) and account summaries (2.5) of one alone.

use super::{account, link, plain, time_or_empty};
use crate::domain::bank_data::{Address, Profile};
use crate::domain::records::ConnectionWhole;
use crate::domain::rows::ConnectionRow;
use crate::domain::secret::Secret;
use serde_json::{Value, json};

fn common(base: &str, row: &ConnectionRow) -> Value {
    let institution = row.institution.as_str();
    json!({
        "type": "connection",
        "id": row.id.as_str(),
        "method": row.method.word(),
        "status": row.status.word(),
        "createdDate": row.created.rfc3339(),
        "lastUsed": row.last_used.rfc3339(),
        "expiryDate": time_or_empty(row.expiry),
        "institution": link::linked("institution", institution, link::institution(base, institution)),
    })
}

fn held(base: &str, row: &ConnectionRow, what: &str) -> String {
    let (user, institution) = (row.user.as_str(), row.institution.as_str());
    link::filtered(base, user, what, "institution.id", institution)
}

/// A row of a list.
pub(crate) fn connection_row(base: &str, row: &ConnectionRow) -> Value {
    let institution = row.institution.as_str();
    let mut document = common(base, row);
    document["links"] = json!({
        "self": link::connection(base, row.user.as_str(), row.id.as_str()),
        "accounts": held(base, row, "accounts"),
        "transactions": held(base, row, "transactions"),
        "institution": link::institution(base, institution),
    });
    document
}

/// One alone. The accounts are always there: old clients read them without a look.
pub(crate) fn connection(base: &str, whole: &ConnectionWhole) -> Value {
    let row = &whole.row;
    let mut document = common(base, row);
    let accounts = whole.accounts.iter().map(|a| account::summary(base, a));
    document["accounts"] = json!({"type": "list", "data": accounts.collect::<Vec<_>>()});
    document["mfaEnabled"] = whole.mfa_enabled.into();
    if let Some(given) = &whole.profile {
        document["profile"] = profile(given);
    }
    document["links"] = json!({
        "self": link::connection(base, row.user.as_str(), row.id.as_str()),
        "accounts": held(base, row, "accounts"),
        "transactions": held(base, row, "transactions"),
        "user": link::user(base, row.user.as_str()),
    });
    document
}

pub(super) fn profile(given: &Profile) -> Value {
    let all = |texts: &[Secret]| texts.iter().map(plain).collect::<Vec<_>>();
    json!({
        "fullName": plain(&given.full_name),
        "firstName": plain(&given.first_name),
        "middleName": plain(&given.middle_name),
        "lastName": plain(&given.last_name),
        "phoneNumbers": all(&given.phones),
        "emailAddresses": all(&given.emails),
        "physicalAddresses": given.addresses.iter().map(address).collect::<Vec<_>>(),
    })
}

fn address(given: &Address) -> Value {
    let line = |line: &Option<Secret>| line.as_ref().map_or(Value::Null, plain);
    json!({
        "addressLine1": plain(&given.line1),
        "addressLine2": line(&given.line2),
        "addressLine3": line(&given.line3),
        "postcode": plain(&given.postcode),
        "city": plain(&given.city),
        "state": plain(&given.state),
        "country": plain(&given.country),
        "countryCode": plain(&given.country_code),
        "formattedAddress": plain(&given.formatted),
    })
}
