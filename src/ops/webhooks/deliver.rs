//! Delivers messages to webhooks, in every process that runs jobs.
//!
//! # Locking
//!
//! Of all processes one at a time sends to a webhook: it takes the next message that is due under a lease, sends it
//! outside of any transaction, and writes down what became of it while the number of its hold is still the newest. When
//! it dies, the lease runs out and another process sends the message again, under the same id. So a message is never
//! sent by two at the same time, and at least once. Messages are first sent in the order of their events; one that
//! fails steps aside until its next attempt.

use crate::domain::act::lease_holds;
use crate::domain::events;
use crate::domain::ids::WebhookId;
use crate::domain::moment::Moment;
use crate::domain::webhook::{Attempt, Message, State, horizon, wait_after};
use crate::http_client::{Address, Answer, Client, Error as Unsent, Outgoing};
use crate::ops::history::facts_of;
use crate::ops::maintenance::Maintenance;
use crate::ops::{Ops, Result};
use crate::store::{Event, EventFilter, Letter, Settled, WriteTxn};
use crate::wire::write;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// The longest time between two looks: commits of other processes, and what falls due meanwhile.
const LOOK: Duration = Duration::from_secs(1);

/// The shortest time between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// How many events are looked at in one transaction.
const AT_ONCE: usize = 500;

/// The deliveries of this process. Dropping it stops them; what was under way is sent again when its lease has run out.
pub(crate) struct Deliveries {
    task: JoinHandle<()>,
}

impl Deliveries {
    pub(crate) fn start(ops: &Ops) -> Self {
        let ops = ops.clone().with_caller(Maintenance::caller());
        Self {
            task: tokio::spawn(deliver(ops)),
        }
    }
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn deliver(ops: Ops) {
    let mut wakes = ops.store.wakes();
    let client = Arc::new(OnceLock::new());
    let (mut under_way, mut busy) = (JoinSet::new(), HashMap::new());
    loop {
        wakes.mark_unchanged();
        // an error is that of the file, which the worker and maintenance tell; the next look tries again
        let (due, wait) = ops.look_at_webhooks().await.unwrap_or_default();
        for webhook in due {
            if !busy.values().any(|one| *one == webhook) {
                let (ops, client, of) = (ops.clone(), client.clone(), webhook.clone());
                let task = under_way.spawn(async move { ops.deliver_to(of, &client).await });
                busy.insert(task.id(), webhook);
            }
        }
        // a stream of commits is looked at together
        tokio::time::sleep(PAUSE).await;
        tokio::select! {
            _ = wakes.changed() => {}
            Some(ended) = under_way.join_next_with_id() => {
                let id = ended.map_or_else(|failed| failed.id(), |(id, ())| id);
                busy.remove(&id);
            }
            // attempts fall due by the clock, and SQLite does not announce commits of other processes
            () = tokio::time::sleep(wait.unwrap_or(LOOK).min(LOOK)) => {}
        }
    }
}

impl Ops {
    /// Makes messages of the newest events. Answers the webhooks that something can be sent to now, and how long it is
    /// until more can.
    async fn look_at_webhooks(&self) -> Result<(Vec<WebhookId>, Option<Duration>)> {
        while self.tell_webhooks().await? {}
        let (now, longest) = (self.now(), self.limits.webhook_wait);
        let horizon = horizon(now, longest);
        let waiting = self.read(move |rd| Ok(rd.webhooks_waiting(now, horizon)?));
        let (mut due, mut wait) = (Vec::new(), None);
        for (webhook, next, lease) in waiting.await? {
            let held = lease.filter(|until| lease_holds(*until, now, self.webhook_lease()));
            match held.unwrap_or(next).max(next) {
                at if at <= now => due.push(webhook),
                at => wait = wait.into_iter().chain([at.since(now)]).min(),
            }
        }
        let wait = wait.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
        Ok((due, wait))
    }

    /// Longer than an attempt can take.
    fn webhook_lease(&self) -> Duration {
        self.limits.webhook_time.saturating_mul(2) + self.limits.lease
    }

    /// Makes the messages for some of the newest events. Answers whether there are more.
    async fn tell_webhooks(&self) -> Result<bool> {
        if self.read(|rd| Ok(rd.webhooks_behind()?)).await?.is_empty() {
            return Ok(false);
        }
        self.write(|ops, tx| {
            let mut more = false;
            for (id, told) in tx.webhooks_behind()? {
                let Some(webhook) = tx.webhook(&id)? else {
                    continue;
                };
                let events = tx.events_like(&EventFilter::default(), told, AT_ONCE)?;
                more |= events.len() == AT_ONCE;
                for event in &events {
                    let one = events::find(&event.entity, &event.event_type);
                    let wanted = one.is_some_and(|one| webhook.events.contains(&one));
                    // an import tells again of what has happened elsewhere; its events have no actor
                    if wanted && !event.actor.is_empty() {
                        tx.put_message(&ops.message(&id, event))?;
                    }
                }
                if let Some(last) = events.last() {
                    tx.webhook_is_told(&id, last.seq)?;
                }
            }
            Ok(more)
        })
        .await
    }

