//! Every handler, once; its path and method stand at it, so that nothing is served that the document does not have. A
//! resource is one file in `resources` and its lines here.

use super::openapi::{self, Document};
use super::resources::{accounts, connections, connectors, health, jobs, transactions, users};
use super::state::App;
use super::{request, token};
use axum::Router;
use axum::middleware::from_fn;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[rustfmt::skip]
fn served() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::begun())
        .routes(routes!(health::healthz))
        .routes(routes!(openapi::document))
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
        .layer(from_fn(request::noted))
        .layer(CatchPanicLayer::custom(request::panicked))
        .layer(axum::Extension(Document::of(document)))
        .with_state(app)
}
