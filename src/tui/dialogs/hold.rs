//! A hold: the refreshes of a bank or of chosen connections are kept back until a time. Where one is in force already,
//! the same key releases it.

use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, entry, headless};
use crate::domain::hold::Hold;
use crate::domain::until::Until;
use crate::tui::deeds;
use crate::tui::effect::{HoldOf, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, span, wrap};

const UNTIL: usize = 0;
const REASON: usize = 1;

/// How long a hold lasts when nothing else is typed.
const USUAL: &str = "2h";

#[derive(Debug)]
struct HoldBack {
    of: HoldOf,
    /// The one in force.
    hold: Option<Hold>,
}

pub(super) fn hold(of: HoldOf) -> (Box<dyn Question>, Form) {
    let fields = vec![
        FormField::text("until", USUAL, false),
        FormField::text("reason", "", true),
    ];
    (
        Box::new(HoldBack { of, hold: None }),
        Form::counting(fields),
    )
}

impl HoldBack {
    fn whom(&self) -> String {
        match &self.of {
            HoldOf::Bank(_, name) => name.clone(),
            HoldOf::Connections(ids) => count(ids.len() as u64, "connection"),
            HoldOf::Found(query) => format!("all of {}", query.text),
        }
    }

    fn command(&self, form: &Form) -> Option<String> {
        let until = Until::parse(form.text(UNTIL)).ok()?;
        let hold = deeds::hold(&self.of, &until, form.text(REASON).trim());
        Some(format!("switchboard {hold}"))
    }
}

impl Question for HoldBack {
    fn title(&self) -> Row {
        let verb = if self.hold.is_some() {
            "Release"
        } else {
            "Hold"
        };
        vec![
            span(format!("{verb}  "), Role::Title),
            span(self.whom(), Role::Text),
        ]
    }

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        if let Some(hold) = &self.hold {
            let says = hold.words(scene.zone, scene.now);
            let mut rows = wrap(&says, scene.wide, Role::Text);
            let then = "Released, what it kept back is due at once, within the limits.";
            rows.extend(wrap(then, scene.wide, Role::Text));
            let command = format!("switchboard release {}", hold.id.short());
            headless(&mut rows, &command, scene);
            return rows;
        }
        let says = "No refresh, retry or background turn begins until then. What runs is not stopped, and nothing is deleted.";
        let mut rows = wrap(says, scene.wide, Role::Text);
        rows.push(vec![]);
        let ends = match Until::parse(form.text(UNTIL)) {
            Ok(until) => until.from(scene.now, scene.zone).map(|at| {
                let left = crate::domain::time_format::until(at, scene.now);
                (format!("{} ({left})", scene.zone.full(at)), Role::Text)
            }),
            Err(wrong) => Some((wrong, Role::Warning)),
        };
        if let Some((words, role)) = ends {
            entry(&mut rows, "ends", &words, role, scene);
        }
        if let Some(command) = self.command(form) {
            headless(&mut rows, &command, scene);
        }
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        if self.hold.is_some() {
            let armed = form.sending.is_none();
            return vec![
                Button::confirm("y  Release", armed),
                Button::cancel("n  Leave it"),
            ];
        }
        let armed = form.complete() && !form.counting && Until::parse(form.text(UNTIL)).is_ok();
        vec![Button::confirm("Hold", armed), form.cancel()]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        if let Some(hold) = &self.hold {
            return Reply::Submit(Order::Release(hold.id.clone()));
        }
        match Until::parse(form.text(UNTIL)) {
            Ok(until) => Reply::Submit(Order::Hold {
                of: self.of.clone(),
                until,
                reason: form.text(REASON).trim().to_owned(),
            }),
            Err(_) => Reply::Stay,
        }
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::HoldLoaded { of, hold } if *of == self.of && form.counting => {
                self.hold.clone_from(hold);
                if hold.is_some() {
                    form.fields.clear();
                }
                form.counted(None);
                Reply::Renew
            }
            _ => Reply::Stay,
        }
    }
}
