//! A new password for a web connection. It is never shown, and not kept once it was sent.

use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, entry, headless, row_title};
use crate::domain::views::ConnectionRow;
use crate::tui::effect::Order;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

#[derive(Debug)]
struct Password {
    /// The connection as it was when the dialog opened.
    row: ConnectionRow,
}

pub(super) fn password(row: ConnectionRow) -> (Box<dyn Question>, Form) {
    let fields = vec![
        FormField::hidden("new password", false),
        FormField::hidden("security code", true),
    ];
    (Box::new(Password { row }), Form::with(fields))
}

impl Question for Password {
    fn title(&self) -> Row {
        row_title("New password", &self.row)
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let row = &self.row;
        let says =
            "Saves the new password and tries it at the bank. The login name does not change.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        rows.push(vec![]);
        let status = format!("{} {}", scene.signs.label(row.label), row.label.word());
        entry(&mut rows, "status now", &status, Role::of(row.label), scene);
        match row.last_job.as_ref().filter(|job| job.state.open()) {
            Some(job) => {
                let id = job.id.short();
                let words = format!("job {id} is open; its next try uses the new password");
                entry(&mut rows, "running", &words, Role::Busy, scene);
            }
            None => {
                let words = "the connection is active when the job ends";
                entry(&mut rows, "if it is right", words, Role::Text, scene);
            }
        }
        let words = "the job fails; banks lock the login after a few wrong passwords";
        entry(&mut rows, "if it is wrong", words, Role::Warning, scene);
        let command = format!("switchboard update-credentials {} --wait", row.id);
        headless(&mut rows, &command, scene);
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        vec![Button::confirm("Send", form.complete()), form.cancel()]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        Reply::Submit(Order::UpdateCredentials {
            id: self.row.id.clone(),
            password: form.secret(0),
            security_code: Some(form.secret(1)).filter(|code| !code.is_empty()),
        })
    }
}
