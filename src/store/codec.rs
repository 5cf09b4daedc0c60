//! How values of the domain are stored: enums as numbers, lists that are only read whole as JSON.

mod texts;

pub(super) use texts::{DAMAGED_TEXT, field_text, readable, shown_text};

use super::error::{Error, Result};
use crate::domain::access::Role;
use crate::domain::connection::{Label, Method, Origin, Status};
use crate::domain::consent::{self, Permission};
use crate::domain::diagnosis::Whose;
use crate::domain::failure_codes::Failure;
use crate::domain::health::{Span, Times};
use crate::domain::ids::{
    AccountId, ConnectionId, ConsentId, EventId, HoldId, InstitutionId, JobId, MessageId, OutboxId,
    PlanId, TransactionId, UserId, WebhookId,
};
use crate::domain::job::{self, Kind, State, Step, StepStatus, Title};
use crate::domain::live::{RemoteAct, Sending, Trouble};
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::moment::Moment;
use crate::domain::webhook;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How the user's visit to the data holder ended, for a job that waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Authorised {
    NotYet,
    Granted,
    Refused,
}

/// A value that is stored as its place in a fixed list.
pub(crate) trait Coded: Copy + PartialEq + Sized + 'static {
    /// The list. Its order is the file's and never changes; new values are appended.
    const CODES: &'static [Self];
    const TABLE: &'static str;

    fn code(self) -> i64 {
        Self::CODES
            .iter()
            .position(|c| *c == self)
            .expect("every value is in its list") as i64
    }

    fn decode(code: i64) -> Result<Self> {
        usize::try_from(code)
            .ok()
            .and_then(|at| Self::CODES.get(at).copied())
            .ok_or_else(|| Error::Row {
                table: Self::TABLE,
                what: format!("the code {code}"),
            })
    }
}

/// Each enum with its table and its list of codes; it is read from and bound to statements by its code.
macro_rules! coded {
    ($($enum:ty, $table:literal: $($value:ident)+;)+) => {$(
        impl Coded for $enum {
            const CODES: &'static [Self] = &[$(<$enum>::$value),+];
            const TABLE: &'static str = $table;
        }

        impl FromSql for $enum {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let code = i64::column_result(value)?;
                Self::decode(code).map_err(|e| FromSqlError::Other(Box::new(e)))
            }
        }

        impl ToSql for $enum {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.code().into())
            }
        }
    )+};
}

coded! {
    Method, "connections": Web OpenBanking;
    Status, "connections": Pending PreInit Init Active Invalid Deleted;
    Label, "connections": Active Invalid Failed Pending Init PreInit Deleted;
    Origin, "connections": Sandbox Live Imported;
    Kind, "jobs": Connect Refresh UpdateCredentials Purge Revoke;
    State, "jobs": Queued Paused Running WaitingMfa WaitingRetry Succeeded Failed Cancelled;
    job::Label, "jobs": Pending Success Failed;
    Authorised, "jobs": NotYet Granted Refused;
    consent::Status, "consents": Active Revoked Expired;
    Role, "api_keys": Viewer Operator Admin Privacy;
    webhook::Status, "webhooks": Active Disabled;
    webhook::State, "webhook_messages": Waiting Delivered Failed;
    Trouble, "live_platform": SignedOut Slowed Offline;
    RemoteAct, "outbox": Refresh Purge Revoke Answer EndConsent Link;
    Sending, "outbox": Intended Sent Accepted Refused Unsure;
    Whose, "connections": Us Bank User System Nobody;
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Moment)
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.into())
    }
}

macro_rules! ids {
    ($($id:ident)+) => {$(
        impl FromSql for $id {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value {
                    ValueRef::Text(_) => Ok(field_text(value).into()),
                    _ => Err(FromSqlError::InvalidType),
                }
            }
        }

        impl ToSql for $id {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }
    )+};
}

ids! {
    AccountId ConnectionId ConsentId EventId HoldId InstitutionId JobId MessageId OutboxId PlanId TransactionId UserId
    WebhookId
}

/// Codes that stand in statements as text, because SQLite uses a partial index only where its own term is repeated.
pub(super) const ACTIVE: i64 = 3;
pub(super) const DELETED: i64 = 5;
pub(super) const SANDBOX: i64 = 0;
pub(super) const IMPORTED: i64 = 2;
pub(super) const PURGE: i64 = 3;
pub(super) const FETCHES: i64 = 2;
pub(super) const CONSENTED: i64 = 0;

/// The last urgency of a label that asks for somebody.
pub(super) const ATTENTION: i64 = 2;

