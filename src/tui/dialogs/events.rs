//! What events do to an open dialog: the figures it waits for come, and what it is aimed at changes.

use super::update::{look, open, press};
use super::{Ask, Dialog, Press, conflict};
use crate::domain::act::{Difference, PurgePlan, RefreshOutlook, RefreshPreview, RevokePlan};
use crate::domain::ids::ConnectionId;
use crate::domain::views::ConnectionRow;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::terminal::paste_guard::ArmDelay;

/// What a refresh will meet was looked up.
pub(crate) fn scouted(model: &mut Model, outlook: Box<RefreshOutlook>) -> Vec<Effect> {
    let at = model.at;
    let Some(Dialog {
        ask: Ask::Refresh(ask),
        ..
    }) = &mut model.dialog
    else {
        return vec![];
    };
    if ask.id != outlook.target.id {
        return vec![];
    }
    ask.outlook = Some(outlook);
    let hurry = std::mem::take(&mut ask.hurry) && ask.plain();
    if let Some(dialog) = &mut model.dialog {
        dialog.focus = dialog.first();
        // Text that was just replaced was not read yet.
        dialog.arm = ArmDelay::new(at, None);
    }
    look(model);
    if hurry {
        press(model, Press::Confirm)
    } else {
        vec![]
    }
}

/// What refreshing several will meet was looked up.
pub(crate) fn scouted_many(model: &mut Model, preview: Box<RefreshPreview>) {
    if let Some(Dialog {
        ask: Ask::Refreshes(ask),
        ..
    }) = &mut model.dialog
    {
        ask.preview = Some(preview);
        look(model);
    }
}

/// A purge was counted.
pub(crate) fn purge_planned(model: &mut Model, plan: Box<PurgePlan>) {
    if let Some(dialog) = &mut model.dialog
        && let Ask::Purge(ask) = &mut dialog.ask
        && ask.id == plan.target.id
    {
        ask.plan = Some(plan);
        dialog.read = false;
        dialog.arm = ArmDelay::new(model.at, None);
        look(model);
    }
}

/// A revoke was counted.
pub(crate) fn revoke_planned(model: &mut Model, plan: Box<RevokePlan>) {
    if let Some(dialog) = &mut model.dialog
        && let Ask::Revoke(ask) = &mut dialog.ask
        && ask.id == plan.target.id
    {
        ask.plan = Some(plan);
        dialog.read = false;
        dialog.arm = ArmDelay::new(model.at, None);
        look(model);
    }
}

/// Something else was counted at sending than was looked at.
pub(crate) fn plan_changed(
    model: &mut Model,
    action: Action,
    id: ConnectionId,
    differences: Vec<Difference>,
) {
    open(
        model,
        Ask::Changed(conflict::Changed {
            action,
            id,
            differences,
        }),
    );
}

/// Rows were read again: a dialog whose target changed disarms and says what moved.
pub(crate) fn rows_loaded(
    model: &mut Model,
    rows: &[ConnectionRow],
    gone: &[ConnectionId],
) -> Vec<Effect> {
    let Some(target) = model.dialog.as_ref().and_then(Dialog::target).cloned() else {
        return vec![];
    };
    if gone.contains(&target.id) {
        model.dialog = None;
        model.say(
            Tone::Bad,
            format!(
                "{} is not there any more; nothing was sent.",
                target.id.short()
            ),
        );
        return vec![];
    }
    let Some(row) = rows
        .iter()
        .find(|r| r.id == target.id && r.version != target.version)
    else {
        return vec![];
    };
    let action = match &mut model.dialog {
        Some(Dialog {
            ask: Ask::Refresh(ask),
            ..
        }) => return vec![Effect::ScoutRefresh(ask.id.clone())],
        Some(Dialog {
            ask: Ask::Purge(_), ..
        }) => Action::Purge,
        Some(Dialog {
            ask: Ask::Revoke(_),
            ..
        }) => Action::Revoke,
        _ => return vec![],
    };
    let differences = conflict::differences(model, &target, row);
    plan_changed(model, action, target.id, differences);
    vec![]
}
