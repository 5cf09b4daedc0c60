//! Whether an action is possible now, and why not; for `update` and for whatever shows keys.

use crate::domain::act::ActKind;
use crate::domain::connection::Label;
use crate::domain::diagnosis::{self, Facts, Whose};
use crate::domain::job::State;
use crate::domain::policy::{self, Act, Executor, may};
use crate::domain::rows::ConnectionRow;
use crate::domain::views::BankAnswer;
use crate::tui::action::Action;
use crate::tui::dialogs::stop::stoppable;
use crate::tui::layout::Class;
use crate::tui::model::Model;
use crate::tui::panes::pages;
use std::borrow::Cow;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason(Cow<'static, str>);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(crate) fn off<T>(reason: impl Into<Cow<'static, str>>) -> Result<T, Reason> {
    Err(Reason(reason.into()))
}

pub(crate) fn possible(model: &Model, action: Action) -> Result<(), Reason> {
    use Action as A;
    if let Some(Err(lacking)) = act(action).map(|act| model.role.may(act)) {
        return off(lacking.to_string());
    }
    match action {
        _ if acts(action) && acts_on_row(model).is_err() => acts_on_row(model),
        A::TakeBack if model.countdown.len() > 0 => Ok(()),
        A::TakeBack if stoppable(model).is_none() => {
            off("nothing counts down here, and no job is open")
        }
        _ if model.pages.kind().is_some() => match model.pages.shown() {
            Some(page) => pages::possible(model, page, action),
            None => Ok(()),
        },
        A::Refresh
        | A::Purge
        | A::Revoke
        | A::Hold
        | A::Invite
        | A::Note
        | A::Take
        | A::Snooze
        | A::UpdateCredentials
        | A::Authorise
        | A::RefreshUser
        | A::Migrate
        | A::Erase => order(model, action),
        A::Answer if model.asking().is_none() => off("no job of this connection asks anything"),
        A::Answer => model.selected().map_or(Ok(()), |line| {
            policy::executes(line.row.origin)
                .map(drop)
                .or_else(one_line)
        }),
        A::Follow => follow(model),
        A::Why | A::Raw | A::Copy | A::Timeline | A::Open
            if model.list.current().is_some_and(|l| l.gone()) =>
        {
            off("this connection is not there any more")
        }
        A::Why | A::Raw | A::Copy | A::Timeline | A::Open if model.selected().is_none() => {
            off("no connection is selected")
        }
        A::Open if model.focus == crate::tui::panes::Pane::Profile => {
            off("there is nothing to open in the profile")
        }
        A::Zoom if model.class <= Class::Single => off("the screen shows one pane already"),
        A::Privacy if model.level.toggled(model.floor) == model.level => {
            off("policy allows no other level")
        }
        A::AttentionNext | A::AttentionPrevious
            if model.counts.is_some_and(|c| c.attention() == 0) =>
        {
            off("no connection needs anybody to act")
        }
        A::MarkClear if model.list.marks.is_empty() => off("nothing is marked"),
        A::Mark | A::MarkRange | A::MarkShown | A::Sort if model.list.window.lines().is_empty() => {
            off("the list is empty")
        }
        _ => Ok(()),
    }
}

/// Whether anything can be changed now.
pub(crate) fn acts_on_row(model: &Model) -> Result<(), Reason> {
    match &model.trouble {
        _ if model.read_only => off("nothing can be changed: read-only"),
        Some(trouble) if trouble.stops_actions => {
            off("actions are off until the trouble above is over")
        }
        _ => Ok(()),
    }
}

/// Whether an action changes the world.
pub(crate) fn acts(action: Action) -> bool {
    act(action).is_some()
}

/// The act that an action asks for, by its word in the table of roles.
fn act(action: Action) -> Option<&'static str> {
    use Action as A;
    Some(match action {
        A::Refresh | A::RefreshUser => ActKind::Refresh.word(),
        A::Purge => ActKind::Purge.word(),
        A::Revoke => ActKind::Revoke.word(),
        A::Migrate => ActKind::Migrate.word(),
        A::Erase => ActKind::Erase.word(),
        A::Answer => "answer",
        A::UpdateCredentials => "update-credentials",
        A::Authorise => BankAnswer::Authorise.word(),
        A::Connect => "connect",
        A::Hold => "hold",
        A::Invite => "invite",
        A::Note => "note",
        A::Take => "take",
        A::Snooze => "snooze",
        A::TakeBack => "cancel",
        _ => return None,
    })
}

