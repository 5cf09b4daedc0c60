//! Where docs/domain.md (by number) or docs/api.md says otherwise than the platform's document.

use std::collections::BTreeSet;

/// A violation that is meant.
#[derive(Debug)]
pub(super) struct Exception {
    /// The end of what names the call: all calls, when it is empty.
    call: &'static str,
    /// The end of the place in the answer.
    place: &'static str,
    /// A part of what prism says.
    says: &'static str,
    #[expect(dead_code, reason = "shown by Debug, and for who reads the table")]
    why: &'static str,
}

impl Exception {
    /// Whether it is about one of these calls.
    pub(super) fn concerns(&self, calls: &BTreeSet<String>) -> bool {
        calls.iter().any(|call| call.ends_with(self.call))
    }

    pub(super) fn fits(&self, call: &str, place: &str, says: &str) -> bool {
        call.ends_with(self.call) && place.ends_with(self.place) && says.contains(self.says)
    }
}

#[rustfmt::skip]
pub(super) const EXCEPTIONS: &[Exception] = &[
    Exception { call: "POST /token", place: "data.#.code", says: "resource-not-found",
        why: "14.2: the code of an unknown key is parameter-not-valid" },
    Exception { call: "GET /jobs/{jobId}", place: "response.body", says: "exactly one schema in oneOf",
        why: "every job fits several of the three schemas, none of which requires a field" },
    Exception { call: "/jobs", place: "steps.#.title", says: "allowed values",
        why: "3.2: a job with a challenge has the step mfa-challenge, as the document's own examples have" },
    Exception { call: "/jobs", place: "steps.#.result", says: "must be object",
        why: "3.3: the result of a step that is not over is null, as in the examples" },
    Exception { call: "/jobs", place: "result.code", says: "allowed values",
        why: "14.1: the codes of the guide, such as invalid-credentials, are not in the list of the schema" },
    Exception { call: "/accounts", place: "data.#.class", says: "allowed values",
        why: "5: the class is an object with type and product; the words are those of its type" },
    Exception { call: "/accounts/{accountId}", place: "body.class", says: "allowed values",
        why: "5: the same" },
    Exception { call: "/transactions", place: "data.#.subClass", says: "must be object",
        why: "6: only payments have one; it is null for the rest" },
    Exception { call: "/transactions/{transactionId}", place: "body.subClass", says: "must be object",
        why: "6: the same" },
    Exception { call: "/connectors", place: "stats.averageDurationMs", says: "must be object",
        why: "9: null until a fetch has been measured" },
    Exception { call: "/connectors/{connectorId}/{method}", place: "stats.averageDurationMs", says: "must be object",
        why: "9: the same" },
    Exception { call: "/refresh", place: "response", says: "status 200",
        why: "12.3: 200 with the job that is open already" },
    Exception { call: "GET /events", place: "data.#.entity", says: "allowed values",
        why: "10.2: users, accounts and transactions have events too" },
    Exception { call: "GET /events", place: "data.#.data", says: "must be string",
        why: "10.2: the snapshot is an object, as in the example" },
    Exception { call: "/messages/{messageId}", place: "attempts.#", says: "must be string",
        why: "an attempt is an object, as in the document's own example" },
    Exception { call: "/enrich", place: "", says: "must be object",
        why: "16: a part that nothing matches is null" },
    Exception { call: "/identities", place: "response", says: "status 404",
        why: "api.md: every call that names a user has it" },
    Exception { call: "", place: "body.data.#", says: "must have required property 'source'",
        why: "api.md: only an error that a parameter is at fault for has a source" },
    Exception { call: "", place: "response", says: "status 401",
        why: "api.md: every call that needs a token has it" },
    Exception { call: "", place: "response", says: "status 403",
        why: "api.md: every call that needs a token has it" },
];
