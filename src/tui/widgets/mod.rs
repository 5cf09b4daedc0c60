//! Small parts that several panes and dialogs share.

pub(crate) mod canvas;
pub(crate) mod dump;
pub(crate) mod field;
pub(crate) mod table;