/// The last code of a mover that has to act.
pub(super) const ACTS: i64 = 2;

/// The order among those of one mover: broken, under way, then healthy and ended. Up to [`ATTENTION`] its label says that
/// somebody has to act.
pub(crate) fn urgency(label: Label, asks: bool) -> i64 {
    match label {
        Label::Deleted => 5,
        _ if asks => 0,
        Label::Invalid => 0,
        Label::Failed => 1,
        Label::PreInit => 2,
        Label::Pending | Label::Init => 3,
        Label::Active => 4,
    }
}

pub(super) fn read_json<'t, T: Deserialize<'t>>(
    table: &'static str,
    what: &str,
    text: &'t str,
) -> Result<T> {
    serde_json::from_str(text).map_err(|_| unreadable(table, what))
}

pub(super) fn write_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("rows of texts and numbers can be written")
}

pub(super) fn unreadable(table: &'static str, what: &str) -> Error {
    Error::Row {
        table,
        what: format!("{what} that does not read"),
    }
}

/// A step: title, status, start and end in milliseconds after the job's creation, failure, note. The file holds
/// it as an array without the empty fields at its end.
#[derive(Serialize, Deserialize)]
struct StepRow<S>(
    S,
    S,
    #[serde(default)] Option<i64>,
    #[serde(default)] Option<i64>,
    #[serde(default)] Option<[S; 3]>,
    #[serde(default)] Option<S>,
);

pub(crate) fn steps_text(steps: &[Step], created: Moment) -> String {
    let since = |at: Option<Moment>| at.map(|at| at.since(created));
    let rows = steps.iter().map(|s| {
        let row = StepRow(
            s.title.word(),
            s.status.word(),
            since(s.started),
            since(s.ended),
            s.failure.as_ref().map(|f| [&*f.code, &f.title, &f.detail]),
            s.note.as_deref(),
        );
        let mut row = serde_json::to_value(row).unwrap_or_default();
        if let Value::Array(fields) = &mut row {
            while fields.last().is_some_and(Value::is_null) {
                fields.pop();
            }
        }
        row
    });
    write_json(&rows.collect::<Vec<_>>())
}

pub(crate) fn steps_read(text: &str, created: Moment) -> Result<Vec<Step>> {
    let rows: Vec<StepRow<String>> = read_json("jobs", "a list of steps", text)?;
    rows.into_iter()
        .map(|StepRow(title, status, started, ended, failure, note)| {
            Ok(Step {
                title: Title::parse(&title),
                status: StepStatus::parse(&status)
                    .ok_or_else(|| unreadable("jobs", "a step's status"))?,
                started: started.map(|ms| created.plus_ms(ms)),
                ended: ended.map(|ms| created.plus_ms(ms)),
                failure: failure.map(|[code, title, detail]| Failure::new(&code, &title, &detail)),
                note,
            })
        })
        .collect()
}

/// Method, description, what is asked for, end. The answers are personal and kept elsewhere.
pub(crate) fn challenge_text(c: &Challenge) -> String {
    write_json(&(c.method.word(), &c.description, &c.input, c.expires.0))
}

pub(crate) fn challenge_read(text: &str) -> Result<Challenge> {
    let (method, description, input, expires): (String, _, _, _) =
        read_json("jobs", "a challenge", text)?;
    Ok(Challenge {
        method: ChallengeMethod::parse(&method)
            .ok_or_else(|| unreadable("jobs", "a challenge's method"))?,
        description,
        input,
        expires: Moment(expires),
    })
}

/// How long something takes: sample, mean, p50, p95.
type SpanRow = (u64, i64, i64, i64);

/// How long steps take as text: the total, then each step by its title.
pub(crate) fn times_text(times: &Times) -> String {
    let span = |s: &Span| -> SpanRow { (s.sample, s.mean_ms, s.p50_ms, s.p95_ms) };
    let step = |(title, s): &(Title, Span)| (title.word().to_owned(), span(s));
    let steps: Vec<(String, SpanRow)> = times.steps.iter().map(step).collect();
    write_json(&(span(&times.total), steps))
}

pub(crate) fn times_read(text: &str) -> Result<Times> {
    let span = |(sample, mean_ms, p50_ms, p95_ms): SpanRow| Span {
        sample,
        mean_ms,
        p50_ms,
        p95_ms,
    };
    let (total, steps): (SpanRow, Vec<(String, SpanRow)>) =
        read_json("connectors", "a list of times", text)?;
    let steps = steps.into_iter();
    Ok(Times {
        total: span(total),
        steps: steps
            .map(|(title, s)| (Title::parse(&title), span(s)))
            .collect(),
    })
}

