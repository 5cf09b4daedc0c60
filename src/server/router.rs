//! Every path, once. A resource is one file in `resources` and its lines here.

use super::resources::{
    accounts, connections, connectors, enrich, events, health, jobs, transactions, users, webhooks,
};
use super::state::App;
use super::{request, token};
use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

#[rustfmt::skip]
pub(super) fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/token", post(token::create))

        .route("/users", post(users::create))
        .route("/users/{userId}", get(users::one).post(users::update).delete(users::delete))

        .route("/users/{userId}/connections", get(connections::list).post(connections::create))
        .route("/users/{userId}/connections/refresh", post(connections::refresh_all))
        .route("/users/{userId}/connections/{connectionId}",
            get(connections::one).post(connections::update).delete(connections::delete))
        .route("/users/{userId}/connections/{connectionId}/refresh", post(connections::refresh))
        .route("/users/{userId}/connections/{connectionId}/purge", post(connections::purge))
        .route("/connections/{connectionId}/purge", post(connections::purge_by_id))

        .route("/users/{userId}/jobs", get(jobs::of_user))
        .route("/jobs/{jobId}", get(jobs::one))
        .route("/jobs/{jobId}/mfa", post(jobs::answer))

        .route("/users/{userId}/accounts", get(accounts::list))
        .route("/users/{userId}/accounts/{accountId}", get(accounts::one))
        .route("/users/{userId}/transactions", get(transactions::list))
        .route("/users/{userId}/transactions/{transactionId}", get(transactions::one))

        .route("/connectors", get(connectors::list))
        .route("/connectors/{connectorId}/{method}", get(connectors::one))
        .route("/institutions", get(connectors::institutions))
        .route("/institutions/{institutionId}", get(connectors::institution))
        .route("/public/connectors", get(connectors::public_list))
        .route("/public/connectors/{connectorId}/{method}", get(connectors::public_one))
        .route("/public/institutions", get(connectors::public_institutions))

        .route("/events", get(events::list))
        .route("/events/{eventId}", get(events::one))
        .route("/events/types", get(events::types))
        .route("/events/types/{eventTypeId}", get(events::one_type))
        .route("/notifications/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/notifications/webhooks/{webhookId}",
            get(webhooks::one).post(webhooks::update).delete(webhooks::delete))
        .route("/notifications/webhooks/{webhookId}/stats", get(webhooks::stats))
        .route("/notifications/webhooks/{webhookId}/messages", get(webhooks::messages))
        .route("/notifications/webhooks/{webhookId}/messages/{messageId}", get(webhooks::message))
        .route("/notifications/messages/test", post(webhooks::test))
        .route("/enrich", get(enrich::enrich))

        .layer(from_fn(request::noted))
        .layer(CatchPanicLayer::custom(request::panicked))
        .with_state(app)
}
