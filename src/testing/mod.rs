//! Harnesses shared by the tests.

pub(crate) mod acts;
pub(crate) mod board;
pub(crate) mod fixtures;
pub(crate) mod flaky_bank;
pub(crate) mod lifecycle;
pub(crate) mod lists;
pub(crate) mod pages;
pub(crate) mod picture;
pub(crate) mod plans;
pub(crate) mod screen;
pub(crate) mod store;
