//! `keys`: the key table as it is bound now.

use crate::cli::context::Context;
use crate::cli::exit::Failure;

/// The keymap with the user's own keys over it.
pub fn keymap(_ctx: &Context) -> Result<(), Failure> {
    Ok(())
}

/// Prints the table.
pub fn run(_ctx: &mut Context) -> Result<(), Failure> {
    Err(Failure::Absent("the key table"))
}
