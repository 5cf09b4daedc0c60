//! Warns before a consent expires, reminds after a long time without a change, and ends it at its expiry.

use crate::domain::act::ActKind;
use crate::domain::consent::{Consent, reminder_at, warning_at};
use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use crate::ops::{Error, Ops, Result, Selection};

/// How many are warned of in one transaction, and how many are ended in one round.
const AT_ONCE: usize = 200;

impl Ops {
    /// Returns when the next warning, reminder or end is due.
    pub(super) async fn maintain_consents(&self) -> Result<Option<Moment>> {
        let now = self.now();
        let next: Result<[Option<Moment>; 3]> = self.read(|rd| Ok(rd.consents_next()?)).await;
        let [end, unwarned, quiet] = next?;
        let warning = unwarned.map(warning_at);
        let reminder = quiet.map(reminder_at);
        let due = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        if due(end) {
            self.end_expired(now).await?;
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

    async fn end_expired(&self, now: Moment) -> Result<()> {
        let ended = self
            .read(move |rd| Ok(rd.consents_ended(now, AT_ONCE)?))
            .await;
        let mut begun = Vec::new();
        for consent in ended? {
            let selection = Selection::Consent(consent.id.clone());
            let plan = match self.plan(ActKind::EndConsent, selection, false).await {
                Ok(plan) => plan,
                // it was ended meanwhile
                Err(Error::Refused(_) | Error::NotFound { .. }) => continue,
                Err(other) => return Err(other),
            };
            // another workflow of the user is under way; this consent ends with it or after it
            if self.user_is_busy(&consent.user).await? {
                continue;
            }
            let reason = "the consent has run out";
            match self.begin_workflow(&plan, reason).await {
                Ok(id) => begun.push(id),
                Err(Error::Refused(_) | Error::Changed(_)) => {}
                Err(other) => return Err(other),
            }
        }
        self.go_on_together(begun).await.map(drop)
    }

    async fn user_is_busy(&self, user: &UserId) -> Result<bool> {
        let user = user.clone();
        self.read(move |rd| Ok(rd.open_workflow(&user)?.is_some()))
            .await
    }
}
