//! `completions SHELL`: a completion script for a shell.

use crate::cli::args::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use clap::CommandFactory as _;

pub(crate) fn run(ctx: &mut Context, shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "switchboard", &mut script);
    ctx.out.bytes(&script)
}
