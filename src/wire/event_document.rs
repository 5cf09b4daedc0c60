//! An event in the API's shape (docs/domain.md 10.2). Snapshots show rows as they are now, but for a named status.
//! Without a `base`, links are relative.

use crate::domain::connection::Status;
use crate::domain::events::EventType;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use serde_json::{Value, json};

#[derive(Clone, Copy, Debug)]
pub(crate) struct EventFacts<'a> {
    pub(crate) id: &'a str,
    pub(crate) at: Moment,
    /// `connection`, `user`, ...
    pub(crate) entity: &'a str,
    /// `created`, ...
    pub(crate) happened: &'a str,
    pub(crate) user: Option<&'a str>,
    pub(crate) connection: Option<&'a str>,
    pub(crate) institution: Option<&'a str>,
    pub(crate) job: Option<&'a str>,
    pub(crate) count: Option<u64>,
    pub(crate) row: Option<&'a ConnectionRow>,
    pub(crate) mfa_enabled: bool,
}

impl EventFacts<'_> {
    fn user_path(&self) -> String {
        format!("/users/{}", self.user.unwrap_or_default())
    }

    fn connection_path(&self) -> String {
        format!(
            "{}/connections/{}",
            self.user_path(),
            self.connection.unwrap_or_default()
        )
    }

    /// The address of what it is about, without its beginning.
    pub(crate) fn path(&self) -> String {
        let by_connection = |what: &str| match self.connection {
            Some(id) => format!(
                "{}/{what}?filter=connection.id.eq('{id}')",
                self.user_path()
            ),
            None => format!("{}/{what}", self.user_path()),
        };
        match self.entity {
            "connection" => self.connection_path(),
            "account" => by_connection("accounts"),
            "transactions" => by_connection("transactions"),
            "consent" => format!("{}/consents", self.user_path()),
            "job" => format!("/jobs/{}", self.job.unwrap_or_default()),
            "institution" => format!("/institutions/{}", self.institution.unwrap_or_default()),
            _ => self.user_path(),
        }
    }
}

fn linked(kind: &str, id: &str, url: String) -> Value {
    json!({"type": kind, "id": id, "links": {"self": url}})
}

fn connection(base: &str, told: &EventFacts<'_>) -> Value {
    let url = format!("{base}{}", told.connection_path());
    let Some(row) = told.row else {
        return linked("connection", told.connection.unwrap_or_default(), url);
    };
    let bank = row.institution.as_str();
    json!({
        "type": "connection",
        "id": row.id.as_str(),
        "status": Status::after_event(told.happened).unwrap_or(row.status).word(),
        "mfaEnabled": told.mfa_enabled,
        "createdDate": row.created.rfc3339(),
        "lastUsed": row.last_used.rfc3339(),
        "institution": linked("institution", bank, format!("{base}/institutions/{bank}")),
        "links": {"self": url},
    })
}

/// The number is a text on the wire.
fn counted(base: &str, told: &EventFacts<'_>) -> Value {
    let url = format!("{base}{}", told.connection_path());
    let connection = told.connection.map(|id| linked("connection", id, url));
    json!({
        "type": told.entity,
        "count": told.count.unwrap_or(0).to_string(),
        "connection": connection,
        "links": {"self": format!("{base}{}", told.path())},
    })
}

pub(crate) fn event(base: &str, told: &EventFacts<'_>) -> Value {
    let reference = format!("{base}{}", told.path());
    let data = match told.entity {
        "connection" => connection(base, told),
        "account" | "transactions" => counted(base, told),
        "user" => linked("user", told.user.unwrap_or_default(), reference.clone()),
        "job" => linked("job", told.job.unwrap_or_default(), reference.clone()),
        "institution" => linked(
            "institution",
            told.institution.unwrap_or_default(),
            reference.clone(),
        ),
        entity => json!({"type": entity, "links": {"self": reference}}),
    };
    json!({
        "type": "event",
        "id": told.id,
        "createdDate": told.at.rfc3339(),
        "entity": told.entity,
        "eventType": told.happened,
        "userId": told.user,
        "dataRef": reference,
        "data": data,
        "links": {"self": format!("{base}/events/{}", told.id)},
    })
}

/// What `GET /events/types` says of one type.
pub(crate) fn event_type(base: &str, one: &EventType) -> Value {
    let name = one.name();
    json!({
        "type": "eventType",
        "id": name,
        "description": format!("when {}", one.words),
        "links": {"self": format!("{base}/events/types/{name}")},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::{Label, Method, Origin};
    use crate::domain::diagnosis::Whose;

    fn told<'a>(
        entity: &'a str,
        happened: &'a str,
        row: Option<&'a ConnectionRow>,
    ) -> EventFacts<'a> {
        EventFacts {
            id: "1f4e1b56",
            at: Moment::parse("2026-03-10T03:00:11Z").unwrap(),
            entity,
            happened,
            user: Some("9d1c"),
            connection: Some("5b0f3c1e"),
            institution: Some("AU00000"),
            job: None,
            count: Some(13),
            row,
            mfa_enabled: false,
        }
    }

    #[test]
    fn an_event_of_a_connection_has_its_snapshot() {
        let at = Moment::parse("2026-03-02T01:14:07Z").unwrap();
        let row = ConnectionRow {
            id: "5b0f3c1e".into(),
            user: "9d1c".into(),
            user_name: "Monica Hall".into(),
            institution: "AU00000".into(),
            institution_name: "Hooli".into(),
            method: Method::Web,
            origin: Origin::Sandbox,
            // it has become active again since
            status: Status::Active,
            label: Label::Active,
            attention: false,
            mover: Whose::Nobody,
            runs: vec![],
            since: at,
            created: at,
            last_used: Moment::parse("2026-03-10T03:00:09Z").unwrap(),
            expiry: None,
            accounts: 0,
            transactions: 0,
            ever_active: true,
            refused: 0,
            guarded: false,
            handling: Default::default(),
            bank: Default::default(),
            version: 1,
            last_job: None,
        };
        let base = "https://api.example.test";
        assert_eq!(
            event(base, &told("connection", "invalidated", Some(&row))),
            json!({"type": "event", "id": "1f4e1b56", "createdDate": "2026-03-10T03:00:11Z", "entity": "connection",
                "eventType": "invalidated", "userId": "9d1c",
                "dataRef": "https://api.example.test/users/9d1c/connections/5b0f3c1e",
                "data": {"type": "connection", "id": "5b0f3c1e", "status": "invalid", "mfaEnabled": false,
                    "createdDate": "2026-03-02T01:14:07Z", "lastUsed": "2026-03-10T03:00:09Z",
                    "institution": {"type": "institution", "id": "AU00000",
                        "links": {"self": "https://api.example.test/institutions/AU00000"}},
                    "links": {"self": "https://api.example.test/users/9d1c/connections/5b0f3c1e"}},
                "links": {"self": "https://api.example.test/events/1f4e1b56"}})
        );
    }

    #[test]
    fn a_count_is_a_text() {
        let document = event("", &told("transactions", "updated", None));
        assert_eq!(document["data"]["count"], "13");
        assert_eq!(
            document["data"]["connection"]["links"]["self"],
            "/users/9d1c/connections/5b0f3c1e"
        );
        assert_eq!(
            document["dataRef"],
            "/users/9d1c/transactions?filter=connection.id.eq('5b0f3c1e')"
        );
        assert_eq!(
            event("", &told("user", "created", None))["data"]["id"],
            "9d1c"
        );
    }
}
