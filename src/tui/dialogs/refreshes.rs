//! Refresh of several connections: a preview by outcome, never a bare number.

use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless, not_planned};
use crate::domain::act::{ActKind, Outcome, Plan, Selection};
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::time_format;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, text, thousands};

#[derive(Debug)]
struct RefreshMany {
    /// The marked ones; none when a user's are meant.
    ids: Vec<ConnectionId>,
    /// Whose they are, when all of a user's are meant.
    user: Option<UserId>,
    /// What they will meet; none until that was looked up.
    plan: Option<Box<Plan>>,
}

pub(super) fn of_marked(ids: Vec<ConnectionId>) -> (Box<dyn Question>, Form, Effect) {
    let question = RefreshMany {
        ids: ids.clone(),
        user: None,
        plan: None,
    };
    let form = Form::counting(vec![]);
    (Box::new(question), form, plan(Selection::Ids(ids)))
}

pub(super) fn of_user(user: UserId) -> (Box<dyn Question>, Form, Effect) {
    let question = RefreshMany {
        ids: vec![],
        user: Some(user.clone()),
        plan: None,
    };
    let form = Form::counting(vec![]);
    (Box::new(question), form, plan(Selection::User(user)))
}

fn plan(selection: Selection) -> Effect {
    Effect::Plan {
        kind: ActKind::Refresh,
        selection,
    }
}

/// Those that an order would reach.
fn sent(plan: &Plan) -> impl Iterator<Item = ConnectionId> + '_ {
    let reached = |o| matches!(o, Outcome::WouldRun | Outcome::Deduplicated);
    let steps = plan.steps.iter().filter(move |s| reached(s.planned));
    steps.map(|step| step.connection())
}

impl RefreshMany {
    /// Whether this plan is of what the dialog is about.
    fn asked_for(&self, plan: &Plan) -> bool {
        let of_several = plan.head.kind == ActKind::Refresh && plan.detail.one().is_none();
        of_several
            && match &self.user {
                Some(_) => plan.head.user == self.user,
                None => plan
                    .steps
                    .iter()
                    .map(|s| s.connection())
                    .eq(self.ids.iter().cloned()),
            }
    }
}

impl Question for RefreshMany {
    fn title(&self) -> Row {
        let words = match &self.user {
            Some(user) => format!("Refresh  all of user {}", user.short()),
            None => format!("Refresh  {} marked connections", self.ids.len()),
        };
        vec![span(words, Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        let n = self.plan.as_ref().map_or(0, |plan| sent(plan).count());
        vec![
            Button::confirm(format!("y  Refresh {n}"), n > 0),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, _: &mut Form, _: Press) -> Reply {
        // marks go with those that will be left out, so that their outcome is kept too; a user's are found
        let found = || {
            let plan = self.plan.as_deref();
            plan.map_or_else(Vec::new, |plan| sent(plan).collect())
        };
        Reply::Send(Order::RefreshMany(match self.user {
            None => self.ids.clone(),
            Some(_) => found(),
        }))
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        let selection = match &self.user {
            Some(user) => Selection::User(user.clone()),
            None => Selection::Ids(self.ids.clone()),
        };
        match event {
            Event::Planned(plan) if self.asked_for(plan) => self.plan = Some(plan.clone()),
            event if not_planned(event, ActKind::Refresh, &selection) => return Reply::Close,
            Event::Refused { id, .. } if form.counting && self.ids.contains(id) => {
                return Reply::Close;
            }
            _ => return Reply::Stay,
        }
        form.counted(None);
        Reply::Stay
    }
}

fn content(ask: &RefreshMany, scene: Scene) -> Vec<Row> {
    let Some(plan) = &ask.plan else {
        return counting();
    };
    let mut rows = Vec::new();
    let tally = plan.tally();
    let count = |outcome| tally.count(outcome);
    for (n, word, why, role) in [
        (count(Outcome::WouldRun), "ready", "", Role::Good),
        (
            count(Outcome::Deduplicated),
            "running",
            "a job is open already; it is shown",
            Role::Busy,
        ),
        (
            count(Outcome::Skipped),
            "skipped",
            "refreshed too recently",
            Role::Dim,
        ),
        (
            count(Outcome::Refused) + count(Outcome::Gone),
            "cannot",
            "revoked, held back, or at a limit",
            Role::Deleted,
        ),
        (
            plan.left_out,
            "left out",
            "revoked, or its first job has not ended",
            Role::Dim,
        ),
    ] {
        if n > 0 {
            rows.push(vec![
                text(format!("{:>7}  ", thousands(n))),
                span(format!("{word:<12}"), role),
                text(why),
            ]);
        }
    }
    if sent(plan).next().is_none() {
        rows.push(vec![text(
            "Nothing can be refreshed now; w says why of each.",
        )]);
        return rows;
    }
    rows.push(vec![]);
    let pace = format!(
        "{} at once per bank; about {}",
        plan.per_bank,
        time_format::words(plan.head.takes_ms)
    );
    entry(&mut rows, "pace", &pace, Role::Text, scene);
    let banks: Vec<String> = plan
        .banks
        .iter()
        .take(8)
        .map(|bank| format!("{} {}", bank.name, bank.count))
        .collect();
    entry(&mut rows, "by bank", &banks.join(", "), Role::Text, scene);
    match &ask.user {
        Some(user) => headless(
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
