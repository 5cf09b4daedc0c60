//! What is to be done at the platform is written down before any call is made, in the transaction of the order.

use super::{no_platform, signed_out};
use crate::domain::ids::{JobId, OutboxId, PlanId, UserId};
use crate::domain::job::{Job, Kind, Step, Title};
use crate::domain::live::{Outgoing, RemoteAct, STEP, Sending, Trouble};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, Page};
use crate::ops::{Ops, Refusal, Result};
use crate::store::{ReadTxn, WriteTxn};

/// The steps of a job that is carried out at the platform, and in this file after that.
pub(in crate::ops) fn steps(kind: Kind) -> Vec<Step> {
    let here = kind.steps().iter().cloned().map(Step::pending);
    let there = Step::pending(Title::Other(STEP.into()));
    std::iter::once(there).chain(here).collect()
}

/// Refused while nobody is signed in, or the platform refuses the key.
fn may_be_sent(rd: &ReadTxn<'_>) -> Result<()> {
    let platform = rd.platform()?.ok_or_else(no_platform)?;
    if platform.signed_in.is_none() {
        return Err(signed_out(&platform.address).into());
    }
    match platform.trouble {
        Some((Trouble::SignedOut, _, how)) => Err(Refusal {
            detail: format!("{} refuses the key: {how}.", platform.address),
            ..signed_out(&platform.address)
        }
        .into()),
        _ => Ok(()),
    }
}

impl Ops {
    /// Writes down an act on a connection of the platform. `job` stands for it here.
    pub(crate) fn intend(
        &self,
        tx: &WriteTxn<'_>,
        act: RemoteAct,
        row: &ConnectionRow,
        job: &JobId,
        reason: &str,
    ) -> Result<()> {
        let id: OutboxId = match act {
            RemoteAct::Answer => self.clock.fresh_id().into(),
            // the platform gives that job another id, and it is found by the first one all the same
            _ => job.as_str().into(),
        };
        let new = Outgoing {
            institution: row.institution.clone(),
            job: job.clone(),
            ..self.outgoing(id, act, row.id.as_str(), &row.user, reason)
        };
        may_be_sent(tx)?;
        Ok(tx.intend(&new)?)
    }

    /// Writes down an act on a consent or a user of the platform; one that is not over is given back.
    pub(in crate::ops) fn intend_once(
        &self,
        tx: &WriteTxn<'_>,
        act: RemoteAct,
        target: &str,
        user: &UserId,
        workflow: Option<&PlanId>,
        reason: &str,
    ) -> Result<OutboxId> {
        if let Some(open) = tx.open_outgoing(target, act)? {
            return Ok(open.id);
        }
        may_be_sent(tx)?;
        let id = OutboxId::from(self.clock.fresh_id());
        let new = Outgoing {
            workflow: workflow.cloned(),
            ..self.outgoing(id.clone(), act, target, user, reason)
        };
        tx.intend(&new)?;
        self.audit(tx, act.word(), target, "intended", reason, self.now())?;
        Ok(id)
    }

    fn outgoing(
        &self,
        id: OutboxId,
        act: RemoteAct,
        target: &str,
        user: &UserId,
        reason: &str,
    ) -> Outgoing {
        let now = self.now();
        Outgoing {
            id,
            act,
            target: target.into(),
            user: user.clone(),
            institution: "".into(),
            job: "".into(),
            workflow: None,
            state: Sending::Intended,
            made: now,
            changed: now,
            due: Some(now),
            sent: None,
            tries: 0,
            epoch: 0,
            status: None,
            correlation: String::new(),
            said: String::new(),
            before: String::new(),
            after: String::new(),
            actor: self.caller.actor.clone(),
            face: self.caller.face.into(),
            reason: reason.into(),
        }
    }

    /// Takes back what was not sent yet. None: the job is not of the platform, or its act is over.
    pub(crate) fn take_back(
        &self,
        tx: &WriteTxn<'_>,
        job: &Job,
        now: Moment,
    ) -> Result<Option<bool>> {
        let Some(mut act) = tx.outgoing_of_job(&job.id)?.filter(|act| act.state.open()) else {
            return Ok(None);
        };
        if act.state != Sending::Intended {
            return Ok(Some(false));
        }
        let epoch = act.epoch;
        (act.state, act.due, act.changed) = (Sending::Refused, None, now);
        act.said = "taken back before it was sent".into();
        Ok(Some(tx.save_outgoing(&act, epoch)?))
    }

    pub(crate) async fn outbox(
        &self,
        only_open: bool,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<Outgoing>> {
        self.read(move |rd| Ok(rd.outbox_page(only_open, from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn outbox_size(&self, only_open: bool) -> Result<u64> {
        self.read(move |rd| Ok(rd.outbox_size(only_open)?)).await
    }
}
