//! What keys do to an open dialog. Deliberately absent: what events do to it, which is `told`'s.

use super::view::{enter_cancels, place};
use super::{
    Ask, Dialog, Press, Spot, answer, form, purge, purge_unavailable, refresh, refreshes, revoke,
};
use crate::domain::ids::ConnectionId;
use crate::domain::views::ConnectionRow;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::terminal::key::Key;
use crate::tui::widgets::field::Field;

/// Opens a dialog over everything else.
pub(crate) fn open(model: &mut Model, ask: Ask) {
    model.over = None;
    model.dialog = Some(Dialog::new(ask, model.at, model.last_key));
    look(model);
}

/// Asks for a refresh: of the marked ones, or of one.
pub(crate) fn refresh(model: &mut Model) -> Vec<Effect> {
    if model.list.marks.len() > 1 {
        let ids = model.list.targets();
        open(
            model,
            Ask::Refreshes(refreshes::Refreshes {
                asked: ids.len(),
                ids: ids.clone(),
                user: None,
                preview: None,
            }),
        );
        return vec![Effect::ScoutRefreshes(ids)];
    }
    let Some(id) = model.target() else {
        return vec![];
    };
    open(
        model,
        Ask::Refresh(refresh::Refresh {
            id: id.clone(),
            outlook: None,
            hurry: false,
        }),
    );
    vec![Effect::ScoutRefresh(id)]
}

/// Asks for a purge of one connection.
pub(crate) fn purge(model: &mut Model, id: ConnectionId) -> Vec<Effect> {
    let ask = purge::Purge {
        id: id.clone(),
        plan: None,
        typed: Default::default(),
        refresh_after: false,
    };
    open(model, Ask::Purge(ask));
    vec![Effect::PlanPurge(id)]
}

/// Explains why a purge is not possible.
pub(crate) fn no_purge(model: &mut Model, row: ConnectionRow) {
    let place = model.pane_layer();
    let key = |action| model.hints.key(place, action).unwrap_or("").to_owned();
    let (refresh_key, why_key) = (key(Action::Refresh), key(Action::Why));
    open(
        model,
        Ask::NoPurge(purge_unavailable::NoPurge {
            row,
            refresh_key,
            why_key,
        }),
    );
}

/// Asks for a revoke of one connection.
pub(crate) fn revoke(model: &mut Model, id: ConnectionId) -> Vec<Effect> {
    let ask = revoke::Revoke {
        id: id.clone(),
        plan: None,
        typed: Default::default(),
        reason: Default::default(),
    };
    open(model, Ask::Revoke(ask));
    vec![Effect::PlanRevoke(id)]
}

/// Asks for the answers to the bank's question.
pub(crate) fn answer(model: &mut Model) {
    let Some((job, challenge)) = model
        .asking()
        .and_then(|j| Some((j.id.clone(), j.challenge.clone()?)))
    else {
        return;
    };
    let answers = challenge.input.iter().map(|_| Field::secret()).collect();
    open(
        model,
        Ask::Answer(answer::Answer {
            job,
            challenge,
            answers,
        }),
    );
}

/// Whether a key counts: not while it is still held from before the dialog was there, and not in its
/// first moments when it confirms something.
pub(crate) fn admits(model: &mut Model, key: Key, action: Option<Action>) -> bool {
    let at = model.at;
    let Some(dialog) = &mut model.dialog else {
        return true;
    };
    let confirms = match action {
        Some(Action::DialogYes) => true,
        Some(Action::DialogPress) => {
            matches!(
                dialog.focus,
                Spot::Button(Press::Confirm | Press::Choose(_))
            )
        }
        _ => form::letter(dialog, key).is_some(),
    };
    let confirms = confirms && !dialog.harmless();
    dialog.arm.admits(at, key, confirms)
}

