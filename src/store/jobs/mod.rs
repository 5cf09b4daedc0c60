//! Jobs: one row each, written whole by whoever holds its epoch; the list of them is the history.

mod bank_words;
mod damaged;
mod queue;
mod workers;

pub(crate) use queue::Due;
pub(crate) use workers::WorkerRow;

use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::job::{Job, Kind, Label, State, Step, current};
use crate::domain::mfa::Challenge;
use crate::domain::moment::Moment;
use crate::domain::query::Query;
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, Page, Size};
use crate::store::codec::{self, Authorised, FETCHES, PURGE};
use crate::store::error::{Result, absent};
use crate::store::row::Row;
use crate::store::search::{Asker, Compiled, List, Plan, Use};
use crate::store::sql::{numbers, page, place, text};
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault;
use rusqlite::params;
use rusqlite::types::Value;

const ROW: &str = "
  j.n, j.id, c.id AS connection, u.id AS user, i.id AS bank, i.name AS bank_name, j.kind, j.state, j.steps, j.created,
  j.updated, j.ended, j.attempt, j.due, j.epoch, j.owner, j.deaths, j.challenge, iif(j.state = 2, (SELECT y.usual
    FROM usual_steps y WHERE y.institution_n = j.institution_n AND y.method = j.method AND y.step = j.step
      AND y.sample >= 5), NULL) AS usual
  FROM jobs j
  JOIN connections c ON c.n = j.connection_n
  JOIN users u ON u.n = j.user_n
  JOIN institutions i ON i.n = j.institution_n";

#[derive(Clone, Debug)]
pub(crate) struct NewJob {
    pub(crate) id: JobId,
    pub(crate) connection: ConnectionId,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) steps: Vec<Step>,
    /// When a worker has to look at it; none while it waits for a person.
    pub(crate) due: Option<Moment>,
    pub(crate) created: Moment,
    pub(crate) actor: String,
}

/// What a job has to be still for a write to it to count: the epoch and state that the writer read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guard {
    pub(crate) epoch: i64,
    pub(crate) state: State,
}

impl Guard {
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            epoch: job.epoch,
            state: job.state,
        }
    }
}

fn job(row: &Row<'_>) -> Result<Job> {
    let steps = codec::steps_read(&row.get::<_, String>("steps")?, row.get("created")?)?;
    let challenge: Option<String> = row.get("challenge")?;
    let challenge = challenge.as_deref().map(codec::challenge_read);
    with_steps(row, steps, challenge.transpose()?)
}

/// For lists and details: what does not read is shown as damaged. Nothing that was read so is written.
fn shown(row: &Row<'_>) -> Result<Job> {
    let steps = damaged::steps_shown(row, row.get("created")?)?;
    let challenge = codec::shown_text(row.get_ref("challenge")?);
    with_steps(row, steps, codec::challenge_read(challenge).ok())
}

fn with_steps(row: &Row<'_>, steps: Vec<Step>, challenge: Option<Challenge>) -> Result<Job> {
    let state: State = row.get("state")?;
    let created = row.get("created")?;
    let due: Option<Moment> = row.get("due")?;
    Ok(Job {
        id: row.get("id")?,
        connection: row.get("connection")?,
        user: row.get("user")?,
        institution: row.get("bank")?,
        institution_name: text(row, "bank_name")?,
        kind: row.get("kind")?,
        state,
        steps,
        created,
        updated: row.get("updated")?,
        ended: row.get("ended")?,
        attempt: row.get("attempt")?,
        next_attempt: due
            .filter(|_| matches!(state, State::Queued | State::Paused | State::WaitingRetry)),
        epoch: row.get("epoch")?,
        lease_until: due.filter(|_| state == State::Running),
        owner: row.get("owner")?,
        deaths: row.get("deaths")?,
        challenge,
        usual: row.get("usual")?,
    })
}

fn due(job: &Job) -> Option<Moment> {
    match job.state {
        State::Running => job.lease_until,
        // what no worker here has held was asked elsewhere, and ends there
        State::WaitingMfa if job.epoch == 0 => None,
        State::WaitingMfa => job.challenge.as_ref().map(|c| c.expires),
        State::Queued | State::Paused | State::WaitingRetry => job.next_attempt,
        State::Succeeded | State::Failed | State::Cancelled => None,
    }
}

