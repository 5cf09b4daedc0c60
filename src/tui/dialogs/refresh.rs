//! Refresh of one connection: what a refresh will meet, before it is asked for.

use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless, target_title};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::RefreshOutlook;
use crate::domain::time_format;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

#[derive(Debug)]
struct Refresh {
    id: ConnectionId,
    /// What it will meet; none until that was looked up.
    outlook: Option<Box<RefreshOutlook>>,
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
        outlook: None,
        hurry: false,
    };
    (Box::new(question), form, Effect::ScoutRefresh(id))
}

impl Question for Refresh {
    fn title(&self) -> Row {
        let target = self.outlook.as_ref().map(|o| &o.target);
        target_title("Refresh", &self.id, target)
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, _: &Form) -> Vec<Button> {
        vec![
            Button::confirm("y  Refresh", self.outlook.is_some()),
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
        match event {
            Event::RefreshScouted(outlook) if outlook.target.id == self.id => {
                form.harmless = outlook.plain();
                form.counted(Some(outlook.target.clone()));
                self.outlook = Some(outlook.clone());
                if std::mem::take(&mut self.hurry) && form.harmless {
                    Reply::Press(Press::Confirm)
                } else {
                    Reply::Renew
                }
            }
            Event::Refused { action, id, .. } => {
                let mine = *action == Action::Refresh && *id == self.id && form.counting;
                if mine { Reply::Close } else { Reply::Stay }
            }
            Event::RowsLoaded { rows, .. } => match &form.target {
                Some(it)
                    if rows
                        .iter()
                        .any(|r| r.id == it.id && r.version != it.version) =>
                {
                    Reply::Ask(Effect::ScoutRefresh(self.id.clone()))
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
    let Some(outlook) = &ask.outlook else {
        rows.extend(counting());
        return rows;
    };
    let target = &outlook.target;
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
    let (used, all) = outlook.slots;
    entry(
        &mut rows,
        "bank",
        &format!("{used} of {all} slots busy"),
        Role::Text,
        scene,
    );
    if let Some(job) = &outlook.open_job {
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
