//! The steps of a plan: read, added and settled.

use super::{count, moment, unread};
use crate::domain::act::{Bank, Figures, Outcome, Pins, Step, StepAct, Tally};
use crate::domain::connection::Status;
use crate::domain::ids::{JobId, PlanId};
use crate::domain::job::State;
use crate::store::codec::Coded;
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::{ReadTxn, WriteTxn};
use rusqlite::params;

const STEP: &str = "s.place, s.act, s.target, s.planned, s.reason, s.pin_status, s.pin_accounts, s.pin_transactions,
  s.pin_profiles, s.pin_last_contact, s.accounts, s.transactions, s.profiles, s.within, s.outcome, s.why, s.job_id,
  s.ended, j.state FROM plan_steps s LEFT JOIN jobs j ON j.id = s.job_id
  WHERE s.plan_n = (SELECT n FROM plans WHERE id = ?1)";

fn step(row: &Row<'_>) -> Result<Step> {
    let word = |column| row.get::<_, Option<String>>(column);
    let (act, planned, outcome, status) = (
        word("act")?,
        word("planned")?,
        word("outcome")?,
        word("pin_status")?,
    );
    let state: Option<i64> = row.get("state")?;
    let pin = |column| -> Result<Option<u64>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(i64::unsigned_abs))
    };
    let raw = Step {
        place: row.get("place")?,
        reason: row.get("reason")?,
        pins: Pins {
            status: None,
            accounts: pin("pin_accounts")?,
            transactions: pin("pin_transactions")?,
            profiles: pin("pin_profiles")?,
            last_contact: moment(row, "pin_last_contact")?,
        },
        figures: figures(row)?,
        within: row.get("within")?,
        why: row.get("why")?,
        job: word("job_id")?.map(JobId::from),
        ended: moment(row, "ended")?,
        ..Step::new(StepAct::Verify, row.get::<_, String>("target")?)
    };
    decoded(raw, act, planned, outcome, status, state)
}

fn decoded(
    mut step: Step,
    act: Option<String>,
    planned: Option<String>,
    outcome: Option<String>,
    status: Option<String>,
    state: Option<i64>,
) -> Result<Step> {
    let act = act.unwrap_or_default();
    step.act = StepAct::parse(&act).ok_or_else(|| unread(&act))?;
    step.planned = self::outcome(planned.as_deref().unwrap_or_default())?;
    step.pins.status = status
        .map(|word| Status::parse(&word).ok_or_else(|| unread(&word)))
        .transpose()?;
    step.outcome = settled(outcome, state)?;
    Ok(step)
}

fn outcome(word: &str) -> Result<Outcome> {
    Outcome::parse(word).ok_or_else(|| unread(word))
}

/// What a step came to, as it is stored and by the state of the job it led to.
fn settled(word: Option<String>, state: Option<i64>) -> Result<Option<Outcome>> {
    let state = state.map(State::decode).transpose()?;
    let word = word.as_deref().map(outcome).transpose()?;
    Ok(word.map(|outcome| by_its_job(outcome, state)))
}

fn figures(row: &Row<'_>) -> Result<Figures> {
    Ok(Figures {
        accounts: count(row, "accounts")?,
        transactions: count(row, "transactions")?,
        profiles: count(row, "profiles")?,
    })
}

/// What a step came to, by how the job it led to has gone on.
fn by_its_job(outcome: Outcome, state: Option<State>) -> Outcome {
    match (outcome, state) {
        (Outcome::Queued, Some(State::Succeeded)) => Outcome::Done,
        (Outcome::Queued | Outcome::Deduplicated, Some(State::Failed)) => Outcome::Failed,
        (Outcome::Queued | Outcome::Deduplicated, Some(State::Cancelled)) => Outcome::Skipped,
        (outcome, _) => outcome,
    }
}

