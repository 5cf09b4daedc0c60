//! A line of the change feed (docs/domain.md 10.2). Of its snapshot only the status of a connection is read.

use super::documents::{Context, Documents, StatusTold};
use super::json_object::Node;
use crate::domain::connection::Status;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::import_records::EventRecord;
use crate::domain::mask::bank_name;

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
    let at = node
        .moment("createdDate")
        .ok_or("nobody knows when it was")?;
    let user = user.ok_or("its user is not known")?;
    if let Some(connection) = connection.filter(|_| entity == "connection")
        && let Some(status) = status(event_type, snapshot.as_ref())
    {
        docs.statuses.push(StatusTold {
            connection: connection.into(),
            user: user.clone(),
            status,
            at,
        });
    }
    docs.batch.events.push(EventRecord {
        id: id.into(),
        at,
        entity: bank_name(entity),
        event_type: bank_name(event_type),
        user,
        connection: connection.map(ConnectionId::from),
        count: snapshot
            .as_ref()
            .and_then(|s| s.decimal("count"))
            .and_then(|count| count.parse().ok()),
    });
    Ok(())
}

/// The status that a connection has by an event: what its snapshot says, else what its type means.
fn status(event_type: &str, snapshot: Option<&Node<'_>>) -> Option<Status> {
    let by_type = Status::after_event(event_type)?;
    let said = snapshot.and_then(|s| s.words("status"));
    Some(said.and_then(Status::parse).unwrap_or(by_type))
}
