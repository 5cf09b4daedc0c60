//! Small parts that several panes and dialogs share.

pub mod canvas;
pub mod dump;
pub mod field;
