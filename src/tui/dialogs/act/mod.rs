//! The one dialog of every act: what it was counted to do, the words that arm it, and what became of it.

mod one;
pub(crate) mod outcome;
mod says;
mod several;
pub(crate) mod workflow;

use super::conflict::{Conflict, changed};
use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, connection_title, counting, short_ids};
use crate::domain::act::{
    ActKind, Confirmation, Objection, OneConnection, Plan, Selection, Target,
};
use crate::domain::connection::{Label, Method, Origin};
use crate::domain::ids::ConnectionId;
use crate::domain::policy;
use crate::domain::text::Shown;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

#[derive(Debug)]
struct Act {
    kind: ActKind,
    selection: Selection,
    /// The connection as it was listed when the dialog opened, where it was.
    listed: Option<Target>,
    /// Those of the marked connections that the filter hid then.
    hidden: Vec<ConnectionId>,
    /// The host of the platform that does it; none: it is done here.
    platform: Option<String>,
    /// What was counted; none until it was, and never when it is not possible.
    plan: Option<Box<Plan>>,
    /// Enter was pressed before that: it counts if nothing speaks against the refresh.
    hurry: bool,
    /// Whether it was ordered and shows its steps.
    running: bool,
}

pub(super) fn act(
    kind: ActKind,
    selection: Selection,
    listed: Option<Target>,
    hidden: Vec<ConnectionId>,
    platform: Option<String>,
) -> (Box<dyn Question>, Form, Effect) {
    let words = || FormField::arming("words");
    let reason = |optional| FormField::text("reason", "", optional);
    let fields = match (kind, &selection) {
        (ActKind::Refresh, _) => vec![],
        (ActKind::Purge, Selection::One(_)) => {
            let tick = "refresh afterwards, so that results are not empty";
            vec![FormField::tick(tick), words()]
        }
        (ActKind::Revoke, Selection::One(_)) | (ActKind::Migrate, _) => {
            vec![words(), reason(true).remark()]
        }
        _ => vec![words(), reason(false)],
    };
    let mut form = Form::counting(fields);
    form.harmless = kind == ActKind::Refresh && matches!(selection, Selection::One(_));
    let effect = Effect::PlanAct {
        kind,
        selection: selection.clone(),
    };
    let question = Act {
        kind,
        selection,
        listed,
        hidden,
        platform,
        plan: None,
        hurry: false,
        running: false,
    };
    (Box::new(question), form, effect)
}

pub(crate) fn verb(kind: ActKind) -> &'static str {
    match kind {
        ActKind::Refresh => "Refresh",
        ActKind::Purge => "Purge",
        ActKind::Revoke => "Revoke",
        ActKind::Migrate => "Move",
        ActKind::Erase => "Erase",
        ActKind::EndConsent => "End",
        ActKind::DeleteUser => "Delete",
    }
}

fn shown_words(plan: &Plan) -> String {
    Shown::of_limited(&plan.words(), 60).into_plain()
}

fn typed(form: &Form) -> Confirmation {
    let text = |arms: bool| {
        let mut fields = form
            .fields
            .iter()
            .filter(|f| f.arms == arms && !f.is_tick());
        fields.next().map(FormField::words)
    };
    Confirmation::new(text(true), text(false))
}

impl Act {
    fn one(&self) -> Option<&OneConnection> {
        self.plan.as_ref().and_then(|plan| plan.detail.one())
    }

    /// Whether a revoke leaves data that could be purged now and not later.
    fn door_closes(&self) -> bool {
        self.kind == ActKind::Revoke && self.one().is_some_and(one::door_closes)
    }

    fn connection(&self) -> Option<&ConnectionId> {
        match &self.selection {
            Selection::One(id) if !self.kind.is_workflow() => Some(id),
            _ => None,
        }
    }

    /// Whether `g` cannot be the beginning of what has to be typed, and so means the purge.
    fn g_is_free(&self, form: &Form) -> bool {
        let words = self
            .plan
            .as_ref()
            .map(|plan| shown_words(plan).to_lowercase());
        form.blank() && words.is_some_and(|words| !words.starts_with('g'))
    }

