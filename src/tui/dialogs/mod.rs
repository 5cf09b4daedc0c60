//! Questions asked before something is done. A dialog is state in the model; it holds what it is aimed
//! at as it was when it opened, and asks again when that changed.
//!
//! # What arms a button
//! Purge and revoke are sent by two keys, Tab and Enter, after their words were typed, after the text
//! was seen to its end, and not in the first moments. A plain refresh deletes nothing and two of them
//! are one job, so its Enter is taken at once, and held until the outlook is there.

pub(crate) mod answer;
pub(crate) mod bulk;
pub(crate) mod confirm;
pub(crate) mod conflict;
pub(crate) mod events;
pub(crate) mod form;
pub(crate) mod outcomes;
pub(crate) mod purge;
pub(crate) mod purge_unavailable;
pub(crate) mod refresh;
pub(crate) mod refreshes;
pub(crate) mod revoke;
pub(crate) mod update;
pub(crate) mod view;

use crate::domain::act::Target;
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::tui::action::Action;
use crate::tui::glyphs::Signs;
use crate::tui::layer::Layer;
use crate::tui::role::Role;
use crate::tui::terminal::key::Key;
use crate::tui::terminal::paste_guard::ArmDelay;
use crate::tui::widgets::canvas::{Row, Span, span, text, wrap};
use crate::tui::widgets::field::Field;

/// Below so many cells captions have no column of their own.
const NARROW: usize = 44;

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// Refresh one.
    Refresh(refresh::Refresh),
    /// Refresh several.
    Refreshes(refreshes::Refreshes),
    /// Purge one.
    Purge(purge::Purge),
    /// Purge or revoke several.
    Bulk(bulk::Bulk),
    /// What came of an act on several.
    Outcomes(outcomes::Outcomes),
    /// Why a purge is not possible.
    NoPurge(purge_unavailable::NoPurge),
    /// Revoke one.
    Revoke(revoke::Revoke),
    /// Something changed before sending.
    Changed(conflict::Changed),
    /// Answer the bank.
    Answer(answer::Answer),
    /// Something with fields to fill in.
    Form(Box<form::Form>),
    /// Quit with orders on their way.
    Quit(usize),
    /// Clear many marks.
    Unmark(usize),
}

/// Something in a dialog that can have the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// A field to type in.
    Field(usize),
    /// A box to tick.
    Tick,
    /// A button.
    Button(Press),
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Do it.
    Confirm,
    /// Leave it.
    Cancel,
    /// Go to the purge of the same connection.
    PurgeFirst,
    /// One of several answers, by its place.
    Choose(usize),
}

/// A button as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Button {
    /// What it does.
    pub(crate) press: Press,
    /// Its words.
    pub(crate) words: String,
    /// Whether it can be pressed.
    pub(crate) armed: bool,
    /// Whether it destroys.
    pub(crate) destroys: bool,
}

/// What content needs to be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    /// The signs of this terminal.
    pub(crate) signs: Signs,
    /// The world's time.
    pub(crate) now: Moment,
    /// Cells there are.
    pub(crate) wide: usize,
}

/// An open dialog.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// What is asked.
    pub(crate) ask: Ask,
    /// Keeps out keys that were on their way before it was there, or before its text was.
    pub(crate) arm: ArmDelay,
    /// What has the keys.
    pub(crate) focus: Spot,
    /// Rows scrolled away.
    pub(crate) scroll: usize,
    /// Whether the end of its text was on the screen.
    pub(crate) read: bool,
}

impl Dialog {
    /// A dialog that opens now; `last` is the key that opened it.
    pub(crate) fn new(ask: Ask, at: u64, last: Option<(u64, Key)>) -> Self {
        let arm = ArmDelay::new(at, last);
        let mut dialog = Self {
            ask,
            arm,
            focus: Spot::Button(Press::Cancel),
            scroll: 0,
            read: false,
        };
        dialog.focus = dialog.first();
        dialog
    }

    /// Whether its Enter may come at once: nothing is deleted, and two of them are one job.
    pub(crate) fn harmless(&self) -> bool {
        matches!(&self.ask, Ask::Refresh(ask) if ask.plain())
    }

    /// Where the keys go at first: to the field, to what Enter may do, else to Cancel.
    pub(crate) fn first(&self) -> Spot {
        match &self.ask {
            Ask::Bulk(ask) if bulk::fields(ask).is_empty() => Spot::Button(Press::Cancel),
            Ask::Purge(_) | Ask::Revoke(_) | Ask::Bulk(_) | Ask::Answer(_) => Spot::Field(0),
            Ask::Refresh(refresh) if refresh.plain() => Spot::Button(Press::Confirm),
            Ask::Form(form) => form.first(),
            _ => Spot::Button(Press::Cancel),
        }
    }

    /// The layer of its keys.
    pub(crate) fn layer(&self) -> Layer {
        if self.spots().iter().any(|s| matches!(s, Spot::Field(_))) {
            Layer::Typed
        } else {
            Layer::Dialog
        }
    }

