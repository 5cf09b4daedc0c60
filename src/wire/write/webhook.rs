//! Webhooks, their messages, and what is sent (docs/domain.md 10.4).

use super::{link, plain};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::webhook::{Attempt, Message, Stats, Webhook};
use serde_json::{Value, json};

/// The secret is told when a webhook is made or changed, and not again.
pub(crate) fn webhook(base: &str, webhook: &Webhook, secret: Option<&Secret>) -> Value {
    let events = webhook.events.iter().map(|one| one.name());
    let mut document = json!({
        "type": "webhook",
        "id": webhook.id.as_str(),
        "name": webhook.name,
        "description": webhook.description,
        "url": webhook.url,
        "subscribedEvents": events.collect::<Vec<_>>(),
        "status": webhook.status.word(),
        "links": {"self": link::webhook(base, webhook.id.as_str())},
    });
    if let Some(secret) = secret {
        document["secret"] = plain(secret);
    }
    document
}

/// What is sent to a receiver. A test message also says the text it was given.
pub(crate) fn message_body(base: &str, message: &Message) -> Value {
    let mut body = json!({
        "eventTypeId": message.event_type,
        "eventId": message.event,
        "links": {
            "event": format!("{base}/events/{}", message.event),
            "eventEntity": format!("{base}{}", message.entity),
        },
    });
    if let Some(said) = &message.said {
        body["Text"] = plain(said);
    }
    body
}

/// A message as it is listed. Its payload is what is sent, with the links that the receiver is given.
pub(crate) fn message(base: &str, sent_with: &str, message: &Message) -> Value {
    let webhook = link::webhook(base, message.webhook.as_str());
    json!({
        "type": "message",
        "id": message.id.as_str(),
        "webhookId": message.webhook.as_str(),
        "eventTypeId": message.event_type,
        "eventId": message.event,
        "status": message.state.word(),
        "createdDate": message.created.rfc3339(),
        "payload": message_body(sent_with, message),
        "links": {
            "self": format!("{webhook}/messages/{}", message.id),
            "event": format!("{base}/events/{}", message.event),
            "webhook": webhook,
        },
    })
}

/// A message with every attempt to deliver it.
pub(crate) fn whole_message(
    base: &str,
    sent_with: &str,
    of: &Message,
    attempts: &[Attempt],
) -> Value {
    let mut document = message(base, sent_with, of);
    document["attempts"] = attempts.iter().map(attempt).collect();
    document
}

fn attempt(attempt: &Attempt) -> Value {
    json!({
        "id": attempt.id,
        "url": attempt.url,
        "response": attempt.answer,
        "responseStatusCode": attempt.status,
        "timestamp": attempt.at.rfc3339(),
        "status": if attempt.delivered() { "Success" } else { "Failed" },
    })
}

pub(crate) fn webhook_stats(base: &str, id: &str, stats: &Stats) -> Value {
    let webhook = link::webhook(base, id);
    let time = |at: Option<Moment>| at.map(Moment::rfc3339);
    json!({
        "type": "webhook-stats",
        "webhookId": id,
        "messages": {
            "size": stats.waiting + stats.delivered + stats.failed,
            "pending": stats.waiting,
            "delivered": stats.delivered,
            "failed": stats.failed,
        },
        "attempts": {
            "size": stats.attempts,
            "succeeded": stats.attempts - stats.attempts_failed,
            "failed": stats.attempts_failed,
            "averageDurationMs": stats.took_ms,
        },
        "lastAttemptDate": time(stats.last_attempt),
        "lastDeliveredDate": time(stats.last_delivered),
        "links": {"self": format!("{webhook}/stats"), "webhook": webhook},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::events;
    use crate::domain::webhook::{State, Status};

    const BASE: &str = "https://api.example.test";

    fn sent() -> Message {
        Message {
            id: "11a8".into(),
            webhook: "3fa8".into(),
            event_type: "user.created".into(),
            event: "44a8".into(),
            entity: "/users/88a8".into(),
            said: None,
            created: Moment::parse("2026-03-10T03:00:11Z").unwrap(),
            state: State::Waiting,
            failures: 1,
        }
    }

    #[test]
    fn a_webhook_is_written_as_the_reference_shows_it() {
        let made = Webhook {
            id: "3fa8".into(),
            name: "My General Webhook".into(),
            description: "Webhook that catches all my events".into(),
            url: "https://piper.example.test/messages/".into(),
            base: BASE.into(),
            events: vec![events::find("user", "created").unwrap()],
            status: Status::Active,
            created: Moment(0),
        };
        let told = webhook(BASE, &made, Some(&"whsec_x".into()));
        assert_eq!(
            told,
            json!({"type": "webhook", "id": "3fa8", "name": "My General Webhook",
                "description": "Webhook that catches all my events", "url": "https://piper.example.test/messages/",
                "subscribedEvents": ["user.created"], "status": "active", "secret": "whsec_x",
                "links": {"self": "https://api.example.test/notifications/webhooks/3fa8"}})
        );
        assert!(webhook(BASE, &made, None).get("secret").is_none());
    }

    #[test]
    fn a_message_is_written_as_the_reference_shows_it() {
        assert_eq!(
            message_body(BASE, &sent()),
            json!({"eventTypeId": "user.created", "eventId": "44a8", "links": {
                "event": "https://api.example.test/events/44a8",
                "eventEntity": "https://api.example.test/users/88a8"}})
        );
        let said = Message {
            said: Some("My test message".into()),
            ..sent()
        };
        assert_eq!(message_body(BASE, &said)["Text"], "My test message");
        let tried = Attempt {
            id: "c3du".into(),
            url: "https://piper.example.test/messages/".into(),
            at: Moment::parse("2026-03-10T03:00:12Z").unwrap(),
            took_ms: 20,
            status: Some(500),
            answer: "Internal Server Error".into(),
        };
        let told = whole_message("http://here", BASE, &sent(), &[tried]);
        assert_eq!(told["payload"], message_body(BASE, &sent()));
        assert_eq!(
            told["attempts"],
            json!([{"id": "c3du", "url": "https://piper.example.test/messages/", "response": "Internal Server Error",
                "responseStatusCode": 500, "timestamp": "2026-03-10T03:00:12Z", "status": "Failed"}])
        );
        assert_eq!(
            told["links"],
            json!({"self": "http://here/notifications/webhooks/3fa8/messages/11a8", "event": "http://here/events/44a8",
                "webhook": "http://here/notifications/webhooks/3fa8"})
        );
    }
}
