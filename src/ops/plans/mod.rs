//! Plans over several connections: counted and kept, shown, carried out. What is kept is a frozen list of
//! ids, each with what was counted of it; carrying out counts each again and leaves out what moved.
//! Deliberately absent: an act that is not also an act on one connection.

mod apply;
mod count;
mod make;
mod show;

pub(crate) use make::Chosen;
