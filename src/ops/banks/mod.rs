//! Banks: register them, show and declare their health, identify the merchant of a statement line.

mod enrich;
pub(super) mod health;

pub(crate) use health::{BankShown, Way};
