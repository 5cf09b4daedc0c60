//! The API's own JSON shapes and the domain. Reading takes whatever an export, a recording or another
//! program gives: what is missing or odd is named with its place and never the end of the rest.
//!
//! Deliberately absent: the store. Whether what a record refers to exists is for the importer to ask.

mod account;
mod connection;
mod consent;
mod dispatch;
mod documents;
mod event;
mod institution;
mod job;
pub mod money;
mod node;
mod path;
pub mod snapshot;
mod source;
mod stream;
mod transaction;
mod tree;
mod user;

#[cfg(test)]
mod stream_tests;
#[cfg(test)]
mod tests;

pub use documents::{Documents, Entity, Loose, Mention, Note, Placeholder};
pub use job::made_together;
pub use source::{Source, merged_rest, nameless, owner, read_kept};
pub use stream::{Stopped, WireError, read, read_stream};
