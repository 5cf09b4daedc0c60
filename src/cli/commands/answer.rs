//! `answer JOB TEXT...`: answers the challenge of a job.

use super::wait;
use crate::cli::args::Waiting;
use crate::cli::context::Context;
use crate::cli::exit::Failure;
use crate::cli::prompt;
use crate::domain::job::State;
use crate::domain::secret::Secret;

/// Sends the answers: the arguments, else from prompts, else one line of stdin for each question.
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
    if !answers.is_empty() {
        let instead =
            "leave it out to be asked for it, or to send it on stdin, a line for each question";
        prompt::visible(ctx, "the answer", instead);
    }
    if answers.is_empty() && !questions.is_empty() {
        answers = if ctx.can_ask() {
            questions
                .iter()
                .map(|question| prompt::prompt(question))
                .collect::<Result<_, _>>()?
        } else {
            prompt::lines(questions.len())?
        };
    }
    let job = ops.answer(&id, answers).await?;
    wait::finish(ctx, &ops, job, false, waiting).await
}
