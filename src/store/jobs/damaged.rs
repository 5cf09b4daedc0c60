//! Jobs that cannot be run because something stored does not read: what is wrong is noted on the row, by its number,
//! without reading the row.

use super::{Due, failure_code, step_word};
use crate::domain::failure_codes::{DAMAGED, Failure};
use crate::domain::ids::JobId;
use crate::domain::job::{Kind, Label, State, Step, StepStatus, current};
use crate::domain::moment::Moment;
use crate::store::codec::{self, shown_text};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

/// The steps of a job; in place of those that do not read, the steps of its kind, the first of them failed.
pub(super) fn steps_shown(row: &Row<'_>, created: Moment) -> Result<Vec<Step>> {
    let text = shown_text(row.get_ref("steps")?);
    match codec::steps_read(text, created) {
        Ok(steps) => Ok(steps),
        Err(_) => {
            let kind: Kind = row.get("kind")?;
            let failure = Failure::new(
                DAMAGED,
                "Local data damaged",
                "The steps of this job cannot be read.",
            );
            Ok(failed(fresh(kind), &failure, None))
        }
    }
}

fn fresh(kind: Kind) -> Vec<Step> {
    kind.steps().iter().cloned().map(Step::pending).collect()
}

fn failed(mut steps: Vec<Step>, failure: &Failure, ended: Option<Moment>) -> Vec<Step> {
    let at = current(&steps);
    if let Some(step) = steps.get_mut(at) {
        step.status = StepStatus::Failed;
        step.started = step.started.or(ended);
        step.ended = ended;
        step.failure = Some(failure.clone());
    }
    steps
}

impl ReadTxn<'_> {
    /// Whether an open job waits after something that it needs could not be read.
    pub(crate) fn any_open_in_trouble(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM jobs WHERE trouble IS NOT NULL AND open = 1)";
        self.value(sql, [])
    }

    /// How many connections have a newest job that could not be run because of what is stored here.
    pub(crate) fn jobs_in_trouble(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM jobs j INDEXED BY jobs_trouble WHERE j.trouble IS NOT NULL
            AND EXISTS (SELECT 1 FROM connections c WHERE c.n = j.connection_n AND c.job_n = j.n)";
        self.value(sql, [])
    }

    /// How many open jobs were due before a moment, although nothing runs at their bank that they could wait for.
    pub(crate) fn stuck_jobs(&self, before: Moment, now: Moment) -> Result<u64> {
        let sql =
            "SELECT count(*) FROM jobs j WHERE j.open = 1 AND j.due IS NOT NULL AND j.due <= ?1
            AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.open = 1 AND o.state = ?3
              AND o.institution_n = j.institution_n AND o.due > ?2)";
        self.value(sql, params![before, now, State::Running])
    }

    /// Whether the open job of this number cannot be found by the id it was read with.
    pub(crate) fn job_id_is_damaged(&self, n: i64, id: &JobId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM jobs WHERE n = ?1 AND open = 1 AND id <> ?2)";
        self.value(sql, params![n, id])
    }
}

impl WriteTxn<'_> {
    /// Notes what keeps an open job from running, gives it back, and leaves it alone until a moment. Returns how often
    /// it failed so by now; none when it is over, or another worker has it since it was read as due.
    pub(crate) fn job_stumbles(
        &self,
        read: &Due,
        owner: &str,
        what: &str,
        now: Moment,
        until: Moment,
    ) -> Result<Option<u32>> {
        let sql = "UPDATE jobs SET deaths = deaths + 1, trouble = ?2, updated = ?3, due = ?4, owner = NULL,
              epoch = epoch + 1, state = iif(state = ?5, ?6, state)
            WHERE n = ?1 AND open = 1 AND (owner = ?7 OR due = ?8) RETURNING deaths";
        let (from, to) = (State::Running, State::Queued);
        let values = params![read.n, what, now, until, from, to, owner, read.due];
        self.find(sql, values)
    }

    /// Ends a job as failed, whatever its row holds. What does not read is replaced.
    pub(crate) fn put_job_aside(&self, n: i64, failure: &Failure, now: Moment) -> Result<()> {
        let sql = "SELECT kind, created, steps FROM jobs WHERE n = ?1";
        let steps = self.first(sql, [n], |row| {
            let text = shown_text(row.get_ref("steps")?);
            let read = codec::steps_read(text, row.get("created")?);
            let kind: Kind = row.get("kind")?;
            let whole = read.ok().filter(|steps| !steps.is_empty());
            let created: Moment = row.get("created")?;
            Ok((whole.unwrap_or_else(|| fresh(kind)), created))
        })?;
        let Some((steps, created)) = steps else {
            return Ok(());
        };
        let steps = failed(steps, failure, Some(now));
        let sql = "UPDATE jobs SET state = ?2, label = ?3, open = 0, updated = ?4, ended = ?4, due = NULL, owner = NULL,
              epoch = epoch + 1, step = ?5, code = ?6, steps = ?7, challenge = NULL, trouble = ?8, tag = NULL
            WHERE n = ?1";
        let values = params![
            n,
            State::Failed,
            Label::Failed,
            now,
            step_word(&steps),
            failure_code(&steps),
            codec::steps_text(&steps, created),
            failure.detail,
        ];
        self.execute(sql, values)?;
        self.execute("DELETE FROM job_answers WHERE job_n = ?1", [n])
            .map(drop)
    }
}
