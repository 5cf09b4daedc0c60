//! The list of connections: a window of rows around the cursor, whatever the length of the list.

pub(crate) mod columns;
pub(crate) mod empty;
pub(crate) mod events;
pub(crate) mod filter;
mod heading;
pub(crate) mod keys;
pub(crate) mod live;
pub(crate) mod model;
pub(crate) mod row_cells;
pub(crate) mod turns;
pub(crate) mod update;
pub(crate) mod view;
pub(crate) mod window;
