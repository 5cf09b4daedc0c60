//! What keys and events do to an open dialog.

use super::place::place;
use super::start::{start_act, start_for};
use super::{Button, Dialog, Edit, Form, Press, Question, Reply, Spot};
use crate::domain::act::{Objection, Selection};
use crate::tui::action::Action;
use crate::tui::countdown;
use crate::tui::effect::{Effect, OrderId};
use crate::tui::event::Event;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::terminal::key::Key;
use crate::tui::terminal::paste_guard::ArmDelay;

pub(crate) fn open(model: &mut Model, question: Box<dyn Question>, form: Form) {
    model.over = None;
    model.dialog = Some(Dialog::new(question, form, model.at, model.last_key));
    note_read(model);
}

/// Not while still held from before the dialog, nor in its first moments when it confirms something.
pub(crate) fn admits(model: &mut Model, key: Key, action: Option<Action>) -> bool {
    let at = model.at;
    let Some(dialog) = &mut model.dialog else {
        return true;
    };
    let confirms = match action {
        Some(Action::DialogYes) => true,
        Some(Action::DialogPress) => matches!(
            dialog.focus,
            Spot::Button(Press::Confirm | Press::Choose(_))
        ),
        Some(_) => false,
        None => letter(dialog, key).is_some(),
    };
    let confirms = confirms && !dialog.form.harmless;
    dialog.arm.admits(at, key, confirms)
}

/// Whether a click would press a button of a dialog that was not there yet when the hand began to move.
pub(crate) fn too_soon(model: &Model, action: Action) -> bool {
    let presses = matches!(action, Action::DialogYes | Action::DialogPress);
    let dialog = model.dialog.as_ref().filter(|_| presses);
    dialog.is_some_and(|dialog| !dialog.arm.clicked(model.at))
}

/// A click on a field gives it the keys and turns a tick; on a button it is Enter there.
pub(crate) fn click(model: &mut Model, spot: Spot) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    match spot {
        Spot::Field(at) if at < dialog.form.fields.len() => {
            edited(dialog, Edit::Left);
            dialog.focus = spot;
            if dialog.form.fields[at].is_tick() {
                dialog.form.fields[at].press(Key::char(' '));
            }
            vec![]
        }
        Spot::Field(_) => vec![],
        // what destroys is pressed by a key alone; a click goes to it
        Spot::Button(pressed) if dialog.destroying(pressed) => {
            if dialog.armed(pressed) {
                dialog.focus = spot;
            }
            vec![]
        }
        Spot::Button(pressed) if pressed == Press::Cancel || dialog.arm.clicked(model.at) => {
            press(model, pressed)
        }
        Spot::Button(_) => vec![],
    }
}

fn letter(dialog: &Dialog, key: Key) -> Option<Press> {
    let typed = key.typed()?;
    let on_button = matches!(dialog.focus, Spot::Button(_));
    let named = |b: &Button| on_button && b.words.starts_with(&format!("{typed}  "));
    let mut buttons = dialog.buttons().into_iter();
    let pressed = buttons.find(|b| b.armed && (b.key == Some(typed) || named(b)));
    pressed.map(|button| button.press)
}

pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    match action {
        Action::Back | Action::DialogNo => return close(model),
        Action::DialogYes => return press(model, Press::Confirm),
        Action::DialogPress => return enter(model),
        Action::DialogNext => walk(dialog, 1),
        Action::DialogPrevious => walk(dialog, -1),
        Action::MoveDown | Action::MoveUp => {
            let by = if action == Action::MoveDown { 1 } else { -1 };
            if !edited(dialog, Edit::Turned(by)) {
                scroll(model, by);
            }
        }
        Action::PageDown | Action::PageUp => {
            let page = (model.dialog.as_ref())
                .map_or(1, |dialog| place(model, dialog).text.height.max(1))
                as isize;
            let down = action == Action::PageDown;
            scroll(model, if down { page } else { -page });
        }
        Action::MoveEnd => scroll(model, isize::MAX),
        Action::MoveTop => scroll(model, isize::MIN),
        _ => {}
    }
    vec![]
}

