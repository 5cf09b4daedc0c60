//! Answering what the bank asks, in the user's name. What is typed is never shown.

use super::{Button, Form, Press, Question, Reply, Scene};
use crate::domain::ids::JobId;
use crate::domain::job::State;
use crate::domain::job::countdown;
use crate::domain::mfa::Challenge;
use crate::tui::effect::Order;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) job: JobId,
    pub(crate) challenge: Challenge,
}

impl Question for Answer {
    fn title(&self) -> Row {
        let words = format!("The bank asks  job {}", self.job.short());
        vec![span(words, Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let mut rows = wrap(&self.challenge.description, scene.wide, Role::Text);
        rows.push(vec![]);
        let expires = self.challenge.expires;
        let left = countdown::words(State::WaitingMfa, Some(expires), scene.now, false)
            .unwrap_or_default();
        let clock = scene.zone.when(expires, scene.now);
        let until = format!("{left}, until {clock}; after that the job fails.");
        let until = until[..1].to_uppercase() + &until[1..];
        rows.extend(wrap(&until, scene.wide, Role::Dim));
        let kept = "The answer goes to the bank only; it is neither stored nor shown.";
        rows.extend(wrap(kept, scene.wide, Role::Dim));
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        vec![
            Button::confirm("Send", form.complete()),
            Button::cancel("Cancel"),
        ]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        let answers = (0..form.fields.len()).map(|at| form.secret(at)).collect();
        Reply::Send(Order::Answer {
            job: self.job.clone(),
            answers,
        })
    }
}
