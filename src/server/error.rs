//! What a request is refused with: the codes and texts of docs/domain.md 14.2 and 15.2, and the document they are written
//! in. What an error of an operation becomes stands in `refusals`.

use crate::domain::words::words;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

words! {
    Code [word title] parse {
        ParameterNotSupplied "parameter-not-supplied" "Required parameter not supplied";
        ParameterNotValid "parameter-not-valid" "Parameter value is not valid";
        PathParameterNotValid "path-parameter-not-valid" "Parameter value is not valid";
        InvalidContent "invalid-content" "Invalid request content";
        EventSubscribed "event-already-subscribed" "Event already subscribed";
        NoWebhooks "no-webhooks-found" "No webhooks found for an app";
        UnknownField "unknown-field" "Invalid request content";
        UnsupportedAccept "unsupported-accept" "Unsupported accept";
        InstitutionNotSupported "institution-not-supported" "Institution not supported";
        InvalidCredentials "invalid-credentials" "Cannot login to target institution, check credentials.";
        UnauthorizedAccess "unauthorized-access" "Unauthorized Access";
        InvalidToken "invalid-authorization-token" "Invalid authorization token.";
        AccessDenied "access-denied" "Access denied.";
        ForbiddenAccess "forbidden-access" "Forbidden Access";
        NotFound "resource-not-found" "Requested resource is not found";
        MethodNotAllowed "method-not-allowed" "Method not allowed";
        RequestTimeout "request-timeout" "Request timeout";
        AlreadyExists "resource-already-exists" "Resource already exists";
        KeyUsed "idempotency-key-used" "The key was used for another request";
        InProgress "request-in-progress" "The request is being carried out";
        NotCancellable "not-cancellable" "It cannot be cancelled";
        Unconfirmed "confirmation-missing" "Not confirmed";
        NoLongerAvailable "resource-no-longer-available" "Requested resource is no longer available";
        TooLarge "content-too-large" "Content too large";
        AddressTooLong "address-too-long" "Address too long";
        UnsupportedContentType "unsupported-content-type" "Unsupported content type";
        Misdirected "misdirected-request" "Misdirected request";
        RequestNotValid "request-not-valid" "Invalid request";
        TooManyRequests "too-many-requests" "Too many requests";
        Internal "internal-server-error" "Internal Server error.";
        Unavailable "service-unavailable" "Service Unavailable";
    }
}

