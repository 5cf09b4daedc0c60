//! The one table from the errors of operations to the answers of the HTTP API. No text holds anything of the program's
//! inside.

use super::error::{ApiError, Code};
use crate::domain::access::Lacking;
use crate::ops::{self, Refusal, StoreError};

impl From<ops::Error> for ApiError {
    fn from(error: ops::Error) -> Self {
        use ops::Error as E;
        match error {
            E::NotFound { kind: "user", .. } => {
                Self::new(Code::NotFound, "Requested user does not exist.")
            }
            E::NotFound {
                kind: "webhook", ..
            } => Self::new(Code::NotFound, "Webhook with provided id doesn't exist."),
            E::NotFound {
                kind: "message", ..
            } => Self::new(Code::NotFound, "Message not found."),
            E::NotFound { .. } | E::Ambiguous { .. } => Self::not_found(),
            E::Refused(refusal) => refused(refusal),
            E::Forbidden(lacking) => lacking.into(),
            // what has to be confirmed here is confirmed by the call itself, and so it changed meanwhile
            E::Unconfirmed(_) | E::Changed(_) | E::PlanChanged(_) => Self::new(
                Code::AlreadyExists,
                "It changed in the meantime. Nothing was done; try again.",
            )
            .titled("Changed in the meantime"),
            E::Filter(_) => Self::bad_filter(),
            E::Input(what) => Self::new(Code::RequestNotValid, what),
            E::TimedOut(_) => unavailable(),
            E::Store(store) => stored(&store),
        }
    }
}

impl From<Lacking> for ApiError {
    fn from(lacking: Lacking) -> Self {
        let (needs, has) = (lacking.needs.word(), lacking.has.word());
        let detail = format!(
            "Access to this resource is forbidden. It needs a key with the role {needs}; this one is {has}."
        );
        Self::new(Code::ForbiddenAccess, detail)
    }
}

fn unavailable() -> ApiError {
    let detail = "Service is currently unavailable. Please try again later.";
    ApiError::new(Code::Unavailable, detail)
}

fn stored(error: &StoreError) -> ApiError {
    use StoreError as E;
    match error {
        E::Busy { .. }
        | E::Interrupted
        | E::Full
        | E::ReadOnly
        | E::Io(_)
        | E::Closed
        | E::Memory
        | E::Threads(_)
        | E::NoDirectory { .. }
        | E::Missing { .. } => unavailable(),
        E::Absent { .. } => ApiError::not_found(),
        E::Clash { .. } => ApiError::new(Code::AlreadyExists, "Resource already exists."),
        E::Pattern { .. } => ApiError::bad_filter(),
        E::NotOrdered { .. } => {
            ApiError::new(Code::ParameterNotValid, error.to_string()).parameter("sort")
        }
        E::Incomplete { .. }
        | E::Foreign { .. }
        | E::Older { .. }
        | E::Newer { .. }
        | E::Damaged { .. }
        | E::NotWrittenHere { .. }
        | E::Pages
        | E::Row { .. }
        | E::Sql(_)
        | E::NothingLost { .. }
        | E::Panicked
        | E::Vault(_) => ApiError::internal(),
    }
}

/// The refusals that have no code of their own on the wire, and what they are there.
const OURS: &[(&str, Code)] = &[
    ("sign-in-guard", Code::TooManyRequests),
    ("too-recent", Code::TooManyRequests),
    ("sequence-open", Code::AlreadyExists),
    ("plan-lapsed", Code::NoLongerAvailable),
    ("not-cancellable", Code::NotCancellable),
    ("imported", Code::ForbiddenAccess),
];

fn refused(refusal: Refusal) -> ApiError {
    let ours = OURS.iter().find(|(word, _)| *word == refusal.code);
    let code = ours
        .map(|(_, code)| *code)
        .or_else(|| Code::parse(refusal.code));
    let error = ApiError::new(code.unwrap_or(Code::ForbiddenAccess), refusal.detail);
    match source_of(&error.detail) {
        Some((pointer, parameter)) => error.pointer(pointer).parameter(parameter),
        None => error,
    }
}

/// Where the field is that a refusal speaks of.
fn source_of(detail: &str) -> Option<(&'static str, &'static str)> {
    Some(match detail {
        "Login ID parameter is required." => ("connection/loginId", "loginId"),
        "Password parameter is required." | "Password value is not valid" => {
            ("connection/password", "password")
        }
        "Institution ID parameter is required." | "Requested institution does not exist." => {
            ("connection/institution/id", "institution.id")
        }
        "One of 'email' or 'mobile' is required." | "Provided email is in bad format." => {
            ("user/email", "email")
        }
        "Provided mobile is in bad format." => ("user/mobile", "mobile"),
        "Mobile parameter is required." => ("auth_link/mobile", "mobile"),
        "Business name is required when business number is provided." => {
            ("user/businessName", "businessName")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::NOT_EXECUTED;

    /// Every code that an operation refuses with, as `ops` and the rules write it.
    #[test]
    fn every_refusal_has_a_code_on_the_wire() {
        for (code, status) in [
            ("parameter-not-valid", 400),
            ("parameter-not-supplied", 400),
            ("invalid-content", 400),
            ("event-already-subscribed", 400),
            ("no-webhooks-found", 400),
            ("institution-not-supported", 400),
            ("resource-not-found", 404),
            ("resource-already-exists", 409),
            ("resource-no-longer-available", 410),
            ("too-many-requests", 429),
            ("sign-in-guard", 429),
            ("too-recent", 429),
            ("sequence-open", 409),
            ("plan-lapsed", 410),
            ("not-cancellable", 409),
            ("forbidden-access", 403),
            (NOT_EXECUTED, 403),
        ] {
            let error = ApiError::from(ops::Error::Refused(Refusal::new(code, "d", "a")));
            assert_eq!(error.status().as_u16(), status, "{code}");
        }
    }

    #[test]
    fn a_missing_user_is_named_and_nothing_else_is() {
        let detail = |kind| {
            let id = "x' OR 1=1".to_owned();
            ApiError::from(ops::Error::NotFound { kind, id }).detail
        };
        assert_eq!(detail("user"), "Requested user does not exist.");
        assert_eq!(detail("connection"), "Requested resource is not found");
    }

    #[test]
    fn no_text_tells_of_the_inside() {
        let paths = StoreError::Missing {
            path: "/home/x/y.db".into(),
        };
        let row = StoreError::Row {
            table: "jobs",
            what: "a secret".into(),
        };
        for (error, status) in [(paths, 503), (row, 500)] {
            let error = ApiError::from(ops::Error::Store(error));
            assert_eq!(error.status().as_u16(), status);
            assert!(!error.detail.contains('/') && !error.detail.contains("jobs"));
        }
    }
}