    fn planned(&mut self, form: &mut Form, plan: &Plan) -> Reply {
        let (words, verb) = (shown_words(plan), verb(self.kind));
        for field in &mut form.fields {
            if field.arms {
                field.caption = format!("Type  {words}  to enable {verb}: ");
            } else if !field.is_tick() {
                field.caption = "Reason for the audit log: ".into();
                field.make_optional(!plan.needs_reason());
            }
        }
        if plan.head.runs == 0 {
            form.fields.clear();
        }
        let one = plan.detail.one();
        form.harmless = one
            .and_then(|one| one.outlook.as_ref())
            .is_some_and(|outlook| outlook.plain());
        form.counted(one.map(|one| one.target.clone()));
        self.plan = Some(Box::new(plan.clone()));
        if std::mem::take(&mut self.hurry) && form.harmless {
            Reply::Press(Press::Confirm)
        } else {
            Reply::Renew
        }
    }
}

impl Question for Act {
    fn given_up(&self, form: &Form) -> Option<Effect> {
        let plan = self.plan.as_ref().filter(|plan| plan.head.runs > 0)?;
        let ordered = self.running || form.sending.is_some();
        if ordered || self.kind == ActKind::Refresh {
            return None;
        }
        let target = match &self.selection {
            Selection::One(id) => id.to_string(),
            Selection::User(id) => id.to_string(),
            Selection::Consent(id) => id.to_string(),
            Selection::Ids(_) | Selection::Found(_) => plan.head.id.to_string(),
        };
        Some(Effect::NoteCancelled {
            kind: self.kind,
            target,
        })
    }

