//! The way of an act through the outbox: claimed by one process before its call, and settled by what was heard. What is
//! not known is read at the platform, and never guessed.

use super::genuine::strange;
use crate::domain::auth_link::AuthLink;
use crate::domain::connection::Happening;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::{JobId, PlanId};
use crate::domain::job::{Command, Job, Kind, State, Step, StepStatus, Title, next};
use crate::domain::live::{Outgoing, RemoteAct, STEP, Sending};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::ops::{Error, Ops, Result};
use crate::store::{AuditEntry, Guard, NewEvent, WriteTxn};
use std::time::Duration;

/// How long a call may take until it is taken as lost: longer than all its time-outs together.
const LOST: Duration = Duration::from_mins(5);

/// The wait before what is unsure is looked up: the call may still be on its way.
const LOOK_UP: Duration = Duration::from_secs(5);

/// A refresh that finds the bank at its limit is tried again.
const PACED: Duration = Duration::from_secs(2);

/// What was heard of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) what: SentTo,
    pub(crate) status: Option<u16>,
    pub(crate) correlation: String,
    /// A code or words of ours; nothing personal.
    pub(crate) said: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SentTo {
    /// The platform did it. Of a refresh: the job that it runs. Of a purge: what it holds now.
    Accepted { job: Option<JobId>, after: String },
    /// The platform made this link.
    Linked(AuthLink),
    /// The platform will not do it.
    Refused { code: String },
    /// The call may have arrived or not.
    Unsure,
    /// The call did not arrive, or was looked up and found not done.
    NotDone { again: Moment },
}

impl Ops {
    /// Whether an act has to be gone on with.
    pub(crate) async fn outbox_is_due(&self) -> Result<bool> {
        let now = self.now();
        self.read(move |rd| Ok(!rd.outgoing_due(now, 1)?.is_empty()))
            .await
    }

    /// The next act to go on with, taken by this process: it is sent from now on, or looked up when it was sent before and
    /// its answer was lost. Answers to a bank's question are given once.
    pub(crate) async fn outbox_claim(&self) -> Result<Option<(Outgoing, Option<Vec<Secret>>)>> {
        self.write(|ops, tx| {
            let now = ops.now();
            for mut act in tx.outgoing_due(now, 50)? {
                let epoch = act.epoch;
                if ops.is_paced(tx, &act, now)? {
                    act.due = Some(now.plus(PACED));
                    act.epoch += 1;
                    tx.save_outgoing(&act, epoch)?;
                    continue;
                }
                if let Some(why) = strange(tx, &act)? {
                    let heard = Heard {
                        what: SentTo::Refused {
                            code: "not-written-here".into(),
                        },
                        status: None,
                        correlation: String::new(),
                        said: why,
                    };
                    ops.settle_call(tx, act, heard)?;
                    continue;
                }
                let mut answers = None;
                act.state = match act.state {
                    Sending::Intended => {
                        if act.act == RemoteAct::Answer {
                            answers = tx.answers(&act.job)?;
                            tx.drop_answers(&act.job)?;
                        }
                        act.sent = Some(now);
                        act.tries += 1;
                        Sending::Sent
                    }
                    // whoever sent it is gone, or its answer
                    _ => Sending::Unsure,
                };
                act.epoch += 1;
                (act.changed, act.due) = (now, Some(now.plus(LOST)));
                if tx.save_outgoing(&act, epoch)? {
                    return Ok(Some((act, answers)));
                }
            }
            Ok(None)
        })
        .await
    }

    /// This process sends from now on: what another one had sent has lost its answer, and is looked up; so is what
    /// another one was looking up.
    pub(crate) async fn outbox_taken_over(&self) -> Result<()> {
        self.write(|ops, tx| Ok(tx.claimed_are_due(LOOK_UP, ops.now())?))
            .await
    }

    /// Whether a refresh has to wait, because enough fetches are under way at its bank or in all.
    fn is_paced(&self, tx: &WriteTxn<'_>, act: &Outgoing, now: Moment) -> Result<bool> {
        if act.act != RemoteAct::Refresh || act.state != Sending::Intended {
            return Ok(false);
        }
        let (at_bank, in_all) = tx.fetches_under_way(&act.institution, now)?;
        Ok(at_bank >= u64::from(self.limits.per_institution)
            || in_all >= u64::from(self.limits.total))
    }

    /// Writes down what the platform held before a purge.
    pub(crate) async fn outbox_before(&self, act: &Outgoing, before: String) -> Result<Outgoing> {
        let mut act = act.clone();
        self.write(move |_, tx| {
            act.before = before;
            match tx.save_outgoing(&act, act.epoch)? {
                true => Ok(act),
                false => Err(Error::Changed(format!("act {}", act.id))),
            }
        })
        .await
    }

