//! Explains why purge is not possible.

use super::{Button, Form, Question, Scene};
use crate::domain::connection::Label;
use crate::domain::policy::{self, Act};
use crate::domain::rows::ConnectionRow;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, hanging, span, text, wrap};

#[derive(Debug)]
pub(super) struct PurgeUnavailable {
    pub(super) row: ConnectionRow,
    pub(super) refresh_key: String,
    pub(super) why_key: String,
}

impl Question for PurgeUnavailable {
    fn title(&self) -> Row {
        vec![
            span("Purge is not possible  ", Role::Title),
            span(format!("{}  ", self.row.id.short()), Role::Dim),
            text(&self.row.institution_name),
        ]
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![Button::cancel("Close")]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let label = self.row.label;
        let sign = scene.signs.label(label);
        let says = match policy::may(Act::Purge, self.row.origin, self.row.method, label) {
            Ok(()) => {
                "A job of this connection is running and could store again what is deleted.".into()
            }
            Err(reason) if reason.code == policy::NOT_EXECUTED || label == Label::Deleted => {
                reason.first_sentence().to_owned()
            }
            Err(reason) => {
                let state = match label {
                    Label::Failed => "failed and never was active".to_owned(),
                    label => format!("is {}", label.word()),
                };
                format!("This connection {state}. {}", reason.first_sentence())
            }
        };
        let mut rows = wrap(&format!("{sign} {says}"), scene.wide, Role::of(label));
        let (refresh, why) = (&self.refresh_key, &self.why_key);
        let (can, no): (Vec<String>, &str) = match label {
            _ if policy::executes(self.row.origin).is_err() => (
                vec!["act where it came from, and import what it says then".into()],
                "refreshing or revoking it here: nobody here executes for it",
            ),
            Label::Active => (
                vec!["wait until the job has ended, then purge".into()],
                "revoking now: that keeps the data",
            ),
            Label::Deleted => (
                vec!["erase the user, which takes everything that is stored of them".into()],
                "refreshing it: a revoked connection cannot be brought back",
            ),
            Label::PreInit => (
                vec![
                    "send the user through the authorisation again; when it is active, purge it"
                        .into(),
                    format!("{why}   why it is {} and who acts next", label.word()),
                ],
                "deleting it first: that is not needed, and a deleted one can never be purged",
            ),
            Label::Pending | Label::Init => (
                vec![
                    "wait until its first job has ended; if it becomes active, purge it then"
                        .into(),
                ],
                "revoking: that keeps the data, and a deleted one can never be purged",
            ),
            Label::Invalid | Label::Failed => (
                vec![
                    format!("{refresh}   refresh it; if it becomes active, purge it then"),
                    format!("{why}   why it is {} and who acts next", label.word()),
                ],
                "revoking: that keeps the data, and a deleted one can never be purged",
            ),
        };
        rows.push(vec![]);
        rows.push(vec![span("  What you can do", Role::Title)]);
        for line in &can {
            hanging(&mut rows, text("    "), line, Role::Text, scene.wide);
        }
        rows.push(vec![span("  Won't help", Role::Title)]);
        hanging(&mut rows, text("    "), no, Role::Text, scene.wide);
        rows
    }
}
