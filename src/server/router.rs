//! Every handler, once; its path and method stand at it, so that nothing is served that the document does not have. A
//! resource is one file in `resources` and its lines here.

use super::openapi::{self, Document};
use super::pages::{self, banks as page_banks, connection, entrance, finish, job, manage};
use super::resources::own::{changes, incidents, lists, operators, plans};
use super::resources::{
    accounts, auth_links, connections, connectors, consents, enrich, events, health, identities,
    jobs, transactions, users, webhooks,
};
use super::state::App;
use super::{metrics, request, requests, token};
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[rustfmt::skip]
fn served() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::begun())
        .routes(routes!(health::healthz))
        .routes(routes!(openapi::document))
        .routes(routes!(metrics::metrics))
        .routes(routes!(token::create))

        .routes(routes!(users::create))
        .routes(routes!(users::one, users::update, users::delete))

        .routes(routes!(connections::list, connections::create))
        .routes(routes!(connections::refresh_all))
        .routes(routes!(connections::one, connections::update, connections::delete))
        .routes(routes!(connections::refresh))
        .routes(routes!(connections::purge))
        .routes(routes!(connections::purge_by_id))

        .routes(routes!(jobs::of_user))
        .routes(routes!(jobs::one))
        .routes(routes!(jobs::answer))

        .routes(routes!(accounts::list))
        .routes(routes!(accounts::one))
        .routes(routes!(transactions::list))
        .routes(routes!(transactions::one))

        .routes(routes!(consents::list))
        .routes(routes!(consents::delete))
        .routes(routes!(identities::list))
        .routes(routes!(identities::one))
        .routes(routes!(auth_links::create, auth_links::one, auth_links::delete))

        .routes(routes!(events::list))
        .routes(routes!(events::one))
        .routes(routes!(events::types))
        .routes(routes!(events::one_type))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::one, webhooks::update, webhooks::delete))
        .routes(routes!(webhooks::stats))
        .routes(routes!(webhooks::messages))
        .routes(routes!(webhooks::message))
        .routes(routes!(webhooks::test))
        .routes(routes!(enrich::enrich))

        .routes(routes!(changes::follow))
        .routes(routes!(lists::connections))
        .routes(routes!(lists::timeline))
        .routes(routes!(lists::why))
        .routes(routes!(lists::causes))
        .routes(routes!(incidents::incidents))
        .routes(routes!(incidents::incident))
        .routes(routes!(lists::audit))
        .routes(routes!(operators::holds, operators::hold))
        .routes(routes!(operators::release))
        .routes(routes!(operators::cancel))
        .routes(routes!(plans::list, plans::create))
        .routes(routes!(plans::one))
        .routes(routes!(plans::apply))
        .routes(routes!(plans::cancel))
        .routes(routes!(operators::note))
        .routes(routes!(operators::take, operators::give_back))
        .routes(routes!(operators::snooze, operators::wake))

        .routes(routes!(connectors::list))
        .routes(routes!(connectors::one))
        .routes(routes!(connectors::institutions))
        .routes(routes!(connectors::institution))
        .routes(routes!(connectors::public_list))
        .routes(routes!(connectors::public_one))
        .routes(routes!(connectors::public_institutions))
}

/// Path, method and summary of every call, in the order of the document.
#[cfg(test)]
pub(crate) fn documented() -> Vec<(String, &'static str, String)> {
    let document = served().into_openapi();
    let each = |(path, item): (String, utoipa::openapi::PathItem)| {
        let methods = [
            ("GET", item.get),
            ("POST", item.post),
            ("DELETE", item.delete),
        ];
        methods
            .map(|(method, call)| Some((path.clone(), method, call?.summary.unwrap_or_default())))
    };
    let all = document.paths.paths.into_iter().flat_map(each);
    all.flatten().collect()
}

pub(super) fn router(app: App) -> Router {
    let (router, document) = served().split_for_parts();
    router
        .layer(from_fn_with_state(app.clone(), requests::once))
        .merge(for_people(&app))
        .layer(from_fn(request::noted))
        .layer(CatchPanicLayer::custom(request::panicked))
        .layer(axum::Extension(Document::of(document)))
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
        .route("/connect/connections/{connectionId}/answer", get(connection::left).post(connection::answer))
        .route("/connect/jobs/{jobId}", get(job::one).post(job::answer))
        .route("/connect/manage", get(manage::all))
        .route("/connect/manage/extend", post(manage::extend))
        .route("/connect/manage/end", get(manage::ask).post(manage::end))
        .route("/connect/manage/ended", get(manage::ended))
        .route("/connect/finish", post(finish::finish))
        .route("/connect/done", get(finish::done))
        .layer(from_fn_with_state(app.clone(), pages::dressed))
}
