//! Revoke: irreversible, the data stays, and a door closes.

use super::conflict::conflict;
use super::field::FormField;
use super::{
    Button, Form, Press, Question, Reply, Scene, counting, entry, headless, not_planned, one,
    planned, target_title,
};
use crate::domain::act::{ActKind, Plan, Selection};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::text::Shown;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, wrap};

/// Places of the fields.
const WORDS: usize = 0;
const REASON: usize = 1;

#[derive(Debug)]
struct Revoke {
    id: ConnectionId,
    /// What was counted; none until it was.
    plan: Option<Box<Plan>>,
}

pub(super) fn of(id: ConnectionId) -> (Box<dyn Question>, Form, Effect) {
    let form = Form::counting(vec![
        FormField::arming("words"),
        FormField::text("reason", "", true).remark(),
    ]);
    let question = Revoke {
        id: id.clone(),
        plan: None,
    };
    let effect = Effect::Plan {
        kind: ActKind::Revoke,
        selection: Selection::One(id),
    };
    (Box::new(question), form, effect)
}

impl Revoke {
    /// Whether data stays that could be purged now and not later.
    fn door_closes(&self) -> bool {
        one(self.plan.as_deref()).is_some_and(|one| {
            let stored = &one.stored;
            one.target.label == Label::Active
                && (stored.transactions > 0 || !stored.accounts.is_empty())
        })
    }

    /// Whether `g` cannot be the beginning of what has to be typed, and so means the purge.
    fn g_is_free(&self, form: &Form) -> bool {
        let name = self.plan.as_ref().map(|plan| name(plan).to_lowercase());
        form.text(WORDS).is_empty() && name.is_some_and(|name| !name.starts_with('g'))
    }
}

fn name(plan: &Plan) -> String {
    Shown::of_limited(&plan.words(), 60).into_plain()
}

impl Question for Revoke {
    fn title(&self) -> Row {
        let target = one(self.plan.as_deref()).map(|one| &one.target);
        target_title("Revoke", &self.id, target)
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let typed = form.text(WORDS);
        let armed = form.read && self.plan.as_ref().is_some_and(|p| p.armed_by(typed));
        let mut buttons = vec![Button::destroy("Revoke", armed), Button::cancel("Cancel")];
        if self.door_closes() {
            let key = self.g_is_free(form).then_some('g');
            buttons.push(Button::choose(0, "g  Purge first", key));
        }
        buttons
    }

    fn press(&mut self, form: &mut Form, press: Press) -> Reply {
        if press == Press::Choose(0) {
            return Reply::Open(Action::Purge, self.id.clone());
        }
        let Some(plan) = self.plan.take() else {
            return Reply::Stay;
        };
        Reply::Send(Order::Apply {
            plan,
            words: form.text(WORDS).to_owned(),
            reason: form.text(REASON).trim().to_owned(),
            refresh_after: false,
        })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        if let Some(plan) = planned(event, ActKind::Revoke, &self.id) {
            form.fields[WORDS].caption = format!("Type  {}  to enable Revoke: ", name(plan));
            form.fields[REASON].caption = "Reason for the audit log: ".into();
            form.counted(one(Some(plan)).map(|one| one.target.clone()));
            self.plan = Some(Box::new(plan.clone()));
            return Reply::Renew;
        }
        if not_planned(event, ActKind::Revoke, &Selection::One(self.id.clone())) && form.counting {
            return Reply::Close;
        }
        match (event, one(self.plan.as_deref())) {
            (Event::RowsLoaded { rows, .. }, Some(one)) => {
                conflict(Action::Revoke, &one.target, Some(&one.stored), rows)
            }
            _ => Reply::Stay,
        }
    }
}

fn content(ask: &Revoke, scene: Scene) -> Vec<Row> {
    let says = "CUTS THE LINK FOR GOOD. There is no undo and no reconnect: a new link needs the user again.";
    let mut rows = wrap(says, scene.wide, Role::Danger);
    let Some((plan, one)) = ask.plan.as_ref().zip(one(ask.plan.as_deref())) else {
        rows.extend(counting());
        return rows;
    };
    rows.push(vec![]);
    let stored = &one.stored;
    let stays = format!(
        "{} and {} remain under the user; sign-in and profile go with the link",
        count(stored.accounts.len() as u64, "account"),
        count(stored.transactions, "transaction"),
    );
    entry(&mut rows, "THE DATA STAYS", &stays, Role::Text, scene);
    if ask.door_closes() {
        let closes = "purge needs an active connection. After this, the data can no longer be purged through it.";
        entry(&mut rows, "A DOOR CLOSES", closes, Role::Warning, scene);
        entry(
            &mut rows,
            "",
            "g  goes to the purge first",
            Role::Text,
            scene,
        );
    } else if one.target.label != Label::Active && stored.transactions > 0 {
        let closes =
            "it is not active, so its data cannot be purged now; once revoked, never through it";
        entry(&mut rows, "A DOOR CLOSES", closes, Role::Warning, scene);
    }
    if let Some(job) = &one.open_job {
        entry(
            &mut rows,
            "ALSO",
            &format!("job {} is open and will fail", job.short()),
            Role::Warning,
            scene,
        );
    }
    let command = format!(
        "switchboard revoke {} --confirm \"{}\"",
        ask.id,
        name(plan).to_lowercase()
    );
    headless(&mut rows, &command, scene);
    rows
}
