//! The shapes of what the HTTP API answers and takes, by the names they have in its OpenAPI document. The tests hold real
//! answers against them; what clients send is described as strictly as it is read.

use super::schema::{
    Described, Field, any_of, anything, has, is, links, list, many, may, object, of, one_of,
    open_object, or_null, text, time, time_or_empty, truth, whole,
};
use crate::domain::connection::{Method, Status};
use crate::domain::consent;
use crate::domain::job::StepStatus;
use crate::domain::mfa::ChallengeMethod;
use crate::domain::person::NumberKind;

/// Declares types that stand for shapes, for the attributes of handlers, and the list of all.
macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $shape:expr;)+) => {
        $(
            $(#[$doc])*
            pub(crate) enum $name {}

            impl utoipa::PartialSchema for $name {
                fn schema() -> $crate::wire::write::schema::Described {
                    $shape
                }
            }

            impl utoipa::ToSchema for $name {
                fn name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }
            }
        )+

        pub(crate) fn all() -> Vec<(&'static str, $crate::wire::write::schema::Described)> {
            vec![$((stringify!($name), <$name as utoipa::PartialSchema>::schema())),+]
        }
    };
}

mod events;

pub(crate) use events::{
    Enrichment, Event, EventList, Message, MessageList, TestGiven, TypeOfEvent, TypeOfEventList,
    Webhook, WebhookGiven, WebhookList, WebhookStats,
};
pub(crate) use shapes;

/// Every shape by its name.
pub(crate) fn described() -> Vec<(&'static str, Described)> {
    all().into_iter().chain(events::all()).collect()
}

