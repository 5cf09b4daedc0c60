//! Refresh of several connections: a preview by outcome, never a bare number.

use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::plan::RefreshPreview;
use crate::domain::time_format;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, thousands};

#[derive(Debug)]
struct RefreshMany {
    /// The marked ones; none when a user's are meant.
    ids: Vec<ConnectionId>,
    /// Whose they are, when all of a user's are meant, and how many of those are left out.
    user: Option<(UserId, usize)>,
    /// What they will meet; none until that was looked up.
    preview: Option<Box<RefreshPreview>>,
}

pub(super) fn of_marked(ids: Vec<ConnectionId>) -> (Box<dyn Question>, Form, Effect) {
    let question = RefreshMany {
        ids: ids.clone(),
        user: None,
        preview: None,
    };
    let form = Form::counting(vec![]);
    (Box::new(question), form, Effect::ScoutRefreshes(ids))
}

pub(super) fn of_user(user: UserId) -> (Box<dyn Question>, Form, Effect) {
    let question = RefreshMany {
        ids: vec![],
        user: Some((user.clone(), 0)),
        preview: None,
    };
    let form = Form::counting(vec![]);
    (Box::new(question), form, Effect::ScoutUser(user))
}

impl Question for RefreshMany {
    fn title(&self) -> Row {
        let words = match &self.user {
            Some((user, _)) => format!("Refresh  all of user {}", user.short()),
            None => format!("Refresh  {} marked connections", self.ids.len()),
        };
        vec![span(words, Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        let n = self.preview.as_ref().map_or(0, |p| p.sent().len());
        vec![
            Button::confirm(format!("y  Refresh {n}"), n > 0),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        // marks go with those that will be left out, so that their outcome is kept too; a user's are found
        let found = || self.preview.as_ref().map(|p| p.sent()).unwrap_or_default();
        Reply::Send(Order::RefreshMany(match self.user {
            None => self.ids.clone(),
            Some(_) => found(),
        }))
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match (event, &mut self.user) {
            (Event::RefreshesScouted(preview), None) => self.preview = Some(preview.clone()),
            (
                Event::UserScouted {
                    user,
                    preview,
                    left_out,
                },
                Some((asked, left)),
            ) if asked == user => {
                *left = *left_out;
                self.preview = Some(preview.clone());
            }
            (Event::Refused { id, .. }, _) if form.counting && self.ids.contains(id) => {
                return Reply::Close;
            }
            _ => return Reply::Stay,
        }
        form.counted(None);
        Reply::Stay
    }
}

fn content(ask: &RefreshMany, scene: Scene) -> Vec<Row> {
    let Some(preview) = &ask.preview else {
        return counting();
    };
    let mut rows = Vec::new();
    for (n, word, why, role) in [
        (preview.runs.len(), "ready", "", Role::Good),
        (
            preview.waits.len(),
            "will wait",
            "the same login was just used",
            Role::Pending,
        ),
        (
            preview.open.len(),
            "running",
            "a job is open already; it is shown",
            Role::Busy,
        ),
        (
            preview.recent.len(),
            "skipped",
            "refreshed too recently",
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
