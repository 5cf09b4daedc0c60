//! How many stored rows a step touches.

/// Stored rows that a step touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) accounts: u64,
    pub(crate) transactions: u64,
    pub(crate) profiles: u64,
}
