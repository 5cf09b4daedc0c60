//! The keys and events of the job history.

use super::LIMIT;
use crate::domain::ids::ConnectionId;
use crate::domain::job::Job;
use crate::domain::views::Page;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::{Pane, job, rows_moved};

pub(crate) fn act(model: &mut Model, action: Action) {
    match action {
        Action::Open => {
            if let Some(current) = model.jobs.current().cloned() {
                model.job = Some(job::Model::new(current.id.clone(), Some(current)));
                model.focus = Pane::Job;
            }
        }
        Action::Back => model.focus = Pane::Connections,
        _ => {
            let page = model.room(Pane::Jobs).map_or(1, |r| usize::from(r.height));
            if let Some(by) = rows_moved(action, page) {
                model.jobs.step(by);
            }
        }
    }
}

pub(crate) fn follow_cursor(model: &mut Model, id: &ConnectionId) -> Option<Effect> {
    if model.jobs.asked.as_ref() == Some(id) {
        return None;
    }
    model.jobs.asked = Some(id.clone());
    Some(Effect::LoadJobs {
        id: id.clone(),
        limit: LIMIT,
    })
}

pub(crate) fn loaded(model: &mut Model, id: ConnectionId, page: Page<Job>) {
    if model.jobs.asked.as_ref() != Some(&id) {
        return;
    }
    model.jobs.load(id, page.rows, page.more);
    if let Some(open) = &mut model.job
        && let Some(job) = model.jobs.jobs.iter().find(|j| j.id == open.id)
    {
        open.renew(job.clone());
    }
}
