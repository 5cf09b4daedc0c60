//! Jobs in lists.

use crate::cli::list_formats::{Cell, Column, Listed, text, when};
use crate::cli::output::Tone;
use crate::documents::{JobDoc, job};
use crate::domain::job::{Job, Label};
use crate::domain::moment::Moment;
use serde_json::{Value, json};

pub(crate) fn tone(label: Label) -> Tone {
    match label {
        Label::Pending => Tone::Busy,
        Label::Success => Tone::Good,
        Label::Failed => Tone::Bad,
    }
}

impl Listed for Job {
    type Doc<'a> = JobDoc<'a>;

    const FIELDS: &'static [&'static str] = &[
        "id",
        "connectionId",
        "userId",
        "institution.id",
        "institution.name",
        "kind",
        "label",
        "state",
        "created",
        "updated",
        "ended",
        "attempt",
        "nextAttempt",
        "step",
        "code",
    ];

    fn doc(&self) -> JobDoc<'_> {
        job(self)
    }

    fn extra(&self, _: Moment) -> Value {
        json!({"step": current(self), "code": code(self)})
    }

    fn columns() -> Vec<Column<Self>> {
        vec![
            text("ID", 8, |j, _| j.id.short().into()),
            when("MADE", |j| j.created),
            text("CONNECTION", 10, |j, _| j.connection.short().into()),
            text("BANK", 26, |j, _| j.institution_name.as_str().into()),
            text("KIND", 18, |j, _| j.kind.word().into()),
            text("LABEL", 7, |j, _| {
                Cell::toned(tone(j.label()), j.label().name())
            }),
            text("STATE", 13, |j, _| j.state.word().into()),
            text("STEP", 22, |j, _| current(j).into()),
            text("CODE", 44, |j, _| code(j).into()),
        ]
    }
}

fn current(job: &Job) -> &str {
    job.steps
        .get(job.current())
        .map_or("", |step| step.title.word())
}

/// Also the code of a failure that waits for a retry.
pub(crate) fn code(job: &Job) -> &str {
    job.steps
        .iter()
        .find_map(|s| s.failure.as_ref())
        .map_or("", |f| f.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::deduplicated;
    use crate::domain::failure_codes::Failure;
    use crate::domain::job::{Kind, State, Step, StepStatus, Title};
    use crate::domain::mfa::Challenge;

    fn failed() -> Job {
        let at = Moment::parse("2026-03-09T22:40:29Z").unwrap();
        let mut steps: Vec<Step> = Kind::Refresh
            .steps()
            .iter()
            .cloned()
            .map(Step::pending)
            .collect();
        steps[0].status = StepStatus::Success;
        steps[1].status = StepStatus::Failed;
        steps[1].failure = Some(Failure::of("service-unavailable"));
        Job {
            id: "j".into(),
            connection: "c".into(),
            user: "u".into(),
            institution: "AU00000".into(),
            institution_name: "Hooli".into(),
            kind: Kind::Refresh,
            state: State::Failed,
            steps,
            created: at,
            updated: at,
            ended: Some(at),
            attempt: 1,
            next_attempt: None,
            epoch: 1,
            lease_until: None,
            owner: None,
            deaths: 0,
            usual: None,
            challenge: None,
        }
    }

    #[test]
    fn steps_have_their_results() {
        let job = failed();
        let doc = serde_json::to_value(deduplicated(&job, true)).unwrap();
        assert_eq!(doc["steps"][0]["result"]["url"], "/users/u/connections/c");
        assert_eq!(doc["steps"][1]["result"]["code"], "service-unavailable");
        assert_eq!(doc["steps"][2]["result"], Value::Null);
        assert_eq!(
            (&doc["label"], &doc["state"]),
            (&"Failed".into(), &"failed".into())
        );
        assert_eq!(
            (&doc["deduplicated"], &doc["nextAttempt"]),
            (&true.into(), &Value::Null)
        );
    }

    #[test]
    fn a_job_waiting_for_a_retry_has_a_last_error() {
        let mut job = Job {
            state: State::WaitingRetry,
            ended: None,
            ..failed()
        };
        job.steps[1].status = StepStatus::Pending;
        let doc = serde_json::to_value(super::job(&job)).unwrap();
        assert_eq!(doc["steps"][1]["result"], Value::Null);
        let last = &doc["lastError"];
        assert_eq!(
            (&last["code"], &last["step"]),
            (&"service-unavailable".into(), &"retrieve-accounts".into())
        );
        assert!(
            last["title"].is_string() && last["detail"].is_string(),
            "{last}"
        );
        assert_eq!(
            serde_json::to_value(super::job(&failed())).unwrap()["lastError"],
            Value::Null
        );
    }

    #[test]
    fn a_challenge_has_its_expiry_also_after_it_was_answered() {
        let at = failed().created;
        let asked = Challenge {
            method: crate::domain::mfa::ChallengeMethod::Token,
            description: "Enter the code".into(),
            input: vec!["Code".into()],
            expires: at.plus_ms(120_000),
        };
        let mut job = Job {
            state: State::WaitingMfa,
            ended: None,
            challenge: Some(asked),
            ..failed()
        };
        job.steps.insert(
            1,
            Step {
                started: Some(at),
                ..Step::pending(Title::MfaChallenge)
            },
        );
        for status in [StepStatus::InProgress, StepStatus::Success] {
            job.steps[1].status = status;
            let doc = serde_json::to_value(super::job(&job)).unwrap();
            let result = &doc["steps"][1]["result"];
            assert_eq!(
                (&result["type"], &result["expiryMs"]),
                (&"mfa".into(), &120_000.into()),
                "{status:?}"
            );
            assert_eq!(result["links"]["response"], "/jobs/j/mfa");
        }
    }
}