    fn title(&self) -> Row {
        let verb = verb(self.kind);
        match &self.selection {
            Selection::One(id) => {
                let name = match self.kind {
                    ActKind::Purge => "Purge data",
                    ActKind::Migrate => "Move to open banking",
                    _ => verb,
                };
                let target = self.one().map(|one| &one.target).or(self.listed.as_ref());
                let bank = target.map(|target| (target.institution_name.as_str(), target.method));
                connection_title(name, id, bank)
            }
            Selection::Ids(ids) => {
                let hidden = match self.hidden.len() {
                    0 => String::new(),
                    n => format!(" ({n} hidden)"),
                };
                let words = format!("{verb}  {} marked connections{hidden}", ids.len());
                vec![span(words, Role::Title)]
            }
            Selection::User(user) if self.kind == ActKind::Refresh => {
                let words = format!("{verb}  all of user {}", user.short());
                vec![span(words, Role::Title)]
            }
            Selection::User(user) => vec![
                span(format!("{verb} user  "), Role::Title),
                span(user.short(), Role::Dim),
            ],
            Selection::Found(query) => {
                let words = format!("{verb}  all of  {}", query.text);
                vec![span(words, Role::Title)]
            }
            // the screen opens none of these
            Selection::Consent(_) => vec![span(verb, Role::Title)],
        }
    }

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        if let Some(plan) = self.plan.as_ref().filter(|_| self.running) {
            return workflow::progress(plan, scene);
        }
        let mut rows = self.says(scene.wide);
        if !self.hidden.is_empty() {
            let words = format!(
                "marked, and hidden by the filter: {}",
                short_ids(&self.hidden)
            );
            rows.extend(wrap(&words, scene.wide, Role::Warning));
        }
        match &self.plan {
            None if form.refused.is_some() => {}
            None => {
                rows.push(vec![]);
                rows.extend(counting());
            }
            Some(plan) => match (self.kind, plan.detail.one()) {
                (ActKind::Refresh, Some(it)) => one::refresh(&mut rows, it, scene),
                (ActKind::Purge, Some(it)) => one::purge(&mut rows, plan, it, scene),
                (ActKind::Revoke, Some(it)) => one::revoke(&mut rows, plan, it, scene),
                (ActKind::Refresh | ActKind::Purge | ActKind::Revoke, None) => {
                    several::content(&mut rows, plan, &self.selection, scene);
                }
                _ => workflow::content(&mut rows, plan, scene),
            },
        }
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let sent = self.plan.as_deref().map_or(0, several::sent);
        let verb = verb(self.kind);
        if self.kind == ActKind::Refresh {
            let n = match self.selection {
                Selection::One(_) => String::new(),
                _ => format!(" {sent}"),
            };
            return vec![
                Button::confirm(format!("y  {verb}{n}"), sent > 0),
                Button::cancel("n  Cancel"),
            ];
        }
        if form.fields.is_empty() && self.kind.is_workflow() {
            return vec![Button::cancel("Close")];
        }
        let words = match self.selection {
            Selection::Ids(_) => format!("{verb} {sent}"),
            _ => verb.to_owned(),
        };
        let confirmed = sent > 0 && self.objection(form).is_none();
        let armed = form.read && confirmed && form.sending.is_none();
        let mut buttons = vec![Button::destroy(words, armed), form.cancel()];
        if self.door_closes() {
            let key = self.g_is_free(form).then_some('g');
            buttons.push(Button::choose(0, "g  Purge first", key));
        }
        buttons
    }

    fn objection(&self, form: &Form) -> Option<Objection> {
        let plan = self.plan.as_ref()?;
        plan.may_apply(&typed(form), plan.head.made).err()
    }

    fn press(&mut self, form: &mut Form, press: Press) -> Reply {
        if let (Press::Choose(_), Some(id)) = (press, self.connection()) {
            return Reply::Open(ActKind::Purge, id.clone());
        }
        self.hurry = form.counting;
        if form.counting {
            return Reply::Stay;
        }
        let workflow = self.kind.is_workflow();
        // only a workflow's dialog stays open and still shows its plan
        let plan = match workflow {
            true => self.plan.clone(),
            false => self.plan.take(),
        };
        let Some(plan) = plan else { return Reply::Stay };
        let typed = match self.kind {
            // a refresh needs no words of a person
            ActKind::Refresh => Confirmation::new(Some(&plan.words()), None),
            _ => typed(form),
        };
        let order = Order::Apply {
            plan,
            typed,
            refresh_after: form.fields.iter().any(FormField::ticked),
        };
        match workflow {
            true => Reply::Submit(order),
            false => Reply::Send(order),
        }
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::ActPlanned { selection, plan }
                if *selection == self.selection
                    && plan.head.kind == self.kind
                    && (form.counting || self.kind == ActKind::Refresh) =>
            {
                self.planned(form, plan)
            }
            Event::ActRefused {
                kind,
                selection,
                reason,
            } if *kind == self.kind && *selection == self.selection && form.counting => {
                if !self.kind.is_workflow() {
                    return Reply::Close;
                }
                form.refused = Some(reason.clone());
                form.fields.clear();
                form.counted(None);
                Reply::Renew
            }
            Event::WorkflowMoved(plan) if plan.head.kind == self.kind => {
                let mine = match &self.selection {
                    Selection::One(id) => plan.head.connection.as_ref() == Some(id),
                    Selection::User(user) => plan.head.user.as_ref() == Some(user),
                    _ => false,
                };
                if !mine {
                    return Reply::Stay;
                }
                form.sending = None;
                form.fields.clear();
                form.counted(None);
                self.running = true;
                self.plan = Some(plan.clone());
                Reply::Renew
            }
            Event::Seen { seen, .. } => match (self.connection(), self.one()) {
                (Some(_), Some(one)) => match changed(&one.target, &seen.connections) {
                    None => Reply::Stay,
                    Some(_) if self.kind == ActKind::Refresh => Reply::Ask(Effect::PlanAct {
                        kind: self.kind,
                        selection: self.selection.clone(),
                    }),
                    Some(row) => Reply::Replace(Box::new(Conflict::of(self.kind, one, row))),
                },
                _ => Reply::Stay,
            },
            _ => Reply::Stay,
        }
    }
}

/// Whether a revoke takes away the chance to purge a connection with this label.
fn purgeable(label: Label) -> bool {
    // by either method; what can be revoked is of the sandbox
    policy::may(policy::Act::Purge, Origin::Sandbox, Method::Web, label).is_ok()
}