/// Closes the dialog without what it was for.
fn close(model: &mut Model) -> Vec<Effect> {
    let closed = model.dialog.take();
    let left = closed.and_then(|dialog| dialog.question.given_up(&dialog.form));
    left.into_iter().collect()
}

/// Takes a key that means nothing else: the letter of a button, else text for the field with the keys.
pub(crate) fn type_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    if let Some(pressed) = letter(dialog, key) {
        return press(model, pressed);
    }
    // text typed beside a field that is only a remark is that remark
    if let (Spot::Button(_), Some(_)) = (dialog.focus, key.typed()) {
        let remark = dialog.form.fields.iter().position(|field| field.remark);
        dialog.focus = remark.map_or(dialog.focus, Spot::Field);
    }
    if let Spot::Field(at) = dialog.focus
        && dialog.form.fields[at].press(key)
    {
        dialog.form.refused = None;
        edited(dialog, Edit::Typed);
    }
    vec![]
}

/// Takes pasted text. What arms a button has to be typed by hand.
pub(crate) fn paste(model: &mut Model, text: &str) {
    let said = match &mut model.dialog {
        Some(dialog) => match dialog.focus {
            Spot::Field(at) if dialog.form.fields[at].arms => {
                "Pasting is refused here: these words are typed by hand."
            }
            Spot::Field(at) if dialog.form.fields[at].field().is_some() => {
                let field = dialog.form.fields[at].field_mut();
                field.into_iter().for_each(|field| field.insert(text));
                edited(dialog, Edit::Typed);
                return;
            }
            _ => "Pasted text was dropped: nothing here takes text.",
        },
        None => return,
    };
    model.say(Tone::Bad, said);
}

fn edited(dialog: &mut Dialog, edit: Edit) -> bool {
    let Spot::Field(at) = dialog.focus else {
        return false;
    };
    dialog.question.edit(&mut dialog.form.fields, at, edit)
}

fn walk(dialog: &mut Dialog, by: isize) {
    edited(dialog, Edit::Left);
    let spots = dialog.spots();
    let at = spots.iter().position(|s| *s == dialog.focus).unwrap_or(0) as isize;
    if !spots.is_empty() {
        dialog.focus = spots[(at + by).rem_euclid(spots.len() as isize) as usize];
    }
}

pub(crate) fn scroll(model: &mut Model, by: isize) {
    let Some(dialog) = &model.dialog else { return };
    let end = place(model, dialog).end();
    if let Some(dialog) = &mut model.dialog {
        dialog.scroll = dialog.scroll.saturating_add_signed(by).min(end);
    }
    note_read(model);
}

/// Whether the end of the text is on the screen; done after whatever may have moved it.
pub(crate) fn note_read(model: &mut Model) {
    let Some(dialog) = &model.dialog else { return };
    let place = place(model, dialog);
    let seen = place.text.height > 0 && dialog.scroll >= place.end();
    if let Some(dialog) = &mut model.dialog {
        dialog.scroll = dialog.scroll.min(place.end());
        dialog.form.read |= seen && !dialog.form.counting;
    }
}

/// Presses the focused button. In a field it goes on, and sends from the last; where a button destroys it
/// only says what is missing.
fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    let at = match dialog.focus {
        Spot::Button(pressed) => return press(model, pressed),
        Spot::Field(at) => at,
    };
    edited(dialog, Edit::Left);
    let fields = &mut dialog.form.fields;
    let unanswered = fields[at].answers && fields[at].missing();
    let goes_on = at + 1 < fields.len() && !unanswered;
    if fields[at].is_tick() {
        fields[at].press(Key::char(' '));
    } else if dialog.enter_cancels() {
        return close(model);
    } else if dialog.destroys() {
        let words = if dialog.armed(Press::Confirm) {
            "Tab goes to the button, Enter there presses it."
        } else if !dialog.form.read {
            "Not armed: scroll to the end of the text first (Down, PgDn)."
        } else if dialog.question.objection(&dialog.form) == Some(Objection::Reason) {
            "Not armed: it wants a reason; Tab goes to its field."
        } else {
            "Not armed: the words are not complete."
        };
        model.say(Tone::Plain, words);
    } else if goes_on {
        dialog.focus = Spot::Field(at + 1);
    } else {
        return press(model, Press::Confirm);
    }
    vec![]
}

