//! Reads what stands in the address: ids, and the pairs of the query.

use super::error::{ApiError, Code};
use super::state::App;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The longest id, in bytes.
const LONGEST: usize = 256;

/// What the ids of an address name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Names {
    User,
    Connection,
    Job,
    Account,
    Transaction,
    Institution,
    Consent,
    Identity,
    Event,
    EventType,
    Webhook,
    Message,
    Hold,
    Incident,
    Plan,
}

impl Names {
    /// Of an id that can be none: the code, the words of the reference, and the parameter.
    fn wrong(self) -> (Code, &'static str, &'static str) {
        use Code::{ParameterNotValid as Plain, PathParameterNotValid as InPath};
        match self {
            Names::User => (Plain, "User ID value is not valid", "userId"),
            Names::Connection => (Plain, "Connection ID value is not valid", "connectionId"),
            Names::Job => (Plain, "Job ID value is not valid", "jobId"),
            Names::Account => (Plain, "Account ID value is not valid", "accountId"),
            Names::Transaction => (Plain, "Transaction ID value is not valid", "transactionId"),
            Names::Institution => (Plain, "Institution ID value is not valid", "institutionId"),
            Names::Consent => (Plain, "Consent ID value is not valid", "consentId"),
            Names::Identity => (Plain, "Identity ID value is not valid", "identityId"),
            Names::Plan => (Plain, "Plan ID value is not valid", "planId"),
            Names::Hold => (Plain, "Hold ID value is not valid", "holdId"),
            Names::Incident => (Plain, "Incident ID value is not valid", "incidentId"),
            Names::Event => (InPath, "Event ID parameter is not valid", "eventId"),
            Names::Webhook => (InPath, "Webhook ID value is not valid", "webhookId"),
            Names::Message => (InPath, "Message ID value is not valid", "messageId"),
            Names::EventType => (
                InPath,
                "Event Type ID parameter is not valid",
                "eventTypeId",
            ),
        }
    }

    /// An id from an address, as long as it can be one: ids of other systems are any plain text.
    pub(super) fn id<T: From<String>>(self, text: String) -> Result<T, ApiError> {
        let plain = |c: char| !c.is_control() && !c.is_whitespace() && !"/\\'\"<>".contains(c);
        let fits = !text.is_empty() && text.len() <= LONGEST && text.chars().all(plain);
        let (code, detail, parameter) = self.wrong();
        match fits {
            true => Ok(text.into()),
            false => Err(ApiError::new(code, detail).parameter(parameter)),
        }
    }
}

/// The parts of a path that have names, as text.
pub(super) struct Ids<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Ids<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let read = Path::<T>::from_request_parts(parts, app).await;
        read.map(|Path(ids)| Self(ids))
            .map_err(|_| ApiError::new(Code::ParameterNotValid, "Path parameter is not valid"))
    }
}

/// The pairs of the query.
pub(super) struct Query(Vec<(String, String)>);

impl FromRequestParts<App> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Self::of(parts.uri.query().unwrap_or_default())
    }
}

impl Query {
    pub(super) fn of(text: &str) -> Result<Self, ApiError> {
        serde_urlencoded::from_str(text).map(Self).map_err(|_| {
            ApiError::new(
                Code::ParameterNotValid,
                "The query of the address is not valid",
            )
        })
    }

    /// A parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut given = self
            .0
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value.as_str());
        let first = given.next();
        match given.next() {
            None => Ok(first),
            Some(_) => {
                let detail = format!("The parameter {name} is given twice");
                Err(ApiError::new(Code::ParameterNotValid, detail).parameter(name))
            }
        }
    }

    pub(super) fn filter(&self) -> Result<&str, ApiError> {
        Ok(self.one("filter")?.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::UserId;

    #[test]
    fn an_id_is_any_plain_text() {
        let read = |text: &str| Names::User.id::<UserId>(text.to_owned());
        for text in [
            "9d1c",
            "5b0f3c1e-2a77-4d0e-9f52-6f1f0b6f9a10",
            "user:1",
            "\u{e9}",
        ] {
            assert!(read(text).is_ok(), "{text}");
        }
        for text in [
            "",
            " ",
            "a b",
            "a/b",
            "..\\x",
            "'; DROP TABLE--",
            "a\0",
            &"x".repeat(300),
        ] {
            let refused = read(text).unwrap_err();
            assert_eq!(refused.status().as_u16(), 400, "{text}");
        }
    }

    #[test]
    fn a_filter_is_read_raw_or_encoded() {
        for text in [
            "filter=status.eq('active')&limit=5",
            "limit=5&filter=status.eq(%27active%27)",
            "filter=status%2Eeq%28%27active%27%29",
        ] {
            let query = Query::of(text).unwrap_or_else(|e| panic!("{e:?}"));
            assert_eq!(query.filter().unwrap(), "status.eq('active')");
        }
        let twice = Query::of("limit=1&limit=2").unwrap_or_else(|e| panic!("{e:?}"));
        assert!(twice.one("limit").is_err());
        assert_eq!(twice.one("next").unwrap(), None);
    }
}
