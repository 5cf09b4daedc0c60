//! The list of connections: a window of rows around the cursor, whatever the length of the list.

pub mod columns;
pub mod filter;
pub mod line;
pub mod model;
pub mod update;
pub mod view;
pub mod window;
