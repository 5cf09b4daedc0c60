//! Reads and writes the API's JSON shapes. What is missing or odd is noted with its place and stops nothing.

mod account;
mod bounded_json;
mod connection;
mod consent;
mod dispatch;
mod documents;
mod elements;
pub(crate) mod enrich_document;
mod event;
pub(crate) mod event_document;
mod gathered;
mod identity;
pub(crate) mod insight;
mod institution;
mod job;
mod json_object;
mod kept;
mod links;
mod plain_bytes;
mod posted;
pub(crate) mod remote;
mod source;
mod stream;
mod tidy;
mod transaction;
mod user;
pub(crate) mod write;

#[cfg(test)]
mod stream_tests;
#[cfg(test)]
mod tests;

pub(crate) use documents::{
    Documents, Entity, Identity, Loose, Mention, Note, Placeholder, Source, StatusTold,
};
pub(crate) use job::made_together;
pub(crate) use kept::{belongs_to, is_emptied, merged_rest, with_emptied};
pub(crate) use posted::posted;
pub(crate) use source::{named, nameless};
pub(crate) use stream::{read_kept, read_stream};
