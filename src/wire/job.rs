//! A job (docs/domain.md 3). The wire names no kind: made together with its connection is a connect, else a refresh.

use super::documents::Documents;
use super::json_object::{Node, printable};
use super::links;
use crate::domain::failure_codes::{self, Failure};
use crate::domain::ids::ConnectionId;
use crate::domain::import_records::JobRecord;
use crate::domain::job::{Kind, Label, State, Step, StepStatus, Title};
use crate::domain::mask::BankWords;
use crate::domain::mfa::{Challenge, ChallengeMethod};
use crate::domain::moment::Moment;

/// How long after its connection a job counts as made together with it.
const TOGETHER_MS: i64 = 60_000;

/// How long a question can be answered, where the document does not say (docs/domain.md 11).
const ANSWER_MS: i64 = 120_000;

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
    let mut words = BankWords::default();
    let challenge = steps.iter().find_map(|step| challenge(step, updated));
    let steps: Vec<Step> = steps.iter().map(|node| step(node, &mut words)).collect();
    let state = match Label::of(&steps) {
        Label::Success => State::Succeeded,
        Label::Failed => State::Failed,
        // It runs elsewhere. Without a due time it is not taken up here by itself.
        Label::Pending if challenge.is_some() => State::WaitingMfa,
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
        challenge: challenge
            .filter(|_| state == State::WaitingMfa)
            .map(|asked| heard(asked, &mut words)),
        words,
    });
    Ok(())
}

fn heard(asked: Challenge, words: &mut BankWords) -> Challenge {
    Challenge {
        description: words.heard(&asked.description),
        input: asked.input.iter().map(|text| words.heard(text)).collect(),
        ..asked
    }
}

/// The last part of the source, or what the sign-in says it made.
fn connection(node: &Node<'_>, steps: &[Node<'_>]) -> Option<ConnectionId> {
    let result = |step: &Node<'_>| {
        step.one("result")
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

/// The open question of a step; its result is an object, or a list of one.
fn challenge(step: &Node<'_>, asked: Moment) -> Option<Challenge> {
    if step.words("status") != Some(StepStatus::InProgress.word()) {
        return None;
    }
    let result = step.one("result")?;
    let challenged = step.words("title").map(Title::parse) == Some(Title::MfaChallenge);
    if !challenged && result.words("type") != Some("mfa") {
        return None;
    }
    let method = result.words("method").and_then(ChallengeMethod::parse);
    let lasts = result.decimal("expiryMs");
    let lasts = lasts.and_then(|ms| ms.parse().ok());
    Some(Challenge {
        method: method.unwrap_or(ChallengeMethod::Token),
        description: result.words("description").unwrap_or_default().to_owned(),
        input: result
            .texts("input")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        expires: asked.plus_ms(lasts.unwrap_or(ANSWER_MS)),
    })
}

fn step(node: &Node<'_>, words: &mut BankWords) -> Step {
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
    let title = words.heard_name(node.words("title").unwrap_or("unnamed"));
    let failure = (status == StepStatus::Failed).then(|| words.heard_failure(&failed(node)));
    Step {
        status,
        failure,
        ..Step::pending(Title::parse(&title))
    }
}

fn failed(step: &Node<'_>) -> Failure {
    let result = step.one("result");
    let text = |field| result.as_ref().and_then(|r| r.words(field));
    let code = text("code").unwrap_or("unknown-error");
    let usual = failure_codes::rule(code);
    let detail = text("detail")
        .or_else(|| text("details"))
        .unwrap_or(usual.detail);
    Failure::new(code, text("title").unwrap_or(usual.title), detail)
}
