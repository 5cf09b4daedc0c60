//! What a person typed as an id becomes the one thing it names: the whole id, its shown end, or its
//! beginning.

use super::{Error, Ops, Result};
use crate::domain::ids::ConnectionId;

impl Ops {
    /// The connection that `text` names.
    pub async fn resolve(&self, text: &str) -> Result<ConnectionId> {
        let asked = text.trim().to_owned();
        let found: Vec<ConnectionId> =
            self.store.read(move |rd| -> Result<_> { Ok(rd.connections_named(&asked, 6)?) }).await?;
        if let Some(exact) = found.iter().find(|id| id.as_str() == text.trim()) {
            return Ok(exact.clone());
        }
        match found.as_slice() {
            [] => Err(Error::NotFound { kind: "connection", id: text.trim().to_owned() }),
            [one] => Ok(one.clone()),
            many => Err(Error::Ambiguous {
                id: text.trim().to_owned(),
                count: many.len(),
                some: many.iter().map(ConnectionId::as_str).collect::<Vec<_>>().join(", "),
            }),
        }
    }
}