shapes! {
    Anything = anything();
    Error = object([
        has("type", is("error")),
        has("code", text()),
        has("title", text()),
        has("detail", text()),
        may("source", object([may("pointer", text()), may("parameter", text())])),
    ]);
    Errors = object([
        has("type", is("list")),
        has("correlationId", text()),
        has("data", many(of::<Error>())),
    ]);
    Health = object([has("status", is("ok"))]);
    TokenWanted = open_object([
        may("scope", one_of(["SERVER_ACCESS", "CLIENT_ACCESS"])),
        may("userId", text()),
    ]);
    Token = object([
        has("access_token", text()),
        has("expires_in", whole()),
        has("token_type", is("Bearer")),
    ]);

    /// Something named with its own address.
    Linked = object([has("type", text()), has("id", text()), has("links", links(["self"]))]);
    LinkedList = object([
        has("type", is("list")),
        has("count", whole()),
        has("data", many(of::<Linked>())),
    ]);

    UserGiven = object([
        may("email", or_null(text())),
        may("mobile", or_null(text())),
        may("firstName", or_null(text())),
        may("middleName", or_null(text())),
        may("lastName", or_null(text())),
        may("name", or_null(text())),
        may("businessName", or_null(text())),
        may("businessIdNo", or_null(text())),
        may("businessIdNoType", or_null(one_of(NumberKind::ALL.map(NumberKind::word)))),
        may("businessAddress", or_null(open_object([]))),
        may("verificationStatus", or_null(truth())),
        may("verificationDate", or_null(text())),
    ]);
    UserMade = open_object(person(links(["self"])));
    User = open_object(person(links(["self", "accounts", "connections", "transactions", "auth_link"])).into_iter().chain([
        has("name", text()),
        has("connections", of::<LinkedList>()),
        has("accounts", of::<LinkedList>()),
    ]));

    ConnectionGiven = object([
        may("method", or_null(one_of(Method::ALL.map(Method::word)))),
        may("loginId", or_null(text())),
        may("password", or_null(text())),
        may("securityCode", or_null(text())),
        may("secondaryLoginId", or_null(text())),
        may("institution", or_null(object([
            may("id", or_null(text())),
            may("type", anything()),
            may("links", anything()),
        ]))),
    ]);
    CredentialsGiven = object([
        may("loginId", anything()),
        may("password", or_null(text())),
        may("securityCode", or_null(text())),
        may("secondaryLoginId", or_null(text())),
    ]);
    ConnectionRow = object(link_fields().into_iter().chain([
        has("links", links(["self", "accounts", "transactions", "institution"])),
    ]));
    ConnectionList = list::<ConnectionRow>(&["count", "size"], vec![has("self", text())]);
    Connection = object(link_fields().into_iter().chain([
        has("accounts", object([has("type", is("list")), has("data", many(of::<AccountSummary>()))])),
        has("mfaEnabled", truth()),
        may("profile", of::<Profile>()),
        has("links", links(["self", "accounts", "transactions", "user"])),
    ]));
    Profile = object(profile_fields());
    Address = object([
        has("addressLine1", text()),
        has("addressLine2", or_null(text())),
        has("addressLine3", or_null(text())),
        has("postcode", text()),
        has("city", text()),
        has("state", text()),
        has("country", text()),
        has("countryCode", text()),
        has("formattedAddress", text()),
    ]);
    ConsentList = list::<Consent>(&["size"], vec![has("self", text())]);
    Consent = object([
        has("type", is("consent")),
        has("id", text()),
        has("created", time()),
        has("updated", time()),
        has("expiryDate", time()),
        has("origin", text()),
        has("status", one_of(consent::Status::ALL.map(consent::Status::word))),
        has("purpose", object([has("primary", of::<Titled>()), has("other", or_null(truth()))])),
        has("data", object([
            has("retainData", truth()),
            has("initialRetrievalDays", whole()),
            has("organisation", or_null(truth())),
            has("permissions", many(of::<Permission>())),
        ])),
        may("revoked", time()),
        has("links", links(["self"])),
    ]);
    Titled = object([has("title", text()), has("description", text())]);
    Permission = object([
        has("scope", text()),
        has("required", truth()),
        has("consented", truth()),
        has("entity", text()),
        has("information", object([
            has("name", text()),
            has("description", text()),
            has("attributeList", many(text())),
        ])),
        has("purpose", of::<Titled>()),
    ]);
    IdentityList = list::<Identity>(&["count"], vec![has("self", text())]);
    Identity = object(profile_fields().into_iter().chain([
        has("type", is("identity")),
        has("id", text()),
        has("created", time()),
        has("updated", time()),
        has("connectionID", text()),
        has("institutionID", text()),
        has("source", one_of(Method::ALL.map(Method::word))),
        has("links", links(["self", "job"])),
    ]));
    AuthLinkGiven = object([may("mobile", or_null(text()))]);
    AuthLink = object([
        has("type", is("auth_link")),
        has("id", text()),
        has("userId", text()),
        has("mobile", text()),
        has("expiresAt", time()),
        has("links", links(["public", "self"])),
    ]);

    JobList = list::<Job>(&["size"], vec![has("self", text())]);
    /// The jobs that an act on several connections made.
    JobsMade = list::<Linked>(&[], vec![]);
    Job = object([
        has("type", is("job")),
        has("id", text()),
        has("created", time()),
        has("updated", time()),
        has("jobType", is("connection")),
        has("institution", of::<Linked>()),
        has("steps", many(object([
            has("title", text()),
            has("status", one_of(StepStatus::ALL.map(StepStatus::word))),
            has("result", or_null(any_of([of::<StepFailure>(), of::<StepQuestion>(), of::<StepLink>()]))),
        ]))),
        has("links", links(["self", "source"])),
    ]);
    StepFailure = object([
        has("code", text()),
        has("title", text()),
        has("detail", text()),
        has("details", text()),
    ]);
    /// What the bank asks the user.
    StepQuestion = object([
        has("type", is("mfa")),
        has("method", one_of(ChallengeMethod::ALL.map(ChallengeMethod::word))),
        has("description", text()),
        has("input", many(text())),
        has("expiryMs", whole()),
        has("links", links(["response"])),
    ]);
    StepLink = object([has("type", is("link")), has("url", text())]);
    AnswersGiven = object([has("mfa-response", many(text()))]);

    AccountList = list::<Account>(&["count", "size"], vec![has("self", text())]);
    AccountSummary = object(account_fields().into_iter().chain([has("links", links(["self", "transactions"]))]));
    Account = open_object(account_fields().into_iter().chain([
        has("accountHolder", or_null(text())),
        has("creditLimit", or_null(text())),
        has("connection", text()),
        has("institution", text()),
        has("accountOwnership", anything()),
        has("isOwned", anything()),
        has("transactionIntervals", anything()),
        has("links", links(["self", "transactions", "connection", "institution"])),
    ]));
    TransactionList = list::<Transaction>(&["count", "size"], vec![has("self", text()), may("next", text())]);
    Transaction = open_object([
        has("type", is("transaction")),
        has("id", text()),
        has("status", one_of(["posted", "pending"])),
        has("description", text()),
        has("reference", text()),
        has("amount", text()),
        has("currency", text()),
        has("account", text()),
        has("connection", text()),
        has("institution", text()),
        has("direction", one_of(["debit", "credit"])),
        has("class", text()),
        has("transactionDate", time_or_empty()),
        has("postDate", time_or_empty()),
        has("balance", anything()),
        has("subClass", anything()),
        has("enrich", anything()),
        has("links", links(["self", "account", "institution", "connection"])),
    ]);

    ConnectorList = list::<Connector>(&["totalCount"], vec![has("self", text())]);
    Connector = object([
        has("type", is("connector")),
        has("id", text()),
        has("method", one_of(Method::ALL.map(Method::word))),
        has("stage", text()),
        has("status", text()),
        has("institution", object([
            has("type", text()),
            has("name", text()),
            has("shortName", text()),
            has("tier", text()),
            has("country", text()),
            has("logo", of::<Logo>()),
        ])),
        has("scopes", many(text())),
        has("authorization", object([
            has("type", text()),
            has("meta", object([has("login_id_caption", text()), has("password_caption", text())])),
        ])),
        has("stats", object([has("averageDurationMs", or_null(object([
            has("verifyCredentials", whole()),
            has("retrieveAccounts", whole()),
            has("retrieveTransactions", whole()),
            has("retrieveMeta", whole()),
            has("total", whole()),
        ])))])),
        has("links", links(["self"])),
    ]);
    Logo = object([
        has("type", is("image")),
        has("colors", object([has("primary", text())])),
        has("links", links(["full", "square"])),
    ]);
    InstitutionList = list::<Institution>(&["count", "size"], vec![has("self", text())]);
    Institution = object([
        has("type", is("institution")),
        has("id", text()),
        has("name", text()),
        has("shortName", text()),
        has("institutionType", text()),
        has("country", text()),
        has("serviceName", text()),
        has("serviceType", text()),
        has("loginIdCaption", text()),
        has("passwordCaption", text()),
        has("tier", text()),
        has("authorization", text()),
        has("logo", of::<Logo>()),
        has("links", links(["self"])),
    ]);
}

