//! Consents: a user's first connection creates one, each further one changes it. Ending one is an act (`ops::act`).

use crate::domain::consent::{Consent, Status};
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::moment::Moment;
use crate::domain::policy;
use crate::domain::views::{Anchor, Page, Size};
use crate::ops::records::must_be_there;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, WriteTxn};

/// How many consents of a user are listed at once.
const OF_USER: usize = 5_000;

impl Ops {
    pub(crate) async fn consent(&self, id: &ConsentId) -> Result<Consent> {
        let (asked, now) = (id.clone(), self.now());
        let found = self.read(move |rd| Ok(rd.consent(&asked)?)).await?;
        let found = found.ok_or_else(|| not_found("consent", id))?;
        Ok(found.shown(now))
    }

    /// Those of a user, newest first; without a user all active ones, the one that expires next first.
    pub(crate) async fn consents(
        &self,
        user: Option<UserId>,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<Page<Consent>> {
        let now = self.now();
        let page = self.read(move |rd| Ok(rd.consent_page(user.as_ref(), from.as_ref(), limit)?));
        let page: Page<Consent> = page.await?;
        let rows = page.rows.into_iter().map(|it| it.shown(now)).collect();
        Ok(Page { rows, ..page })
    }

    /// All of a user, newest first. The user has to be there.
    pub(crate) async fn consents_of(&self, user: &UserId) -> Result<Vec<Consent>> {
        let (user, now) = (user.clone(), self.now());
        let found = self.read(move |rd| {
            must_be_there(rd, &user)?;
            Ok(rd.consent_page(Some(&user), None, OF_USER)?.rows)
        });
        let rows: Vec<Consent> = found.await?;
        Ok(rows.into_iter().map(|it| it.shown(now)).collect())
    }

    /// The consent of a user that has not ended; it may have run out.
    pub(crate) async fn standing_consent(&self, user: &UserId) -> Result<Option<Consent>> {
        let user = user.clone();
        self.read(move |rd| Ok(rd.active_consent(&user)?)).await
    }

    /// A user's consent; another user's is not found.
    pub(crate) async fn consent_of(&self, user: &UserId, id: &ConsentId) -> Result<Consent> {
        self.user_is_there(user).await?;
        let consent = self.consent(id).await?;
        match consent.user == *user {
            true => Ok(consent),
            false => Err(not_found("consent", id)),
        }
    }

    /// How many consents [`Ops::consents`] lists.
    pub(crate) async fn consent_size(&self, user: Option<UserId>, cap: u64) -> Result<Size> {
        self.read(move |rd| Ok(rd.consent_size(user.as_ref(), cap)?))
            .await
    }

    /// Refused when it has ended.
    pub(crate) async fn extend_consent(&self, id: &ConsentId, reason: &str) -> Result<Consent> {
        let (asked, reason) = (id.clone(), reason.to_owned());
        self.act("extend-consent", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let held = tx
                .consent(&asked)?
                .ok_or_else(|| not_found("consent", &asked))?;
            if tx.is_live_user(&held.user)? {
                return Err(Refusal::from(policy::NO_CALL).into());
            }
            if held.status != Status::Active {
                return Err(Refusal::new(
                    "resource-not-found",
                    "Requested resource is not found",
                    "It has ended; the user's next connection makes a new one.",
                )
                .into());
            }
            let extended = held.extended(now);
            tx.save_consent(&extended)?;
            ops.consent_event(tx, &extended.user, "updated", now)?;
            ops.audit(tx, "extend-consent", asked.as_str(), "done", &reason, now)?;
            Ok(extended)
        })
        .await
    }

    /// Refused while the user's consent has run out and has not been ended yet: what is connected now would be deleted
    /// with it.
    pub(crate) fn consent_stands(&self, tx: &WriteTxn<'_>, user: &UserId) -> Result<()> {
        let Some(consent) = tx.active_consent(user)? else {
            return Ok(());
        };
        let present = self.clock.present();
        let wrong = tx
            .clock_ahead(&present, self.limits.clock_margin)?
            .is_some();
        if consent.expiry > present.now || wrong {
            return Ok(());
        }
        let id = consent.id.short();
        let refusal = Refusal::new(
            "consent-expired",
            "The consent of this user has run out.",
            format!(
                "Everything of the user is going to be deleted. `switchboard consent extend {id}` keeps it; `switchboard \
                 consent end {id}` deletes it now, and the next connection makes a new consent."
            ),
        );
        Err(refusal.into())
    }

    /// A connection is made under the user's consent: the active one changes, or a new one is created.
    pub(crate) fn connected_under(
        &self,
        tx: &WriteTxn<'_>,
        user: &UserId,
        now: Moment,
    ) -> Result<()> {
        if let Some(consent) = tx.active_consent(user)? {
            return Ok(tx.save_consent(&Consent {
                updated: now,
                reminded: None,
                ..consent
            })?);
        }
        let id = self.clock.fresh_id().into();
        tx.insert_consent(&Consent::given(id, user.clone(), now))?;
        self.consent_event(tx, user, "created", now)
    }

    /// An active consent ends now: revoked, or expired when its time is over.
    pub(crate) fn consent_ends(
        &self,
        tx: &WriteTxn<'_>,
        mut consent: Consent,
        now: Moment,
    ) -> Result<Consent> {
        consent.status = consent.ending(now);
        consent.revoked = (consent.status == Status::Revoked).then_some(now);
        consent.updated = now;
        tx.save_consent(&consent)?;
        self.consent_event(tx, &consent.user, consent.status.word(), now)?;
        Ok(consent)
    }

    pub(crate) fn consent_event(
        &self,
        tx: &WriteTxn<'_>,
        user: &UserId,
        event_type: &str,
        now: Moment,
    ) -> Result<()> {
        let event = NewEvent::of_user("consent", event_type, user, &self.caller.actor);
        self.record_event(tx, &event, now)
    }
}
