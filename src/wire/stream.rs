//! Reads streams of documents in chunks, in bounded memory: one document, several in a row, or one per line.

use super::bounded_json::Tree;
use super::dispatch;
use super::documents::Documents;
use super::plain_bytes::{PlainBytes, TELLING, not_json};
use crate::domain::secret::Secret;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

/// How much is gathered before it is handed on; a chunk is taken in by one transaction.
pub(super) const CHUNK: usize = 5_000;

/// What was handed on before the failure stays read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("the input cannot be read")]
    Io(#[source] io::Error),
    /// It is something else than JSON, which its first bytes tell.
    #[error("{0}")]
    Other(&'static str),
    #[error("document {document} is not JSON: {why}")]
    Json {
        /// Which document, from 1.
        document: u64,
        why: String,
    },
}

/// Stops when `take` breaks off; answers how many documents were read.
pub(crate) fn read_stream(
    input: impl Read,
    mut take: impl FnMut(Documents) -> ControlFlow<()>,
) -> Result<u64, WireError> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut first = Vec::with_capacity(TELLING);
    let telling = TELLING as u64;
    (&mut input)
        .take(telling)
        .read_to_end(&mut first)
        .map_err(WireError::Io)?;
    if let Some(other) = not_json(&first) {
        return Err(WireError::Other(other));
    }
    let input = BufReader::new(PlainBytes::new(first.as_slice().chain(input)));
    let mut docs = Documents::default();
    let mut number = 0;
    let mut full = |docs: &mut Documents| match docs.len() {
        len if len >= CHUNK => take(std::mem::take(docs)),
        _ => ControlFlow::Continue(()),
    };
    let mut broken = None;
    for tree in serde_json::Deserializer::from_reader(input).into_iter::<Tree>() {
        number += 1;
        match tree {
            Ok(tree) => {
                if dispatch::document(tree, number, &mut docs, &mut full).is_break() {
                    return Ok(number);
                }
            }
            Err(error) if error.is_io() => broken = Some(WireError::Io(error.into())),
            Err(error) => {
                broken = Some(WireError::Json {
                    document: number,
                    why: error.to_string(),
                })
            }
        }
    }
    if !docs.is_empty() && take(docs).is_break() {
        return Ok(number);
    }
    broken.map_or(Ok(number), Err)
}

pub(crate) fn read(text: &str) -> Result<Documents, WireError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut docs = Documents::default();
    for (number, tree) in (1..).zip(serde_json::Deserializer::from_str(text).into_iter::<Tree>()) {
        let tree = tree.map_err(|error| WireError::Json {
            document: number,
            why: error.to_string(),
        })?;
        let _ = dispatch::document(tree, number, &mut docs, &mut |_| ControlFlow::Continue(()));
    }
    Ok(docs)
}

/// A document that was kept; empty when it cannot be read any more.
pub(crate) fn read_kept(raw: &Secret) -> Documents {
    read(raw.expose()).unwrap_or_default()
}
