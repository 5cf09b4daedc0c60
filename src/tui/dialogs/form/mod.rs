//! Questions with fields to fill in, or with more than one way to answer. A form stays open until its
//! order was taken; what a rule has against it stands inside it.
//!
//! # Secrets
//! What is typed into a hidden field is wiped with the field, and leaves it as a `Secret` the moment the
//! form is sent: a refused form has to be given its password again.

pub(crate) mod authorise;
pub(crate) mod connect;
pub(crate) mod ending;
pub(crate) mod events;
pub(crate) mod input;
pub(crate) mod password;
pub(crate) mod view;

use super::refreshes::Refreshes;
use super::{Ask, Button, Dialog, Press, Scene, Spot, update};
use crate::domain::secret::Secret;
use crate::domain::sequence::Kind;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use crate::tui::terminal::key::{Code, Key};
use crate::tui::widgets::canvas::{Row, Span};
use crate::tui::widgets::field::Field;
use input::{Input, Value};

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// A new password.
    Password(password::Password),
    /// How the user's visit to the bank ended.
    Visit(authorise::Visit),
    /// A new connection.
    Connect(connect::Connect),
    /// Several acts that end something.
    Ending(ending::Ending),
}

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// What it is for.
    pub(crate) what: What,
    /// What is filled in.
    pub(crate) inputs: Vec<Input>,
    /// What a rule had against it.
    pub(crate) refused: Option<String>,
    /// Whether it was sent and not answered yet.
    pub(crate) sending: bool,
}

impl Form {
    /// A form that was not sent.
    pub(crate) fn new(what: What, inputs: Vec<Input>) -> Self {
        Self {
            what,
            inputs,
            refused: None,
            sending: false,
        }
    }

    /// Where the keys go at first.
    pub(crate) fn first(&self) -> Spot {
        let empty = self.inputs.iter().position(|input| input.missing());
        let at = empty.or_else(|| (!self.inputs.is_empty()).then_some(0));
        at.map_or(Spot::Button(Press::Cancel), Spot::Field)
    }

    /// What Tab walks, in order.
    pub(crate) fn spots(&self, read: bool) -> Vec<Spot> {
        let buttons = self
            .buttons(read)
            .into_iter()
            .filter(|b| b.armed)
            .map(|b| Spot::Button(b.press));
        let fields = if self.over() { 0 } else { self.inputs.len() };
        (0..fields).map(Spot::Field).chain(buttons).collect()
    }

    /// Its title.
    pub(crate) fn title(&self) -> Vec<Span> {
        match &self.what {
            What::Password(ask) => ask.title(),
            What::Visit(ask) => ask.title(),
            What::Connect(_) => connect::title(),
            What::Ending(ask) => ask.title(),
        }
    }

    /// The rows that scroll.
    pub(crate) fn content(&self, scene: Scene) -> Vec<Row> {
        match &self.what {
            What::Password(ask) => ask.content(scene),
            What::Visit(ask) => ask.content(scene),
            What::Connect(ask) => ask.content(self, scene),
            What::Ending(ask) => ask.content(self, scene),
        }
    }

    /// The buttons from left to right; `read` says whether the end of the text was on the screen.
    pub(crate) fn buttons(&self, read: bool) -> Vec<Button> {
        let button = |press, words: &str, armed| Button {
            press,
            words: words.into(),
            armed,
            destroys: false,
        };
        let mut buttons = match &self.what {
            _ if self.over() => vec![],
            What::Ending(ask) => {
                vec![Button {
                    destroys: true,
                    ..button(Press::Confirm, ask.verb(), read && self.complete())
                }]
            }
            What::Password(_) => vec![button(Press::Confirm, "Send", self.complete())],
            What::Connect(_) => vec![button(Press::Confirm, "Connect", self.complete())],
            What::Visit(_) => {
                let ends = authorise::BUTTONS.into_iter().filter(|_| !self.sending);
                ends.map(|(n, words)| button(Press::Choose(n), words, true))
                    .collect()
            }
        };
        buttons.push(button(
            Press::Cancel,
            if self.sending || self.over() {
                "Close"
            } else {
                "Cancel"
            },
            true,
        ));
        buttons
    }