impl ReadTxn<'_> {
    /// Steps of a plan in their order, those behind `after`; with `left`, only those whose turn has not come.
    pub(crate) fn plan_steps(
        &self,
        id: &PlanId,
        after: Option<u32>,
        left: bool,
        limit: usize,
    ) -> Result<Vec<Step>> {
        let left = if left { "AND s.outcome IS NULL" } else { "" };
        let sql = format!("SELECT {STEP} AND s.place > ?2 {left} ORDER BY s.place LIMIT ?3");
        let after = after.map_or(-1, i64::from);
        self.all(&sql, params![id, after, limit as i64], step)
    }

    pub(crate) fn plan_step(&self, id: &PlanId, place: u32) -> Result<Option<Step>> {
        let sql = format!("SELECT {STEP} AND s.place = ?2");
        self.first(&sql, params![id, place], step)
    }

    /// How many steps of a plan stand how, without reading each of them.
    pub(crate) fn plan_tally(&self, id: &PlanId) -> Result<Tally> {
        let sql =
            "SELECT s.planned, s.outcome, j.state, count(*) AS steps, sum(s.accounts) AS accounts,
              sum(s.transactions) AS transactions, sum(s.profiles) AS profiles
            FROM plan_steps s LEFT JOIN jobs j ON j.id = s.job_id
            WHERE s.plan_n = (SELECT n FROM plans WHERE id = ?1) GROUP BY 1, 2, 3";
        let alike = self.all(sql, params![id], |row| {
            let planned = outcome(&row.get::<_, String>("planned")?)?;
            let stands = settled(row.get("outcome")?, row.get("state")?)?.unwrap_or(planned);
            Ok((planned, stands, count(row, "steps")?, figures(row)?))
        })?;
        let mut tally = Tally::default();
        for (planned, stands, n, figures) in alike {
            tally.add(planned, stands, n, figures);
        }
        Ok(tally)
    }

    /// At which banks a plan has work, most first.
    pub(crate) fn plan_banks(&self, id: &PlanId) -> Result<Vec<Bank>> {
        let sql = "SELECT b.id, b.name, count(*) AS steps FROM plan_steps s
            JOIN connections c ON c.id = s.target JOIN institutions b ON b.n = c.institution_n
            WHERE s.plan_n = (SELECT n FROM plans WHERE id = ?1) AND s.planned = ?2
            GROUP BY b.n ORDER BY steps DESC, b.name";
        self.all(sql, params![id, Outcome::WouldRun.word()], |row| {
            Ok(Bank {
                institution: row.get("id")?,
                name: row.get("name")?,
                count: count(row, "steps")?,
            })
        })
    }
}

impl WriteTxn<'_> {
    pub(crate) fn insert_steps(&self, id: &PlanId, steps: &[Step]) -> Result<()> {
        let n: i64 = self
            .conn
            .prepare_cached("SELECT n FROM plans WHERE id = ?1")?
            .query_row([id.as_str()], |r| r.get(0))?;
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO plan_steps (plan_n, place, act, target, planned, reason, pin_status, pin_accounts,
               pin_transactions, pin_profiles, pin_last_contact, accounts, transactions, profiles, within, outcome,
               why, job_id, ended)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?;
        let number = |n: Option<u64>| n.map(|n| n as i64);
        for step in steps {
            let (pins, figures) = (&step.pins, step.figures);
            insert.execute(params![
                n,
                step.place,
                step.act.word(),
                step.target,
                step.planned.word(),
                step.reason,
                pins.status.map(Status::word),
                number(pins.accounts),
                number(pins.transactions),
                number(pins.profiles),
                pins.last_contact.map(|at| at.0),
                figures.accounts as i64,
                figures.transactions as i64,
                figures.profiles as i64,
                step.within,
                step.outcome.map(Outcome::word),
                step.why,
                step.job.as_ref().map(JobId::as_str),
                step.ended.map(|at| at.0),
            ])?;
        }
        Ok(())
    }

    /// Writes what came of steps; whoever asks has looked in this transaction whether that is known already.
    pub(crate) fn save_steps(&self, id: &PlanId, steps: &[Step]) -> Result<()> {
        let mut update = self.conn.prepare_cached(
            "UPDATE plan_steps SET outcome = ?3, why = ?4, job_id = ?5, ended = ?6
             WHERE plan_n = (SELECT n FROM plans WHERE id = ?1) AND place = ?2",
        )?;
        for step in steps {
            update.execute(params![
                id.as_str(),
                step.place,
                step.outcome.map(Outcome::word),
                step.why,
                step.job.as_ref().map(JobId::as_str),
                step.ended.map(|at| at.0),
            ])?;
        }
        Ok(())
    }
}
