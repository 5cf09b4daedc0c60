//! Every path, once. A resource is one file in `resources` and its lines here.

use super::pages::{self, banks as page_banks, connection, entrance, finish, job, manage};
use super::resources::{
    accounts, auth_links, connections, connectors, consents, health, identities, jobs,
    transactions, users,
};
use super::state::App;
use super::{request, token};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post};
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

        .route("/users/{userId}/consents", get(consents::list))
        .route("/users/{userId}/consents/{consentId}", delete(consents::delete))
        .route("/users/{userId}/identities", get(identities::list))
        .route("/users/{userId}/identities/{identityId}", get(identities::one))
        .route("/users/{userId}/auth_link",
            get(auth_links::one).post(auth_links::create).delete(auth_links::delete))

        .route("/connectors", get(connectors::list))
        .route("/connectors/{connectorId}/{method}", get(connectors::one))
        .route("/institutions", get(connectors::institutions))
        .route("/institutions/{institutionId}", get(connectors::institution))
        .route("/public/connectors", get(connectors::public_list))
        .route("/public/connectors/{connectorId}/{method}", get(connectors::public_one))
        .route("/public/institutions", get(connectors::public_institutions))

        .merge(for_people(&app))

        .layer(from_fn(request::noted))
        .layer(CatchPanicLayer::custom(request::panicked))
        .with_state(app)
}

/// The consent page: what a browser is sent to, and not part of the API.
#[rustfmt::skip]
fn for_people(app: &App) -> Router<App> {
    Router::new()
        .route("/home", get(entrance::by_token))
        .route("/connect", get(entrance::start))
        .route("/connect/{link}", get(entrance::by_link))
        .route("/connect/agree", post(entrance::agree))
        .route("/connect/style.css", get(pages::style))
        .route("/connect/banks", get(page_banks::list))
        .route("/connect/banks/{institutionId}", get(page_banks::ways))
        .route("/connect/banks/{institutionId}/{method}", get(page_banks::one).post(page_banks::connect))
        .route("/connect/connections/{connectionId}", get(connection::one).post(connection::update))
        .route("/connect/connections/{connectionId}/answer", post(connection::answer))
        .route("/connect/jobs/{jobId}", get(job::one).post(job::answer))
        .route("/connect/manage", get(manage::all))
        .route("/connect/manage/extend", post(manage::extend))
        .route("/connect/manage/end", get(manage::ask).post(manage::end))
        .route("/connect/finish", post(finish::finish))
        .route("/connect/done", get(finish::done))
        .layer(from_fn_with_state(app.clone(), pages::dressed))
}
