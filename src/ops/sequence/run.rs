//! Going on with a sequence: take it in hand, do its next step, write down what that came to. Dropping a
//! [`Run`] between two steps, or in the middle of one, leaves what the next one goes on with.

use super::AGAIN;
use super::begin::target;
use crate::domain::ids::{JobId, SequenceId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::sequence::{Act, Sequence, Standing};
use crate::ops::{Error, Ops, Result};
use crate::store::WriteTxn;
use std::time::Duration;

/// One process's hold on a sequence, with what it may keep in memory only.
pub(crate) struct Run {
    pub(super) ops: Ops,
    pub(super) id: SequenceId,
    owner: String,
    /// Plain values that have to be gone at the end; wiped when dropped.
    pub(super) needles: Vec<Secret>,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Went {
    /// One is done, or has to be done anew; there is more.
    On(Sequence),
    /// It has ended.
    Ended(Sequence),
    /// Nothing can be done before this moment.
    Waits(Sequence, Moment),
}

/// What a step came to.
pub(super) enum Did {
    /// Done.
    Done(Option<String>, Option<JobId>),
    /// Done, and written down already.
    Written(Box<Sequence>),
    /// Not now.
    Later(String, Moment),
    /// Something came between; this act has to be done again.
    Again(Act, String),
    /// Never.
    Stopped(String),
}

impl Run {
    /// A hold on this sequence.
    pub(crate) fn of(ops: &Ops, id: &SequenceId) -> Self {
        Self {
            ops: ops.clone(),
            id: id.clone(),
            owner: ops.store.holder(&ops.clock.fresh_id()),
            needles: vec![],
        }
    }

    /// What it is known by while it has the sequence in hand.
    pub(crate) fn owner(&self) -> &str {
        &self.owner
    }

    /// Does the next step.
    ///
    /// # Errors
    /// When the file cannot be read or written; the step is done by whoever comes next.
    pub(crate) async fn step(&mut self) -> Result<Went> {
        let it = match self.take().await? {
            Ok(it) => it,
            Err(went) => return Ok(*went),
        };
        let act = it.current().map(|at| it.steps[at].act);
        let did = match act {
            None => {
                return Err(Error::Input(format!(
                    "sequence {} is open and has no step",
                    it.id
                )));
            }
            Some(act) => self.keeping(&it, act).await?,
        };
        self.record(it, did).await
    }

    /// Goes on until it ends or nothing can be done for `patience`; tells each change.
    ///
    /// # Errors
    /// As [`Run::step`]; and when it has not ended.
    pub(crate) async fn to_the_end(
        &mut self,
        patience: Duration,
        mut told: impl FnMut(&Sequence),
    ) -> Result<Sequence> {
        let mut waited = Duration::ZERO;
        loop {
            let went = match self.step().await {
                // this process was silent for too long: it waits for the other one
                Err(Error::Changed(_)) => continue,
                went => went?,
            };
            match went {
                Went::On(it) => {
                    waited = Duration::ZERO;
                    told(&it);
                }
                Went::Ended(it) => return Ok(it),
                Went::Waits(it, until) => {
                    told(&it);
                    if waited >= patience {
                        return Err(Error::TimedOut(crate::domain::time_format::write(patience)));
                    }
                    let ms = until
                        .since(self.ops.now())
                        .clamp(20, AGAIN.as_millis() as i64);
                    let pause = Duration::from_millis(ms.unsigned_abs());
                    // another process lets go without a word to this one, or dies; only time tells
                    tokio::time::sleep(pause).await;
                    waited += pause;
                }
            }
        }
    }

    /// Takes it in hand, unless it has ended or somebody else has it.
    async fn take(&self) -> Result<std::result::Result<Sequence, Box<Went>>> {
        let (ops, id, owner) = (self.ops.clone(), self.id.clone(), self.owner.clone());
        self.ops
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let (now, lease) = (ops.now(), ops.limits.lease);
                let Some(mut it) = tx.sequence(&id)? else {
                    return Err(Error::NotFound {
                        kind: "sequence",
                        id: id.to_string(),
                    });
                };
                if it.ended.is_some() {
                    return Ok(Err(Box::new(Went::Ended(it))));
                }
                if let Some(until) = it.held(&owner, now, lease) {
                    return Ok(Err(Box::new(Went::Waits(it, until))));
                }
                let epoch = it.epoch;
                it.take(&owner, now, lease);
                tx.save_sequence(&it, epoch)?;
                Ok(Ok(it))
            })
            .await
    }

    /// Does the act and says meanwhile that this process lives.
    async fn keeping(&mut self, it: &Sequence, act: Act) -> Result<Did> {
        let (ops, id, epoch, lease) = (
            self.ops.clone(),
            it.id.clone(),
            it.epoch,
            self.ops.limits.lease,
        );
        let mut work = std::pin::pin!(self.act(it, act));
        loop {
            tokio::select! {
                did = &mut work => return did,
                // a heartbeat: the lease is renewed while the act lasts
                () = tokio::time::sleep(lease / 3) => {}
            }
            let (id, until) = (id.clone(), ops.now().plus(lease));
            let renewed = ops.store.write(move |tx: &WriteTxn<'_>| -> Result<bool> {
                Ok(tx.extend_sequence(&id, epoch, until)?)
            });
            tokio::select! {
                did = &mut work => return did,
                // whether it was still ours is seen when the step is written down
                _ = renewed => {}
            }
        }
    }

    async fn record(&self, mut it: Sequence, did: Did) -> Result<Went> {
        let now = self.ops.now();
        let mut waits = None;
        match did {
            Did::Written(it) => {
                return Ok(if it.ended.is_some() {
                    Went::Ended(*it)
                } else {
                    Went::On(*it)
                });
            }
            Did::Done(note, job) => it.succeed(note, job, now),
            Did::Later(why, until) => {
                it.wait(&why, until, now);
                waits = Some(until);
            }
            Did::Again(act, why) => it.back_to(act, &why, now),
            Did::Stopped(why) => it.stop(&why, now),
        }
        let (ops, mut written) = (self.ops.clone(), it.clone());
        let saved: Result<bool> = self
            .ops
            .store
            .write(move |tx: &WriteTxn<'_>| {
                let epoch = written.epoch;
                if written.ended.is_none() && waits.is_none() {
                    written.lease = Some(now.plus(ops.limits.lease));
                }
                if !tx.save_sequence(&written, epoch)? {
                    return Ok(false);
                }
                ops.note_end(tx, &written, now)?;
                Ok(true)
            })
            .await;
        if !saved? {
            return Err(Error::Changed(format!(
                "another process goes on with sequence {}",
                it.id
            )));
        }
        Ok(match waits {
            Some(until) => Went::Waits(it, until),
            None if it.ended.is_some() => Went::Ended(it),
            None => Went::On(it),
        })
    }
}

impl Ops {
    /// The line of the audit about how a sequence ended, once it has.
    pub(super) fn note_end(&self, tx: &WriteTxn<'_>, it: &Sequence, now: Moment) -> Result<()> {
        let outcome = match it.standing() {
            Standing::Open => return Ok(()),
            Standing::Done => format!("done: {}", it.id),
            Standing::Stopped => {
                tx.drop_draft(it.id.as_str())?;
                format!("stopped: {}", it.id)
            }
        };
        Ok(tx.append_audit(&self.entry(it.kind.word(), target(it), &outcome, ""), now)?)
    }
}
