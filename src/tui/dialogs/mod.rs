//! Questions asked before something is done; a dialog asks again when what it is aimed at changed.
//! What destroys takes typed words, text seen to its end, and Tab and Enter after the first moments.
//! A harmless refresh takes Enter at once.

pub(crate) mod act;
pub(crate) mod answer;
pub(crate) mod authorise;
pub(crate) mod conflict;
pub(crate) mod connect;
pub(crate) mod field;
mod handle;
mod hold;
mod invite;
mod link;
pub(crate) mod password;
pub(crate) mod place;
pub(crate) mod purge_unavailable;
pub(crate) mod start;
pub(crate) mod stop;
pub(crate) mod update;
pub(crate) mod view;
pub(crate) mod views;
pub(crate) mod yes_no;

use crate::domain::act::{ActKind, Objection, Target};
use crate::domain::connection::Method;
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::secret::Secret;
use crate::domain::text::Shown;
use crate::domain::zone::Zone;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Order, OrderId};
use crate::tui::event::Event;
use crate::tui::glyphs::Signs;
use crate::tui::layer::Layer;
use crate::tui::role::Role;
use crate::tui::terminal::key::Key;
use crate::tui::terminal::paste_guard::ArmDelay;
use crate::tui::widgets::canvas::{Row, Span, hanging, span, text};
use field::FormField;
use std::fmt::Debug;

/// Below so many cells captions have no column of their own.
const NARROW: usize = 44;

pub(crate) trait Question: Debug {
    fn title(&self) -> Row;

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row>;

    /// From left to right.
    fn buttons(&self, form: &Form) -> Vec<Button>;

    /// What has to be done when it is closed without what it was for.
    fn given_up(&self, _form: &Form) -> Option<Effect> {
        None
    }

    /// What speaks against doing it with what was typed so far.
    fn objection(&self, _form: &Form) -> Option<Objection> {
        None
    }

    /// An armed button other than Cancel was pressed.
    fn press(&mut self, _form: &mut Form, _press: Press) -> Reply {
        Reply::Close
    }

    fn hear(&mut self, _form: &mut Form, _event: &Event) -> Reply {
        Reply::Stay
    }

    /// Something was done in a field; true when it had a use for it.
    fn edit(&mut self, _fields: &mut [FormField], _at: usize, _edit: Edit) -> bool {
        false
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    Typed,
    Left,
    Turned(isize),
}

#[derive(Debug)]
pub(crate) enum Reply {
    Stay,
    /// The text changed: it has to be read again, and the keys are kept out for a moment.
    Renew,
    Close,
    Send(Order),
    /// Send this, and stay open until it was answered.
    Submit(Order),
    Ask(Effect),
    Replace(Box<dyn Question>),
    /// The dialog of this act for this connection takes the place of this one.
    Open(ActKind, ConnectionId),
    Press(Press),
    ClearMarks,
    /// Open the dialog of this action after all.
    Start(Action),
    Quit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    Field(usize),
    Button(Press),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    Confirm,
    Cancel,
    /// One of several answers, by its place.
    Choose(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    pub(crate) press: Press,
    pub(crate) words: String,
    /// The letter that presses it wherever the letter is not text.
    pub(crate) key: Option<char>,
    pub(crate) armed: bool,
    pub(crate) destroys: bool,
}

impl Button {
    fn new(press: Press, words: impl Into<String>) -> Self {
        Self {
            press,
            words: words.into(),
            key: None,
            armed: true,
            destroys: false,
        }
    }

    pub(crate) fn confirm(words: impl Into<String>, armed: bool) -> Self {
        Self {
            armed,
            ..Self::new(Press::Confirm, words)
        }
    }

    pub(crate) fn destroy(words: impl Into<String>, armed: bool) -> Self {
        Self {
            destroys: true,
            ..Self::confirm(words, armed)
        }
    }

    pub(crate) fn cancel(words: &str) -> Self {
        Self::new(Press::Cancel, words)
    }

