//! `answer JOB TEXT...`: answers the challenge of a job.

use super::wait;
use crate::cli::args::Waiting;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::prompt;
use crate::domain::job::State;
use crate::domain::secret::Secret;

/// Sends the answers: the arguments, else from prompts, else the lines of stdin.
pub(crate) async fn run(
    ctx: &mut Context,
    job: &str,
    typed: Vec<String>,
    waiting: Waiting,
) -> Result<(), Failure> {
    let ops = ctx.writing()?;
    let id = ops.resolve_job(job).await?;
    let questions = match ops.job(&id).await? {
        job if job.state == State::WaitingMfa => job.challenge.map_or_else(Vec::new, |c| c.input),
        _ => vec![],
    };
    let mut answers: Vec<Secret> = typed.into_iter().map(Secret::new).collect();
    if answers.is_empty() && !questions.is_empty() {
        answers = if ctx.can_ask() {
            questions
                .iter()
                .map(|question| prompt::prompt(question))
                .collect::<Result<_, _>>()?
        } else {
            prompt::lines()?
        };
    }
    let job = ops.answer(&id, answers).await?;
    wait::finish(ctx, &ops, job, false, waiting).await
}
