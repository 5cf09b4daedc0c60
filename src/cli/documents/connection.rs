//! A connection, in a list and in detail.

use super::stored::seen;
use super::time;
use crate::cli::list_formats::{Cell, Column, Listed, number, text};
use crate::cli::output::Tone;
use crate::documents::{ConnectionDoc, JobDoc, connection, job};
use crate::domain::connection::Label;
use crate::domain::diagnosis::brief;
use crate::domain::job::Label as JobLabel;
use crate::domain::mask::MaskedProfile;
use crate::domain::moment::Moment;
use crate::domain::money;
use crate::domain::rows::{AccountRow, ConnectionRow};
use crate::domain::time_format;
use crate::ops::ConnectionDetail;
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DetailDoc<'a> {
    #[serde(flatten)]
    row: ConnectionDoc<'a>,
    profile: Option<Value>,
    account_list: Vec<Value>,
    jobs: Vec<JobDoc<'a>>,
    allowed: Vec<&'static str>,
    refused: Vec<Value>,
    next_smart_cache: Option<String>,
}

pub(crate) fn detail(detail: &ConnectionDetail) -> DetailDoc<'_> {
    DetailDoc {
        row: connection(&detail.row),
        profile: detail.profile.as_ref().map(profile),
        account_list: detail.accounts.iter().map(account).collect(),
        jobs: detail.jobs.iter().map(job).collect(),
        allowed: detail
            .acts
            .iter()
            .filter(|(_, no)| no.is_none())
            .map(|(act, _)| act.word())
            .collect(),
        refused: detail
            .acts
            .iter()
            .filter_map(|(act, no)| {
                Some(json!({"action": act.word(), "reason": no.as_ref()?.words}))
            })
            .collect(),
        next_smart_cache: time(detail.next_background),
    }
}

fn profile(profile: &MaskedProfile) -> Value {
    json!({
        "fullName": profile.full_name,
        "firstName": profile.first_name,
        "middleName": profile.middle_name,
        "lastName": profile.last_name,
        "phoneNumbers": profile.phones,
        "emailAddresses": profile.emails,
        "physicalAddresses": profile.addresses.iter().map(|a| json!({"formattedAddress": a})).collect::<Vec<_>>(),
    })
}

fn account(account: &AccountRow) -> Value {
    let money = |minor: Option<i64>| minor.map(|minor| money::text(minor, &account.currency));
    let shown = seen(account);
    json!({
        "type": "account",
        "id": account.id.as_str(),
        "name": shown.map(|(product, _)| product),
        "accountNo": shown.map(|(_, number)| number),
        "class": {"type": account.class, "product": shown.map(|(product, _)| product)},
        "currency": account.currency,
        "balance": money(account.balance),
        "availableFunds": money(account.available),
        "status": account.status,
        "lastUpdated": account.updated.rfc3339(),
        "transactions": account.transactions,
    })
}

pub(crate) fn tone(label: Label) -> Tone {
    match label {
        Label::Active => Tone::Good,
        Label::Invalid | Label::Failed => Tone::Bad,
        Label::Pending | Label::Init | Label::PreInit => Tone::Busy,
        Label::Deleted => Tone::Dim,
    }
}

impl Listed for ConnectionRow {
    type Doc<'a> = ConnectionDoc<'a>;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "userId",
        "userName",
        "institution.id",
        "institution.name",
        "method",
        "status",
        "label",
        "attention",
        "since",
        "createdDate",
        "lastUsed",
        "expiryDate",
        "accounts",
        "transactions",
        "lastJob.id",
        "lastJob.kind",
        "lastJob.label",
        "lastJob.code",
        "lastJob.step",
        "signInFailures",
        "guarded",
        "origin",
    ];

    const MORE: &'static [&'static str] = &["mover", "runs", "why"];

    fn extra(&self, now: Moment) -> Value {
        let runs = self.runs.iter().map(|state| state.word());
        json!({
            "mover": self.mover.word(),
            "runs": runs.collect::<Vec<_>>().join(" "),
            "why": brief(self, now, None),
        })
    }

    fn doc(&self) -> ConnectionDoc<'_> {
        connection(self)
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |c, _| c.id.short().into()),
            text("STATUS", 8, |c, _| {
                Cell::toned(tone(c.label), c.label.name())
            }),
            text("USER", 28, |c, _| c.user_name.as_str().into()),
            text("BANK", 26, |c, _| c.institution_name.as_str().into()),
            text("VIA", 3, |c, _| c.method.short().into()),
            text("USED", 7, |c, now| {
                time_format::age_or_never(c.ever_used().then_some(c.last_used), now).into()
            }),
            number("ACC", |c, _| c.accounts.into()),
            number("TX", |c, _| c.transactions.into()),
            text("LAST JOB", 60, |c, _| last_job(c)),
        ]
    }
}

