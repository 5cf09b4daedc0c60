//! A job that cannot be run because something stored here does not read costs itself only: the error is noted on it, it
//! is tried again later, and in the end it is put aside. All other jobs go on.

use super::recorder::Recorder;
use super::worker::Inner;
use super::{Error, Result};
use crate::domain::connection::{Happening, Status};
use crate::domain::failure_codes::{Blame, DAMAGED, Failure};
use crate::domain::ids::JobId;
use crate::domain::job::{Job, Title};
use crate::domain::moment::Moment;
use crate::store::{self, Due, WriteTxn};
use std::sync::Arc;

impl Error {
    /// Whether the fault lies in one row or in what is sealed for it, so that everything else can go on.
    pub(super) fn of_one_row(&self) -> bool {
        match self {
            Error::Store(store) => store.of_one_row(),
            Error::Job { .. } => true,
            Error::Missing(_) | Error::Workflow { .. } | Error::Overtaken(_) => false,
        }
    }
}

/// A job that has the steps of its kind to go through; one without them cannot be run.
pub(super) fn runnable(job: Job) -> Result<Job> {
    let lacks = match job.kind.fetches() {
        true => job.steps.is_empty(),
        false => {
            let has = |title: &Title| job.steps.iter().any(|step| step.title == *title);
            !job.kind.steps().iter().all(has)
        }
    };
    match lacks {
        true => Err(unreadable(&job.id, "its steps are not there")),
        false => Ok(job),
    }
}

pub(super) fn unreadable(id: &JobId, what: &str) -> Error {
    Error::Job {
        id: id.clone(),
        what: what.into(),
    }
}

impl Inner {
    /// Notes on a job what keeps it from running. An error that is not its own is given back.
    pub(super) async fn note_damage(self: &Arc<Self>, due: &Due, error: Error) -> Result<()> {
        if !error.of_one_row() {
            return Err(error);
        }
        let (inner, due, what) = (self.clone(), due.clone(), error.to_string());
        self.store
            .write(move |tx: &WriteTxn<'_>| inner.recorder().stumbles(tx, &due, &what))
            .await
    }
}

impl Recorder<'_> {
    fn stumbles(&self, tx: &WriteTxn<'_>, due: &Due, what: &str) -> Result<()> {
        let now = self.clock.now();
        let again = now.plus(self.limits.rescue.min(self.limits.lease));
        match tx.job_stumbles(due, self.owner, what, now, again)? {
            Some(failures) if failures >= self.limits.deaths => {
                self.put_aside(tx, due.n, what, now)
            }
            _ => Ok(()),
        }
    }

    fn put_aside(&self, tx: &WriteTxn<'_>, n: i64, what: &str, now: Moment) -> Result<()> {
        let detail = format!(
            "Something that this job needs cannot be used here: {what}. The bank was not the cause."
        );
        let failure = Failure {
            detail,
            ..Failure::of(DAMAGED)
        };
        tx.put_job_aside(n, &failure, now)?;
        // what can be told of it; its own rows may be damaged further
        let Some(job) = readable(tx.job_numbered(n))?.flatten() else {
            return Ok(());
        };
        self.tell(tx, &job)?;
        let connection = readable(tx.connection(&job.connection))?.flatten();
        let Some(connection) = connection else {
            return Ok(());
        };
        tx.set_asking(&job.connection, false)?;
        // a connection that works stays as it is: no bank has refused it
        match connection.status {
            Status::PreInit => self.transit(tx, &connection, Happening::FlowRefused),
            Status::Pending | Status::Init => {
                self.transit(tx, &connection, Happening::StepFailed(Blame::Us))
            }
            Status::Active | Status::Invalid | Status::Deleted => Ok(()),
        }
    }
}

/// None when the row itself does not read.
fn readable<T>(read: store::Result<T>) -> store::Result<Option<T>> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.of_one_row() => Ok(None),
        Err(error) => Err(error),
    }
}
