//! A consent (docs/domain.md 7). The platform's texts about its scopes are not kept.

use super::documents::{Context, Documents};
use super::json_object::Node;
use crate::domain::consent::{Consent, Permission, Status};
use crate::domain::ids::UserId;

pub(crate) fn read(
    node: &Node<'_>,
    id: &str,
    context: &Context,
    docs: &mut Documents,
) -> Result<(), String> {
    let said = node
        .id("userId")
        .or_else(|| node.linked_user())
        .map(UserId::from);
    let user = said
        .or_else(|| context.user.clone())
        .ok_or("its user is not known")?;
    let created = node
        .moment("created")
        .ok_or("nobody knows when it was given")?;
    let status = node
        .words("status")
        .and_then(Status::parse)
        .ok_or("its status is not known")?;
    let given = Consent::given(id.into(), user, created);
    let updated = node.moment("updated").unwrap_or(created);
    let data = node.node("data");
    let permission = |p: &Node<'_>| {
        Some(Permission {
            scope: p.words("scope")?.into(),
            required: p.flag("required").unwrap_or(false),
            consented: p.flag("consented").unwrap_or(false),
        })
    };
    let permissions = data
        .as_ref()
        .map(|d| d.nodes("permissions"))
        .unwrap_or_default();
    let days = data
        .as_ref()
        .and_then(|d| d.decimal("initialRetrievalDays"))
        .and_then(|days| days.parse().ok());
    let purpose = node.node("purpose").and_then(|p| p.node("primary"));
    docs.batch.consents.push(Consent {
        status,
        origin: node.words("origin").unwrap_or("user").into(),
        updated,
        expiry: node.moment("expiryDate").unwrap_or(given.expiry),
        revoked: (status == Status::Revoked).then(|| node.moment("revoked").unwrap_or(updated)),
        purpose: purpose
            .and_then(|p| p.words("title"))
            .map_or(given.purpose, str::to_owned),
        retain: data
            .as_ref()
            .and_then(|d| d.flag("retainData"))
            .unwrap_or(false),
        retrieval_days: days.unwrap_or(given.retrieval_days),
        permissions: permissions.iter().filter_map(permission).collect(),
        ..given
    });
    Ok(())
}
