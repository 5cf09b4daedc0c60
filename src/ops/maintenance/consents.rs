//! What time does to consents (domain 7): a word a week before the end, a word after a long quiet, and the end
//! itself, which ends connections and deletes data as if somebody had ended it.

use crate::domain::act::ActKind;
use crate::domain::consent::{Consent, reminder_at, warning_at};
use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use crate::ops::{Error, Ops, Result, Selection};
use crate::store::{ReadTxn, WriteTxn};

/// So many are told of in one transaction, and so many are ended in one round.
const AT_ONCE: usize = 200;

impl Ops {
    /// Says what is due, ends what has ended; answers when the next word or end is due.
    pub(super) async fn tend_consents(&self) -> Result<Option<Moment>> {
        let now = self.now();
        let next: Result<[Option<Moment>; 3]> = self
            .store
            .read(|rd: &ReadTxn<'_>| Ok(rd.consents_next()?))
            .await;
        let [end, unwarned, quiet] = next?;
        let warning = unwarned.map(warning_at);
        let reminder = quiet.map(reminder_at);
        let due = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        if due(end) {
            self.end_expired(now).await?;
        }
        if due(warning) || due(reminder) {
            self.say_what_is_due(now).await?;
        }
        // what was due now is looked at again in the next round, should some be left
        Ok([end, warning, reminder].into_iter().flatten().min())
    }

    async fn say_what_is_due(&self, now: Moment) -> Result<()> {
        let ops = self.clone();
        self.store
            .write(move |tx: &WriteTxn<'_>| {
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
        let ended: Result<Vec<Consent>> = self
            .store
            .read(move |rd: &ReadTxn<'_>| Ok(rd.consents_ended(now, AT_ONCE)?))
            .await;
        for consent in ended? {
            let selection = Selection::Consent(consent.id.clone());
            let plan = match self.plan(ActKind::EndConsent, selection, false).await {
                Ok(plan) => plan,
                // somebody ended it meanwhile
                Err(Error::Refused(_) | Error::NotFound { .. }) => continue,
                Err(other) => return Err(other),
            };
            // another workflow of the user is under way; the end comes with it, or after it
            if self.user_is_busy(&consent.user).await? {
                continue;
            }
            let reason = "the consent has run out";
            match self.begin_workflow(&plan, reason).await {
                Ok(id) => drop(self.go_on(&id).await?),
                Err(Error::Refused(_) | Error::Changed(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    async fn user_is_busy(&self, user: &UserId) -> Result<bool> {
        let user = user.clone();
        self.store
            .read(move |rd: &ReadTxn<'_>| Ok(rd.open_workflow(&user)?.is_some()))
            .await
    }
}
