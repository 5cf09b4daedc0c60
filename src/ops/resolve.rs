//! What a person typed as an id becomes the one thing it names: the whole id, its shown end, or its
//! beginning.

use super::{Error, Ops, Result};
use crate::domain::ids::ConnectionId;

impl Ops {
    /// The connection that `text` names.
    pub(crate) async fn resolve(&self, text: &str) -> Result<ConnectionId> {
        let asked = text.trim().to_owned();
        let found: Vec<ConnectionId> = self
            .store
            .read(move |rd| -> Result<_> { Ok(rd.connections_named(&asked, 6)?) })
            .await?;
        one_of("connection", text, &found, ConnectionId::as_str)
    }
}

/// The one that is meant: the whole id before any other, else the only one found.
pub(crate) fn one_of<I: Clone>(
    kind: &'static str,
    text: &str,
    found: &[I],
    word: fn(&I) -> &str,
) -> Result<I> {
    let text = text.trim();
    match found {
        [] => Err(Error::NotFound {
            kind,
            id: text.to_owned(),
        }),
        [one] => Ok(one.clone()),
        many => match many.iter().find(|id| word(id) == text) {
            Some(exact) => Ok(exact.clone()),
            None => Err(Error::Ambiguous {
                id: text.to_owned(),
                count: many.len(),
                some: many.iter().map(word).collect::<Vec<_>>().join(", "),
            }),
        },
    }
}