/// What a user has whether it was just made or is read. The fields of a business are passed on as they came.
fn person(links: Described) -> Vec<Field> {
    vec![
        has("type", is("user")),
        has("id", text()),
        has("email", text()),
        has("mobile", text()),
        has("firstName", text()),
        has("middleName", text()),
        has("lastName", text()),
        may("businessName", text()),
        may("businessIdNo", text()),
        may("businessIdNoType", text()),
        has("links", links),
    ]
}

fn profile_fields() -> Vec<Field> {
    vec![
        has("fullName", text()),
        has("firstName", text()),
        has("middleName", text()),
        has("lastName", text()),
        has("phoneNumbers", many(text())),
        has("emailAddresses", many(text())),
        has("physicalAddresses", many(of::<Address>())),
    ]
}

fn link_fields() -> Vec<Field> {
    vec![
        has("type", is("connection")),
        has("id", text()),
        has("method", one_of(Method::ALL.map(Method::word))),
        has("status", one_of(Status::ALL.map(Status::word))),
        has("createdDate", time()),
        has("lastUsed", time()),
        has("expiryDate", time_or_empty()),
        has("institution", of::<Linked>()),
    ]
}

fn account_fields() -> Vec<Field> {
    vec![
        has("type", is("account")),
        has("id", text()),
        has("name", text()),
        has("accountNo", text()),
        has("currency", text()),
        has(
            "class",
            object([has("type", text()), has("product", text())]),
        ),
        has("balance", or_null(text())),
        has("availableFunds", or_null(text())),
        has("lastUpdated", time()),
        has("status", text()),
    ]
}
