//! Refresh of one connection: what a refresh will meet, before it is asked for.

use super::{
    Button, Form, Press, Question, Reply, Scene, counting, entry, headless, not_planned, one,
    planned, target_title,
};
use crate::domain::act::{ActKind, Plan, Selection};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::time_format;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

#[derive(Debug)]
struct Refresh {
    id: ConnectionId,
    /// What it will meet; none until that was looked up.
    plan: Option<Box<Plan>>,
    /// Enter was pressed before that: it counts if nothing speaks against the refresh.
    hurry: bool,
}

pub(super) fn of(id: ConnectionId) -> (Box<dyn Question>, Form, Effect) {
    let form = Form {
        harmless: true,
        ..Form::counting(vec![])
    };
    let question = Refresh {
        id: id.clone(),
        plan: None,
        hurry: false,
    };
    (Box::new(question), form, plan(id))
}

fn plan(id: ConnectionId) -> Effect {
    Effect::Plan {
        kind: ActKind::Refresh,
        selection: Selection::One(id),
    }
}

impl Question for Refresh {
    fn title(&self) -> Row {
        let target = one(self.plan.as_deref()).map(|one| &one.target);
        target_title("Refresh", &self.id, target)
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Refresh", self.plan.is_some()),
            Button::cancel("n  Cancel"),
        ]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        self.hurry = form.counting;
        if form.counting {
            return Reply::Stay;
        }
        Reply::Send(Order::Refresh(self.id.clone()))
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        if let Some(plan) = planned(event, ActKind::Refresh, &self.id) {
            let one = one(Some(plan));
            let outlook = one.and_then(|one| one.outlook.as_ref());
            form.harmless = outlook.is_some_and(|outlook| outlook.plain());
            form.counted(one.map(|one| one.target.clone()));
            self.plan = Some(Box::new(plan.clone()));
            return match std::mem::take(&mut self.hurry) && form.harmless {
                true => Reply::Press(Press::Confirm),
                false => Reply::Renew,
            };
        }
        if not_planned(event, ActKind::Refresh, &Selection::One(self.id.clone())) && form.counting {
            return Reply::Close;
        }
        match event {
            Event::RowsLoaded { rows, .. } => match &form.target {
                Some(it)
                    if rows
                        .iter()
                        .any(|r| r.id == it.id && r.version != it.version) =>
                {
                    Reply::Ask(plan(self.id.clone()))
                }
                _ => Reply::Stay,
            },
            _ => Reply::Stay,
        }
    }
}

fn content(ask: &Refresh, scene: Scene) -> Vec<Row> {
    let mut rows = wrap(
        "Asks the bank for new data and starts a job. Nothing is deleted.",
        scene.wide,
        Role::Text,
    );
    rows.push(vec![]);
    let one = one(ask.plan.as_deref());
    let Some((one, outlook)) = one.and_then(|one| Some((one, one.outlook.as_ref()?))) else {
        rows.extend(counting());
        return rows;
    };
    let target = &one.target;
    let cures = match target.label {
        Label::Invalid | Label::Failed => "; a good refresh makes it active",
        _ => "",
    };
    let status = format!(
        "{} {}{cures}",
        scene.signs.label(target.label),
        target.label.word()
    );
    entry(
        &mut rows,
        "status now",
        &status,
        Role::of(target.label),
        scene,
    );
    let last = match outlook.last_used {
        None => "never".into(),
        Some(at) => {
            let young = scene.now.since(at) < outlook.floor_ms;
            let floor = time_format::span(outlook.floor_ms);
            let judged = if young {
                format!("too soon: the minimum gap is {floor}")
            } else {
                format!("the minimum gap is {floor}")
            };
            format!("{}; {judged}", time_format::ago(at, scene.now))
        }
    };
    entry(&mut rows, "last refresh", &last, Role::Text, scene);
    let pause = match outlook.paused_until {
        Some(until) => format!("yes; this job starts at {}", time_format::clock(until)),
        None => "none".into(),
    };
    entry(&mut rows, "login in use", &pause, Role::Text, scene);
    let (used, all) = (outlook.running, outlook.per_bank);
    entry(
        &mut rows,
        "bank",
        &format!("{used} of {all} slots busy"),
        Role::Text,
        scene,
    );
    if let Some(job) = &one.open_job {
        let words = format!(
            "job {} is still open and will be shown instead",
            job.short()
        );
        entry(&mut rows, "running", &words, Role::Busy, scene);
    }
    if let Some(code) = outlook.failures.first() {
        let words = match outlook.failures.len() {
            1 => format!("the last try failed with {code}"),
            n => format!("the last {n} tries failed, the newest with {code}"),
        };
        entry(&mut rows, "likely result", &words, Role::Warning, scene);
    }
    for against in &outlook.against {
        entry(&mut rows, "warning", against, Role::Warning, scene);
    }
    let insists = if outlook.insists.is_empty() {
        String::new()
    } else {
        format!("{} ", outlook.insists)
    };
    headless(
        &mut rows,
        &format!("switchboard refresh {} {insists}--wait", ask.id),
        scene,
    );
    rows
}
