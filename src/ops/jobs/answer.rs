//! Answer what the bank asks in the middle of a job (domain 11). The answer is kept sealed until a worker
//! has taken it to the bank; whether it was right is the bank's word, in the job.

use crate::domain::ids::JobId;
use crate::domain::job::{Command, Job, State, next};
use crate::domain::secret::Secret;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::Guard;

impl Ops {
    /// Gives the answers, in the order they were asked for.
    ///
    /// # Errors
    /// When the job is unknown, waits for no answer, the challenge has lapsed, or the number of answers is
    /// another.
    pub(crate) async fn answer(&self, id: &JobId, answers: Vec<Secret>) -> Result<Job> {
        let asked = id.clone();
        self.act("answer", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let mut job = tx.job(&asked)?.ok_or_else(|| not_found("job", &asked))?;
            let open = job
                .challenge
                .as_ref()
                .filter(|c| job.state == State::WaitingMfa && c.expires > now);
            let Some(challenge) = open else {
                return Err(Error::Refused(Refusal::new(
                    "parameter-not-valid",
                    "Job is not waiting for an MFA response.",
                    "Refresh the connection; the bank asks again.",
                )));
            };
            if answers.len() != challenge.input.len() || answers.iter().any(Secret::is_empty) {
                return Err(Error::Refused(Refusal::new(
                    "invalid-content",
                    "Invalid request content",
                    format!(
                        "The bank wants {} answers: {}.",
                        challenge.input.len(),
                        challenge.input.join(", ")
                    ),
                )));
            }
            let guard = Guard {
                epoch: job.epoch,
                state: job.state,
            };
            job.state = next(job.state, Command::Answer)
                .map_err(|refused| Error::Input(refused.to_string()))?;
            job.next_attempt = Some(now);
            job.updated = now;
            tx.keep_answers(&asked, &answers)?;
            tx.save_job(&job, guard)?;
            tx.set_asking(&job.connection, false)?;
            tx.append_audit(&ops.entry("answer", asked.as_str(), "given", ""), now)?;
            Ok(())
        })
        .await?;
        self.job(id).await
    }
}
