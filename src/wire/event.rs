//! A line of the change feed (docs/domain.md 10.2). Its snapshot is not kept.

use super::documents::{Context, Documents};
use super::json_object::Node;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::import_records::EventRecord;

pub(crate) fn read(
    node: &Node<'_>,
    id: &str,
    context: &Context,
    docs: &mut Documents,
) -> Result<(), String> {
    let entity = node
        .words("entity")
        .ok_or("it does not say what it is about")?;
    let event_type = node
        .words("eventType")
        .ok_or("it does not say what happened")?;
    let user = node
        .id("userId")
        .map(UserId::from)
        .or_else(|| context.user.clone());
    let snapshot = node.node("data");
    let connection = match entity {
        "connection" => snapshot.as_ref().and_then(|s| s.id("id")),
        _ => snapshot.as_ref().and_then(|s| s.reference("connection")),
    };
    docs.batch.events.push(EventRecord {
        id: id.into(),
        at: node
            .moment("createdDate")
            .ok_or("nobody knows when it was")?,
        entity: entity.into(),
        event_type: event_type.into(),
        user: user.ok_or("its user is not known")?,
        connection: connection.map(ConnectionId::from),
        count: snapshot
            .as_ref()
            .and_then(|s| s.decimal("count"))
            .and_then(|count| count.parse().ok()),
    });
    Ok(())
}
