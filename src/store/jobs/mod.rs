//! Jobs: one row each, written whole by whoever holds its epoch. Deliberately absent: which move is
//! legal (the domain) and who may run what (the engine).

mod queue;
mod workers;

pub(crate) use queue::Due;
pub(crate) use workers::WorkerRow;

use crate::domain::ids::{ConnectionId, InstitutionId, JobId, UserId};
use crate::domain::job::{Job, Kind, State, Step};
use crate::domain::moment::Moment;
use crate::domain::query::Query;
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, AnchorKey, Page};
use crate::store::codec::{self, Coded};
use crate::store::connections::text;
use crate::store::error::{Error, Result};
use crate::store::search::{Compiled, Plan, Use};
use crate::store::{ReadTxn, WriteTxn};
use crate::vault;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

const ROW: &str = "
  j.n, j.id, c.id, u.id, i.id, i.name, j.kind, j.state, j.steps, j.created, j.updated, j.ended, j.attempt, j.due,
  j.epoch, j.owner, j.deaths, j.challenge
  FROM jobs j
  JOIN connections c ON c.n = j.connection_n
  JOIN users u ON u.n = j.user_n
  JOIN institutions i ON i.n = j.institution_n";

/// A job about to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewJob {
    /// Its id.
    pub(crate) id: JobId,
    /// Which connection it works on.
    pub(crate) connection: ConnectionId,
    /// What for.
    pub(crate) kind: Kind,
    /// Its first state.
    pub(crate) state: State,
    /// Its stages.
    pub(crate) steps: Vec<Step>,
    /// When somebody has to look at it; none while it waits for a person.
    pub(crate) due: Option<Moment>,
    /// Now.
    pub(crate) created: Moment,
    /// Who asked for it.
    pub(crate) actor: String,
}

/// What must still hold for a write to a job to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guard {
    /// The epoch the writer knows.
    pub(crate) epoch: i64,
    /// The state the writer knows.
    pub(crate) state: State,
}

