//! Harnesses shared by the tests.

pub(crate) mod acts;
pub(crate) mod fixtures;
pub(crate) mod flaky_bank;
pub(crate) mod lifecycle;
pub(crate) mod screen;
pub(crate) mod store;
