//! Reads streams of documents in chunks, in bounded memory: one document, several in a row, or one per line. A list is taken
//! apart while it is read.

use super::documents::Documents;
use super::elements;
use super::gathered::Gathered;
use super::plain_bytes::{PlainBytes, TELLING, not_json};
use crate::domain::secret::Secret;
use serde_json::de::{IoRead, StrRead};
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

/// Reads what `input` holds and hands it to `take` in chunks. Stops when `take` breaks off; answers how many documents
/// were read.
///
/// # Errors
/// [`WireError`] where it cannot be read any more. Of the document that is broken there only the chunks that were full
/// before were handed on; everything of the documents before it was.
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
    let mut gathered = Gathered::new(CHUNK, &mut take);
    let (number, broken) = all(IoRead::new(input), &mut gathered);
    if gathered.end().is_break() {
        return Ok(number);
    }
    broken.map_or(Ok(number), Err)
}

/// Reads all documents of a text at once.
///
/// # Errors
/// [`WireError::Json`] when one of them is no JSON; then none is answered.
pub(crate) fn read(text: &str) -> Result<Documents, WireError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut docs = Documents::default();
    let mut take = |all| {
        docs = all;
        ControlFlow::Continue(())
    };
    let mut gathered = Gathered::new(usize::MAX, &mut take);
    let (_, broken) = all(StrRead::new(text), &mut gathered);
    let _ = gathered.end();
    broken.map_or(Ok(docs), Err)
}

/// Reads one document after the other, until the end, a failure, or whoever takes them stops. Answers how many were
/// begun.
fn all<'de>(
    from: impl serde_json::de::Read<'de>,
    into: &mut Gathered<'_>,
) -> (u64, Option<WireError>) {
    let mut documents = serde_json::Deserializer::new(from);
    let mut number = 0;
    // this passes over blanks and takes nothing else
    while documents.end().is_err() {
        number += 1;
        match elements::document(&mut documents, number, into) {
            Ok(ControlFlow::Continue(())) => {}
            Ok(ControlFlow::Break(())) => return (number, None),
            Err(error) if error.is_io() => return (number, Some(WireError::Io(error.into()))),
            Err(error) => {
                let why = error.to_string();
                let document = number;
                return (number, Some(WireError::Json { document, why }));
            }
        }
    }
    (number, None)
}

/// A document that was kept; empty when it cannot be read any more.
pub(crate) fn read_kept(raw: &Secret) -> Documents {
    read(raw.expose()).unwrap_or_default()
}
