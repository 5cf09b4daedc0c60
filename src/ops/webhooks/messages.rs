//! The messages of webhooks: test messages, what was sent, and how that went.

use crate::domain::ids::{MessageId, WebhookId};
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, Page};
use crate::domain::webhook::{Attempt, KEPT, Message, State, Status, tested};
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::MessageFilter;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageShown {
    pub(crate) message: Message,
    /// What the links in it begin with.
    pub(crate) base: String,
    /// The newest first.
    pub(crate) attempts: Vec<Attempt>,
}

impl Ops {
    /// Sends a message about nothing to the webhook that is told of this type. `app` is what the refusal calls us.
    pub(crate) async fn test_message(
        &self,
        type_name: &str,
        said: Option<Secret>,
        app: &str,
    ) -> Result<()> {
        let (name, app) = (type_name.to_owned(), app.to_owned());
        let id = MessageId::from(self.clock.fresh_id());
        self.act("webhook-test", id.clone().as_str(), move |ops, tx| {
            let one = tested(&name, said.as_ref()).map_err(Refusal::from)?;
            let mut all = tx.webhooks()?.into_iter();
            let told = all.find(|w| w.status == Status::Active && w.events.contains(&one));
            let told = told.ok_or_else(|| {
                let detail = format!(
                    "No webhooks found for an app: {app}, at least one webhook should exist in the system"
                );
                let advice = "Make a webhook for this type of event first.";
                Refusal::new("no-webhooks-found", detail, advice)
            })?;
            let now = ops.now();
            tx.put_message(&Message {
                webhook: told.id,
                event_type: one.name(),
                event: ops.clock.fresh_id(),
                entity: format!("/events/types/{name}"),
                said,
                created: now,
                state: State::Waiting,
                failures: 0,
                id: id.clone(),
            })?;
            ops.audit(tx, "webhook-test", id.as_str(), "done", "", now)
        })
        .await
    }

    /// The messages of a webhook, the newest first, and how many there are.
    pub(crate) async fn webhook_messages(
        &self,
        of: &WebhookId,
        filter: MessageFilter,
        from: Option<Anchor>,
        limit: usize,
    ) -> Result<(Page<MessageShown>, u64)> {
        let of = of.clone();
        self.read(move |rd| {
            let webhook = rd.webhook(&of)?.ok_or_else(|| not_found("webhook", &of))?;
            let size = rd.webhook_message_size(&of, &filter)?;
            let page = rd.webhook_messages(&of, &filter, from.as_ref(), limit)?;
            let shown = |message| MessageShown {
                message,
                base: webhook.base.clone(),
                attempts: vec![],
            };
            let page = Page {
                rows: page.rows.into_iter().map(shown).collect(),
                first: page.first,
                last: page.last,
                more: page.more,
            };
            Ok((page, size))
        })
        .await
    }

    pub(crate) async fn webhook_message(
        &self,
        of: &WebhookId,
        id: &MessageId,
    ) -> Result<MessageShown> {
        let (of, id) = (of.clone(), id.clone());
        self.read(move |rd| {
            let webhook = rd.webhook(&of)?.ok_or_else(|| not_found("webhook", &of))?;
            let message = rd.webhook_message(&of, &id)?;
            Ok(MessageShown {
                message: message.ok_or_else(|| not_found("message", &id))?,
                base: webhook.base,
                attempts: rd.webhook_attempts(&id)?,
            })
        })
        .await
    }

    /// Deletes messages that ended long ago. Not while the clock looks wrong: they do not come back.
    pub(in crate::ops) async fn forget_messages(&self) -> Result<()> {
        let (ops, present) = (self.clone(), self.clock.present());
        let before = present
            .now
            .plus_ms(-i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX));
        let due = self.read(move |rd| match ops.ahead_at(rd, &present)? {
            Some(_) => Ok(false),
            None => Ok(rd.any_old_message(before)?),
        });
        match due.await? {
            true => {
                self.write(move |_, tx| Ok(tx.drop_old_messages(before)?))
                    .await
            }
            false => Ok(()),
        }
    }
}
