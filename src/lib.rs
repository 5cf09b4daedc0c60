//! switchboard: the terminal dashboard for bank-data connections.

/// Arguments in, documents out.
pub mod cli;
/// What time it is, and fresh ids.
pub mod clock;
/// Files and environment, read once into one typed value.
pub mod config;
/// The bank side: one question, one answer.
pub mod connector;
/// What connections, profiles and jobs are, and what may happen to them.
pub mod domain;
/// The only code that runs jobs.
pub mod engine;
/// What a person can ask for, the same for every face.
pub mod ops;
/// SQLite and nothing else.
pub mod store;
/// The screen.
pub mod tui;
/// Keys, sealing, digests and the audit's chain.
pub mod vault;
/// The API's own JSON shapes, and the domain.
pub mod wire;
/// The made-up world of the demo.
pub mod world;
