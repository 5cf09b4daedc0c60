//! Who signed in, as a document of its own (docs/domain.md 15.7): the profile of a connection that came without one.

use super::connection::profile;
use super::documents::{Context, Documents, Identity};
use super::json_object::Node;
use crate::domain::ids::{ConnectionId, InstitutionId, UserId};

pub(crate) fn read(
    node: &Node<'_>,
    id: &str,
    context: &Context,
    docs: &mut Documents,
) -> Result<(), String> {
    // the API writes these names with a capital D
    let named = |fields: [&str; 3]| fields.into_iter().find_map(|field| node.reference(field));
    let connection = named(["connectionID", "connectionId", "connection"])
        .or_else(|| node.linked("connections"))
        .map(ConnectionId::from);
    let institution = named(["institutionID", "institutionId", "institution"])
        .or_else(|| node.linked("institutions"))
        .map(InstitutionId::from);
    let user = node
        .linked_user()
        .map(UserId::from)
        .or_else(|| context.user.clone());
    if connection.is_none() && (user.is_none() || institution.is_none()) {
        return Err("its connection is not known".into());
    }
    let updated = node
        .moment("updated")
        .or_else(|| node.moment("created"))
        .ok_or("nobody knows when it was made")?;
    docs.identities.push(Identity {
        id: id.into(),
        connection,
        user,
        institution,
        updated,
        profile: profile(node),
    });
    Ok(())
}
