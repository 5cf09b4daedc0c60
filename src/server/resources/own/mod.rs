//! What the platform has no path for, under `/switchboard/v1/`: the operations and the documents of the commands.

pub(in crate::server) mod changes;
pub(in crate::server) mod incidents;
pub(in crate::server) mod lists;
pub(in crate::server) mod operators;
pub(in crate::server) mod plans;

use crate::domain::moment::Moment;
use crate::domain::query::{self, Query as Filter, Scope};
use crate::domain::zone::Zone;
use crate::server::body::Fields;
use crate::server::error::{ApiError, Code};
use axum::http::HeaderMap;
use serde_json::Value;

/// A filter in the language of the commands (docs/filters.md). The answer says what is wrong with it, and where.
fn filter(text: &str, scope: Scope) -> Result<Filter, ApiError> {
    query::parse_in(text, scope, Zone::UTC).map_err(|mistake| {
        let wrong = ApiError::new(Code::ParameterNotValid, mistake.to_string());
        wrong.parameter("filter")
    })
}

/// A time of a query or a body.
fn moment(text: &str, name: &str) -> Result<Moment, ApiError> {
    Moment::parse(text).ok_or_else(|| {
        let detail = format!("{name} is no time; write it like 2026-03-10T14:00:00Z");
        ApiError::new(Code::ParameterNotValid, detail).parameter(name)
    })
}

fn missing(name: &'static str) -> ApiError {
    let detail = format!("{name} is required.");
    ApiError::new(Code::ParameterNotSupplied, detail).parameter(name)
}

/// The time a body has to give.
fn until(fields: &mut Fields) -> Result<Moment, ApiError> {
    let text = fields.text("until")?.ok_or_else(|| missing("until"))?;
    moment(&text, "until")
}

/// The reason of a body that may be empty.
fn reason(what: &'static str, headers: &HeaderMap, body: &[u8]) -> Result<String, ApiError> {
    let mut fields = Fields::any(what, headers, body)?;
    let reason = fields.text("reason")?.unwrap_or_default();
    fields.end()?;
    Ok(reason)
}

/// A document as a value; ours can all be written.
pub(in crate::server) fn document(written: &impl serde::Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(written).map_err(|_| ApiError::internal())
}
