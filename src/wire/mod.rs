//! Reads and writes the API's JSON shapes. What is missing or odd is noted with its place and stops nothing.

mod account;
mod bounded_json;
mod connection;
mod consent;
mod dispatch;
mod documents;
mod event;
pub(crate) mod event_document;
mod institution;
mod job;
mod json_object;
mod links;
mod source;
mod stream;
mod transaction;
mod user;

#[cfg(test)]
mod stream_tests;
#[cfg(test)]
mod tests;

pub(crate) use documents::{Documents, Entity, Loose, Mention, Note, Placeholder, Source};
pub(crate) use job::made_together;
pub(crate) use source::{merged_rest, named, nameless};
pub(crate) use stream::{read_kept, read_stream};