impl Code {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Code::ParameterNotSupplied
            | Code::ParameterNotValid
            | Code::PathParameterNotValid
            | Code::InvalidContent
            | Code::EventSubscribed
            | Code::NoWebhooks
            | Code::UnsupportedAccept
            | Code::InstitutionNotSupported
            | Code::InvalidCredentials
            | Code::Unconfirmed
            | Code::RequestNotValid => StatusCode::BAD_REQUEST,
            Code::UnauthorizedAccess | Code::InvalidToken => StatusCode::UNAUTHORIZED,
            Code::AccessDenied | Code::ForbiddenAccess => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Code::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Code::AlreadyExists | Code::KeyUsed | Code::InProgress | Code::NotCancellable => {
                StatusCode::CONFLICT
            }
            Code::NoLongerAvailable => StatusCode::GONE,
            Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Code::AddressTooLong => StatusCode::URI_TOO_LONG,
            Code::UnsupportedContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Code::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Code::UnknownField => StatusCode::UNPROCESSABLE_ENTITY,
            Code::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// Where in a request the fault is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) pointer: Option<String>,
    pub(super) parameter: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiError {
    pub(super) code: Code,
    title: Cow<'static, str>,
    pub(super) detail: Cow<'static, str>,
    source: Option<Source>,
    status: StatusCode,
    /// Whether nothing more is read from this connection.
    closes: bool,
}

impl ApiError {
    pub(super) fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            title: code.title().into(),
            detail: detail.into(),
            source: None,
            status: code.status(),
            closes: false,
        }
    }

    #[must_use]
    pub(super) fn titled(self, title: impl Into<Cow<'static, str>>) -> Self {
        Self {
            title: title.into(),
            ..self
        }
    }

    #[must_use]
    pub(super) fn parameter(self, parameter: &str) -> Self {
        let source = Source {
            parameter: Some(parameter.to_owned()),
            ..self.source.clone().unwrap_or_default()
        };
        Self {
            source: Some(source),
            ..self
        }
    }

    #[must_use]
    pub(super) fn pointer(self, pointer: &str) -> Self {
        let source = Source {
            pointer: Some(pointer.to_owned()),
            ..self.source.clone().unwrap_or_default()
        };
        Self {
            source: Some(source),
            ..self
        }
    }

    /// The same fault in another document than its text is usually of.
    #[must_use]
    pub(super) fn inside(self, usual: &str, what: &str) -> Self {
        let pointer = self.source.as_ref().and_then(|at| at.pointer.as_ref());
        let name = pointer.and_then(|p| p.strip_prefix(usual)?.strip_prefix('/'));
        match name.map(|name| format!("{what}/{name}")) {
            Some(pointer) => self.pointer(&pointer),
            None => self,
        }
    }

    /// The fault is in the query and nowhere else.
    #[must_use]
    pub(super) fn in_query(self, parameter: &str) -> Self {
        let error = Self {
            source: None,
            ..self
        };
        error.parameter(parameter)
    }

    /// The same answer under another status.
    #[must_use]
    pub(super) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    #[must_use]
    pub(super) fn closing(self) -> Self {
        Self {
            closes: true,
            ..self
        }
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn not_found() -> Self {
        Self::new(Code::NotFound, "Requested resource is not found")
    }

    pub(super) fn internal() -> Self {
        let detail = "Internal server error. Please contact support.";
        Self::new(Code::Internal, detail)
    }

    pub(super) fn unauthorized() -> Self {
        let detail = "You are not authorized to access this resource";
        Self::new(Code::UnauthorizedAccess, detail)
    }

    pub(super) fn bad_token() -> Self {
        Self::new(Code::InvalidToken, "Invalid authorization token.")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(
            Code::ForbiddenAccess,
            "Access to this resource is forbidden.",
        )
    }

    pub(super) fn too_many() -> Self {
        Self::new(
            Code::TooManyRequests,
            "Too many requests. Please try again later.",
        )
    }

    pub(super) fn bad_filter() -> Self {
        let detail = "The provided filter parameter is in invalid format or unsupported";
        Self::new(Code::ParameterNotValid, detail).parameter("filter")
    }

    /// The answer for a status that came without one of ours: of the router, or of what reads a path.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => {
                Self::new(Code::NotFound, "Route not found for this API version.")
            }
            StatusCode::METHOD_NOT_ALLOWED => Self::new(
                Code::MethodNotAllowed,
                "The method is not allowed on the requested resource.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(),
            status if status.is_client_error() => {
                Self::new(Code::RequestNotValid, "The request is not valid.").with_status(status)
            }
            _ => Self::internal(),
        }
    }

    pub(super) fn too_large() -> Self {
        Self::new(Code::TooLarge, "A body holds at most 64 KiB.").closing()
    }

    /// The document of docs/domain.md 15.3, under a fresh correlation id.
    pub(super) fn rendered(&self, correlation: &str) -> Response {
        let mut error = Map::new();
        error.insert("type".into(), "error".into());
        error.insert("code".into(), self.code.word().into());
        error.insert("title".into(), (*self.title).into());
        error.insert("detail".into(), (*self.detail).into());
        if let Some(source) = &self.source {
            let named = [
                ("pointer", &source.pointer),
                ("parameter", &source.parameter),
            ];
            let named = named
                .into_iter()
                .filter_map(|(name, at)| Some((name, at.as_ref()?)));
            let named: Map<String, Value> = named
                .map(|(name, at)| (name.to_owned(), at.as_str().into()))
                .collect();
            error.insert("source".into(), named.into());
        }
        let document = json!({"type": "list", "correlationId": correlation, "data": [error]});
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, bearer);
        }
        if self.closes {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// The document is written where the correlation id is made, once for all answers.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(self);
        response
    }
}
