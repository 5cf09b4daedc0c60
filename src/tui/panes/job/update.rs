//! The keys and events of an open job.

use super::Model as OpenJob;
use super::rows::rows;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::job::Job;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::{Pane, jobs, rows_moved};

pub(crate) fn act(model: &mut Model, action: Action) {
    let Some(job) = &mut model.job else { return };
    match action {
        Action::Open => job.detail = !job.detail,
        Action::Back => {
            model.job = None;
            model.focus = Pane::Jobs;
        }
        Action::MoveDown => job.move_by(1),
        Action::MoveUp => job.move_by(-1),
        _ => {
            let height = model.room(Pane::Job).map_or(1, |room| room.height);
            if let Some(by) = rows_moved(action, usize::from(height)) {
                scroll(model, by);
            }
        }
    }
}

pub(crate) fn scroll(model: &mut Model, by: isize) {
    let (Some(room), Some(job)) = (model.room(Pane::Job), &model.job) else {
        return;
    };
    let height = usize::from(room.height);
    let most = (rows(model, job, room.width.saturating_sub(2)).0.len()).saturating_sub(height);
    if let Some(job) = &mut model.job {
        job.scroll = job.scroll.saturating_add_signed(by).min(most);
    }
}

/// Follows the open job, or opens the running one of the selected connection and follows that.
pub(crate) fn follow(model: &mut Model) -> Vec<Effect> {
    if let Some(job) = model.job.as_mut().filter(|_| model.focus == Pane::Job) {
        job.follow();
        return vec![];
    }
    let selected = model.selected();
    // the panes may still show the connection that the cursor has left
    let here = |jobs: &&jobs::Model| jobs.of.as_ref() == selected.map(|line| &line.row.id);
    let jobs = Some(&model.jobs).filter(here);
    let open = jobs.and_then(|jobs| jobs.jobs.iter().find(|j| j.state.open()).cloned());
    let last = selected.and_then(|line| line.row.last_job.as_ref());
    let Some(id) = (open.as_ref().map(|job| &job.id)).or(last.map(|job| &job.id)) else {
        return vec![];
    };
    let id = id.clone();
    let effects = match open {
        None => vec![Effect::LoadJob(id.clone())],
        Some(_) => vec![],
    };
    model.jobs.follow = Some(id.clone());
    model.jobs.cursor = Some(id.clone());
    model.job = Some(OpenJob::new(id, open));
    model.focus = Pane::Job;
    effects
}

/// Closes a job of another connection than the one under the cursor, unless it has the keys.
pub(crate) fn follow_cursor(model: &mut Model, id: &ConnectionId) {
    let shown = model.job.as_ref().and_then(|open| open.job.as_ref());
    if model.focus != Pane::Job && shown.is_some_and(|job| job.connection != *id) {
        model.job = None;
    }
}

pub(crate) fn loaded(model: &mut Model, id: &JobId, job: Option<Job>) {
    if let Some(open) = model.job.as_mut().filter(|open| open.id == *id) {
        match job {
            Some(job) => open.renew(job),
            None => open.missing = true,
        }
    }
}