/// The code it failed with, or the last error of the step it waits at.
pub(super) fn failure_code(steps: &[Step]) -> Option<&str> {
    steps
        .iter()
        .find_map(|s| s.failure.as_ref())
        .map(|f| f.code.as_str())
}

pub(super) fn step_word(steps: &[Step]) -> &str {
    steps.get(current(steps)).map_or("", |s| s.title.word())
}

impl ReadTxn<'_> {
    /// Also by the id that it had until a platform gave it another.
    pub(crate) fn job(&self, id: &JobId) -> Result<Option<Job>> {
        let sql = format!("SELECT {ROW} WHERE j.id = ?1");
        match self.first(&sql, [id], job)? {
            None => match self.renamed_job(id)? {
                Some(id) => self.first(&sql, [id], job),
                None => Ok(None),
            },
            found => Ok(found),
        }
    }

    /// Whether it is there and open, without reading it; also by the id that it had first.
    pub(crate) fn job_is_open(&self, id: &JobId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM jobs
            WHERE id IN (?1, (SELECT job_id FROM outbox WHERE id = ?1)) AND open = 1)";
        self.value(sql, [id])
    }

    /// Like [`ReadTxn::job`], also when its steps or its challenge do not read.
    pub(crate) fn job_shown(&self, id: &JobId) -> Result<Option<Job>> {
        let sql = format!("SELECT {ROW} WHERE j.id = ?1");
        match self.first(&sql, [id], shown)? {
            None => match self.renamed_job(id)? {
                Some(id) => self.first(&sql, [id], shown),
                None => Ok(None),
            },
            found => Ok(found),
        }
    }

    pub(crate) fn job_numbered(&self, n: i64) -> Result<Option<Job>> {
        self.first(&format!("SELECT {ROW} WHERE j.n = ?1"), [n], job)
    }

    /// By id, its beginning or end; at most `limit`. An end is tried only when nothing begins so: it has no index.
    pub(crate) fn jobs_named(&self, text: &str, limit: usize) -> Result<Vec<JobId>> {
        let begins = "SELECT id FROM jobs WHERE id >= ?1 AND id < ?1 || char(1114111) AND length(?1) >= 4 LIMIT ?2";
        let ends = "SELECT id FROM jobs WHERE substr(id, -6) = ?1 LIMIT ?2";
        let found = self.column(begins, params![text, limit])?;
        if !found.is_empty() {
            return Ok(found);
        }
        let found = self.column(ends, params![text, limit])?;
        if !found.is_empty() {
            return Ok(found);
        }
        let renamed = "SELECT job_id FROM outbox WHERE id = ?1 OR substr(id, -6) = ?1 LIMIT ?2";
        self.column(renamed, params![text, limit])
    }

    pub(crate) fn open_job(&self, connection: &ConnectionId) -> Result<Option<Job>> {
        let sql = format!(
            "SELECT {ROW} WHERE j.connection_n = (SELECT n FROM connections WHERE id = ?1) AND j.open = 1
             AND j.kind <= {FETCHES}"
        );
        self.first(&sql, [connection], job)
    }

    pub(crate) fn jobs_of(&self, connection: &ConnectionId, limit: usize) -> Result<Vec<Job>> {
        let sql = format!(
            "SELECT {ROW} WHERE j.connection_n = (SELECT n FROM connections WHERE id = ?1)
             ORDER BY j.created DESC, j.n DESC LIMIT ?2"
        );
        self.all(&sql, params![connection, limit], shown)
    }

    /// A page of the whole history, newest first, after `from`.
    pub(crate) fn job_page(
        &self,
        query: &Query,
        from: Option<&Anchor>,
        limit: usize,
        asker: &Asker,
    ) -> Result<Page<Job>> {
        let compiled = Compiled::jobs(query, self, asker, Use::Page)?;
        let mut bound = compiled.values.clone();
        let mut filter = compiled.sql.clone();
        if let Some(keys) = numbers::<2>(from) {
            let at = bound.len();
            filter.push_str(&format!(
                " AND (j.created, j.n) < (?{}, ?{})",
                at + 1,
                at + 2
            ));
            bound.extend(keys.map(Value::Integer));
        }
        let walk = match compiled.plan {
            Plan::Walk => format!("INDEXED BY {}", compiled.index.unwrap_or("jobs_created")),
            Plan::Find => "NOT INDEXED".to_owned(),
        };
        let rows = ROW.replace("FROM jobs j", &format!("FROM jobs j {walk}"));
        let sql = format!(
            "SELECT {rows} WHERE {filter} ORDER BY j.created DESC, j.n DESC LIMIT {}",
            limit + 1
        );
        let found = self.all_used(&sql, &bound, |row| {
            Ok((place([row.get("created")?, row.get("n")?]), shown(row)?))
        })?;
        Ok(page(found, limit, false))
    }

    /// How many jobs match, counting no further than `cap`.
    pub(crate) fn job_size(&self, query: &Query, cap: u64, asker: &Asker) -> Result<Size> {
        Compiled::jobs(query, self, asker, Use::Count)?.size(self, List::Jobs, cap)
    }

    /// The fetching job of this user at this institution that runs or waits for an answer.
    pub(crate) fn fetching(&self, user: &UserId, at: &InstitutionId) -> Result<Option<JobId>> {
        let sql = format!(
            "SELECT j.id FROM jobs j WHERE j.open = 1 AND j.state IN (?1, ?2) AND j.kind <= {FETCHES}
             AND j.institution_n = (SELECT n FROM institutions WHERE id = ?3)
             AND j.user_n = (SELECT n FROM users WHERE id = ?4) LIMIT 1"
        );
        self.find(&sql, params![State::Running, State::WaitingMfa, at, user])
    }

    pub(crate) fn open_purge(&self, user: &UserId, at: &InstitutionId) -> Result<Option<Job>> {
        let sql = format!(
            "SELECT {ROW} WHERE j.open = 1 AND j.kind = {PURGE} AND j.user_n = (SELECT n FROM users WHERE id = ?1)
             AND j.institution_n = (SELECT n FROM institutions WHERE id = ?2)"
        );
        self.first(&sql, params![user, at], job)
    }

    pub(crate) fn open_purges(&self) -> Result<Vec<JobId>> {
        let sql = format!("SELECT id FROM jobs WHERE open = 1 AND kind = {PURGE} ORDER BY n");
        self.column(&sql, [])
    }

    pub(crate) fn authorised(&self, id: &JobId) -> Result<Authorised> {
        self.value("SELECT authorised FROM jobs WHERE id = ?1", [id])
    }

    /// The answers the user gave for a job, until the bank was told.
    pub(crate) fn answers(&self, id: &JobId) -> Result<Option<Vec<Secret>>> {
        let sql = "SELECT sealed FROM job_answers WHERE job_n = (SELECT n FROM jobs WHERE id = ?1)";
        let Some(sealed) = self.find::<Vec<u8>>(sql, [id])? else {
            return Ok(None);
        };
        let (user, institution) = self.owner_of_job(id)?;
        let of = Bound {
            user: user.as_str(),
            institution: institution.as_str(),
            ..Bound::row(id.as_str())
        };
        let plain = self
            .keys
            .open_record(vault::Record::Answers, &of, &sealed)?;
        Ok(Some(vault::codec::read_list(&plain)?))
    }

    fn owner_of_job(&self, id: &JobId) -> Result<(UserId, InstitutionId)> {
        let sql = "SELECT u.id AS user, i.id AS bank FROM jobs j JOIN users u ON u.n = j.user_n
            JOIN institutions i ON i.n = j.institution_n WHERE j.id = ?1";
        let found = self.first(sql, [id], |row| Ok((row.get("user")?, row.get("bank")?)))?;
        found.ok_or_else(|| absent("job", id))
    }

    pub(crate) fn jobs_kept(&self, id: &ConnectionId) -> Result<u64> {
        let sql = "SELECT count(*) FROM jobs WHERE connection_n = (SELECT n FROM connections WHERE id = ?1)";
        self.value(sql, [id])
    }

    /// How many refreshes of a connection were made in the day that begins at a moment.
    pub(crate) fn refreshes_since(&self, id: &ConnectionId, since: Moment) -> Result<u64> {
        let sql = "SELECT count(*) FROM jobs WHERE connection_n = (SELECT n FROM connections WHERE id = ?1)
              AND created >= ?2 AND created < ?3 AND kind = ?4";
        let end = since.plus_ms(86_400_000);
        self.value(sql, params![id, since, end, Kind::Refresh])
    }
}