    pub(crate) fn choose(at: usize, words: &str, key: Option<char>) -> Self {
        Self {
            key,
            ..Self::new(Press::Choose(at), words)
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    pub(crate) signs: Signs,
    pub(crate) now: Moment,
    pub(crate) zone: Zone,
    pub(crate) wide: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Form {
    pub(crate) fields: Vec<FormField>,
    /// With the version that was looked at.
    pub(crate) target: Option<Target>,
    /// Whether its figures are not there yet.
    pub(crate) counting: bool,
    /// Whether Enter may come at once: nothing is deleted, and two of them are one job.
    pub(crate) harmless: bool,
    pub(crate) refused: Option<String>,
    /// The order it sent and waits for.
    pub(crate) sending: Option<OrderId>,
    /// Whether the end of its text was on the screen.
    pub(crate) read: bool,
}

impl Form {
    pub(crate) fn with(fields: Vec<FormField>) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    pub(crate) fn counting(fields: Vec<FormField>) -> Self {
        Self {
            counting: true,
            ..Self::with(fields)
        }
    }

    pub(crate) fn counted(&mut self, target: Option<Target>) {
        self.target = target;
        self.counting = false;
    }

    pub(crate) fn text(&self, at: usize) -> &str {
        self.fields.get(at).map_or("", FormField::words)
    }

    /// Taken out; nothing is left in the form.
    pub(crate) fn secret(&mut self, at: usize) -> Secret {
        self.fields
            .get_mut(at)
            .and_then(FormField::field_mut)
            .map(|field| field.take_secret())
            .unwrap_or_default()
    }

    pub(crate) fn complete(&self) -> bool {
        self.sending.is_none() && !self.fields.iter().any(FormField::missing)
    }

    /// The button that leaves the dialog; what was sent is not taken back.
    pub(crate) fn cancel(&self) -> Button {
        Button::cancel(if self.sending.is_some() {
            "Close"
        } else {
            "Cancel"
        })
    }

    pub(crate) fn blank(&self) -> bool {
        self.fields
            .iter()
            .all(|field| field.field().is_none_or(|field| field.text().is_empty()))
    }
}

#[derive(Debug)]
pub(crate) struct Dialog {
    pub(crate) question: Box<dyn Question>,
    pub(crate) form: Form,
    /// Keeps out keys that were on their way before it was there, or before its text was.
    pub(crate) arm: ArmDelay,
    pub(crate) focus: Spot,
    pub(crate) scroll: usize,
}

impl Dialog {
    pub(crate) fn new(
        question: Box<dyn Question>,
        form: Form,
        at: u64,
        last: Option<(u64, Key)>,
    ) -> Self {
        let mut dialog = Self {
            question,
            form,
            arm: ArmDelay::new(at, last),
            focus: Spot::Button(Press::Cancel),
            scroll: 0,
        };
        dialog.focus = dialog.first();
        dialog
    }

    /// Where the keys go at first: to what has to be filled in, to what Enter may do, else to Cancel.
    pub(crate) fn first(&self) -> Spot {
        let fields = &self.form.fields;
        let missing = fields.iter().position(FormField::missing);
        match missing.or((!fields.is_empty()).then_some(0)) {
            Some(at) => Spot::Field(at),
            None if self.form.harmless => Spot::Button(Press::Confirm),
            None => Spot::Button(Press::Cancel),
        }
    }

    pub(crate) fn layer(&self) -> Layer {
        if self.form.fields.is_empty() {
            Layer::Dialog
        } else {
            Layer::Typed
        }
    }

    pub(crate) fn buttons(&self) -> Vec<Button> {
        self.question.buttons(&self.form)
    }

    pub(crate) fn armed(&self, press: Press) -> bool {
        self.buttons().iter().any(|b| b.press == press && b.armed)
    }

    /// Whether this button of it destroys.
    pub(crate) fn destroying(&self, press: Press) -> bool {
        self.buttons()
            .iter()
            .any(|b| b.press == press && b.destroys)
    }

    /// Whether its button destroys, so that Enter in a field does not press it.
    pub(crate) fn destroys(&self) -> bool {
        self.buttons().iter().any(|b| b.destroys)
    }

    /// What Tab walks, in order: fields, buttons, and then fields that are only remarks.
    pub(crate) fn spots(&self) -> Vec<Spot> {
        let fields = |remarks: bool| {
            let fields = self.form.fields.iter().enumerate();
            fields.filter_map(move |(at, f)| (f.remark == remarks).then_some(Spot::Field(at)))
        };
        let buttons = self.buttons().into_iter().filter(|b| b.armed);
        fields(false)
            .chain(buttons.map(|b| Spot::Button(b.press)))
            .chain(fields(true))
            .collect()
    }

    /// Whether Enter leaves things as they are now.
    pub(crate) fn enter_cancels(&self) -> bool {
        match self.focus {
            Spot::Button(press) => press == Press::Cancel,
            Spot::Field(at) => self.form.blank() && !self.form.fields[at].is_tick(),
        }
    }
}

fn connection_title(verb: &str, id: &ConnectionId, bank: Option<(&str, Method)>) -> Row {
    let mut title = vec![
        span(format!("{verb}  "), Role::Title),
        span(id.short(), Role::Dim),
    ];
    if let Some((name, method)) = bank {
        title.push(text("  "));
        title.push(Span {
            text: Shown::of_limited(name, 60).cut(30),
            role: Role::Text,
        });
        title.push(span(format!(" ({})", method.words()), Role::Dim));
    }
    title
}

fn row_title(verb: &str, row: &ConnectionRow) -> Row {
    connection_title(verb, &row.id, Some((&row.institution_name, row.method)))
}

fn entry(rows: &mut Vec<Row>, caption: &str, words: &str, role: Role, scene: Scene) {
    if scene.wide < NARROW {
        let colon = if caption.is_empty() { "" } else { ": " };
        let words = format!("{caption}{colon}{words}");
        return hanging(rows, text("  "), &words, role, scene.wide);
    }
    let head = format!("  {caption:<16}");
    hanging(rows, span(head, Role::Dim), words, role, scene.wide);
}

fn headless(rows: &mut Vec<Row>, command: &str, scene: Scene) {
    rows.push(vec![]);
    entry(rows, "headless", command, Role::Dim, scene);
}

/// The first of these ids, and how many more there are.
fn short_ids(ids: &[ConnectionId]) -> String {
    const NAMED: usize = 8;
    let mut names: Vec<String> = ids
        .iter()
        .take(NAMED)
        .map(|id| id.short().to_string())
        .collect();
    if ids.len() > NAMED {
        names.push(format!("and {} more", ids.len() - NAMED));
    }
    names.join(", ")
}

fn counting() -> Vec<Row> {
    vec![vec![span("Looking ...", Role::Dim)]]
}
