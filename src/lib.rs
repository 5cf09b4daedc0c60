//! switchboard: the terminal dashboard for bank-data connections.

/// The bank side: one question, one answer.
pub mod connector;
/// What connections, profiles and jobs are, and what may happen to them.
pub mod domain;
/// The screen.
pub mod tui;
/// The made-up world of the demo.
pub mod world;