    /// `false`: another process has gone on with it, and nothing was written.
    pub(crate) async fn outbox_heard(&self, act: &Outgoing, heard: Heard) -> Result<bool> {
        let act = act.clone();
        self.write(move |ops, tx| ops.settle_call(tx, act, heard))
            .await
    }

    fn settle_call(&self, tx: &WriteTxn<'_>, mut act: Outgoing, heard: Heard) -> Result<bool> {
        let (now, epoch) = (self.now(), act.epoch);
        act.epoch += 1;
        act.changed = now;
        act.status = heard.status.or(act.status);
        act.correlation.clone_from(&heard.correlation);
        act.said.clone_from(&heard.said);
        let was = act.state;
        (act.state, act.due) = match &heard.what {
            SentTo::Accepted { .. } | SentTo::Linked(_) => (Sending::Accepted, None),
            SentTo::Refused { .. } => (Sending::Refused, None),
            SentTo::Unsure => (Sending::Unsure, Some(now.plus(LOOK_UP))),
            SentTo::NotDone { again } => (Sending::Intended, Some(*again)),
        };
        let first = act.job.clone();
        if let SentTo::Accepted { job, after } = &heard.what {
            act.after.clone_from(after);
            if let (RemoteAct::Refresh, Some(job)) = (act.act, job) {
                act.job = job.clone();
            }
        }
        if !tx.save_outgoing(&act, epoch)? {
            return Ok(false);
        }
        match &heard.what {
            SentTo::Accepted { .. } => self.accepted(tx, &act, &first, now)?,
            SentTo::Linked(link) => tx.put_auth_link(link)?,
            SentTo::Refused { code } => self.not_accepted(tx, &act, code, now)?,
            SentTo::Unsure | SentTo::NotDone { .. } => {}
        }
        // what only waits for its turn is no news
        if act.state != Sending::Intended && (act.state != was || !act.state.open()) {
            self.note_outgoing(tx, &act, now)?;
        }
        Ok(true)
    }

    /// The line of the audit: what came of it, with status and correlation id.
    fn note_outgoing(&self, tx: &WriteTxn<'_>, act: &Outgoing, now: Moment) -> Result<()> {
        let mut outcome = act.state.word().to_owned();
        if !act.said.is_empty() {
            outcome += &format!(": {}", act.said);
        }
        if let Some(status) = act.status {
            outcome += &format!(", HTTP {status}");
        }
        if !act.correlation.is_empty() {
            outcome += &format!(", correlation {}", act.correlation);
        }
        let entry = AuditEntry {
            actor: act.actor.clone(),
            face: self.caller.face,
            action: act.act.word().into(),
            target: act.target.clone(),
            outcome,
            reason: act.reason.clone(),
        };
        Ok(tx.append_audit(&entry, now)?)
    }

    fn accepted(
        &self,
        tx: &WriteTxn<'_>,
        act: &Outgoing,
        first: &JobId,
        now: Moment,
    ) -> Result<()> {
        match act.act {
            RemoteAct::Refresh => {
                tx.name_job(first, &act.job)?;
                if let Some(job) = tx.job(&act.job)? {
                    self.tell_job(tx, &job, now)?;
                }
                Ok(tx.watch_job(&act.job, now, 0)?)
            }
            RemoteAct::Answer => {
                // a job that was asked for since may have a question of its own
                let open = tx.open_job(&act.connection())?;
                if open.is_some_and(|open| open.id == act.job) {
                    tx.set_asking(&act.connection(), false)?;
                }
                Ok(tx.watch_job(&act.job, now, 0)?)
            }
            RemoteAct::Purge => {
                let Some(mut job) = tx.job(&act.job)?.filter(|job| job.state == State::Queued)
                else {
                    return Ok(());
                };
                let guard = Guard::of(&job);
                there(&mut job, StepStatus::Success, now).note = Some(reported(act));
                // what was copied goes now, with its key
                (job.updated, job.next_attempt) = (now, Some(now));
                tx.save_job(&job, guard)?;
                self.tell_job(tx, &job, now)
            }
            RemoteAct::Revoke => self.revoked(tx, act, now),
            // the workflow that waits for it goes on; what the platform deleted is read
            RemoteAct::EndConsent => {
                tx.set_stale(&act.user, now)?;
                Ok(())
            }
            // a link comes with its address
            RemoteAct::Link => Ok(()),
        }
    }

