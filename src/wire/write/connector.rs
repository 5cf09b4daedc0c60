//! A connector, and the older flat institution (docs/domain.md 9).

use super::link;
use crate::domain::health::{Span, Times};
use crate::domain::import_records::{ConnectorRecord, InstitutionRecord};
use crate::domain::job::Title;
use serde_json::{Value, json};

/// What every connector here can be asked for.
pub(crate) const SCOPES: [&str; 5] = [
    "account.basic",
    "account.detail",
    "transaction.detail",
    "customer.person.basic",
    "customer.person.detail",
];

pub(crate) struct ConnectorFacts<'a> {
    pub(crate) bank: &'a InstitutionRecord,
    pub(crate) way: &'a ConnectorRecord,
    /// The declared health, with what is known of an outage.
    pub(crate) status: &'a str,
    pub(crate) times: Option<&'a Times>,
}

pub(crate) fn connector(base: &str, facts: &ConnectorFacts<'_>) -> Value {
    let (id, method) = (facts.bank.id.as_str(), facts.way.method.word());
    json!({
        "type": "connector",
        "id": id,
        "method": method,
        "stage": facts.way.stage,
        "status": facts.status,
        "institution": {
            "type": facts.bank.kind,
            "name": facts.bank.name,
            "shortName": facts.bank.short_name,
            "tier": facts.bank.tier,
            "country": facts.bank.country,
            "logo": logo(base, id),
        },
        "scopes": SCOPES,
        "authorization": {
            "type": facts.way.authorization,
            "meta": {"login_id_caption": "Login ID", "password_caption": "Password"},
        },
        "stats": {"averageDurationMs": facts.times.map(averages)},
        "links": {"self": format!("{base}/connectors/{id}/{method}")},
    })
}

/// The address of a picture that this program does not have; clients read the field without a look.
fn logo(base: &str, id: &str) -> Value {
    let link = |name: &str| format!("{base}/institutions/{id}/{name}.svg");
    json!({
        "type": "image",
        "colors": {"primary": ""},
        "links": {"full": link("logo-full"), "square": link("logo")},
    })
}

/// No step here retrieves what the reference calls meta.
fn averages(times: &Times) -> Value {
    let mean = |title: &Title| times.step(title).map_or(0, |span: &Span| span.mean_ms);
    json!({
        "verifyCredentials": mean(&Title::VerifyCredentials),
        "retrieveAccounts": mean(&Title::RetrieveAccounts),
        "retrieveTransactions": mean(&Title::RetrieveTransactions),
        "retrieveMeta": 0,
        "total": times.total.mean_ms,
    })
}

/// The shape of earlier versions, kept for their clients.
pub(crate) fn institution(base: &str, bank: &InstitutionRecord) -> Value {
    let id = bank.id.as_str();
    json!({
        "type": "institution",
        "id": id,
        "name": bank.name,
        "shortName": bank.short_name,
        "institutionType": bank.kind,
        "country": bank.country,
        "serviceName": bank.name,
        "serviceType": "Personal Banking",
        "loginIdCaption": "Login ID",
        "passwordCaption": "Password",
        "tier": bank.tier,
        "authorization": bank.connectors.first().map_or("other", |c| c.authorization.as_str()),
        "logo": logo(base, id),
        "links": {"self": link::institution(base, id)},
    })
}
