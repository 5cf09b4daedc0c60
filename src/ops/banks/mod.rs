//! Banks: register them, show and declare their health, identify a merchant in a statement line.

mod enrich;
pub(super) mod health;
mod register;

pub(crate) use health::{BankShown, Way};
