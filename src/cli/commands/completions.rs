//! `completions SHELL`: a script made from the definition of the arguments.

use crate::cli::args::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use clap::CommandFactory as _;

/// Prints the script.
pub(crate) fn run(ctx: &mut Context, shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "switchboard", &mut script);
    ctx.out.bytes(&script)
}