fn press(model: &mut Model, pressed: Press) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    if pressed == Press::Cancel {
        return close(model);
    }
    edited(dialog, Edit::Left);
    if !(dialog.armed(pressed) || dialog.form.harmless && dialog.form.counting) {
        let missing = dialog.form.fields.iter().find(|f| f.missing());
        let said = missing.map(|f| format!("Not sent: {} is missing.", f.caption.trim_end()));
        if let Some(said) = said.filter(|_| dialog.form.sending.is_none() && !dialog.destroys()) {
            model.say(Tone::Plain, said);
        }
        return vec![];
    }
    let reply = dialog.question.press(&mut dialog.form, pressed);
    follow(model, reply)
}

fn follow(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Stay => {}
        Reply::Renew => {
            let at = model.at;
            if let Some(dialog) = &mut model.dialog {
                dialog.form.read = false;
                dialog.focus = match dialog.focus {
                    Spot::Field(at) if at < dialog.form.fields.len() => Spot::Field(at),
                    _ => dialog.first(),
                };
                dialog.arm = ArmDelay::new(at, None);
            }
            note_read(model);
        }
        Reply::Close => model.dialog = None,
        Reply::Send(order) => {
            model.dialog = None;
            let at_once = countdown::begin(model, order);
            return at_once
                .map(|order| model.order(order))
                .into_iter()
                .collect();
        }
        Reply::Submit(order) => {
            let effect = model.order(order);
            if let (Some(dialog), Effect::Order(id, _)) = (&mut model.dialog, &effect) {
                dialog.form.sending = Some(*id);
                dialog.form.refused = None;
                dialog.focus = Spot::Button(Press::Cancel);
            }
            return vec![effect];
        }
        Reply::Ask(effect) => return vec![effect],
        Reply::Replace(question) => open(model, question, Form::default()),
        Reply::Open(kind, id) => return start_act(model, kind, Selection::One(id), None),
        Reply::Press(pressed) => {
            note_read(model);
            return press(model, pressed);
        }
        Reply::ClearMarks => {
            model.list.marks.clear();
            model.dialog = None;
        }
        Reply::Start(action) => {
            model.dialog = None;
            return start_for(model, action);
        }
        Reply::Quit => return vec![Effect::Quit],
    }
    vec![]
}

/// Tells an open dialog what happened; none when it has no use for it.
pub(crate) fn hear(model: &mut Model, event: &Event) -> Option<Vec<Effect>> {
    let dialog = model.dialog.as_mut()?;
    if let Event::Seen { seen, .. } = event
        && let Some(target) = dialog.form.target.as_ref()
        && seen.gone.contains(&target.id)
    {
        let words = format!("{} no longer exists; nothing was sent.", target.id.short());
        model.dialog = None;
        model.say(Tone::Bad, words);
        return None;
    }
    match dialog.question.hear(&mut dialog.form, event) {
        Reply::Stay => None,
        reply => Some(follow(model, reply)),
    }
}

pub(crate) fn answered(model: &mut Model, order: OrderId) {
    model.in_flight.remove(&order);
    if (model.dialog.as_ref()).is_some_and(|dialog| dialog.form.sending == Some(order)) {
        model.dialog = None;
    }
}

/// The reason stands in its dialog, or in a message when that was closed.
pub(crate) fn refused(model: &mut Model, order: OrderId, reason: String) {
    model.in_flight.remove(&order);
    match &mut model.dialog {
        Some(dialog) if dialog.form.sending == Some(order) => {
            dialog.form.sending = None;
            dialog.form.refused = Some(reason);
            dialog.focus = dialog.first();
        }
        _ => model.say(Tone::Bad, format!("Refused: {reason}")),
    }
}
