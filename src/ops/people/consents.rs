//! Consents (domain 7): the first connection of a user makes one, each further one counts as a change of it.
//! Ending one is a sequence. Deliberately absent: what a consent allows, which the app decides.

use crate::domain::consent::{Consent, Status};
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::moment::Moment;
use crate::domain::views::{Anchor, Page};
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, WriteTxn};

impl Ops {
    /// One consent.
    ///
    /// # Errors
    /// When there is none with this id.
    pub(crate) async fn consent(&self, id: &ConsentId) -> Result<Consent> {
        let asked = id.clone();
        let found: Result<Option<Consent>> =
            self.store.read(move |rd| Ok(rd.consent(&asked)?)).await;
        found?.ok_or_else(|| not_found("consent", &id))
    }

    /// The consent that `text` names.
    ///
    /// # Errors
    /// When it names none, or several.
    pub(crate) async fn resolve_consent(&self, text: &str) -> Result<ConsentId> {
        let asked = text.trim().to_owned();
        let found: Vec<ConsentId> = self
            .store
            .read(move |rd| -> Result<_> { Ok(rd.consents_named(&asked, 6)?) })
            .await?;
        crate::ops::resolve::one_of("consent", text, &found, ConsentId::as_str)
    }

    /// A page of a user's consents, newest first; without a user, of all that are active, the one that ends
    /// next first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn consents(
        &self,
        user: Option<UserId>,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<Consent>> {
        self.store
            .read(move |rd| Ok(rd.consent_page(user.as_ref(), from.as_ref(), limit)?))
            .await
    }

    /// How many consents [`Ops::consents`] goes through.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn consent_size(&self, user: Option<UserId>) -> Result<u64> {
        self.store
            .read(move |rd| Ok(rd.consent_size(user.as_ref())?))
            .await
    }

    /// Extends a consent by its usual duration from now on, as the user agreed to.
    ///
    /// # Errors
    /// When there is none with this id, or it has ended.
    pub(crate) async fn extend_consent(&self, id: &ConsentId, reason: &str) -> Result<Consent> {
        let (asked, reason) = (id.clone(), reason.to_owned());
        self.act("extend-consent", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let held = tx
                .consent(&asked)?
                .ok_or_else(|| not_found("consent", &asked))?;
            if held.status != Status::Active {
                let advice = "It has ended; the user's next connection makes a new one.";
                return Err(Error::Refused(Refusal::new(
                    "resource-not-found",
                    "Requested resource is not found",
                    advice,
                )));
            }
            let extended = held.extended(now);
            tx.save_consent(&extended)?;
            ops.consent_event(tx, &extended.user, "updated", now)?;
            tx.append_audit(
                &ops.entry("extend-consent", asked.as_str(), "done", &reason),
                now,
            )?;
            Ok(extended)
        })
        .await
    }

    /// A connection is made under the user's consent: the active one changes, or one is given.
    pub(crate) fn connected_under(
        &self,
        tx: &WriteTxn<'_>,
        user: &UserId,
        now: Moment,
    ) -> Result<()> {
        let what = match tx.active_consent(user)? {
            Some(consent) => {
                tx.save_consent(&Consent {
                    updated: now,
                    reminded: None,
                    ..consent
                })?;
                return Ok(());
            }
            None => {
                tx.insert_consent(&Consent::given(
                    self.clock.fresh_id().into(),
                    user.clone(),
                    now,
                ))?;
                "created"
            }
        };
        self.consent_event(tx, user, what, now)
    }

    pub(crate) fn consent_event(
        &self,
        tx: &WriteTxn<'_>,
        user: &UserId,
        what: &str,
        now: Moment,
    ) -> Result<()> {
        let event = NewEvent {
            entity: "consent",
            event_type: what,
            user: Some(user),
            connection: None,
            job: None,
            count: None,
            actor: &self.caller.actor,
        };
        Ok(tx.append_event(&self.event_id(), &event, now)?)
    }
}
