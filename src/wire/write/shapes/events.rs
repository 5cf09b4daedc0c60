//! Events, webhooks with their messages, and enrichment.

use crate::domain::webhook::{State, Status};
use crate::wire::write::schema::{
    anything, has, is, links, list, many, may, object, of, one_of, or_null, text, time, whole,
};

shapes! {
    EventList = list::<Event>(&["count"], vec![has("self", text()), may("next", text())]);
    Event = object([
        has("type", is("event")),
        has("id", text()),
        has("createdDate", time()),
        has("entity", text()),
        has("eventType", text()),
        has("userId", or_null(text())),
        has("dataRef", text()),
        has("data", anything()),
        has("links", links(["self"])),
    ]);
    TypeOfEventList = list::<TypeOfEvent>(&["count", "size"], vec![has("self", text())]);
    TypeOfEvent = object([
        has("type", is("eventType")),
        has("id", text()),
        has("description", text()),
        has("links", links(["self"])),
    ]);

    WebhookGiven = object([
        may("name", or_null(text())),
        may("description", or_null(text())),
        has("url", text()),
        may("subscribedEvents", many(text())),
    ]);
    WebhookList = list::<Webhook>(&["count", "size"], vec![has("self", text())]);
    Webhook = object([
        has("type", is("webhook")),
        has("id", text()),
        has("name", text()),
        has("description", text()),
        has("url", text()),
        has("subscribedEvents", many(text())),
        has("status", one_of(Status::ALL.map(Status::word))),
        // told when it is made or changed
        may("secret", text()),
        has("links", links(["self"])),
    ]);
    WebhookStats = object([
        has("type", is("webhook-stats")),
        has("webhookId", text()),
        has("messages", object([
            has("size", whole()),
            has("pending", whole()),
            has("delivered", whole()),
            has("failed", whole()),
        ])),
        has("attempts", object([
            has("size", whole()),
            has("succeeded", whole()),
            has("failed", whole()),
            has("averageDurationMs", or_null(whole())),
        ])),
        has("lastAttemptDate", or_null(time())),
        has("lastDeliveredDate", or_null(time())),
        has("links", links(["self", "webhook"])),
    ]);
    TestGiven = object([has("eventTypeId", text()), may("Text", or_null(text()))]);
    MessageList = list::<Message>(&["count", "size"], vec![has("self", text()), may("next", text())]);
    Message = object([
        has("type", is("message")),
        has("id", text()),
        has("webhookId", text()),
        has("eventTypeId", text()),
        has("eventId", text()),
        has("status", one_of(State::ALL.map(State::word))),
        has("createdDate", time()),
        has("payload", object([
            has("eventTypeId", text()),
            has("eventId", text()),
            has("links", links(["event", "eventEntity"])),
            may("Text", text()),
        ])),
        // told of one message, not in a list
        may("attempts", many(of::<Attempt>())),
        has("links", links(["self", "event", "webhook"])),
    ]);
    Attempt = object([
        has("id", text()),
        has("url", text()),
        has("response", text()),
        has("responseStatusCode", or_null(whole())),
        has("timestamp", time()),
        has("status", one_of(["Success", "Failed"])),
    ]);

    Enrichment = object([
        has("type", is("enrich")),
        has("direction", text()),
        has("class", text()),
        has("data", object([
            has("merchant", or_null(object([
                has("id", text()),
                has("businessName", text()),
                has("website", or_null(text())),
                has("abn", or_null(text())),
            ]))),
            has("category", or_null(object([
                has("title", text()),
                has("matchType", text()),
                has("matchScore", text()),
                has("anzsic", anything()),
            ]))),
            has("location", or_null(text())),
            has("tags", many(text())),
        ])),
        has("links", links(["self"])),
    ]);
}
