//! A new password for a web connection. What is typed is never shown, and not kept here once it was sent.

use super::input::Input;
use super::{Form, What};
use crate::domain::views::ConnectionRow;
use crate::tui::dialogs::{Scene, entry, headless};
use crate::tui::effect::Effect;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, Span, span, text, wrap};

/// Whose password.
#[derive(Clone, Debug)]
pub(crate) struct Password {
    /// The connection as it was when the form opened.
    pub(crate) row: ConnectionRow,
}

/// The form.
pub(crate) fn form(row: ConnectionRow) -> Form {
    let inputs = vec![
        Input::hidden("new password", false),
        Input::hidden("security code", true),
    ];
    Form::new(What::Password(Password { row }), inputs)
}

impl Password {
    pub(super) fn title(&self) -> Vec<Span> {
        about("New password", &self.row)
    }

    pub(super) fn content(&self, scene: Scene) -> Vec<Row> {
        let row = &self.row;
        let says = "Keeps the new password and has the bank try it with a job. The name to sign in with stays.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        rows.push(vec![]);
        let status = format!("{} {}", scene.signs.label(row.label), row.label.word());
        entry(&mut rows, "status now", &status, Role::of(row.label), scene);
        match row.last_job.as_ref().filter(|job| job.state.open()) {
            Some(job) => {
                let words = format!(
                    "job {} is open; it takes the new password with its next try",
                    job.id.short()
                );
                entry(&mut rows, "running", &words, Role::Busy, scene);
            }
            None => entry(
                &mut rows,
                "if it is right",
                "the connection is active when the job ends",
                Role::Text,
                scene,
            ),
        }
        entry(
            &mut rows,
            "if it is wrong",
            "the job fails; banks lock after a few of those",
            Role::Warning,
            scene,
        );
        headless(
            &mut rows,
            &format!("switchboard update-credentials {} --wait", row.id),
            scene,
        );
        rows
    }

    pub(super) fn order(&self, form: &mut Form) -> Effect {
        let password = form.secret(0);
        let code = form.secret(1);
        let security_code = (!code.is_empty()).then_some(code);
        Effect::UpdateCredentials {
            id: self.row.id.clone(),
            password,
            security_code,
        }
    }
}

/// A verb, the end of an id, the bank and the way to it.
pub(super) fn about(verb: &str, row: &ConnectionRow) -> Vec<Span> {
    vec![
        span(format!("{verb}  "), Role::Title),
        span(format!("{}  ", row.id.short()), Role::Dim),
        text(&row.institution_name),
        span(format!(" ({})", row.method.words()), Role::Dim),
    ]
}