impl Guard {
    /// The job as it is now.
    pub(crate) fn of(job: &Job) -> Self {
        Self {
            epoch: job.epoch,
            state: job.state,
        }
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Result<Job>> {
    let (kind, state, steps, created) = (
        row.get(6)?,
        row.get(7)?,
        row.get::<_, String>(8)?,
        Moment(row.get(9)?),
    );
    let challenge: Option<String> = row.get(17)?;
    let decode = || -> Result<Job> {
        let state = State::decode(state)?;
        let due = row.get::<_, Option<i64>>(13)?.map(Moment);
        Ok(Job {
            id: text(row, 1)?.into(),
            connection: text(row, 2)?.into(),
            user: text(row, 3)?.into(),
            institution: text(row, 4)?.into(),
            institution_name: text(row, 5)?,
            kind: Kind::decode(kind)?,
            state,
            steps: codec::steps_read(&steps, created)?,
            created,
            updated: Moment(row.get(10)?),
            ended: row.get::<_, Option<i64>>(11)?.map(Moment),
            attempt: row.get(12)?,
            next_attempt: due
                .filter(|_| matches!(state, State::Queued | State::Paused | State::WaitingRetry)),
            epoch: row.get(14)?,
            lease_until: due.filter(|_| state == State::Running),
            owner: row.get(15)?,
            deaths: row.get(16)?,
            challenge: challenge
                .as_deref()
                .map(codec::challenge_read)
                .transpose()?,
        })
    };
    Ok(decode())
}

/// When somebody has to look at this job again.
fn due(job: &Job) -> Option<Moment> {
    match job.state {
        State::Running => job.lease_until,
        State::WaitingMfa => job.challenge.as_ref().map(|c| c.expires),
        State::Queued | State::Paused | State::WaitingRetry => job.next_attempt,
        State::Succeeded | State::Failed | State::Cancelled => None,
    }
}

/// The code it failed with, or the last error of the step it waits at.
fn code(steps: &[Step]) -> Option<&str> {
    steps
        .iter()
        .find_map(|s| s.failure.as_ref())
        .map(|f| f.code.as_str())
}

fn step_word(steps: &[Step]) -> &str {
    steps
        .get(crate::domain::job::current(steps))
        .map_or("", |s| s.title.word())
}

impl ReadTxn<'_> {
    /// One job.
    pub(crate) fn job(&self, id: &JobId) -> Result<Option<Job>> {
        let sql = format!("SELECT {ROW} WHERE j.id = ?1");
        self.conn
            .prepare_cached(&sql)?
            .query_row([id.as_str()], read)
            .optional()?
            .transpose()
    }

    /// The job that fetches for this connection now or later, while one is open.
    pub(crate) fn open_job(&self, connection: &ConnectionId) -> Result<Option<Job>> {
        let sql = format!(
            "SELECT {ROW} WHERE j.connection_n = (SELECT n FROM connections WHERE id = ?1) AND j.open = 1 AND j.kind <= 2"
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row([connection.as_str()], read)
            .optional()?
            .transpose()
    }

    /// The newest jobs of a connection, newest first.
    pub(crate) fn jobs_of(&self, connection: &ConnectionId, limit: usize) -> Result<Vec<Job>> {
        let sql = format!(
            "SELECT {ROW} WHERE j.connection_n = (SELECT n FROM connections WHERE id = ?1)
             ORDER BY j.created DESC, j.n DESC LIMIT ?2"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map(params![connection.as_str(), limit as i64], read)?;
        rows.map(|r| r?).collect()
    }

    /// A page of the whole history, newest first, after `from`.
    pub(crate) fn job_page(
        &self,
        query: &Query,
        from: Option<&Anchor>,
        limit: usize,
        now: Moment,
    ) -> Result<Page<Job>> {
        let compiled = Compiled::jobs(query, self, now, Use::Page)?;
        let mut bound = compiled.values.clone();
        let mut filter = compiled.sql.clone();
        if let Some([AnchorKey::Number(created), AnchorKey::Number(n)]) =
            from.map(|a| a.0.as_slice())
        {
            filter.push_str(&format!(
                " AND (j.created, j.n) < (?{}, ?{})",
                bound.len() + 1,
                bound.len() + 2
            ));
            bound.extend([Value::Integer(*created), Value::Integer(*n)]);
        }
        let walk = match compiled.plan {
            Plan::Walk => format!("INDEXED BY {}", compiled.index.unwrap_or("jobs_created")),
            Plan::Find => "NOT INDEXED".to_owned(),
        };
        let from_clause = ROW.replace("FROM jobs j", &format!("FROM jobs j {walk}"));
        let sql = format!(
            "SELECT {from_clause} WHERE {filter} ORDER BY j.created DESC, j.n DESC LIMIT {}",
            limit + 1
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let used = statement.parameter_count().min(bound.len());
        let mut found = statement.query(params_from_iter(&bound[..used]))?;
        let (mut rows, mut anchors) = (Vec::new(), Vec::new());
        while let Some(row) = found.next()? {
            anchors.push(Anchor(vec![
                AnchorKey::Number(row.get(9)?),
                AnchorKey::Number(row.get(0)?),
            ]));
            rows.push(read(row)??);
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        anchors.truncate(limit);
        Ok(Page {
            first: anchors.first().cloned(),
            last: anchors.last().cloned(),
            rows,
            more,
        })
    }

    /// How many jobs match, counting no further than `cap`.
    pub(crate) fn job_size(
        &self,
        query: &Query,
        cap: u64,
        now: Moment,
    ) -> Result<crate::domain::views::Size> {
        let compiled = Compiled::jobs(query, self, now, Use::Count)?;
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM jobs j {} WHERE {} LIMIT {})",
            compiled.joins,
            compiled.sql,
            cap.saturating_add(1).min(i64::MAX.unsigned_abs())
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let used = statement.parameter_count().min(compiled.values.len());
        let count: i64 =
            statement.query_row(params_from_iter(&compiled.values[..used]), |r| r.get(0))?;
        let count = count.unsigned_abs();
        Ok(crate::domain::views::Size {
            count: count.min(cap),
            exact: count <= cap,
        })
    }

    /// Whether a step of a fetching job of this user at this institution is under way, and whose.
    pub(crate) fn fetching(&self, user: &UserId, at: &InstitutionId) -> Result<Option<JobId>> {
        let sql = "SELECT j.id FROM jobs j WHERE j.open = 1 AND j.state IN (?1, ?2) AND j.kind <= 2
            AND j.institution_n = (SELECT n FROM institutions WHERE id = ?3)
            AND j.user_n = (SELECT n FROM users WHERE id = ?4) LIMIT 1";
        let (running, asking) = (State::Running.code(), State::WaitingMfa.code());
        let mut query = self.conn.prepare_cached(sql)?;
        let found = query.query_row(params![running, asking, at.as_str(), user.as_str()], |r| {
            r.get::<_, String>(0)
        });
        Ok(found.optional()?.map(JobId::from))
    }

    /// The open purge of this user at this institution.
    pub(crate) fn open_purge(&self, user: &UserId, at: &InstitutionId) -> Result<Option<Job>> {
        let sql = format!(
            "SELECT {ROW} WHERE j.open = 1 AND j.kind = 3 AND j.user_n = (SELECT n FROM users WHERE id = ?1)
             AND j.institution_n = (SELECT n FROM institutions WHERE id = ?2)"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        query
            .query_row(params![user.as_str(), at.as_str()], read)
            .optional()?
            .transpose()
    }

    /// Whether the user was at the data holder, for a job that waited for it.
    pub(crate) fn authorised(&self, id: &JobId) -> Result<i64> {
        let sql = "SELECT authorised FROM jobs WHERE id = ?1";
        Ok(self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))?)
    }

    /// The answers the user gave for a job, while it holds them.
    pub(crate) fn answers(&self, id: &JobId) -> Result<Option<Vec<Secret>>> {
        let sql = "SELECT sealed FROM job_answers WHERE job_n = (SELECT n FROM jobs WHERE id = ?1)";
        let sealed: Option<Vec<u8>> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let plain = self
            .keys
            .open_record(vault::Record::Answers, id.as_str(), &sealed)?;
        Ok(Some(vault::codec::read_list(&plain)?))
    }

    /// How many jobs of a connection the history holds.
    pub(crate) fn jobs_kept(&self, id: &ConnectionId) -> Result<u64> {
        let sql = "SELECT count(*) FROM jobs WHERE connection_n = (SELECT n FROM connections WHERE id = ?1)";
        let count: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row([id.as_str()], |r| r.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// How many refreshes of a connection were made in the day that begins at a moment.
    pub(crate) fn refreshes_since(&self, id: &ConnectionId, since: Moment) -> Result<u64> {
        let sql = "SELECT count(*) FROM jobs
            WHERE connection_n = (SELECT n FROM connections WHERE id = ?1) AND created >= ?2 AND created < ?3 AND kind = 1";
        let end = since.plus_ms(86_400_000);
        let count: i64 = self
            .conn
            .prepare_cached(sql)?
            .query_row(params![id.as_str(), since.0, end.0], |r| r.get(0))?;
        Ok(count.unsigned_abs())
    }
}

impl WriteTxn<'_> {
    /// Writes a new job; it becomes the connection's newest.
    pub(crate) fn insert_job(&self, new: &NewJob) -> Result<()> {
        let Some(c) = self.numbered(&new.connection)? else {
            return Err(Error::Absent {
                what: format!("connection {}", new.connection),
            });
        };
        let label = crate::domain::job::Label::of(&new.steps);
        let open = new.state.open();
        let sql = "INSERT INTO jobs (id, connection_n, user_n, institution_n, kind, state, label, open, created,
              updated, ended, due, step, code, steps, actor, method)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
              (SELECT method FROM connections WHERE n = ?2))";
        self.conn.prepare_cached(sql)?.execute(params![
            new.id.as_str(),
            c.n,
            c.user_n,
            c.institution_n,
            new.kind.code(),
            new.state.code(),
            label.code(),
            open,
            new.created.0,
            (!open).then_some(new.created.0),
            new.due.map(|m| m.0),
            step_word(&new.steps),
            code(&new.steps),
            codec::steps_text(&new.steps, new.created),
            new.actor,
        ])?;
        let job_n = self.conn.last_insert_rowid();
        let sql = "UPDATE connections SET job_n = ?2, job_recency = ?3 WHERE n = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![c.n, job_n, -new.created.0])?;
        Ok(())
    }

    /// Writes a job as it is now, if nobody else has moved it since `guard` was read. `false`: somebody
    /// has, and nothing was written.
    pub(crate) fn save_job(&self, job: &Job, guard: Guard) -> Result<bool> {
        let sql =
            "UPDATE jobs SET state = ?4, label = ?5, open = ?6, updated = ?7, ended = ?8, attempt = ?9, due = ?10,
              epoch = ?11, owner = ?12, deaths = ?13, step = ?14, code = ?15, steps = ?16, challenge = ?17
            WHERE id = ?1 AND epoch = ?2 AND state = ?3 AND ?11 >= epoch";
        let written = self.conn.prepare_cached(sql)?.execute(params![
            job.id.as_str(),
            guard.epoch,
            guard.state.code(),
            job.state.code(),
            job.label().code(),
            job.state.open(),
            job.updated.0,
            job.ended.map(|m| m.0),
            job.attempt,
            due(job).map(|m| m.0),
            job.epoch,
            job.owner,
            job.deaths,
            step_word(&job.steps),
            code(&job.steps),
            codec::steps_text(&job.steps, job.created),
            job.challenge.as_ref().map(codec::challenge_text),
        ])?;
        Ok(written == 1)
    }

    /// Notes how the user's visit to the data holder ended: 1 granted, 2 refused.
    pub(crate) fn set_authorised(&self, id: &JobId, how: i64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE jobs SET authorised = ?2 WHERE id = ?1")?
            .execute(params![id.as_str(), how])?;
        Ok(())
    }

    /// Keeps the user's answers, sealed, until the bank was told.
    pub(crate) fn keep_answers(&self, id: &JobId, answers: &[Secret]) -> Result<()> {
        let sealed = self.keys.seal_record(
            vault::Record::Answers,
            id.as_str(),
            &vault::codec::write_list(answers),
        )?;
        let sql = "INSERT OR REPLACE INTO job_answers (job_n, sealed) SELECT n, ?2 FROM jobs WHERE id = ?1";
        self.conn
            .prepare_cached(sql)?
            .execute(params![id.as_str(), sealed])?;
        Ok(())
    }

    /// Forgets them.
    pub(crate) fn drop_answers(&self, id: &JobId) -> Result<()> {
        let sql = "DELETE FROM job_answers WHERE job_n = (SELECT n FROM jobs WHERE id = ?1)";
        self.conn.prepare_cached(sql)?.execute([id.as_str()])?;
        Ok(())
    }
}
