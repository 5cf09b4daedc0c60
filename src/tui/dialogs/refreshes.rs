//! Refresh of several connections: a preview by outcome, never a bare number.

use super::{Scene, counting, entry, headless};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::plan::RefreshPreview;
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, thousands};

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Refreshes {
    /// How many were marked when it opened; of a user, how many can be refreshed.
    pub(crate) asked: usize,
    /// The marked ones.
    pub(crate) ids: Vec<ConnectionId>,
    /// Whose they are, when all of a user's are meant, and how many of those are left out.
    pub(crate) user: Option<(UserId, usize)>,
    /// What they will meet; none until that was looked up.
    pub(crate) preview: Option<Box<RefreshPreview>>,
}

impl Refreshes {
    /// Its title.
    pub(crate) fn title(&self) -> Row {
        let words = match &self.user {
            Some((user, _)) => format!("Refresh  all of user {}", user.short()),
            None => format!("Refresh  {} marked connections", self.asked),
        };
        vec![span(words, Role::Title)]
    }
}

/// The rows.
pub(crate) fn content(ask: &Refreshes, scene: Scene) -> Vec<Row> {
    let Some(preview) = &ask.preview else {
        return counting();
    };
    let mut rows = Vec::new();
    for (n, word, why, role) in [
        (
            preview.runs.len(),
            "will run",
            "nothing against it",
            Role::Good,
        ),
        (
            preview.waits.len(),
            "will wait",
            "the same sign-in was used a moment ago",
            Role::Pending,
        ),
        (
            preview.open.len(),
            "left alone",
            "a job is open already; it is given back",
            Role::Busy,
        ),
        (
            preview.recent.len(),
            "skipped",
            "refreshed too short a time ago",
            Role::Dim,
        ),
        (
            preview.cannot.len(),
            "cannot",
            "revoked, held back, or at a limit",
            Role::Deleted,
        ),
    ] {
        if n > 0 {
            rows.push(vec![
                text(format!("{:>7}  ", thousands(n as u64))),
                span(format!("{word:<12}"), role),
                text(why),
            ]);
        }
    }
    if let Some((_, left_out @ 1..)) = &ask.user {
        rows.push(vec![
            text(format!("{:>7}  ", thousands(*left_out as u64))),
            span(format!("{:<12}", "left out"), Role::Dim),
            text("revoked, or its first job has not ended"),
        ]);
    }
    if preview.sent().is_empty() {
        rows.push(vec![text(
            "Nothing can be refreshed now; w says why of each.",
        )]);
        return rows;
    }
    rows.push(vec![]);
    let mut pace = format!("{} at once per bank", preview.per_bank);
    if let Some(ms) = preview.takes_ms {
        pace.push_str(&format!("; about {}", time_format::words(ms)));
    }
    entry(&mut rows, "pace", &pace, Role::Text, scene);
    let banks: Vec<String> = preview
        .banks
        .iter()
        .take(8)
        .map(|(bank, n)| format!("{bank} {n}"))
        .collect();
    entry(&mut rows, "by bank", &banks.join(", "), Role::Text, scene);
    match &ask.user {
        Some((user, _)) => headless(
            &mut rows,
            &format!("switchboard refresh --user {user}"),
            scene,
        ),
        None => headless(
            &mut rows,
            "switchboard refresh ID...  or  --filter F",
            scene,
        ),
    }
    rows
}
