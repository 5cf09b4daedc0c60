//! Revoke: irreversible, the data stays, and a door closes.

use super::conflict::conflict;
use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless, target_title};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::RevokePlan;
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
    plan: Option<Box<RevokePlan>>,
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
    (Box::new(question), form, Effect::PlanRevoke(id))
}

impl Revoke {
    /// Whether the bank's name was typed, in any case. A name that cannot be shown as it is has to be
    /// typed as it is shown.
    fn matches(&self, typed: &str) -> bool {
        let Some(plan) = &self.plan else { return false };
        let typed = typed.trim().to_lowercase();
        !typed.is_empty()
            && (typed == plan.words().trim().to_lowercase()
                || typed == name(plan).trim().to_lowercase())
    }

    /// Whether data stays that could be purged now and not later.
    fn door_closes(&self) -> bool {
        let Some(plan) = &self.plan else { return false };
        plan.target.label == Label::Active
            && (plan.stored.transactions > 0 || !plan.stored.accounts.is_empty())
    }

    /// Whether `g` cannot be the beginning of what has to be typed, and so means the purge.
    fn g_is_free(&self, form: &Form) -> bool {
        let name = self.plan.as_ref().map(|plan| name(plan).to_lowercase());
        form.text(WORDS).is_empty() && name.is_some_and(|name| !name.starts_with('g'))
    }
}

fn name(plan: &RevokePlan) -> String {
    Shown::of_limited(plan.words(), 60).into_plain()
}

impl Question for Revoke {
    fn title(&self) -> Row {
        target_title("Revoke", &self.id, self.plan.as_ref().map(|p| &p.target))
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let armed = form.read && self.matches(form.text(WORDS));
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
        Reply::Send(Order::Revoke {
            id: self.id.clone(),
            words: plan.words().to_owned(),
            plan: plan.id,
            fingerprint: plan.fingerprint,
            reason: form.text(REASON).trim().to_owned(),
        })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::RevokePlanned(plan) if plan.target.id == self.id => {
                form.fields[WORDS].caption = format!("Type  {}  to enable Revoke: ", name(plan));
                form.fields[REASON].caption = "Reason for the audit log: ".into();
                form.counted(Some(plan.target.clone()));
                self.plan = Some(plan.clone());
                Reply::Renew
            }
            Event::Refused { action, id, .. } => {
                let mine = *action == Action::Revoke && *id == self.id && form.counting;
                if mine { Reply::Close } else { Reply::Stay }
            }
            Event::RowsLoaded { rows, .. } => self.plan.as_ref().map_or(Reply::Stay, |plan| {
                conflict(Action::Revoke, &plan.target, Some(&plan.stored), rows)
            }),
            _ => Reply::Stay,
        }
    }
}

fn content(ask: &Revoke, scene: Scene) -> Vec<Row> {
    let says = "CUTS THE LINK FOR GOOD. There is no undo and no reconnect: a new link needs the user again.";
    let mut rows = wrap(says, scene.wide, Role::Danger);
    let Some(plan) = &ask.plan else {
        rows.extend(counting());
        return rows;
    };
    rows.push(vec![]);
    let stored = &plan.stored;
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
    } else if plan.target.label != Label::Active && stored.transactions > 0 {
        let closes =
            "it is not active, so its data cannot be purged now; once revoked, never through it";
        entry(&mut rows, "A DOOR CLOSES", closes, Role::Warning, scene);
    }
    if let Some(job) = &plan.open_job {
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
