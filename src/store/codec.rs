//! The domain's words as the small integers and short texts that rows hold. One place, both ways.

use super::error::{Error, Result};
use crate::domain::connection::{Label, Method, Status};
use crate::domain::failure::Failure;
use crate::domain::health::{Span, Times};
use crate::domain::job::{self, Kind, State, Step, StepStatus, Title};
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::moment::Moment;
use serde_json::{Value, json};

/// A value that is stored as its place in a fixed list.
pub(crate) trait Coded: Copy + PartialEq + Sized + 'static {
    /// The list. Its order is the file's and never changes; new values are appended.
    const CODES: &'static [Self];
    /// The table it stands in, for errors.
    const TABLE: &'static str;

    /// The stored number.
    fn code(self) -> i64 {
        Self::CODES
            .iter()
            .position(|c| *c == self)
            .expect("every value is in its list") as i64
    }

    /// The value of a stored number.
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

impl Coded for Method {
    const CODES: &'static [Self] = &[Method::Web, Method::OpenBanking];
    const TABLE: &'static str = "connections";
}

impl Coded for Status {
    const CODES: &'static [Self] = &[
        Status::Pending,
        Status::PreInit,
        Status::Init,
        Status::Active,
        Status::Invalid,
        Status::Deleted,
    ];
    const TABLE: &'static str = "connections";
}

impl Coded for Label {
    const CODES: &'static [Self] = &[
        Label::Active,
        Label::Invalid,
        Label::Failed,
        Label::Pending,
        Label::Init,
        Label::PreInit,
        Label::Deleted,
    ];
    const TABLE: &'static str = "connections";
}

impl Coded for Kind {
    const CODES: &'static [Self] = &[
        Kind::Connect,
        Kind::Refresh,
        Kind::UpdateCredentials,
        Kind::Purge,
        Kind::Revoke,
    ];
    const TABLE: &'static str = "jobs";
}

impl Coded for State {
    const CODES: &'static [Self] = &[
        State::Queued,
        State::Paused,
        State::Running,
        State::WaitingMfa,
        State::WaitingRetry,
        State::Succeeded,
        State::Failed,
        State::Cancelled,
    ];
    const TABLE: &'static str = "jobs";
}

impl Coded for job::Label {
    const CODES: &'static [Self] = &[job::Label::Pending, job::Label::Success, job::Label::Failed];
    const TABLE: &'static str = "jobs";
}

/// Where a connection stands in the list that is ordered by who needs somebody: what is broken first,
/// what is under way next, what is well, what has ended. Up to 2 counts as attention.
pub(crate) fn urgency(label: Label, asks: bool) -> i64 {
    match label {
        _ if asks => 0,
        Label::Invalid => 0,
        Label::Failed => 1,
        Label::PreInit => 2,
        Label::Pending | Label::Init => 3,
        Label::Active => 4,
        Label::Deleted => 5,
    }
}

/// A job's steps as one short text: title, status, then times from `created`, failure, note.
pub(crate) fn steps_text(steps: &[Step], created: Moment) -> String {
    let rows: Vec<Value> = steps
        .iter()
        .map(|s| {
            let from = |at: Option<Moment>| at.map(|at| at.since(created));
            let failure = s
                .failure
                .as_ref()
                .map(|f| json!([f.code, f.title, f.detail]));
            let mut row = vec![
                json!(s.title.word()),
                json!(s.status.word()),
                json!(from(s.started)),
                json!(from(s.ended)),
                json!(failure),
                json!(s.note),
            ];
            while row.last().is_some_and(Value::is_null) {
                row.pop();
            }
            Value::Array(row)
        })
        .collect();
    Value::Array(rows).to_string()
}

/// Reads what [`steps_text`] wrote.
pub(crate) fn steps_read(text: &str, created: Moment) -> Result<Vec<Step>> {
    let bad = || Error::Row {
        table: "jobs",
        what: "steps that do not read".into(),
    };
    let Value::Array(rows) = serde_json::from_str(text).map_err(|_| bad())? else {
        return Err(bad());
    };
    rows.iter()
        .map(|row| {
            let at = |i: usize| {
                row.get(i)
                    .and_then(Value::as_i64)
                    .map(|ms| created.plus_ms(ms))
            };
            let word = |i: usize| row.get(i).and_then(Value::as_str);
            let failure = row.get(4).and_then(Value::as_array).map(|f| {
                let part = |i: usize| f.get(i).and_then(Value::as_str).unwrap_or_default();
                Failure::new(part(0), part(1), part(2))
            });
            Ok(Step {
                title: Title::parse(word(0).ok_or_else(bad)?),
                status: word(1).and_then(StepStatus::parse).ok_or_else(bad)?,
                started: at(2),
                ended: at(3),
                failure,
                note: word(5).map(str::to_owned),
            })
        })
        .collect()
}

