//! Masks what banks said in the jobs of a file of an earlier version, which held it in plain.

use crate::domain::job::{Step, Title};
use crate::domain::mask::{BankWords, bank_name, bank_text};
use crate::domain::mfa::Challenge;
use crate::domain::moment::Moment;
use crate::store::codec::{self, FETCHES, shown_text};
use crate::store::error::Result;
use crate::store::jobs::{failure_code, step_word};
use rusqlite::{Connection, params};

struct Masked {
    n: i64,
    created: Moment,
    steps: Vec<Step>,
    challenge: Option<String>,
}

/// The texts of jobs that asked a bank. What does not read stays as it is: it is shown as damaged.
pub(super) fn mask_jobs(conn: &Connection) -> Result<()> {
    let sql = format!("SELECT n, created, steps, challenge FROM jobs WHERE kind <= {FETCHES}");
    let mut changed = Vec::new();
    let mut read = conn.prepare(&sql)?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        let created: Moment = row.get("created")?;
        let text = shown_text(row.get_ref("steps")?);
        let Ok(steps) = codec::steps_read(text, created) else {
            continue;
        };
        let asked = shown_text(row.get_ref("challenge")?);
        let masked = Masked {
            n: row.get("n")?,
            created,
            steps: steps.into_iter().map(masked_step).collect(),
            challenge: codec::challenge_read(asked).ok().map(masked_challenge),
        };
        let same = codec::steps_text(&masked.steps, created) == text
            && masked.challenge.as_deref().unwrap_or_default() == asked;
        if !same {
            changed.push(masked);
        }
    }
    let mut write =
        conn.prepare("UPDATE jobs SET steps = ?2, step = ?3, code = ?4, challenge = coalesce(?5, challenge) WHERE n = ?1")?;
    for job in changed {
        write.execute(params![
            job.n,
            codec::steps_text(&job.steps, job.created),
            step_word(&job.steps),
            failure_code(&job.steps),
            job.challenge,
        ])?;
    }
    Ok(())
}

fn masked_step(step: Step) -> Step {
    // nothing is kept of what is masked: the keys are not open yet
    let mut words = BankWords::default();
    Step {
        title: Title::parse(&bank_name(step.title.word())),
        failure: step.failure.map(|failure| words.heard_failure(&failure)),
        ..step
    }
}

fn masked_challenge(asked: Challenge) -> String {
    codec::challenge_text(&Challenge {
        description: bank_text(&asked.description),
        input: asked.input.iter().map(|text| bank_text(text)).collect(),
        ..asked
    })
}
