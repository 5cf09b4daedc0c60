//! What events do to an open form: what it offers was read, what it would do was counted, what it ordered
//! went on.

use super::{What, ending};
use crate::domain::ids::UserId;
use crate::domain::plan::RefreshPreview;
use crate::domain::sequence::Standing;
use crate::tui::dialogs::{Ask, Dialog, Press, Spot, update};
use crate::tui::effect::Effect;
use crate::tui::event::{BankChoice, Told};
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::terminal::paste_guard::ArmDelay;
use std::sync::Arc;

/// The banks were read: the form that asks for one offers them.
pub(crate) fn banks_loaded(model: &mut Model, banks: Arc<[BankChoice]>) {
    if let Some(Dialog {
        ask: Ask::Form(form),
        ..
    }) = &mut model.dialog
        && let What::Connect(ask) = &mut form.what
    {
        ask.banks = Some(banks);
    }
}

/// An ending was counted, is not possible, or went on.
pub(crate) fn ending_told(model: &mut Model, told: Told) -> Vec<Effect> {
    let at = model.at;
    let open = model
        .dialog
        .as_mut()
        .and_then(|dialog| match &mut dialog.ask {
            Ask::Form(form) => Some((&mut dialog.focus, &mut dialog.read, &mut dialog.arm, form)),
            _ => None,
        });
    let open = open.and_then(|(focus, read, arm, form)| match &form.what {
        What::Ending(ask) if told.concerns(ask) => Some((focus, read, arm, form)),
        _ => None,
    });
    let Some((focus, read, arm, form)) = open else {
        if let Told::Moved(it) = &told
            && it.standing() != Standing::Open
        {
            let tone = if it.standing() == Standing::Done {
                Tone::Good
            } else {
                Tone::Bad
            };
            model.say(tone, ending::said(it));
        }
        return vec![];
    };
    let What::Ending(ask) = &mut form.what else {
        return vec![];
    };
    match told {
        Told::Planned(plan) => {
            form.inputs[0].hint = format!("type {}", plan.words());
            ask.plan = Some(plan);
            (*read, *arm) = (false, ArmDelay::new(at, None));
        }
        Told::Impossible(_, _, reason) => {
            form.refused = Some(reason);
            *focus = Spot::Button(Press::Cancel);
        }
        Told::Moved(it) => {
            if std::mem::take(&mut form.sending) {
                model.sent = model.sent.saturating_sub(1);
            }
            *focus = Spot::Button(Press::Cancel);
            ask.under_way = Some(it);
        }
    }
    update::look(model);
    vec![]
}

/// What refreshing all of a user's would meet was looked up.
pub(crate) fn user_scouted(
    model: &mut Model,
    user: &UserId,
    preview: Box<RefreshPreview>,
    left_out: usize,
) {
    if let Some(Dialog {
        ask: Ask::Refreshes(ask),
        ..
    }) = &mut model.dialog
        && let Some((asked, left)) = &mut ask.user
        && asked == user
    {
        *left = left_out;
        ask.asked = preview.total();
        ask.preview = Some(preview);
        update::look(model);
    }
}
