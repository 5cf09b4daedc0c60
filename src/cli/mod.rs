//! Arguments, output, and the place where everything is put together.

pub mod dashboard;