    /// What Tab walks, in order.
    pub(crate) fn spots(&self) -> Vec<Spot> {
        if let Ask::Form(form) = &self.ask {
            return form.spots(self.read);
        }
        let fields = self.fields().len();
        let buttons = self
            .buttons()
            .into_iter()
            .filter(|b| b.armed)
            .map(|b| Spot::Button(b.press));
        let tick = matches!(self.ask, Ask::Purge(_)).then_some(Spot::Tick);
        // A second field is a remark; the one that arms comes first and the buttons follow it. All that has
        // to be filled in comes before them.
        let (first, rest) = if matches!(self.ask, Ask::Answer(_) | Ask::Bulk(_)) {
            (fields, fields)
        } else {
            (fields.min(1), fields)
        };
        (0..first)
            .map(Spot::Field)
            .chain(buttons)
            .chain(tick)
            .chain((first..rest).map(Spot::Field))
            .collect()
    }

    /// Whether it waits to hear what this action would do to this connection.
    pub(crate) fn waits_for(&self, action: Action, id: &ConnectionId) -> bool {
        match &self.ask {
            Ask::Refresh(ask) => {
                action == Action::Refresh && ask.id == *id && ask.outlook.is_none()
            }
            Ask::Refreshes(ask) => {
                action == Action::Refresh && ask.preview.is_none() && ask.ids.contains(id)
            }
            Ask::Purge(ask) => action == Action::Purge && ask.id == *id && ask.plan.is_none(),
            Ask::Revoke(ask) => action == Action::Revoke && ask.id == *id && ask.plan.is_none(),
            _ => false,
        }
    }

    /// Its title.
    pub(crate) fn title(&self) -> Vec<Span> {
        match &self.ask {
            Ask::Refresh(ask) => {
                target_title("Refresh", &ask.id, ask.outlook.as_ref().map(|o| &o.target))
            }
            Ask::Refreshes(ask) => ask.title(),
            Ask::Bulk(ask) => {
                vec![span(
                    format!(
                        "{}  {} marked connections",
                        outcomes::verb(ask.act),
                        ask.ids.len()
                    ),
                    Role::Title,
                )]
            }
            Ask::Outcomes(ask) => {
                let (act, tally) = (ask.plan.head.act, ask.plan.tally());
                vec![span(
                    format!(
                        "{}  {} marked: {}",
                        outcomes::verb(act),
                        tally.total(),
                        tally.words()
                    ),
                    Role::Title,
                )]
            }
            Ask::Purge(ask) => {
                target_title("Purge data", &ask.id, ask.plan.as_ref().map(|p| &p.target))
            }
            Ask::NoPurge(ask) => vec![
                span("Purge is not possible  ", Role::Title),
                span(format!("{}  ", ask.row.id.short()), Role::Dim),
                text(&ask.row.institution_name),
            ],
            Ask::Revoke(ask) => {
                target_title("Revoke", &ask.id, ask.plan.as_ref().map(|p| &p.target))
            }
            Ask::Changed(ask) => vec![span(
                format!("Stopped before sending  {}", ask.id.short()),
                Role::Title,
            )],
            Ask::Answer(ask) => vec![span(
                format!("The bank asks  job {}", ask.job.short()),
                Role::Title,
            )],
            Ask::Form(form) => form.title(),
            Ask::Quit(_) => vec![span("Quit", Role::Title)],
            Ask::Unmark(_) => vec![span("Clear marks", Role::Title)],
        }
    }

    /// The rows that scroll.
    pub(crate) fn content(&self, scene: Scene) -> Vec<Row> {
        match &self.ask {
            Ask::Refresh(ask) => refresh::content(ask, scene),
            Ask::Refreshes(ask) => refreshes::content(ask, scene),
            Ask::Bulk(ask) => bulk::content(ask, scene),
            Ask::Outcomes(ask) => outcomes::content(ask, scene),
            Ask::Purge(ask) => purge::content(ask, scene),
            Ask::NoPurge(ask) => purge_unavailable::content(ask, scene),
            Ask::Revoke(ask) => revoke::content(ask, scene),
            Ask::Changed(ask) => conflict::content(ask, scene),
            Ask::Answer(ask) => answer::content(ask, scene),
            Ask::Form(form) => form.content(scene),
            Ask::Quit(sent) => confirm::quit(*sent, scene),
            Ask::Unmark(marks) => confirm::unmark(*marks, scene),
        }
    }

    /// The fields, each with its caption and whether what is typed is hidden.
    pub(crate) fn fields(&self) -> Vec<(String, &Field, bool)> {
        match &self.ask {
            Ask::Bulk(ask) => bulk::fields(ask),
            Ask::Purge(ask) => purge::fields(ask),
            Ask::Revoke(ask) => revoke::fields(ask),
            Ask::Answer(ask) => answer::fields(ask),
            _ => vec![],
        }
    }

