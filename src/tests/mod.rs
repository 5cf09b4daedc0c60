//! Tests of several rooms together, on real files.

mod docs;
mod docs_api;
mod docs_refusals;
mod lifecycle;
mod store;
