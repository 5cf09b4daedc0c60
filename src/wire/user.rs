//! A user (docs/domain.md 4), and the ids of their connections and accounts.

use super::documents::{Context, Documents, Entity, Mention};
use super::json_object::Node;
use crate::domain::import_records::UserRecord;
use crate::domain::secret::Secret;
use crate::domain::text::decode_entities;

/// The fields that stay as they were when a document does not name them, and go when it says that they are empty.
pub(super) const MAY_BE_EMPTIED: &[&str] = &[
    "name",
    "firstName",
    "middleName",
    "lastName",
    "email",
    "mobile",
];

/// Reads a user; `nested` reads the whole documents inside. Business fields are not kept.
pub(crate) fn read(
    node: &Node<'_>,
    id: &str,
    docs: &mut Documents,
    nested: fn(&Node<'_>, &Context, &mut Documents),
) -> Result<(), String> {
    let piece = |field| decode_entities(node.words(field).unwrap_or("")).into_owned();
    let (first_name, middle_name, last_name) =
        (piece("firstName"), piece("middleName"), piece("lastName"));
    let joined = || {
        let pieces = [&first_name, &middle_name, &last_name];
        pieces
            .into_iter()
            .filter(|p| !p.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    };
    let name = node.words("name");
    let name = name.map_or_else(joined, |name| decode_entities(name).into_owned());
    docs.batch.users.push(UserRecord {
        id: id.into(),
        name,
        first_name,
        middle_name,
        last_name,
        email: node.words("email").map(Secret::from),
        mobile: node.words("mobile").map(Secret::from),
        created: node
            .moment("createdDate")
            .or_else(|| node.moment("created")),
    });
    let context = Context {
        user: Some(id.into()),
    };
    for (field, entity) in [
        ("connections", Entity::Connection),
        ("accounts", Entity::Account),
    ] {
        for item in node.list(field) {
            match item.id("id") {
                Some(id) if item.is_bare() => {
                    docs.mentions.push(Mention {
                        entity,
                        id: id.into(),
                        at: item.at().into(),
                    });
                }
                _ => nested(&item, &context, docs),
            }
        }
    }
    Ok(())
}