    /// The field with the keys.
    pub(crate) fn field_mut(&mut self) -> Option<&mut Field> {
        let Spot::Field(at) = self.focus else {
            return None;
        };
        match (&mut self.ask, at) {
            (Ask::Purge(ask), _) => Some(&mut ask.typed),
            (Ask::Bulk(ask), 0) => Some(&mut ask.typed),
            (Ask::Bulk(ask), _) => Some(&mut ask.reason),
            (Ask::Revoke(ask), 0) => Some(&mut ask.typed),
            (Ask::Revoke(ask), _) => Some(&mut ask.reason),
            (Ask::Answer(ask), at) => ask.answers.get_mut(at),
            (Ask::Form(form), at) => form.field_mut(at),
            _ => None,
        }
    }

    /// The buttons from left to right.
    pub(crate) fn buttons(&self) -> Vec<Button> {
        let cancel = |words: &str| Button {
            press: Press::Cancel,
            words: words.into(),
            armed: true,
            destroys: false,
        };
        let confirm = |words: String, armed, destroys| Button {
            press: Press::Confirm,
            words,
            armed,
            destroys,
        };
        match &self.ask {
            Ask::Refresh(ask) => vec![
                confirm("y  Refresh".into(), ask.outlook.is_some(), false),
                cancel("n  Cancel"),
            ],
            Ask::Refreshes(ask) => {
                let n = ask.preview.as_ref().map_or(0, |p| p.sent().len());
                vec![
                    confirm(format!("y  Refresh {n}"), n > 0, false),
                    cancel("n  Cancel"),
                ]
            }
            Ask::Bulk(ask) => vec![
                confirm(ask.button(), self.read && ask.matches(), true),
                cancel("Cancel"),
            ],
            Ask::Outcomes(_) => vec![cancel("Close")],
            Ask::Purge(ask) => vec![
                confirm("Purge".into(), self.read && ask.matches(), true),
                cancel("Cancel"),
            ],
            Ask::Revoke(ask) => {
                let mut buttons = vec![
                    confirm("Revoke".into(), self.read && ask.matches(), true),
                    cancel("Cancel"),
                ];
                if ask.door_closes() {
                    let words = "g  Purge first".into();
                    buttons.push(Button {
                        press: Press::PurgeFirst,
                        words,
                        armed: true,
                        destroys: false,
                    });
                }
                buttons
            }
            Ask::Changed(_) => vec![
                confirm("y  Show the new plan".into(), true, false),
                cancel("n  Cancel"),
            ],
            Ask::Answer(ask) => vec![
                confirm("Send".into(), ask.complete(), false),
                cancel("Cancel"),
            ],
            Ask::Form(form) => form.buttons(self.read),
            Ask::NoPurge(_) => vec![cancel("Close")],
            Ask::Quit(_) => vec![confirm("y  Quit".into(), true, false), cancel("n  Stay")],
            Ask::Unmark(_) => vec![
                confirm("y  Clear them".into(), true, false),
                cancel("n  Keep them"),
            ],
        }
    }

    /// The connection it is aimed at, with the version it was looked at.
    pub(crate) fn target(&self) -> Option<&Target> {
        match &self.ask {
            Ask::Refresh(ask) => ask.outlook.as_ref().map(|o| &o.target),
            Ask::Purge(ask) => ask.plan.as_ref().map(|p| &p.target),
            Ask::Revoke(ask) => ask.plan.as_ref().map(|p| &p.target),
            _ => None,
        }
    }
}

fn target_title(verb: &str, id: &ConnectionId, target: Option<&Target>) -> Vec<Span> {
    let mut title = vec![
        span(format!("{verb}  "), Role::Title),
        span(id.short(), Role::Dim),
    ];
    if let Some(target) = target {
        title.push(text("  "));
        title.push(Span {
            text: Shown::of_limited(&target.institution_name, 60).cut(30),
            role: Role::Text,
        });
        title.push(span(format!(" ({})", target.method.words()), Role::Dim));
    }
    title
}

/// A caption of 16 cells and a text that goes on under itself; on a narrow screen one after the other.
pub(super) fn entry(rows: &mut Vec<Row>, caption: &str, words: &str, role: Role, scene: Scene) {
    if scene.wide < NARROW {
        let colon = if caption.is_empty() { "" } else { ": " };
        let lines = wrap(
            &format!("{caption}{colon}{words}"),
            scene.wide.saturating_sub(2),
            role,
        );
        rows.extend(
            lines
                .into_iter()
                .map(|line| [vec![text("  ")], line].concat()),
        );
        return;
    }
    for (i, line) in wrap(words, scene.wide.saturating_sub(18), role)
        .into_iter()
        .enumerate()
    {
        let mut row = vec![span(
            format!("  {:<16}", if i == 0 { caption } else { "" }),
            Role::Dim,
        )];
        row.extend(line);
        rows.push(row);
    }
}

/// The command that does the same.
pub(super) fn headless(rows: &mut Vec<Row>, command: &str, scene: Scene) {
    rows.push(vec![]);
    entry(rows, "headless", command, Role::Dim, scene);
}

/// What stands there until the figures come.
pub(super) fn counting() -> Vec<Row> {
    vec![vec![span("Looking ...", Role::Dim)]]
}
