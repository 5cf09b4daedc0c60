//! The user's answer at the bank, played in the sandbox: authorise, abandon or deny.

use super::{Button, Form, Press, Question, Reply, Scene, entry, headless, row_title};
use crate::domain::connection::Label;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::BankAnswer;
use crate::tui::effect::Order;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

const ANSWERS: [(BankAnswer, &str, char); 3] = [
    (BankAnswer::Authorise, "a  Authorise", 'a'),
    (BankAnswer::Abandon, "l  Abandon", 'l'),
    (BankAnswer::Deny, "d  Deny", 'd'),
];

#[derive(Debug)]
pub(super) struct Authorise {
    /// The connection as it was when the dialog opened.
    pub(super) row: ConnectionRow,
}

impl Question for Authorise {
    fn title(&self) -> Row {
        row_title("At the bank", &self.row)
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let row = &self.row;
        let says =
            "Answers for the user at the sandbox's bank. A real user does this there, not here.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        rows.push(vec![]);
        let label = row.label.word();
        let status = format!("{} {label}", scene.signs.label(row.label));
        entry(&mut rows, "status now", &status, Role::of(row.label), scene);
        let (authorise, deny) = match row.label {
            Label::PreInit => (
                "it becomes init, its accounts are fetched, and then it is active".to_owned(),
                "it becomes invalid: the authorisation failed".to_owned(),
            ),
            _ => (
                "a new consent period begins: init, then active; the accounts keep their ids"
                    .to_owned(),
                format!("nothing changes: it stays {label}, under the consent given before"),
            ),
        };
        let abandon = format!("nothing changes: it stays {label} and the user can try again");
        for (caption, words, role) in [
            ("authorise", &authorise, Role::Good),
            ("abandon", &abandon, Role::Text),
            ("deny", &deny, Role::Warning),
        ] {
            entry(&mut rows, caption, words, role, scene);
        }
        let command = format!("switchboard sandbox authorise {}", row.id);
        headless(&mut rows, &command, scene);
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let answers = ANSWERS.iter().enumerate();
        let answers = answers.filter(|_| form.sending.is_none());
        answers
            .map(|(at, (_, words, key))| Button::choose(at, words, Some(*key)))
            .chain([form.cancel()])
            .collect()
    }

    fn press(&mut self, _: &mut Form, press: Press) -> Reply {
        match press {
            Press::Choose(at) => Reply::Submit(Order::Authorise {
                id: self.row.id.clone(),
                answer: ANSWERS[at].0,
            }),
            Press::Confirm | Press::Cancel => Reply::Stay,
        }
    }
}