    /// Whether nothing is missing and it was not sent.
    pub(crate) fn complete(&self) -> bool {
        let armed = match &self.what {
            What::Ending(ask) => ask.matches(&self.inputs),
            What::Password(_) | What::Visit(_) | What::Connect(_) => true,
        };
        armed && !self.sending && !self.inputs.iter().any(Input::missing)
    }

    /// Whether there is nothing more to ask: what was ordered is under way, or cannot be.
    pub(crate) fn over(&self) -> bool {
        let What::Ending(ask) = &self.what else {
            return false;
        };
        ask.under_way.is_some() || (ask.plan.is_none() && self.refused.is_some())
    }

    /// Whether what it is about was not counted yet.
    pub(crate) fn counting(&self) -> bool {
        matches!(&self.what, What::Ending(ask) if ask.plan.is_none() && ask.under_way.is_none())
    }

    /// Whether nothing was typed at all.
    pub(crate) fn blank(&self) -> bool {
        self.inputs
            .iter()
            .all(|input| input.field().is_none_or(|field| field.text().is_empty()))
    }

    /// The text field at a place.
    pub(crate) fn field_mut(&mut self, at: usize) -> Option<&mut Field> {
        self.inputs.get_mut(at).and_then(Input::field_mut)
    }

    /// What was typed there, taken out; nothing is left in the form.
    pub(crate) fn secret(&mut self, at: usize) -> Secret {
        self.field_mut(at)
            .map(Field::take_secret)
            .unwrap_or_default()
    }

    /// The order it stands for; what is secret has left the form then.
    fn order(&mut self, press: Press) -> Option<Effect> {
        // the parts of one form are borrowed one after the other
        let what = self.what.clone();
        Some(match what {
            What::Password(ask) => ask.order(self),
            What::Visit(ask) => ask.order(press)?,
            What::Connect(ask) => ask.order(self),
            What::Ending(ask) => ask.order(self)?,
        })
    }
}

/// Opens the form of an action for the connection or the user under the cursor.
pub(crate) fn open(model: &mut Model, action: Action) -> Vec<Effect> {
    let row = model
        .target()
        .and_then(|id| model.line(&id))
        .map(|line| line.row.clone());
    match (action, row) {
        (Action::UpdateCredentials, Some(row)) => show(model, password::form(row)),
        (Action::Authorise, Some(row)) => show(model, authorise::form(row)),
        (Action::Connect, row) => {
            let user = row
                .or_else(|| model.selected().map(|line| line.row.clone()))
                .map(|row| row.user);
            show(
                model,
                connect::form(user.as_ref().map_or("", |user| user.as_str())),
            );
            return vec![Effect::LoadInstitutions];
        }
        (Action::Migrate | Action::Erase, Some(row)) => {
            let kind = if action == Action::Migrate {
                Kind::Migrate
            } else {
                Kind::Erase
            };
            let (id, user) = (row.id.clone(), row.user.clone());
            show(model, ending::form(row, kind));
            return vec![Effect::PlanEnding { kind, id, user }];
        }
        (Action::RefreshUser, Some(row)) => {
            let user = Some((row.user.clone(), 0));
            update::open(
                model,
                Ask::Refreshes(Refreshes {
                    asked: 0,
                    ids: vec![],
                    user,
                    preview: None,
                }),
            );
            return vec![Effect::ScoutUser(row.user)];
        }
        _ => {}
    }
    vec![]
}

fn show(model: &mut Model, form: Form) {
    update::open(model, Ask::Form(Box::new(form)));
}

/// The letter that presses a button of the open form, if this is one.
pub(crate) fn letter(dialog: &Dialog, key: Key) -> Option<Press> {
    let Ask::Form(form) = &dialog.ask else {
        return None;
    };
    let What::Visit(_) = &form.what else {
        return None;
    };
    authorise::letter(key).filter(|_| !form.sending)
}

/// Takes a key that means nothing else; false when the form has no use for it either.
pub(crate) fn key(model: &mut Model, key: Key) -> Option<Vec<Effect>> {
    let dialog = model.dialog.as_mut()?;
    if let Some(press) = letter(dialog, key) {
        return Some(send(model, press));
    }
    let (Ask::Form(form), Spot::Field(at)) = (&mut dialog.ask, dialog.focus) else {
        return None;
    };
    let input = form.inputs.get_mut(at)?;
    match &mut input.value {
        Value::Choice { .. } => match key.code {
            Code::Right | Code::Char(' ') => input.turn(1),
            Code::Left => input.turn(-1),
            _ => {}
        },
        Value::Text { field, .. } => {
            field.press(key);
            form.refused = None;
            if let What::Connect(ask) = &mut form.what {
                ask.typed(&mut form.inputs, at);
            }
        }
    }
    Some(vec![])
}

