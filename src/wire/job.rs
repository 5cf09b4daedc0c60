//! A job (docs/domain.md 3). The wire names no kind: made together with its connection is a connect, else a refresh.

use super::documents::Documents;
use super::json_object::{Node, printable};
use super::links;
use crate::domain::failure_codes::{self, Failure};
use crate::domain::ids::ConnectionId;
use crate::domain::import_records::JobRecord;
use crate::domain::job::{Kind, Label, State, Step, StepStatus, Title};
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::moment::Moment;

/// How long after its connection a job counts as made together with it.
const TOGETHER_MS: i64 = 60_000;

/// How long an answer may take when the question does not say (docs/domain.md 11).
const USUAL_LIFE_MS: i64 = 120_000;

pub(crate) fn made_together(connection: Moment, job: Moment) -> bool {
    job.since(connection) <= TOGETHER_MS
}

pub(crate) fn read(node: &Node<'_>, id: &str, docs: &mut Documents) -> Result<(), String> {
    let steps = node.nodes("steps");
    let reports = steps
        .iter()
        .any(|s| s.words("title") == Some("create-report"));
    if reports || node.words("jobType") == Some("report") {
        return Err("a report is not the job of a connection".into());
    }
    if steps.is_empty() {
        return Err("it has no steps".into());
    }
    let (created, updated) = (node.moment("created"), node.moment("updated"));
    let created = created.or(updated).ok_or("nobody knows when it was made")?;
    let updated = updated.unwrap_or(created);
    let connection = connection(node, &steps).ok_or("its connection is not known")?;
    let kind = node.words("kind").and_then(Kind::parse).unwrap_or_else(|| {
        let made = docs
            .batch
            .connections
            .iter()
            .rfind(|c| c.id == connection)
            .map(|c| c.created);
        if made.is_some_and(|at| made_together(at, created)) {
            Kind::Connect
        } else {
            Kind::Refresh
        }
    });
    let asked = steps.iter().find_map(challenge);
    let steps: Vec<Step> = steps.iter().map(step).collect();
    let state = match Label::of(&steps) {
        Label::Success => State::Succeeded,
        Label::Failed => State::Failed,
        // It runs elsewhere. Held without a due time, it is not taken up here by itself.
        Label::Pending => State::Paused,
    };
    docs.batch.jobs.push(JobRecord {
        id: id.into(),
        connection,
        kind,
        state,
        steps,
        created,
        updated,
        ended: (!state.open()).then_some(updated),
        attempt: 1,
        next_attempt: None,
        // the platform asks it; it is shown here and answered there
        challenge: asked
            .filter(|_| state.open())
            .map(|asked| asked.put_at(updated)),
    });
    Ok(())
}

/// The last part of the source, or what the sign-in says it made.
fn connection(node: &Node<'_>, steps: &[Node<'_>]) -> Option<ConnectionId> {
    let result = |step: &Node<'_>| {
        step.node("result")
            .and_then(|r| r.text("url").map(str::to_owned))
    };
    let made = || {
        steps
            .iter()
            .filter_map(result)
            .find_map(|url| links::id_after(&url, "connections").map(Into::into))
    };
    node.link("source")
        .and_then(links::last_id)
        .map(ConnectionId::from)
        .or_else(made)
}

fn step(node: &Node<'_>) -> Step {
    let status = match node.words("status") {
        None => StepStatus::Pending,
        Some(word) => StepStatus::parse(word).unwrap_or_else(|| {
            node.note(
                "status",
                format!("the step's status is {}; taken as pending", printable(word)),
            );
            StepStatus::Pending
        }),
    };
    let title = node.words("title").unwrap_or("unnamed");
    let failure = (status == StepStatus::Failed).then(|| failed(node));
    Step {
        status,
        failure,
        ..Step::pending(Title::parse(title))
    }
}

/// The question of the bank that a step waits for; its time begins when the job was updated.
fn challenge(step: &Node<'_>) -> Option<Asked> {
    if step.words("status") != Some("in-progress") {
        return None;
    }
    let result = step.node("result")?;
    (result.words("type") == Some("mfa")).then(|| Asked {
        method: result
            .words("method")
            .and_then(ChallengeMethod::parse)
            .unwrap_or(ChallengeMethod::Token),
        description: result.words("description").unwrap_or("").into(),
        input: result
            .texts("input")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        life_ms: result
            .decimal("expiryMs")
            .and_then(|ms| ms.parse().ok())
            .unwrap_or(USUAL_LIFE_MS),
    })
}

struct Asked {
    method: ChallengeMethod,
    description: String,
    input: Vec<String>,
    life_ms: i64,
}

impl Asked {
    fn put_at(self, at: Moment) -> Challenge {
        Challenge {
            method: self.method,
            description: self.description,
            input: self.input,
            expires: at.plus_ms(self.life_ms),
        }
    }
}

fn failed(step: &Node<'_>) -> Failure {
    let result = step.node("result");
    let text = |field| result.as_ref().and_then(|r| r.words(field));
    let code = text("code").unwrap_or("unknown-error");
    let usual = failure_codes::rule(code);
    let detail = text("detail")
        .or_else(|| text("details"))
        .unwrap_or(usual.detail);
    Failure::new(code, text("title").unwrap_or(usual.title), detail)
}
