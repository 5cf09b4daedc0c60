//! Reads documents by their `type`; one without a record is kept as loose or as a mention.

use super::documents::{Context, Documents, Entity, Loose, Mention, Note, Source};
use super::json_object::{Node, printable};
use super::links::strip_placeholders;
use super::source;
use super::tidy::tidy;
use super::{account, connection, consent, event, identity, institution, job, transaction, user};
use crate::domain::ids::ConnectionId;
use crate::domain::secret::Secret;
use serde_json::Value;
use std::cell::RefCell;

/// Reads one document that is no list.
pub(super) fn one(value: &mut Value, at: String, context: &Context, docs: &mut Documents) {
    strip_placeholders(value, &at, &mut docs.placeholders);
    tidy(value, &at, docs);
    let notes = RefCell::default();
    match Node::of(value, at.clone(), &notes) {
        Some(node) => object(&node, context, docs),
        None => {
            docs.lost += 1;
            notes.borrow_mut().push(Note {
                at,
                what: "no object here; nothing is read".into(),
            });
        }
    }
    docs.notes.append(&mut notes.into_inner());
}

pub(crate) fn object(node: &Node<'_>, context: &Context, docs: &mut Documents) {
    let word = node.words("type").unwrap_or("");
    let entity = Entity::parse(word);
    let id = node.id("id");
    if entity != Entity::Other && node.is_bare() {
        match id {
            Some(id) => docs.mentions.push(Mention {
                entity,
                id: id.into(),
                at: node.at().into(),
            }),
            None => keep_loose(node, entity, None, "it has no id", context, docs),
        }
        return;
    }
    if entity == Entity::Other && word == "error" {
        let code = node.words("code").map_or("unnamed".into(), printable);
        docs.errors.push(code);
    }
    let read = match (entity, id) {
        (Entity::Other, _) if word.is_empty() => Err("it does not say its type".into()),
        (Entity::Other, _) => Err(format!(
            "its type is {}, and such documents are not taken in",
            printable(word)
        )),
        (_, None) => Err("it has no id".into()),
        (Entity::Institution, Some(id)) => institution::read(node, id, docs),
        (Entity::User, Some(id)) => user::read(node, id, docs, object),
        (Entity::Connection, Some(id)) => connection::read(node, id, context, docs),
        (Entity::Account, Some(id)) => account::read(node, id, context, docs),
        (Entity::Transaction, Some(id)) => transaction::read(node, id, docs),
        (Entity::Job, Some(id)) => job::read(node, id, docs),
        (Entity::Event, Some(id)) => event::read(node, id, context, docs),
        (Entity::Consent, Some(id)) => consent::read(node, id, context, docs),
        (Entity::Identity, Some(id)) => identity::read(node, id, context, docs),
    };
    match (read, id) {
        (Err(why), id) => keep_loose(node, entity, id, &why, context, docs),
        (Ok(()), Some(id)) if !matches!(entity, Entity::Institution | Entity::Event) => {
            let named = (entity == Entity::Transaction)
                .then(|| node.reference("connection"))
                .flatten();
            docs.sources.push(Source {
                entity,
                id: id.into(),
                connection: named.map(ConnectionId::from),
                emptied: node.emptied(may_be_emptied(entity)),
                raw: raw(node, context),
            });
        }
        (Ok(()), _) => {}
    }
}

/// What the readers say of a document that does not name what it refers to.
const UNNAMED: &[&str] = &[
    "its account is not known",
    "its connection is not known",
    "its institution is not known",
    "its user is not known",
    "its user is not known: no link names one",
];

fn may_be_emptied(entity: Entity) -> &'static [&'static str] {
    match entity {
        Entity::User => user::MAY_BE_EMPTIED,
        Entity::Connection => connection::MAY_BE_EMPTIED,
        Entity::Account => account::MAY_BE_EMPTIED,
        Entity::Transaction => transaction::MAY_BE_EMPTIED,
        _ => &[],
    }
}

fn keep_loose(
    node: &Node<'_>,
    entity: Entity,
    id: Option<&str>,
    why: &str,
    context: &Context,
    docs: &mut Documents,
) {
    let id = id.map(str::to_owned);
    docs.loose.push(Loose {
        entity,
        id,
        at: node.at().into(),
        why: why.into(),
        unnamed: UNNAMED.contains(&why),
        raw: raw(node, context),
    });
}

/// When only its list says whose it is, that is written into it.
fn raw(node: &Node<'_>, context: &Context) -> Secret {
    match &context.user {
        Some(user) if node.linked_user().is_none() => source::naming(node.raw(), user),
        _ => node.raw(),
    }
}
