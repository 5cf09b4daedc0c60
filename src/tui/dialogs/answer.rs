//! Answering what the bank asks, in the user's name. What is typed is never shown.

use super::Scene;
use crate::domain::ids::JobId;
use crate::domain::job::State;
use crate::domain::mfa::Challenge;
use crate::domain::time_format;
use crate::tui::panes::jobs::countdown;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};
use crate::tui::widgets::field::Field;

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// Of which job.
    pub(crate) job: JobId,
    /// What the bank asks.
    pub(crate) challenge: Challenge,
    /// What was typed, one for each thing asked.
    pub(crate) answers: Vec<Field>,
}

impl Answer {
    /// Whether every answer has something in it.
    pub(crate) fn complete(&self) -> bool {
        self.answers
            .iter()
            .all(|field| !field.text().trim().is_empty())
    }
}

/// The fields, captioned by what the bank wants.
pub(crate) fn fields(ask: &Answer) -> Vec<(String, &Field, bool)> {
    ask.challenge
        .input
        .iter()
        .zip(&ask.answers)
        .map(|(asked, field)| (format!("{asked} "), field, true))
        .collect()
}

/// The rows.
pub(crate) fn content(ask: &Answer, scene: Scene) -> Vec<Row> {
    let mut rows = wrap(&ask.challenge.description, scene.wide, Role::Text);
    rows.push(vec![]);
    let expires = ask.challenge.expires;
    let left =
        countdown::words(State::WaitingMfa, Some(expires), scene.now, false).unwrap_or_default();
    let until = format!(
        "{left}, until {}; after that the job fails.",
        time_format::clock(expires)
    );
    let until = until[..1].to_uppercase() + &until[1..];
    rows.extend(wrap(&until, scene.wide, Role::Dim));
    rows.extend(wrap(
        "The answer goes to the bank only; it is kept nowhere and shown nowhere.",
        scene.wide,
        Role::Dim,
    ));
    rows
}