/// A consent's permissions as text: scope, whether it is required, whether it was given.
pub(super) fn permissions_text(permissions: &[Permission]) -> String {
    let row = |p: &Permission| (p.scope.clone(), p.required, p.consented);
    write_json(&permissions.iter().map(row).collect::<Vec<_>>())
}

pub(super) fn permissions_read(text: &str) -> Result<Vec<Permission>> {
    let rows: Vec<(String, bool, bool)> = read_json("consents", "a list of permissions", text)?;
    let permission = |(scope, required, consented)| Permission {
        scope,
        required,
        consented,
    };
    Ok(rows.into_iter().map(permission).collect())
}

/// A name as the sort columns hold it: lower case, the first 24 characters.
pub(crate) fn sort_text(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes_round_trip<T: Coded + std::fmt::Debug>(all: &[T]) {
        for value in all {
            assert_eq!(T::decode(value.code()).unwrap(), *value);
        }
        assert_eq!(T::CODES.len(), all.len());
        assert!(T::decode(99).is_err());
        assert!(T::decode(-1).is_err());
    }

    #[test]
    fn enum_codes_round_trip() {
        codes_round_trip(&Method::ALL);
        codes_round_trip(&Status::ALL);
        codes_round_trip(&Label::ALL);
        codes_round_trip(&Kind::ALL);
        codes_round_trip(&State::ALL);
        codes_round_trip(&job::Label::ALL);
        codes_round_trip(&consent::Status::ALL);
        codes_round_trip(&Role::ALL);
        codes_round_trip(&Whose::ALL);
    }

    /// The texts below were written by earlier versions.
    #[test]
    fn json_columns_keep_their_stored_form() {
        let created = Moment(1_000_000);
        let text = r#"[["verify-credentials","success",0,3,null,"3 accounts"],["retrieve-accounts","failed",null,null,["service-unavailable","Down","Later"]],["retrieve-meta","pending"]]"#;
        assert_eq!(
            steps_text(&steps_read(text, created).unwrap(), created),
            text
        );
        let text = r#"["token","Code",["OTP Password"],120000]"#;
        assert_eq!(challenge_text(&challenge_read(text).unwrap()), text);
        let text = r#"[[3,2100,2000,2400],[["verify-credentials",[3,2100,2000,2400]]]]"#;
        assert_eq!(times_text(&times_read(text).unwrap()), text);
        let text = r#"[["account.basic",true,false]]"#;
        assert_eq!(permissions_text(&permissions_read(text).unwrap()), text);
    }

    #[test]
    fn codes_in_statements_match_the_enums() {
        assert_eq!(Status::Active.code(), ACTIVE);
        assert_eq!(Status::Deleted.code(), DELETED);
        assert_eq!(consent::Status::Active.code(), CONSENTED);
        assert_eq!(Kind::Purge.code(), PURGE);
        assert_eq!(Whose::ORDER.as_slice(), Whose::CODES);
        for whose in Whose::ALL {
            assert_eq!(whose.acts(), whose.code() <= ACTS, "{whose:?}");
        }
        for kind in Kind::ALL {
            assert_eq!(kind.fetches(), kind.code() <= FETCHES, "{kind:?}");
        }
    }

    #[test]
    fn steps_round_trip() {
        let created = Moment(1_000_000);
        let steps = vec![
            Step {
                status: StepStatus::Success,
                started: Some(created),
                ended: Some(created.plus_ms(3)),
                note: Some("3 accounts".into()),
                ..Step::pending(Title::VerifyCredentials)
            },
            Step {
                status: StepStatus::Failed,
                failure: Some(Failure::of("service-unavailable")),
                ..Step::pending(Title::RetrieveAccounts)
            },
            Step::pending(Title::Other("retrieve-meta".into())),
        ];
        let read = steps_read(&steps_text(&steps, created), created);
        assert_eq!(read.unwrap(), steps);
        let reads = |text| steps_read(text, created).is_ok();
        assert!(!["{}", "[[1]]"].into_iter().any(reads));
    }

    #[test]
    fn times_round_trip() {
        let span = Span {
            sample: 3,
            mean_ms: 2_100,
            p50_ms: 2_000,
            p95_ms: 2_400,
        };
        let times = Times {
            steps: vec![(Title::VerifyCredentials, span)],
            total: Span { sample: 3, ..span },
        };
        assert_eq!(times_read(&times_text(&times)).unwrap(), times);
        assert!(times_read("{}").is_err() && times_read("[[1,2,3,4]]").is_err());
    }
}
