//! Purge where it cannot work: not a beep, an explanation.

use super::Scene;
use crate::domain::connection::Label;
use crate::domain::views::ConnectionRow;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

/// The explanation.
#[derive(Clone, Debug)]
pub(crate) struct NoPurge {
    /// The connection as it was.
    pub(crate) row: ConnectionRow,
    /// Keys for the ways out, as they are bound.
    pub(crate) refresh_key: String,
    /// Likewise.
    pub(crate) why_key: String,
}

/// The rows.
pub(crate) fn content(ask: &NoPurge, scene: Scene) -> Vec<Row> {
    let label = ask.row.label;
    let sign = scene.signs.label(label);
    let running = "A job of this connection is running, and could put back what is deleted.";
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
    let (refresh, why) = (&ask.refresh_key, &ask.why_key);
    let (can, no): (Vec<String>, &str) = match label {
        Label::Active => (
            vec!["wait until the job has ended, then purge".into()],
            "revoking now: that keeps the data",
        ),
        Label::Deleted => (
            vec!["erase the user, which takes everything that is stored of them".into()],
            "refreshing or reviving it: nothing leaves this status",
        ),
        Label::PreInit => (
            vec![
                "send the user through the authorisation again; when it is active, purge it".into(),
                format!("{why}   why it is {} and whose move it is", label.word()),
            ],
            "deleting it first: that is not needed, and a deleted one can never be purged",
        ),
        Label::Pending | Label::Init => (
            vec!["wait until its first job has ended; if it becomes active, purge it then".into()],
            "revoking: that keeps the data, and a deleted one can never be purged",
        ),
        Label::Invalid | Label::Failed => (
            vec![
                format!("{refresh}   refresh it; if it becomes active, purge it then"),
                format!("{why}   why it is {} and whose move it is", label.word()),
            ],
            "revoking: that keeps the data, and a deleted one can never be purged",
        ),
    };
    rows.push(vec![]);
    rows.push(vec![span("  What you can do", Role::Title)]);
    for line in &can {
        indented(&mut rows, line, scene);
    }
    rows.push(vec![span("  What will not help", Role::Title)]);
    indented(&mut rows, no, scene);
    rows
}

fn indented(rows: &mut Vec<Row>, words: &str, scene: Scene) {
    for line in wrap(words, scene.wide.saturating_sub(4), Role::Text) {
        let mut row = vec![span("    ", Role::Text)];
        row.extend(line);
        rows.push(row);
    }
}
