//! Warns before a consent expires, reminds after a long time without a change, and ends it when it has run out: it is
//! marked first, and ended a grace later.

use crate::domain::act::ActKind;
use crate::domain::clock_check::Present;
use crate::domain::consent::{Consent, reminder_at, warning_at};
use crate::domain::ids::{PlanId, UserId};
use crate::domain::moment::Moment;
use crate::ops::maintenance::Parts;
use crate::ops::{Error, Ops, Result, Selection};

/// How many are warned of in one transaction.
const AT_ONCE: usize = 200;

impl Ops {
    /// Returns when the next warning, reminder or end is due. Each is done once and cannot be taken back, so nothing is
    /// done while the clock looks wrong.
    pub(super) async fn maintain_consents(&self) -> Result<Option<Moment>> {
        let (ops, present) = (self.clone(), self.clock.present());
        let (now, looked) = (present.now, present.clone());
        let next = self.read(move |rd| match ops.ahead_at(rd, &looked)? {
            Some(_) => Ok(None),
            // a platform warns of its consents and ends them itself
            None if rd.platform()?.is_some() => Ok(None),
            None => Ok(Some((rd.consents_next()?, rd.any_stale_mark(&looked)?))),
        });
        let Some(([mut end, unwarned, quiet], stale)) = next.await? else {
            return Ok(None);
        };
        let warning = unwarned.map(warning_at);
        let reminder = quiet.map(reminder_at);
        let due = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        if stale {
            let of = present.clone();
            self.write(move |_, tx| Ok(tx.drop_stale_marks(&of)?))
                .await?;
        }
        if due(end) {
            end = self.end_expired(present).await?;
        }
        if due(warning) || due(reminder) {
            self.warn_and_remind(now).await?;
        }
        // what is left of those due now is done in the next round
        Ok([end, warning, reminder].into_iter().flatten().min())
    }

    async fn warn_and_remind(&self, now: Moment) -> Result<()> {
        self.write(move |ops, tx| {
            for consent in tx.consents_to_warn(now, AT_ONCE)? {
                ops.consent_event(tx, &consent.user.clone(), "warning", now)?;
                tx.save_consent(&Consent {
                    warned: Some(now),
                    ..consent
                })?;
            }
            for consent in tx.consents_to_remind(now, AT_ONCE)? {
                ops.consent_event(tx, &consent.user.clone(), "reminder", now)?;
                tx.save_consent(&Consent {
                    reminded: Some(now),
                    ..consent
                })?;
            }
            Ok(())
        })
        .await
    }

    /// Marks what has run out, and ends what was marked a grace ago. Returns when the next end is due; none when only a
    /// person ends any.
    async fn end_expired(&self, present: Present) -> Result<Option<Moment>> {
        let (ops, looked) = (self.clone(), present.clone());
        let unmarked = self.read(move |rd| match ops.held_at(rd, &looked)? {
            Some(_) => Ok(None),
            None => Ok(Some(rd.any_ended_unmarked(looked.now)?)),
        });
        let Some(unmarked) = unmarked.await? else {
            return Ok(None);
        };
        if unmarked {
            let of = present.clone();
            self.write(move |ops, tx| match ops.held_at(tx, &of)? {
                Some(_) => Ok(()),
                None => Ok(tx.mark_ended(&of)?),
            })
            .await?;
        }
        let grace = i64::try_from(self.limits.ending_grace.as_millis()).unwrap_or(i64::MAX);
        let most = self.limits.ending_limit;
        // more than are ended, so that one that cannot be ended does not take the place of another
        let looked_at = most as usize + AT_ONCE;
        let ripe = self
            .read(move |rd| Ok(rd.consents_to_end(&present, grace, looked_at)?))
            .await?;
        self.end_some(ripe, most).await?;
        self.read(move |rd| Ok(rd.next_marked_end(grace)?)).await
    }

    /// Ends at most so many.
    async fn end_some(&self, ripe: Vec<Consent>, most: u32) -> Result<()> {
        let (mut all, mut begun) = (Parts::default(), Vec::new());
        for consent in ripe {
            if begun.len() == most as usize {
                break;
            }
            match self.begin_end(&consent).await {
                Ok(workflow) => begun.extend(workflow),
                Err(error) => all.add(Err(error)),
            }
        }
        all.add(self.go_on_together(begun).await);
        all.result().map(drop)
    }

    /// None when it is not for this round.
    async fn begin_end(&self, consent: &Consent) -> Result<Option<PlanId>> {
        let selection = Selection::Consent(consent.id.clone());
        let plan = match self.plan(ActKind::EndConsent, selection, false).await {
            Ok(plan) => plan,
            // it was ended meanwhile
            Err(Error::Refused(_) | Error::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other),
        };
        // another workflow of the user is under way; this consent ends with it or after it
        if self.user_is_busy(&consent.user).await? {
            return Ok(None);
        }
        let reason = "the consent has run out";
        match self.begin_workflow(&plan, reason).await {
            Ok(id) => Ok(Some(id)),
            Err(Error::Refused(_) | Error::Changed(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    async fn user_is_busy(&self, user: &UserId) -> Result<bool> {
        let user = user.clone();
        self.read(move |rd| Ok(rd.open_workflow(&user)?.is_some()))
            .await
    }
}
