//! switchboard: the terminal dashboard for bank-data connections.

/// What time it is, and fresh ids.
pub mod clock;
/// Files and environment, read once into one typed value.
pub mod config;
/// The bank side: one question, one answer.
pub mod connector;
/// What connections, profiles and jobs are, and what may happen to them.
pub mod domain;
/// The screen.
pub mod tui;
