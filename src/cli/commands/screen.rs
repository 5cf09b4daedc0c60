//! The dashboard: on the database, on a made-up one, and one frame of it as text.

use crate::cli::args::WorldArgs;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use std::io::{IsTerminal as _, stdin, stdout};
use std::path::PathBuf;

/// Without a terminal on both ends nothing is drawn.
fn needs_a_terminal(ctx: &Context) -> Result<(), Failure> {
    if stdin().is_terminal() && stdout().is_terminal() && ctx.env.draws() {
        return Ok(());
    }
    Err(Failure::Usage(
        "the dashboard needs a terminal; `switchboard connections` lists, `switchboard snapshot` prints one frame"
            .into(),
    ))
}

/// The dashboard on the database.
pub async fn dashboard(ctx: &mut Context) -> Result<(), Failure> {
    needs_a_terminal(ctx)?;
    Err(Failure::Absent("the dashboard"))
}

/// The dashboard on a made-up database.
pub async fn demo(ctx: &mut Context, _world: WorldArgs, _keep: Option<PathBuf>) -> Result<(), Failure> {
    needs_a_terminal(ctx)?;
    Err(Failure::Absent("the demo"))
}

/// One frame of the dashboard.
pub async fn snapshot(_ctx: &mut Context, _size: (u16, u16), _keys: &str, _roles: bool) -> Result<(), Failure> {
    Err(Failure::Absent("the snapshot"))
}