fn last_job(row: &ConnectionRow) -> Cell {
    let Some(job) = &row.last_job else {
        return Cell::default();
    };
    let code = job
        .code
        .as_deref()
        .map_or_else(String::new, |code| format!(" {code}"));
    let held = row
        .sign_in_words()
        .map_or_else(String::new, |words| format!(", {words}"));
    let tone = if job.label == JobLabel::Failed {
        Tone::Bad
    } else {
        Tone::Plain
    };
    Cell::toned(
        tone,
        &format!("{} {}{code}{held}", job.kind.word(), job.state.word()),
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::connection::{Method, Origin, Status};
    use crate::domain::diagnosis::Whose;
    use crate::domain::job::{Kind, State, Title};
    use crate::domain::rows::LastJob;

    pub(crate) fn row() -> ConnectionRow {
        let at = Moment::parse("2026-03-02T01:14:07Z").unwrap();
        ConnectionRow {
            id: "5b0f3c1e-2a77-4d0e-9f52-6f1f0b6f9c44".into(),
            user: "u-1".into(),
            user_name: "Monica Hall".into(),
            institution: "AU00000".into(),
            institution_name: "Hooli".into(),
            method: Method::Web,
            origin: Origin::Sandbox,
            status: Status::Invalid,
            label: Label::Failed,
            attention: true,
            mover: Whose::User,
            runs: vec![State::Failed],
            since: at,
            created: at,
            last_used: at,
            expiry: None,
            accounts: 2,
            transactions: 17,
            version: 1,
            last_job: Some(LastJob {
                id: "j-1".into(),
                kind: Kind::UpdateCredentials,
                state: State::Failed,
                label: JobLabel::Failed,
                code: Some("invalid-credentials".into()),
                step: Title::VerifyCredentials,
                position: 1,
                of: 3,
                due: None,
                attempt: 1,
            }),
            ever_active: false,
            refused: 3,
            guarded: true,
            handling: Default::default(),
            bank: Default::default(),
        }
    }

    #[test]
    fn every_column_of_the_list_is_a_field_by_the_same_name() {
        let names: Vec<String> = <ConnectionRow as Listed>::FIELDS
            .iter()
            .chain(<ConnectionRow as Listed>::MORE)
            .map(|field| crate::cli::list_formats::field(field).1)
            .collect();
        for column in crate::domain::list_columns::Column::ALL {
            assert!(names.iter().any(|name| name == column.word()), "{column:?}");
        }
    }

    #[test]
    fn a_connection_document_has_its_fields_in_order() {
        let row = row();
        let doc = serde_json::to_string(&connection(&row)).unwrap();
        assert_eq!(
            doc,
            concat!(
                r#"{"type":"connection","id":"5b0f3c1e-2a77-4d0e-9f52-6f1f0b6f9c44","userId":"u-1","#,
                r#""userName":"Monica Hall","institution":{"id":"AU00000","name":"Hooli"},"method":"web","#,
                r#""status":"invalid","label":"Failed","attention":true,"since":"2026-03-02T01:14:07Z","#,
                r#""createdDate":"2026-03-02T01:14:07Z","lastUsed":"2026-03-02T01:14:07Z","expiryDate":"","#,
                r#""accounts":2,"transactions":17,"lastJob":{"id":"j-1","kind":"update-credentials","#,
                r#""label":"Failed","code":"invalid-credentials","step":"verify-credentials"},"#,
                r#""signInFailures":3,"guarded":true,"origin":"sandbox"}"#
            )
        );
    }
}