/// A challenge as text. What a bank asks is not about a person; what is answered is, and is elsewhere.
pub(crate) fn challenge_text(challenge: &Challenge) -> String {
    json!([
        challenge.method.word(),
        challenge.description,
        challenge.input,
        challenge.expires.0
    ])
    .to_string()
}

/// Reads what [`challenge_text`] wrote.
pub(crate) fn challenge_read(text: &str) -> Result<Challenge> {
    let bad = || Error::Row {
        table: "jobs",
        what: "a challenge that does not read".into(),
    };
    let value: Value = serde_json::from_str(text).map_err(|_| bad())?;
    Ok(Challenge {
        method: value[0]
            .as_str()
            .and_then(ChallengeMethod::parse)
            .ok_or_else(bad)?,
        description: value[1].as_str().ok_or_else(bad)?.to_owned(),
        input: value[2]
            .as_array()
            .ok_or_else(bad)?
            .iter()
            .map(|v| v.as_str().map(str::to_owned).ok_or_else(bad))
            .collect::<Result<_>>()?,
        expires: Moment(value[3].as_i64().ok_or_else(bad)?),
    })
}

/// How long steps take as text: the total, then each step by its title; sample, mean, p50, p95.
pub(crate) fn times_text(times: &Times) -> String {
    let span = |s: &Span| json!([s.sample, s.mean_ms, s.p50_ms, s.p95_ms]);
    let steps: Vec<Value> = times
        .steps
        .iter()
        .map(|(title, s)| json!([title.word(), span(s)]))
        .collect();
    json!([span(&times.total), steps]).to_string()
}

/// Reads what [`times_text`] wrote.
pub(crate) fn times_read(text: &str) -> Result<Times> {
    let bad = || Error::Row {
        table: "connectors",
        what: "times that do not read".into(),
    };
    let span = |value: &Value| -> Result<Span> {
        let at = |i: usize| value.get(i).and_then(Value::as_i64).ok_or_else(bad);
        Ok(Span {
            sample: at(0)?.unsigned_abs(),
            mean_ms: at(1)?,
            p50_ms: at(2)?,
            p95_ms: at(3)?,
        })
    };
    let value: Value = serde_json::from_str(text).map_err(|_| bad())?;
    let step = |row: &Value| {
        Ok((
            Title::parse(row[0].as_str().ok_or_else(bad)?),
            span(&row[1])?,
        ))
    };
    Ok(Times {
        total: span(&value[0])?,
        steps: value[1]
            .as_array()
            .ok_or_else(bad)?
            .iter()
            .map(step)
            .collect::<Result<_>>()?,
    })
}

/// A name as sorting and searching see it: lower case, the first 24 characters.
pub(crate) fn sort_text(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).take(24).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round<T: Coded + std::fmt::Debug>(all: &[T]) {
        for value in all {
            assert_eq!(T::decode(value.code()).unwrap(), *value);
        }
        assert_eq!(T::CODES.len(), all.len());
        assert!(T::decode(99).is_err());
        assert!(T::decode(-1).is_err());
    }

    #[test]
    fn every_variant_comes_back() {
        round(&Method::ALL);
        round(&Status::ALL);
        round(&Label::ALL);
        round(&Kind::ALL);
        round(&State::ALL);
        round(&job::Label::ALL);
    }

    #[test]
    fn steps_come_back() {
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
        assert_eq!(
            steps_read(&steps_text(&steps, created), created).unwrap(),
            steps
        );
        assert!(steps_read("{}", created).is_err());
        assert!(steps_read("[[1]]", created).is_err());
    }

    #[test]
    fn times_come_back() {
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
        assert!(times_read("{}").is_err());
        assert!(times_read("[[1,2,3,4]]").is_err());
    }
}
