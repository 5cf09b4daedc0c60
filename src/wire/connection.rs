//! A connection (docs/domain.md 2.4), with the profile (2.6) and the account summaries (2.5) in it.

use super::account;
use super::documents::{Context, Documents};
use super::json_object::{Node, printable};
use crate::domain::bank_data::{Address, Profile};
use crate::domain::connection::{Method, Origin, Status};
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};
use crate::domain::import_records::ConnectionRecord;
use crate::domain::secret::Secret;

/// The fields that stay as they were when a document does not name them, and go when it says that they are empty.
pub(super) const MAY_BE_EMPTIED: &[&str] = &["expiryDate"];

/// Reads a connection. Its user is in its links, its method may have to be told from its expiry.
pub(crate) fn read(
    node: &Node<'_>,
    id: &str,
    context: &Context,
    docs: &mut Documents,
) -> Result<(), String> {
    let id = ConnectionId::from(id);
    let user = node
        .linked_user()
        .map(UserId::from)
        .or_else(|| context.user.clone());
    let user = user.ok_or("its user is not known: no link names one")?;
    let institution = node.reference("institution").map(InstitutionId::from);
    let institution = institution.ok_or("its institution is not known")?;
    let status = match node.words("status") {
        None => return Err("its status is not known".into()),
        Some(word) => {
            Status::parse(word).ok_or_else(|| format!("its status is {}", printable(word)))?
        }
    };
    let expiry = node.moment("expiryDate");
    let method = match node.words("method") {
        None if expiry.is_some() => Method::OpenBanking,
        None => Method::Web,
        Some(word) => {
            Method::parse(word).ok_or_else(|| format!("its method is {}", printable(word)))?
        }
    };
    let (created, last_used) = (node.moment("createdDate"), node.moment("lastUsed"));
    let Some(created) = created.or(last_used) else {
        return Err("nobody knows when it was made".into());
    };
    let last_used = last_used.unwrap_or(created);
    let accounts = node.list("accounts");
    let ever_active = status == Status::Active || !accounts.is_empty();
    for summary in accounts {
        account::read_summary(&summary, &user, &id, &institution, last_used, docs);
    }
    docs.batch.connections.push(ConnectionRecord {
        id,
        user,
        institution,
        method,
        origin: Origin::Imported,
        status,
        ever_active,
        since: None,
        created,
        last_used,
        expiry,
        mfa_enabled: node.flag("mfaEnabled").unwrap_or(false),
        profile: node.node("profile").map(|p| profile(&p)),
        credentials: None,
    });
    Ok(())
}

pub(super) fn profile(node: &Node<'_>) -> Profile {
    let secrets = |field| node.texts(field).into_iter().map(Secret::from).collect();
    Profile {
        full_name: node.name("fullName"),
        first_name: node.name("firstName"),
        middle_name: node.name("middleName"),
        last_name: node.name("lastName"),
        phones: secrets("phoneNumbers"),
        emails: secrets("emailAddresses"),
        addresses: node
            .nodes("physicalAddresses")
            .iter()
            .map(address)
            .collect(),
    }
}

fn address(node: &Node<'_>) -> Address {
    Address {
        line1: node.secret("addressLine1"),
        line2: node.words("addressLine2").map(Secret::from),
        line3: node.words("addressLine3").map(Secret::from),
        postcode: node.secret("postcode"),
        city: node.secret("city"),
        state: node.secret("state"),
        country: node.secret("country"),
        country_code: node.secret("countryCode"),
        formatted: node.secret("formattedAddress"),
    }
}
