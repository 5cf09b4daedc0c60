//! Explains why purge is not possible.

use super::{Button, Form, Question, Scene};
use crate::domain::connection::Label;
use crate::domain::views::ConnectionRow;
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
        let running = "A job of this connection is running and could store again what is deleted.";
        let says = match label {
            Label::Active => running.to_owned(),
            Label::Deleted => {
                "This connection is revoked. Purge works only while one is active.".into()
            }
            Label::Failed => {
                "This connection failed and never was active. Purge works only while one is active."
                    .into()
            }
            label => format!(
                "This connection is {}. Purge works only while one is active.",
                label.word()
            ),
        };
        let mut rows = wrap(&format!("{sign} {says}"), scene.wide, Role::of(label));
        let (refresh, why) = (&self.refresh_key, &self.why_key);
        let (can, no): (Vec<String>, &str) = match label {
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
