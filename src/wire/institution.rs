//! A bank and its connectors (docs/domain.md 9): a connector document, or the older flat institution.

use super::documents::Documents;
use super::json_object::{Node, printable};
use crate::domain::connection::Method;
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::text::decode_entities;

/// The ways to one bank are gathered in one record.
pub(crate) fn read(node: &Node<'_>, id: &str, docs: &mut Documents) -> Result<(), String> {
    let inner = node.node("institution");
    let facts = inner.as_ref().unwrap_or(node);
    let word = |field| facts.words(field).unwrap_or("").to_owned();
    let name = facts
        .words("name")
        .or_else(|| facts.words("shortName"))
        .ok_or("it has no name")?;
    let name = &*decode_entities(name);
    let kind = if inner.is_some() {
        word("type")
    } else {
        word("institutionType")
    };
    let connector = connector(node);
    let known = docs
        .batch
        .institutions
        .iter_mut()
        .find(|i| i.id.as_str() == id);
    let fresh = InstitutionRecord {
        id: id.into(),
        name: name.into(),
        short_name: facts
            .words("shortName")
            .map_or(name.into(), |short| decode_entities(short).into_owned()),
        kind,
        country: word("country"),
        tier: word("tier"),
        connectors: connector.into_iter().collect(),
    };
    match known {
        // what comes later is newer; a way that it does not name stays
        Some(known) => {
            let old = std::mem::replace(known, fresh);
            let named = |c: &ConnectorRecord| known.connectors.iter().any(|k| k.method == c.method);
            let others: Vec<_> = old.connectors.into_iter().filter(|c| !named(c)).collect();
            known.connectors.extend(others);
            known.connectors.sort_by_key(|c| c.method);
        }
        None => docs.batch.institutions.push(fresh),
    }
    Ok(())
}

fn connector(node: &Node<'_>) -> Option<ConnectorRecord> {
    let word = node.words("method")?;
    let Some(method) = Method::parse(word) else {
        node.note(
            "method",
            format!(
                "the method is {}, by which nothing is connected here; left out",
                printable(word)
            ),
        );
        return None;
    };
    let authorization = node.node("authorization");
    Some(ConnectorRecord {
        method,
        stage: node.words("stage").unwrap_or("live").into(),
        status: node.words("status").unwrap_or("operational").into(),
        authorization: authorization
            .and_then(|a| a.words("type"))
            .unwrap_or("user")
            .into(),
    })
}
