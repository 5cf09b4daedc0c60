//! Tests of several rooms together, on real files.

mod docs;
mod lifecycle;
mod store;
