//! Opening the explanation, scrolling it, and keeping it up to date.

use super::Model as Why;
use super::rows::rows;
use crate::domain::connection::Method;
use crate::domain::diagnosis::{self, Facts};
use crate::domain::ids::ConnectionId;
use crate::domain::job::State;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::Placed;
use crate::tui::action::Action;
use crate::tui::availability::judge;
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Over};

pub(crate) fn open(model: &mut Model) -> Vec<Effect> {
    let Some(row) = model.selected().map(|line| line.row.clone()) else {
        return vec![];
    };
    let id = row.id.clone();
    let why = Why {
        id: id.clone(),
        meaning: diagnosis::explain(&Facts::of_row(&row, model.now).told_in(model.zone)),
        actions: possibilities(model, &row),
        row,
        scroll: 0,
    };
    model.over = Some(Over::Why(Box::new(why)));
    vec![Effect::LoadWhy(id)]
}

fn possibilities(model: &Model, row: &ConnectionRow) -> Vec<(String, Result<(), String>)> {
    let place = model.pane_layer();
    let third = match row.method {
        Method::Web => (Action::UpdateCredentials, "new password"),
        Method::OpenBanking => (Action::Authorise, "at the bank"),
    };
    let asks = (row.last_job.as_ref()).is_some_and(|job| job.state == State::WaitingMfa);
    let answer = asks.then_some((Action::Answer, "answer"));
    let actions = [
        (Action::Refresh, "refresh"),
        third,
        (Action::Purge, "purge"),
        (Action::Revoke, "revoke"),
    ];
    let words = |(action, words)| {
        let key = model.hints.key(place, action).unwrap_or("");
        let possible = judge(row, action).map_err(|reason| reason.to_string());
        (format!("{key} {words}"), possible)
    };
    answer.into_iter().chain(actions).map(words).collect()
}

pub(super) fn most(model: &Model, why: &Why) -> usize {
    let area = model.over_area();
    let rows = rows(why, model.signs, usize::from(area.width.saturating_sub(4)));
    rows.len()
        .saturating_sub(usize::from(area.height.saturating_sub(2)))
}

pub(crate) fn scroll(model: &mut Model, by: isize) {
    let Some(Over::Why(why)) = &model.over else {
        return;
    };
    let most = most(model, why);
    if let Some(Over::Why(why)) = &mut model.over {
        why.scroll = why.scroll.saturating_add_signed(by).min(most);
    }
}

pub(crate) fn rows_loaded(model: &mut Model, rows: &[Placed]) -> Option<Effect> {
    let Some(Over::Why(why)) = &model.over else {
        return None;
    };
    let changed = |row: &&ConnectionRow| row.id == why.id && **row != why.row;
    let row = rows.iter().map(|placed| &placed.row).find(changed)?.clone();
    let (actions, id) = (possibilities(model, &row), row.id.clone());
    if let Some(Over::Why(why)) = &mut model.over {
        (why.row, why.actions) = (row, actions);
    }
    Some(Effect::LoadWhy(id))
}

pub(crate) fn loaded(model: &mut Model, id: &ConnectionId, meaning: diagnosis::Meaning) {
    if let Some(Over::Why(why)) = &mut model.over
        && why.id == *id
    {
        why.meaning = meaning;
    }
}
