//! Stopping what was queued: one job, or all that a plan has left.

use super::{Button, Form, Press, Question, Reply, Scene, headless};
use crate::domain::ids::{JobId, PlanId};
use crate::tui::effect::Order;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

/// What could be stopped: the job at hand, and the plan of this sitting whose jobs are open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stop {
    job: Option<JobId>,
    plan: Option<(PlanId, usize)>,
}

/// What could be stopped in this place; none where nothing is open.
pub(crate) fn stoppable(model: &Model) -> Option<Stop> {
    let at_hand = model.job_at_hand().filter(|job| job.state.open());
    let paged = model.pages.kind().is_some();
    let last = || {
        let line = model.target().and_then(|id| model.line(&id))?;
        let job = line.row.last_job.as_ref().filter(|job| job.state.open());
        job.map(|job| job.id.clone())
    };
    let stop = Stop {
        job: match at_hand {
            Some(job) => Some(job.id.clone()),
            None if paged => None,
            None => last(),
        },
        plan: model.endings.plan(),
    };
    (stop != Stop::default()).then_some(stop)
}

impl Question for Stop {
    fn title(&self) -> Row {
        vec![span("Stop", Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        let mut rows = vec![];
        let mut say = |words: String| rows.extend(wrap(&words, scene.wide, Role::Text));
        if let Some(job) = &self.job {
            say(format!(
                "Job {} is open. What has not begun is cancelled now; of what runs the current step ends first. Nothing is left half-written.",
                job.short()
            ));
        }
        if let Some((plan, open)) = &self.plan {
            say(format!(
                "Plan {} of this session has {open} open. Its steps that have not begun are left out, and its jobs are cancelled.",
                plan.short()
            ));
        }
        let command = match (&self.job, &self.plan) {
            (Some(job), _) => format!("switchboard cancel {}", job.short()),
            (None, Some((plan, _))) => format!("switchboard cancel --plan {}", plan.short()),
            (None, None) => return rows,
        };
        headless(&mut rows, &command, scene);
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let armed = form.sending.is_none();
        let mut buttons = match (&self.job, &self.plan) {
            (None, _) => vec![Button::confirm("y  Stop the plan", armed)],
            (Some(_), None) => vec![Button::confirm("y  Cancel the job", armed)],
            (Some(_), Some(_)) => vec![
                Button::confirm("y  Cancel the job", armed),
                Button {
                    armed,
                    ..Button::choose(0, "p  Stop the plan", Some('p'))
                },
            ],
        };
        buttons.push(Button::cancel("n  Leave it"));
        buttons
    }

    fn press(&mut self, _: &mut Form, press: Press) -> Reply {
        let plan = || {
            self.plan
                .as_ref()
                .map(|(id, _)| Order::CancelPlan(id.clone()))
        };
        let job = || self.job.as_ref().map(|id| Order::CancelJob(id.clone()));
        let order = match press {
            Press::Choose(_) => plan(),
            _ => job().or_else(plan),
        };
        order.map_or(Reply::Close, Reply::Submit)
    }
}
