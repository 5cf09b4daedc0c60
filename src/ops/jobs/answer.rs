//! Answers a bank's challenge. The answer is kept sealed until a worker has sent it to the bank.

use crate::domain::ids::JobId;
use crate::domain::job::{Command, Job, State, next};
use crate::domain::live::RemoteAct;
use crate::domain::policy;
use crate::domain::secret::Secret;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::Guard;

impl Ops {
    /// In the order asked. Refused when the job waits for none, it has expired, or the number is wrong.
    pub(crate) async fn answer(&self, id: &JobId, answers: Vec<Secret>) -> Result<Job> {
        let asked = id.clone();
        self.act("answer", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let mut job = tx.job(&asked)?.ok_or_else(|| not_found("job", &asked))?;
            let row = tx.connection(&job.connection)?;
            if let Some(row) = &row {
                policy::executes(row.origin).map_err(Refusal::from)?;
            }
            let open = job
                .challenge
                .as_ref()
                .filter(|c| job.state == State::WaitingMfa && c.expires > now);
            let Some(challenge) = open else {
                return Err(Refusal::new(
                    "parameter-not-valid",
                    "Job is not waiting for an MFA response.",
                    "Refresh the connection; the bank asks again.",
                )
                .into());
            };
            if answers.len() != challenge.input.len() || answers.iter().any(Secret::is_empty) {
                return Err(Refusal::new(
                    "invalid-content",
                    "Invalid request content",
                    format!(
                        "The bank wants {} answers: {}.",
                        challenge.input.len(),
                        challenge.input.join(", ")
                    ),
                )
                .into());
            }
            tx.keep_answers(&asked, &answers)?;
            if let Some(row) = row.filter(|row| !policy::runs_here(row.origin)) {
                if tx
                    .open_outgoing(row.id.as_str(), RemoteAct::Answer)?
                    .is_some()
                {
                    return Err(Refusal::new(
                        "parameter-not-valid",
                        "An answer to this challenge is on its way.",
                        "`switchboard outbox` says what came of it.",
                    )
                    .into());
                }
                ops.intend(tx, RemoteAct::Answer, &row, &job.id, "")?;
                return ops.audit(tx, "answer", asked.as_str(), "intended", "", now);
            }
            let guard = Guard::of(&job);
            job.state = next(job.state, Command::Answer)
                .map_err(|refused| Error::Input(refused.to_string()))?;
            job.next_attempt = Some(now);
            job.updated = now;
            tx.save_job(&job, guard)?;
            tx.set_asking(&job.connection, false)?;
            ops.audit(tx, "answer", asked.as_str(), "given", "", now)
        })
        .await?;
        self.job(id).await
    }
}
