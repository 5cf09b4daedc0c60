//! switchboard: the terminal dashboard for bank-data connections.

/// Arguments in, documents out.
mod cli;
/// What time it is, and fresh ids.
mod clock;
/// Files and environment, read once into one typed value.
mod config;
/// The bank side: one question, one answer.
mod connector;
/// The documents that commands and HTTP API have in common.
mod documents;
/// What connections, profiles and jobs are, and what may happen to them.
mod domain;
/// The only code that runs jobs.
mod engine;
/// Sends requests to other programs.
mod http_client;
/// A platform over HTTP: read, and acted on by way of the outbox.
mod live;
/// What a person can ask for, the same for every face.
mod ops;
/// The HTTP API.
mod server;
/// SQLite and nothing else.
mod store;
pub use cli::run;
pub use vault::harden;
pub use world::personal_values;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tui;
/// Keys, sealing, digests and the audit's chain.
mod vault;
/// The API's own JSON shapes, and the domain.
mod wire;
/// The made-up world of the demo.
mod world;
