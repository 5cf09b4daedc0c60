//! Opening the dialog of an action.

use super::field::FormField;
use super::link::NewLink;
use super::update::open;
use super::yes_no::HiddenMarks;
use super::{
    Form, Question, act as acts, answer, authorise, connect, handle, hold, invite, password,
    purge_unavailable, stop,
};
use crate::domain::act::{ActKind, Selection, Target};
use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;
use crate::tui::action::Action;
use crate::tui::availability::at_platform;
use crate::tui::countdown;
use crate::tui::effect::{Effect, HoldOf};
use crate::tui::model::Model;

/// Opens the dialog of an action, for the marked connections or the one under the cursor. It asks first when none of
/// the marked ones can be seen.
pub(crate) fn start(model: &mut Model, action: Action) -> Vec<Effect> {
    let hidden = model.list.hidden_marks();
    if action != Action::Connect && !hidden.is_empty() && hidden.len() == model.list.marks.len() {
        let question = HiddenMarks { action, hidden };
        open(model, Box::new(question), Form::default());
        return vec![];
    }
    start_for(model, action)
}

pub(super) fn start_for(model: &mut Model, action: Action) -> Vec<Effect> {
    let row = model.target().and_then(|id| model.line(&id));
    let row = row.map(|line| line.row.clone());
    if action == Action::Hold {
        let of = match (model.list.marks.is_empty(), row) {
            (true, None) => return vec![],
            (true, Some(row)) => HoldOf::Bank(row.institution, row.institution_name),
            (false, _) => HoldOf::Connections(model.list.targets()),
        };
        return start_hold(model, of);
    }
    let what = handle::What::of(action);
    if what.is_some() || action == Action::Invite {
        let of = match (model.list.marks.is_empty(), row) {
            (true, row) => row.map(|row| row.id).into_iter().collect(),
            (false, _) => model.list.targets(),
        };
        return match what {
            Some(what) => begin_handling(model, what, of),
            None => start_invite(model, of),
        };
    }
    let (kind, selection) = match (action, &row) {
        (Action::Refresh, _) => (ActKind::Refresh, selection(model)),
        (Action::Purge, _) => (ActKind::Purge, selection(model)),
        (Action::Revoke, _) => (ActKind::Revoke, selection(model)),
        (Action::Migrate, Some(row)) => (ActKind::Migrate, Some(Selection::One(row.id.clone()))),
        (Action::Erase, Some(row)) => (ActKind::Erase, Some(Selection::User(row.user.clone()))),
        (Action::RefreshUser, Some(row)) => {
            (ActKind::Refresh, Some(Selection::User(row.user.clone())))
        }
        _ => return start_other(model, action, row),
    };
    let listed = row.as_ref().map(Target::of);
    selection.map_or(vec![], |selection| {
        start_act(model, kind, selection, listed)
    })
}

fn selection(model: &Model) -> Option<Selection> {
    match model.list.marks.len() {
        0 | 1 => model.target().map(Selection::One),
        _ => Some(Selection::Ids(model.list.targets())),
    }
}

pub(crate) fn start_act(
    model: &mut Model,
    kind: ActKind,
    selection: Selection,
    listed: Option<Target>,
) -> Vec<Effect> {
    let hidden = match &selection {
        Selection::Ids(_) => model.list.hidden_marks(),
        Selection::One(id) => {
            let hidden = model.list.hidden_marks().into_iter();
            hidden.filter(|hidden| hidden == id).collect()
        }
        _ => vec![],
    };
    let (question, form, effect) = acts::act(
        kind,
        selection,
        listed,
        hidden,
        model.environment.platform.clone(),
    );
    open(model, question, form);
    vec![effect]
}

fn start_other(model: &mut Model, action: Action, row: Option<ConnectionRow>) -> Vec<Effect> {
    let selected = model.selected().map(|line| &line.row);
    if let Some(row) = row.as_ref().or(selected).filter(|row| at_platform(row)) {
        let (user, level) = (row.user.clone(), model.level);
        open(model, Box::new(NewLink { user, level }), Form::default());
        return vec![];
    }
    let (question, form, effect) = match (action, row) {
        (Action::UpdateCredentials, Some(row)) => {
            let (question, form) = password::password(row);
            (question, form, None)
        }
        (Action::Authorise, Some(row)) => {
            let question: Box<dyn Question> = Box::new(authorise::Authorise { row });
            (question, Form::default(), None)
        }
        (Action::Connect, row) => {
            let user = row.as_ref().or(selected).map(|row| row.user.to_string());
            let (question, form) = connect::connect(&user.unwrap_or_default());
            (question, form, Some(Effect::LoadInstitutions))
        }
        _ => return vec![],
    };
    open(model, question, form);
    effect.into_iter().collect()
}

pub(crate) fn start_hold(model: &mut Model, of: HoldOf) -> Vec<Effect> {
    let (question, form) = hold::hold(of.clone());
    open(model, question, form);
    vec![Effect::LoadHold(of)]
}

/// The dialog of a note, of taking on or of putting off, for a row of a page.
pub(crate) fn start_handling(
    model: &mut Model,
    action: Action,
    connection: ConnectionId,
) -> Vec<Effect> {
    let what = handle::What::of(action);
    what.map_or(vec![], |what| begin_handling(model, what, vec![connection]))
}

fn begin_handling(model: &mut Model, what: handle::What, of: Vec<ConnectionId>) -> Vec<Effect> {
    if of.is_empty() {
        return vec![];
    }
    let (question, form) = handle::handling(what, of.clone(), &model.actor);
    open(model, question, form);
    vec![Effect::LoadHandling(of)]
}

pub(crate) fn start_invite(model: &mut Model, of: Vec<ConnectionId>) -> Vec<Effect> {
    if !of.is_empty() {
        let level = model.level;
        let question = invite::Invite { of, level };
        open(model, Box::new(question), Form::default());
    }
    vec![]
}

/// What counts down is taken back at once; what is open is stopped when that is confirmed.
pub(crate) fn take_back(model: &mut Model) -> Vec<Effect> {
    if let Some(effect) = countdown::take_back(model) {
        return vec![effect];
    }
    if let Some(stop) = stop::stoppable(model) {
        open(model, Box::new(stop), Form::default());
    }
    vec![]
}

pub(crate) fn explain_no_purge(model: &mut Model, row: ConnectionRow) {
    let place = model.pane_layer();
    let key = |action| model.hints.key(place, action).unwrap_or("").to_owned();
    let (refresh_key, why_key) = (key(Action::Refresh), key(Action::Why));
    let question = purge_unavailable::PurgeUnavailable {
        row,
        refresh_key,
        why_key,
    };
    open(model, Box::new(question), Form::default());
}

pub(crate) fn answer(model: &mut Model) {
    let asked = model
        .asking()
        .and_then(|job| Some((job.id.clone(), job.challenge.clone()?)));
    if let Some((job, challenge)) = asked {
        let fields = challenge.input.iter();
        let fields = fields.map(|asked| FormField::answer(&format!("{asked} ")));
        let form = Form::with(fields.collect());
        open(model, Box::new(answer::Answer { job, challenge }), form);
    }
}