impl WriteTxn<'_> {
    /// Writes a new job; it becomes the connection's newest.
    pub(crate) fn insert_job(&self, new: &NewJob) -> Result<()> {
        let c = self.must_number(&new.connection)?;
        let open = new.state.open();
        let sql = "INSERT INTO jobs (id, connection_n, user_n, institution_n, kind, state, label, open, created,
              updated, ended, due, step, code, steps, actor, method)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
              (SELECT method FROM connections WHERE n = ?2))";
        let values = params![
            new.id,
            c.n,
            c.user_n,
            c.institution_n,
            new.kind,
            new.state,
            Label::of(&new.steps),
            open,
            new.created,
            (!open).then_some(new.created),
            new.due,
            step_word(&new.steps),
            failure_code(&new.steps),
            codec::steps_text(&new.steps, new.created),
            new.actor,
        ];
        self.execute(sql, values)?;
        let job_n = self.conn.last_insert_rowid();
        if open {
            self.tag_job(job_n)?;
        }
        let sql = "UPDATE connections SET job_n = ?2, job_recency = ?3 WHERE n = ?1";
        self.execute(sql, params![c.n, job_n, -new.created.0])
            .map(drop)
    }

    /// `false`: somebody else has changed it since `guard` was read, and nothing was written.
    pub(crate) fn save_job(&self, job: &Job, guard: Guard) -> Result<bool> {
        let sql =
            "UPDATE jobs SET state = ?4, label = ?5, open = ?6, updated = ?7, ended = ?8, attempt = ?9, due = ?10,
              epoch = ?11, owner = ?12, deaths = ?13, step = ?14, code = ?15, steps = ?16, challenge = ?17,
              trouble = NULL, tag = iif(?6, tag, NULL)
            WHERE id = ?1 AND epoch = ?2 AND state = ?3 AND ?11 >= epoch";
        let values = params![
            job.id,
            guard.epoch,
            guard.state,
            job.state,
            job.label(),
            job.state.open(),
            job.updated,
            job.ended,
            job.attempt,
            due(job),
            job.epoch,
            // nobody holds what does not run
            job.owner.as_ref().filter(|_| job.state == State::Running),
            job.deaths,
            step_word(&job.steps),
            failure_code(&job.steps),
            codec::steps_text(&job.steps, job.created),
            job.challenge.as_ref().map(codec::challenge_text),
        ];
        let wrote = self.execute(sql, values)? == 1;
        if wrote && !job.state.open() {
            self.drop_unused_words(&job.id)?;
        }
        Ok(wrote)
    }

    pub(crate) fn set_authorised(&self, id: &JobId, how: Authorised) -> Result<()> {
        let sql = "UPDATE jobs SET authorised = ?2 WHERE id = ?1";
        self.execute(sql, params![id, how]).map(drop)
    }

    /// Stores the user's answers, sealed, until the bank was told.
    pub(crate) fn keep_answers(&self, id: &JobId, answers: &[Secret]) -> Result<()> {
        let plain = vault::codec::write_list(answers);
        let (user, institution) = self.owner_of_job(id)?;
        let of = Bound {
            user: user.as_str(),
            institution: institution.as_str(),
            ..Bound::row(id.as_str())
        };
        let sealed = self.keys.seal_record(vault::Record::Answers, &of, &plain)?;
        let sql = "INSERT OR REPLACE INTO job_answers (job_n, sealed) SELECT n, ?2 FROM jobs WHERE id = ?1";
        self.execute(sql, params![id, sealed]).map(drop)
    }

    pub(crate) fn drop_answers(&self, id: &JobId) -> Result<()> {
        let sql = "DELETE FROM job_answers WHERE job_n = (SELECT n FROM jobs WHERE id = ?1)";
        self.execute(sql, [id]).map(drop)
    }
}
