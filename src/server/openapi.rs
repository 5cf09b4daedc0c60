//! The OpenAPI document of what is served. Handlers say what is particular to them; what all have in common (the ids of a
//! path, the refusals, the token) is added here.

use super::error::Code;
use super::guard::Base;
use crate::documents;
use crate::wire::write::{schema, shapes};
use axum::http::StatusCode;
use axum::{Extension, Json};
use std::sync::Arc;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, ComponentsBuilder, ContentBuilder, HttpMethod, Info, OpenApi, OpenApiBuilder, Ref,
    RefOr, Required, Response, ResponseBuilder, Server,
};

const TITLE: &str = "switchboard";
const TOKEN: &str = "token";
const API_KEY: &str = "apiKey";

/// What every call can be refused with, by its head or by the state of the server.
const ANY: &[Code] = &[
    Code::RequestNotValid,
    Code::ForbiddenAccess,
    Code::RequestTimeout,
    Code::TooLarge,
    Code::AddressTooLong,
    Code::Misdirected,
    Code::Internal,
    Code::Unavailable,
];

/// What a call is refused with that shows a key or a token.
const KNOWN: &[Code] = &[Code::InvalidToken, Code::NotFound, Code::TooManyRequests];

/// What a call is refused with that names something in its path.
const NAMED: &[Code] = &[Code::NotFound];

/// What a call is refused with that changes something.
const CHANGES: &[Code] = &[
    Code::AlreadyExists,
    Code::NoLongerAvailable,
    Code::UnsupportedContentType,
    Code::UnknownField,
];

/// The document but for the address of the server, which is the one that the client used.
#[derive(Clone)]
pub(super) struct Document(Arc<OpenApi>);

impl Document {
    pub(super) fn of(mut served: OpenApi) -> Self {
        for (path, item) in &mut served.paths.paths {
            for (method, operation) in [
                (HttpMethod::Get, &mut item.get),
                (HttpMethod::Post, &mut item.post),
                (HttpMethod::Put, &mut item.put),
                (HttpMethod::Patch, &mut item.patch),
                (HttpMethod::Delete, &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    complete(path, &method, operation);
                }
            }
        }
        Self(Arc::new(served))
    }
}

#[utoipa::path(
    get, path = "/openapi.json", tag = "Server", operation_id = "getDocument",
    summary = "This document",
    responses((status = 200, body = shapes::Anything)),
    security(()),
)]
pub(super) async fn document(
    base: Base,
    Extension(Document(document)): Extension<Document>,
) -> Json<OpenApi> {
    let mut document = OpenApi::clone(&document);
    document.servers = Some(vec![Server::new(base.as_str())]);
    Json(document)
}

/// What stands in the document before any path does.
pub(super) fn begun() -> OpenApi {
    let mut info = Info::new(TITLE, env!("CARGO_PKG_VERSION"));
    info.description = Some(env!("CARGO_PKG_DESCRIPTION").to_owned());
    let token = SecurityRequirement::new::<_, [&str; 0], &str>(TOKEN, []);
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components()))
        .security(Some([token]))
        .build()
}

fn components() -> Components {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .build();
    let key = ApiKeyValue::with_description(
        "Authorization",
        "The API key as it was printed, after the word Basic",
    );
    let begun = ComponentsBuilder::new()
        .schemas_from_iter(shapes::described())
        .schemas_from_iter(documents::shapes::all())
        .security_scheme(TOKEN, SecurityScheme::Http(bearer))
        .security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)));
    let refusals = statuses(&Code::ALL).into_iter();
    let each = |built: ComponentsBuilder, status| built.response(name(status), refusal(status));
    refusals.fold(begun, each).build()
}

fn statuses(codes: &[Code]) -> Vec<StatusCode> {
    let mut all: Vec<StatusCode> = codes.iter().map(|code| code.status()).collect();
    all.sort();
    all.dedup();
    all
}

/// What the refusal of a status is called among the components.
fn name(status: StatusCode) -> String {
    format!("Refused{}", status.as_u16())
}

/// The refusals of one status: which codes it has, and the document they are written in.
fn refusal(status: StatusCode) -> Response {
    let codes = Code::ALL.into_iter().filter(|code| code.status() == status);
    let codes: Vec<String> = codes
        .map(|code| format!("`{}`: {}", code.word(), code.title()))
        .collect();
    let content = ContentBuilder::new().schema(Some(schema::of::<shapes::Errors>()));
    ResponseBuilder::new()
        .description(codes.join("; "))
        .content("application/json", content.build())
        .build()
}

fn complete(path: &str, method: &HttpMethod, operation: &mut Operation) {
    let named: Vec<&str> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .collect();
    let ids = named.iter().map(|name| {
        ParameterBuilder::new()
            .name(*name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(schema::text()))
            .build()
    });
    let parameters = operation.parameters.get_or_insert_default();
    parameters.splice(0..0, ids.map(RefOr::T));
    if *method == HttpMethod::Post && path != "/token" {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "Sent again with the same key, it is done once and answered the same",
            ))
            .required(Required::False)
            .schema(Some(schema::text()));
        parameters.push(RefOr::T(key.build()));
    }
    let shows = operation.security.as_ref().is_none_or(|needs| {
        needs
            .iter()
            .any(|need| *need != SecurityRequirement::default())
    });
    let mut codes = ANY.to_vec();
    for (can, more) in [
        (shows, KNOWN),
        (!named.is_empty(), NAMED),
        (*method != HttpMethod::Get, CHANGES),
    ] {
        if can {
            codes.extend(more);
        }
    }
    let responses = &mut operation.responses.responses;
    for (status, response) in responses.iter_mut() {
        let status = status.parse::<StatusCode>().ok();
        if let (RefOr::T(response), Some(status)) = (response, status) {
            response.description = status.canonical_reason().unwrap_or_default().to_owned();
        }
    }
    for status in statuses(&codes) {
        responses
            .entry(status.as_str().to_owned())
            .or_insert_with(|| Ref::from_response_name(name(status)).into());
    }
}