/// Takes an action of the dialog's layer.
pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(dialog) = &model.dialog else {
        return vec![];
    };
    match action {
        Action::Back | Action::DialogNo => close(model),
        Action::DialogYes => return press(model, Press::Confirm),
        Action::DialogPress => return enter(model),
        Action::DialogNext => walk(model, 1),
        Action::DialogPrevious => walk(model, -1),
        Action::MoveDown | Action::MoveUp => {
            let by = if action == Action::MoveDown { 1 } else { -1 };
            if !model
                .dialog
                .as_mut()
                .is_some_and(|dialog| form::turn(dialog, by))
            {
                scroll(model, by);
            }
        }
        Action::PageDown | Action::PageUp => {
            let page = place(model, dialog).text.height.max(1) as isize;
            scroll(
                model,
                if action == Action::PageDown {
                    page
                } else {
                    -page
                },
            );
        }
        Action::MoveEnd => scroll(model, isize::MAX),
        Action::MoveTop => scroll(model, isize::MIN),
        _ => {}
    }
    vec![]
}

/// Takes a key that means nothing else: text for the field, a blank for the box.
pub(crate) fn type_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if let Some(effects) = form::key(model, key) {
        return effects;
    }
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    if let (Ask::Revoke(ask), Spot::Field(0) | Spot::Button(_)) = (&dialog.ask, dialog.focus) {
        let free = ask.g_is_free() || matches!(dialog.focus, Spot::Button(_));
        if key == Key::char('g') && free && ask.door_closes() {
            return press(model, Press::PurgeFirst);
        }
    }
    if let (Ask::Purge(ask), Spot::Tick) = (&mut dialog.ask, dialog.focus) {
        if key == Key::char(' ') {
            ask.refresh_after = !ask.refresh_after;
        }
        return vec![];
    }
    if let Some(field) = dialog.field_mut() {
        field.press(key);
    }
    vec![]
}

/// Takes pasted text. What arms a button has to be typed by hand.
pub(crate) fn paste(model: &mut Model, text: &str) {
    let Some(dialog) = &mut model.dialog else {
        return;
    };
    if let (Ask::Form(form), Spot::Field(at)) = (&mut dialog.ask, dialog.focus)
        && form::paste(form, at, text)
    {
        return;
    }
    let remark = matches!(
        (&dialog.ask, dialog.focus),
        (Ask::Revoke(_) | Ask::Bulk(_), Spot::Field(1)) | (Ask::Answer(_), Spot::Field(_))
    );
    match dialog.field_mut() {
        Some(field) if remark => field.insert(text),
        Some(_) => model.say(
            Tone::Bad,
            "Pasting is refused here: these words are typed by hand.",
        ),
        None => model.say(
            Tone::Bad,
            "Pasted text was dropped: nothing here takes text.",
        ),
    }
}

fn close(model: &mut Model) {
    model.dialog = None;
}

fn walk(model: &mut Model, by: isize) {
    let Some(dialog) = &mut model.dialog else {
        return;
    };
    form::left(dialog);
    let spots = dialog.spots();
    let at = spots.iter().position(|s| *s == dialog.focus).unwrap_or(0) as isize;
    if !spots.is_empty() {
        dialog.focus = spots[(at + by).rem_euclid(spots.len() as isize) as usize];
    }
}

fn scroll(model: &mut Model, by: isize) {
    let Some(dialog) = &model.dialog else { return };
    let end = place(model, dialog).end();
    if let Some(dialog) = &mut model.dialog {
        dialog.scroll = dialog.scroll.saturating_add_signed(by).min(end);
    }
    look(model);
}

/// Notes whether the end of the text is on the screen; done after whatever may have moved it.
pub(crate) fn look(model: &mut Model) {
    let Some(dialog) = &model.dialog else { return };
    let place = place(model, dialog);
    let loaded = match &dialog.ask {
        Ask::Bulk(ask) => ask.plan.is_some(),
        Ask::Form(form) => !form.counting(),
        ask => dialog.target().is_some() || !matches!(ask, Ask::Purge(_) | Ask::Revoke(_)),
    };
    let seen = loaded && place.text.height > 0 && dialog.scroll >= place.end();
    if let Some(dialog) = &mut model.dialog {
        dialog.scroll = dialog.scroll.min(place.end());
        dialog.read |= seen;
    }
}

fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    match dialog.focus {
        Spot::Button(press) => return self::press(model, press),
        Spot::Field(at) if matches!(&dialog.ask, Ask::Form(_)) => return form::enter(model, at),
        Spot::Tick => {
            if let Ask::Purge(ask) = &mut dialog.ask {
                ask.refresh_after = !ask.refresh_after;
            }
        }
        // an answer destroys nothing: Enter goes to the next question, and behind the last one it is sent
        Spot::Field(_) if matches!(&dialog.ask, Ask::Answer(ask) if ask.complete()) => {
            return self::press(model, Press::Confirm);
        }
        Spot::Field(at) if matches!(&dialog.ask, Ask::Answer(ask) if at + 1 < ask.answers.len() && !ask.answers[at].text().is_empty()) =>
        {
            walk(model, 1);
        }
        Spot::Field(_) if enter_cancels(dialog) => close(model),
        Spot::Field(_) => {
            let armed = dialog
                .buttons()
                .iter()
                .any(|b| b.press == Press::Confirm && b.armed);
            let unread = !dialog.read;
            let words = match (armed, unread) {
                (false, false) if matches!(&dialog.ask, Ask::Bulk(ask) if ask.wants_reason()) => {
                    "Not armed: it wants a reason; Tab goes to its field."
                }
                (true, _) => "Tab goes to the button, Enter there presses it.",
                (false, true) => {
                    "Not armed: scroll to the end of what is listed first (Down, PgDn)."
                }
                (false, false) => "Not armed: the words are not complete.",
            };
            model.say(Tone::Plain, words);
        }
    }
    vec![]
}

pub(super) fn press(model: &mut Model, press: Press) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    match press {
        Press::Cancel => {
            close(model);
            return vec![];
        }
        Press::PurgeFirst => {
            let Ask::Revoke(ask) = &dialog.ask else {
                return vec![];
            };
            let id = ask.id.clone();
            return purge(model, id);
        }
        Press::Confirm | Press::Choose(_) if matches!(&dialog.ask, Ask::Form(_)) => {
            return form::send(model, press);
        }
        Press::Confirm | Press::Choose(_) => {}
    }
    if let Ask::Refresh(ask) = &mut dialog.ask
        && ask.outlook.is_none()
    {
        ask.hurry = true;
        return vec![];
    }
    let armed = dialog
        .buttons()
        .iter()
        .any(|b| b.press == Press::Confirm && b.armed);
    if armed { confirm(model) } else { vec![] }
}

fn confirm(model: &mut Model) -> Vec<Effect> {
    let Some(dialog) = model.dialog.take() else {
        return vec![];
    };
    let effect = match dialog.ask {
        Ask::Refresh(ask) => Effect::Refresh(ask.id),
        // marks go with those that will be left out, so that their outcome is kept too; a user's are found
        Ask::Refreshes(ask) if ask.user.is_none() => Effect::Refreshes(ask.ids),
        Ask::Refreshes(ask) => Effect::Refreshes(ask.preview.map(|p| p.sent()).unwrap_or_default()),
        Ask::Bulk(ask) => {
            let Some(plan) = ask.plan else { return vec![] };
            let reason = ask.reason.text().trim().to_owned();
            Effect::ApplyBulk {
                act: ask.act,
                plan: plan.head.id,
                words: ask.typed.text().to_owned(),
                reason,
            }
        }
        Ask::Purge(ask) => {
            let Some(plan) = ask.plan else { return vec![] };
            Effect::Purge {
                id: ask.id,
                words: ask.typed.text().to_owned(),
                plan: plan.id,
                fingerprint: plan.fingerprint,
                refresh_after: ask.refresh_after,
            }
        }
        Ask::Revoke(ask) => {
            let Some(plan) = ask.plan else { return vec![] };
            Effect::Revoke {
                id: ask.id,
                words: plan.words().to_owned(),
                plan: plan.id,
                fingerprint: plan.fingerprint,
                reason: ask.reason.text().trim().to_owned(),
            }
        }
        Ask::Answer(ask) => {
            let mut ask = ask;
            let answers = ask.answers.iter_mut().map(Field::take_secret).collect();
            Effect::Answer {
                job: ask.job,
                answers,
            }
        }
        Ask::Changed(ask) => {
            return match ask.action {
                Action::Purge => purge(model, ask.id),
                Action::Revoke => revoke(model, ask.id),
                _ => refresh(model),
            };
        }
        Ask::Unmark(_) => {
            model.list.marks.clear();
            return vec![];
        }
        Ask::Quit(_) => return vec![Effect::Quit],
        Ask::NoPurge(_) | Ask::Outcomes(_) | Ask::Form(_) => return vec![],
    };
    model.sent += 1;
    vec![effect]
}