    fn revoked(&self, tx: &WriteTxn<'_>, act: &Outgoing, now: Moment) -> Result<()> {
        if let Some(row) = tx.connection(&act.connection())?
            && row.status != crate::domain::connection::Status::Deleted
        {
            if let Some(open) = tx.open_job(&row.id)? {
                tx.unwatch_job(&open.id)?;
            }
            self.end_open_job(tx, &row.id, now)?;
            self.end(tx, &row, Happening::Revoked, now)?;
        }
        let Some(mut job) = tx.job(&act.job)?.filter(|job| job.state == State::Queued) else {
            return Ok(());
        };
        let guard = Guard::of(&job);
        there(&mut job, StepStatus::Success, now).note = Some(reported(act));
        for step in &mut job.steps {
            (step.status, step.ended) = (StepStatus::Success, Some(now));
            step.started = step.started.or(Some(now));
        }
        job.state = moved(&job, Command::Claim)?;
        job.state = moved(&job, Command::Finish)?;
        (job.updated, job.ended, job.next_attempt) = (now, Some(now), None);
        tx.save_job(&job, guard)?;
        self.tell_job(tx, &job, now)
    }

    fn not_accepted(
        &self,
        tx: &WriteTxn<'_>,
        act: &Outgoing,
        code: &str,
        now: Moment,
    ) -> Result<()> {
        // it may be refused because something is not as it is here
        tx.set_stale(&act.user, now)?;
        if act.act == RemoteAct::Answer {
            return Ok(tx.watch_job(&act.job, now, 0)?);
        }
        let Some(mut job) = tx
            .job(&act.job)?
            .filter(|job| job.state.open() && job.epoch == 0)
        else {
            return Ok(());
        };
        let guard = Guard::of(&job);
        let how = match act.status {
            Some(status) => format!("The platform refused it: {} (HTTP {status}).", act.said),
            None => format!("It was not sent: {}.", act.said),
        };
        let at = job.current();
        let step = match job.kind == Kind::Refresh {
            true => &mut job.steps[at],
            false => there(&mut job, StepStatus::Failed, now),
        };
        step.status = StepStatus::Failed;
        step.ended = Some(now);
        step.failure = Some(Failure::new(code, "Refused By The Platform", &how));
        job.state = moved(&job, Command::Fail)?;
        (job.updated, job.ended, job.next_attempt) = (now, Some(now), None);
        tx.save_job(&job, guard)?;
        if job.kind == Kind::Purge {
            tx.drop_list(job.id.as_str())?;
            tx.drop_draft(job.id.as_str())?;
        }
        self.tell_job(tx, &job, now)
    }

    /// What the platform reported of what a certificate is about, a purge or the end of a consent there; none for one of
    /// this file alone.
    pub(crate) async fn platform_report(&self, id: &str) -> Result<Option<String>> {
        let (job, workflow) = (JobId::from(id), PlanId::from(id));
        self.read(move |rd| {
            let purge = rd.outgoing_of_job(&job)?;
            let purge = purge.filter(|act| act.act == RemoteAct::Purge);
            let act = match purge {
                Some(purge) => Some(purge),
                None => rd.outgoing_of_workflow(&workflow, RemoteAct::EndConsent)?,
            };
            let done = |act: &Outgoing| act.state == Sending::Accepted;
            Ok(act.filter(done).map(|act| reported(&act)))
        })
        .await
    }

    fn tell_job(&self, tx: &WriteTxn<'_>, job: &Job, now: Moment) -> Result<()> {
        self.record_event(
            tx,
            &NewEvent::of_job("job", "updated", job, &self.caller.actor),
            now,
        )
    }
}

fn moved(job: &Job, command: Command) -> Result<State> {
    next(job.state, command).map_err(|refused| Error::Input(refused.to_string()))
}

/// The step that stands for the platform's part.
fn there(job: &mut Job, status: StepStatus, now: Moment) -> &mut Step {
    let of = |step: &Step| step.title == Title::Other(STEP.into());
    let at = job.steps.iter().position(of).unwrap_or_default();
    let step = &mut job.steps[at];
    (step.status, step.ended) = (status, Some(now));
    step.started = step.started.or(Some(now));
    step
}

/// In honest words: what is said of the platform's side is its own report.
fn reported(act: &Outgoing) -> String {
    let mut said = "as the platform reported".to_owned();
    if !act.before.is_empty() {
        said += &format!(": before {}, after {}", act.before, act.after);
    }
    match act.status {
        Some(status) => said += &format!(" (HTTP {status})"),
        None => said += " (looked up)",
    }
    said
}
