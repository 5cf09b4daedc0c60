//! Makes, changes and deletes webhooks. An event has one webhook at most, and so has an address.

use crate::domain::ids::WebhookId;
use crate::domain::secret::Secret;
use crate::domain::webhook::{Given, NOT_VALID, Stats, Status, Webhook, Wrong};
use crate::http_client::{self, Address};
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::ReadTxn;

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        Refusal::new("invalid-content", wrong.0, "Correct it and ask again.")
    }
}

fn address(given: &str) -> Result<Address> {
    if given.is_empty() {
        return Err(Refusal::from(NOT_VALID).into());
    }
    Address::parse(given).map_err(|unfit| {
        let detail = match unfit {
            http_client::Error::NotEncrypted => {
                "Posted url is not encrypted: plain http goes to this machine only."
            }
            http_client::Error::NotPlain => {
                "Posted url holds a user name, a password or a fragment."
            }
            _ => "Posted url is not an address that messages can be sent to.",
        };
        Refusal::new(
            "invalid-content",
            detail,
            "Give an address like https://example.test/hook.",
        )
        .into()
    })
}

/// Refuses an event or an address that another webhook has already.
fn free(rd: &ReadTxn<'_>, wanted: &Webhook, at: &Address) -> Result<()> {
    for other in rd.webhooks()?.iter().filter(|other| other.id != wanted.id) {
        if Address::parse(&other.url).is_ok_and(|known| known == *at) {
            return Err(Refusal::new(
                "resource-already-exists",
                "Webhook with provided url already exists.",
                "Change that one, or choose another address.",
            )
            .into());
        }
        if wanted.events.iter().any(|one| other.events.contains(one)) {
            return Err(Refusal::new(
                "event-already-subscribed",
                "Posted subscribedEvents contains events that are already subscribed to for this application.",
                "Take them from the other webhook first.",
            )
            .into());
        }
    }
    Ok(())
}

fn there(rd: &ReadTxn<'_>, id: &WebhookId) -> Result<Webhook> {
    rd.webhook(id)?.ok_or_else(|| not_found("webhook", id))
}

impl Ops {
    /// Answers the webhook with the secret that signs its messages.
    pub(crate) async fn create_webhook(
        &self,
        given: Given,
        base: &str,
    ) -> Result<(Webhook, Secret)> {
        let (base, id) = (base.to_owned(), WebhookId::from(self.clock.fresh_id()));
        self.act("webhook-create", id.clone().as_str(), move |ops, tx| {
            let (now, at) = (ops.now(), address(&given.url)?);
            given.check().map_err(Refusal::from)?;
            let made = Webhook {
                id,
                events: given.types().map_err(Refusal::from)?,
                name: given.name.unwrap_or_default(),
                description: given.description.unwrap_or_default(),
                url: given.url,
                base,
                status: Status::Active,
                created: now,
            };
            free(tx, &made, &at)?;
            let secret = tx.make_webhook(&made)?.whole();
            ops.audit(tx, "webhook-create", made.id.as_str(), "done", "", now)?;
            Ok((made, secret))
        })
        .await
    }

    /// What is not given stays. One that was disabled is active again, and is told of what happens from now on.
    pub(crate) async fn update_webhook(
        &self,
        id: &WebhookId,
        given: Given,
        base: &str,
    ) -> Result<(Webhook, Secret)> {
        let (base, asked) = (base.to_owned(), id.clone());
        self.act("webhook-update", id.as_str(), move |ops, tx| {
            let known = there(tx, &asked)?;
            let at = address(&given.url)?;
            given.check().map_err(Refusal::from)?;
            let changed = Webhook {
                events: match given.events.is_some() {
                    true => given.types().map_err(Refusal::from)?,
                    false => known.events,
                },
                name: given.name.unwrap_or(known.name),
                description: given.description.unwrap_or(known.description),
                url: given.url,
                base,
                status: Status::Active,
                ..known
            };
            free(tx, &changed, &at)?;
            tx.change_webhook(&changed)?;
            let secret = tx.webhook_secret(&asked)?.whole();
            ops.audit(tx, "webhook-update", asked.as_str(), "done", "", ops.now())?;
            Ok((changed, secret))
        })
        .await
    }

    pub(crate) async fn delete_webhook(&self, id: &WebhookId) -> Result<()> {
        let asked = id.clone();
        self.act("webhook-delete", id.as_str(), move |ops, tx| {
            match tx.drop_webhook(&asked)? {
                true => ops.audit(tx, "webhook-delete", asked.as_str(), "done", "", ops.now()),
                false => Err(not_found("webhook", &asked)),
            }
        })
        .await
    }

    pub(crate) async fn webhooks(&self) -> Result<Vec<Webhook>> {
        self.read(|rd| Ok(rd.webhooks()?)).await
    }

    pub(crate) async fn webhook(&self, id: &WebhookId) -> Result<Webhook> {
        let asked = id.clone();
        self.read(move |rd| there(rd, &asked)).await
    }

    /// With its secret, for whoever made or changed it and did not get the answer.
    pub(crate) async fn webhook_told(&self, id: &WebhookId) -> Result<(Webhook, Secret)> {
        let asked = id.clone();
        self.read(move |rd| Ok((there(rd, &asked)?, rd.webhook_secret(&asked)?.whole())))
            .await
    }

    /// Figures of the messages that are kept.
    pub(crate) async fn webhook_stats(&self, id: &WebhookId) -> Result<Stats> {
        let asked = id.clone();
        self.read(move |rd| {
            there(rd, &asked)?;
            Ok::<_, Error>(rd.webhook_stats(&asked)?)
        })
        .await
    }
}