fn order(model: &Model, action: Action) -> Result<(), Reason> {
    let marks = model.list.marks.len();
    match (action, marks) {
        (
            Action::RefreshUser
            | Action::UpdateCredentials
            | Action::Authorise
            | Action::Migrate
            | Action::Erase,
            2..,
        ) => {
            return off(format!("{marks} are marked; this is for one at a time"));
        }
        // what each of several can do is counted, and shown before anything is sent
        (_, 2..) => return Ok(()),
        (_, 0) if model.list.current().is_some_and(|l| l.gone()) => {
            return off("this connection is not there any more");
        }
        _ => {}
    }
    let Some(id) = model.target() else {
        return off("no connection is selected");
    };
    // A marked row that is not at hand is judged where the order is carried out.
    model
        .line(&id)
        .map_or(Ok(()), |line| judge(&line.row, action))
}

pub(crate) fn judge(row: &ConnectionRow, action: Action) -> Result<(), Reason> {
    let running = row
        .last_job
        .as_ref()
        .is_some_and(|j| matches!(j.state, State::Running | State::WaitingMfa));
    // all of a user's connections may be meant; those of another origin are refreshed. Who shares the work on one asks
    // nothing of its bank.
    if !matches!(
        action,
        Action::RefreshUser | Action::Note | Action::Take | Action::Snooze
    ) {
        policy::executes(row.origin).map(drop).or_else(one_line)?;
    }
    match action {
        Action::Refresh => allowed(Act::Refresh, row),
        Action::Purge if row.label == Label::Active && running => {
            off("a job is running; purge when it has ended")
        }
        Action::Purge => allowed(Act::Purge, row),
        Action::Revoke => allowed(Act::Revoke, row),
        Action::Invite => {
            let facts = Facts::of_row(row, row.since);
            match diagnosis::explain(&facts).whose {
                Whose::User if row.label != Label::Deleted => Ok(()),
                _ => off("the next step is not the user's"),
            }
        }
        // its user does it there, by a link
        Action::UpdateCredentials | Action::Authorise if at_platform(row) => Ok(()),
        Action::Snooze if !row.attention && row.handling.snoozed.is_none() => {
            off("it needs nobody now")
        }
        Action::UpdateCredentials => allowed(Act::UpdateCredentials, row),
        Action::Authorise => allowed(Act::Authorise, row),
        Action::Migrate => allowed(Act::Migrate, row),
        _ => Ok(()),
    }
}

pub(crate) fn at_platform(row: &ConnectionRow) -> bool {
    policy::executes(row.origin) == Ok(Executor::Platform)
}

/// What the policy says, as one line without its full stop.
fn allowed(act: Act, row: &ConnectionRow) -> Result<(), Reason> {
    may(act, row.origin, row.method, row.label).or_else(one_line)
}

fn one_line(reason: policy::Reason) -> Result<(), Reason> {
    off(reason.first_sentence().trim_end_matches('.'))
}

fn follow(model: &Model) -> Result<(), Reason> {
    let running = model
        .selected()
        .and_then(|l| l.row.last_job.as_ref())
        .is_some_and(|j| j.state.open());
    let open = model
        .job
        .as_ref()
        .and_then(|j| j.job.as_ref())
        .is_some_and(|j| j.state.open());
    if running || open || model.jobs.open() {
        Ok(())
    } else {
        off("no job of this connection is running")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::Origin;
    use crate::testing::fixtures::row;

    #[test]
    fn purge_is_for_active_ones_and_nothing_is_for_revoked_ones() {
        for label in Label::ALL {
            let row = row(1, label);
            for (action, wanted) in [
                (Action::Refresh, label != Label::Deleted),
                (Action::Purge, label == Label::Active),
                (Action::Revoke, label != Label::Deleted),
                (
                    Action::UpdateCredentials,
                    may(Act::UpdateCredentials, row.origin, row.method, label).is_ok(),
                ),
                (
                    Action::Authorise,
                    may(Act::Authorise, row.origin, row.method, label).is_ok(),
                ),
                (Action::RefreshUser, true),
            ] {
                assert_eq!(judge(&row, action).is_ok(), wanted, "{action:?} {label}");
                let imported = ConnectionRow {
                    origin: Origin::Imported,
                    ..row.clone()
                };
                let told = judge(&imported, action).err().map(|it| it.to_string());
                let said = "It is imported: no bank or platform is connected here";
                let whole = action == Action::RefreshUser;
                assert_eq!(
                    told.as_deref(),
                    (!whole).then_some(said),
                    "{action:?} {label}"
                );
            }
        }
    }
}