    fn message(&self, webhook: &WebhookId, event: &Event) -> Message {
        Message {
            id: self.clock.fresh_id().into(),
            webhook: webhook.clone(),
            event_type: format!("{}.{}", event.entity, event.event_type),
            event: event.id.to_string(),
            entity: facts_of(event).path(),
            said: None,
            created: self.now(),
            state: State::Waiting,
            failures: 0,
        }
    }

    /// Sends to a webhook as long as something is due.
    async fn deliver_to(&self, webhook: WebhookId, client: &OnceLock<Client>) {
        let mut sent: Option<(Letter, Attempt)> = None;
        loop {
            let of = webhook.clone();
            let taken = self.write(move |ops, tx| ops.settle_and_take(tx, &of, sent.take()));
            let letter = match taken.await {
                Ok(Some(letter)) => letter,
                Ok(None) => return,
                // what cannot be written down is sent again when the lease has run out; not before the next look
                Err(_) => return tokio::time::sleep(LOOK).await,
            };
            let attempt = self.attempt(&letter, client).await;
            sent = Some((letter, attempt));
        }
    }

    /// Writes down how the last attempt went, and takes the next message.
    fn settle_and_take(
        &self,
        tx: &WriteTxn<'_>,
        of: &WebhookId,
        sent: Option<(Letter, Attempt)>,
    ) -> Result<Option<Letter>> {
        let now = self.now();
        if let Some((letter, attempt)) = sent {
            if !tx.end_hold(of, letter.epoch)? {
                return Ok(None);
            }
            self.settle(tx, &letter, &attempt, now)?;
        } else if let Some(until) = tx.webhook_lease(of)?
            && lease_holds(until, now, self.webhook_lease())
        {
            return Ok(None);
        }
        let horizon = horizon(now, self.limits.webhook_wait);
        let until = now.plus(self.webhook_lease());
        Ok(tx.take_message(of, now, horizon, until)?)
    }

    fn settle(
        &self,
        tx: &WriteTxn<'_>,
        letter: &Letter,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<()> {
        let (message, failures) = (&letter.message, letter.message.failures + 1);
        let settled = match wait_after(failures, self.limits.webhook_wait) {
            _ if attempt.delivered() => Settled::Delivered,
            Some(wait) => Settled::Again {
                failures,
                at: now.plus(wait),
            },
            None => Settled::GivenUp { failures },
        };
        tx.settle_message(&message.id, attempt, settled)?;
        if let Settled::GivenUp { failures } = settled {
            tx.disable_webhook(&message.webhook)?;
            let outcome = format!("done: message {} failed {failures} times", message.id);
            self.audit(
                tx,
                "webhook-disable",
                message.webhook.as_str(),
                &outcome,
                "",
                now,
            )?;
        }
        Ok(())
    }

    async fn attempt(&self, letter: &Letter, client: &OnceLock<Client>) -> Attempt {
        let began = self.now();
        let answered = self.post(letter, client, began).await;
        let (status, answer) = match answered {
            Ok(answer) => (Some(answer.status), answer.reason.to_owned()),
            Err(unsent) => (None, unsent.to_string()),
        };
        Attempt {
            id: self.clock.fresh_id(),
            url: letter.url.clone(),
            at: began,
            took_ms: self.now().since(began),
            status,
            answer,
        }
    }

    async fn post(
        &self,
        letter: &Letter,
        client: &OnceLock<Client>,
        now: Moment,
    ) -> std::result::Result<Answer, Unsent> {
        let to = Address::parse(&letter.url)?;
        let client = match client.get() {
            Some(client) => client,
            None => {
                let made = Client::new(self.limits.webhook_time)?;
                client.get_or_init(|| made)
            }
        };
        let (id, at) = (letter.message.id.as_str(), now.0.div_euclid(1_000));
        let body = write::message_body(&letter.base, &letter.message).to_string();
        let (signature, at) = (letter.secret.sign(id, at, &body), at.to_string());
        let headers = [
            ("content-type", "application/json"),
            ("webhook-id", id),
            ("webhook-timestamp", &at),
            ("webhook-signature", &signature),
        ];
        let sent = Outgoing {
            headers: &headers,
            body,
        };
        client.post(&to, sent).await
    }
}