/// Text was pasted into the field with the keys.
pub(crate) fn paste(form: &mut Form, at: usize, text: &str) -> bool {
    // the words that arm an ending are typed by hand
    if at == 0 && matches!(form.what, What::Ending(_)) {
        return false;
    }
    let Some(field) = form.field_mut(at) else {
        return false;
    };
    field.insert(text);
    if let What::Connect(ask) = &mut form.what {
        ask.typed(&mut form.inputs, at);
    }
    true
}

/// Up and Down where they choose among offers instead of scrolling.
pub(crate) fn turn(dialog: &mut Dialog, by: isize) -> bool {
    let (Ask::Form(form), Spot::Field(at)) = (&mut dialog.ask, dialog.focus) else {
        return false;
    };
    match &mut form.what {
        What::Connect(ask) => ask.turn(&form.inputs, at, by),
        What::Password(_) | What::Visit(_) | What::Ending(_) => false,
    }
}

/// The keys leave a field: what was offered there is taken.
pub(crate) fn left(dialog: &mut Dialog) {
    let (Ask::Form(form), Spot::Field(at)) = (&mut dialog.ask, dialog.focus) else {
        return;
    };
    if let What::Connect(ask) = &mut form.what {
        ask.settle(&mut form.inputs, at);
    }
}

/// Enter in a field: on to the next, and behind the last one it is sent.
pub(crate) fn enter(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    left(dialog);
    let Ask::Form(form) = &dialog.ask else {
        return vec![];
    };
    if form.blank() {
        model.dialog = None;
        return vec![];
    }
    if matches!(form.what, What::Ending(_)) {
        let words = match (form.complete(), dialog.read) {
            (true, true) => "Tab goes to the button, Enter there presses it.",
            (_, false) => "Not armed: scroll to the end of what is listed first (Down, PgDn).",
            (false, _) => "Not armed: the words or the reason are not complete.",
        };
        model.say(Tone::Plain, words);
        return vec![];
    }
    if at + 1 < form.inputs.len() {
        dialog.focus = Spot::Field(at + 1);
        return vec![];
    }
    send(model, Press::Confirm)
}

/// Sends the form, if it is complete. It stays open until it is answered.
pub(crate) fn send(model: &mut Model, press: Press) -> Vec<Effect> {
    let Some(dialog) = &mut model.dialog else {
        return vec![];
    };
    left(dialog);
    let read = dialog.read;
    let Ask::Form(form) = &mut dialog.ask else {
        return vec![];
    };
    if matches!(form.what, What::Ending(_)) && !read {
        return vec![];
    }
    if !form.complete() {
        let missing = form
            .inputs
            .iter()
            .find(|input| input.missing())
            .map(|input| input.caption);
        if let Some(caption) = missing.filter(|_| !form.sending) {
            model.say(Tone::Plain, format!("Not sent: {caption} is missing."));
        }
        return vec![];
    }
    let Some(effect) = form.order(press) else {
        return vec![];
    };
    form.sending = true;
    form.refused = None;
    dialog.focus = Spot::Button(Press::Cancel);
    model.sent += 1;
    vec![effect]
}

/// The order was taken: the form has done its part.
pub(crate) fn taken(model: &mut Model) {
    model.sent = model.sent.saturating_sub(1);
    if model
        .dialog
        .as_ref()
        .is_some_and(|dialog| matches!(&dialog.ask, Ask::Form(form) if form.sending))
    {
        model.dialog = None;
    }
}

/// The order was refused: the reason stands in the form, or in a message when the form was closed.
pub(crate) fn refused(model: &mut Model, reason: String) {
    model.sent = model.sent.saturating_sub(1);
    match &mut model.dialog {
        Some(Dialog {
            ask: Ask::Form(form),
            focus,
            ..
        }) if form.sending => {
            form.sending = false;
            form.refused = Some(reason);
            *focus = form.first();
        }
        _ => model.say(Tone::Bad, format!("Refused: {reason}")),
    }
}
