//! `completions SHELL`: a completion script for a shell.

use crate::cli::args::command;
use crate::cli::context::Context;
use crate::cli::exit::Failure;

pub(crate) fn run(ctx: &mut Context, shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(false), "switchboard", &mut script);
    ctx.out.bytes(&script)
}
