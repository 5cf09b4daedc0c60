//! What connections, profiles and jobs are and what may happen to them. No IO, no clock, no async.

pub mod age;
pub mod bulk;
pub mod connection;
pub mod enrich;
pub mod events;
pub mod failure;
pub mod fault;
pub mod holdings;
pub mod ids;
pub mod ingest;
pub mod job;
pub mod listing;
pub mod mask;
pub mod meaning;
pub mod mfa;
pub mod moment;
pub mod person;
pub mod plan;
pub mod policy;
pub mod query;
pub mod records;
pub mod secret;
pub mod text;
