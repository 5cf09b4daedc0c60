//! A note about connections, taking them on, and putting them off. What the file knows of them is read first, so that the
//! same key gives back what is one's own and ends what is put off.

use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, connection_title, entry, headless};
use crate::domain::counts::count;
use crate::domain::handling::{LONGEST_NOTE, note_fits};
use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;
use crate::domain::secret::Secret;
use crate::domain::time_format;
use crate::domain::until::Until;
use crate::tui::action::Action;
use crate::tui::deeds;
use crate::tui::effect::{Handle, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, span, wrap};

/// The text of a note, and the time until which something is put off.
const FIRST: usize = 0;
const REASON: usize = 1;

/// For how long something is put off when nothing else is typed.
const USUAL: &str = "1d";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Note,
    Take,
    Snooze,
}

impl What {
    pub(super) fn of(action: Action) -> Option<Self> {
        match action {
            Action::Note => Some(What::Note),
            Action::Take => Some(What::Take),
            Action::Snooze => Some(What::Snooze),
            _ => None,
        }
    }
}

#[derive(Debug)]
struct Handling {
    what: What,
    of: Vec<ConnectionId>,
    /// Who is at the keys.
    me: String,
    rows: Vec<ConnectionRow>,
    /// Whether the key ends what it began before.
    ends: bool,
}

pub(super) fn handling(what: What, of: Vec<ConnectionId>, me: &str) -> (Box<dyn Question>, Form) {
    let fields = match what {
        What::Note => vec![FormField::private("note", false)],
        What::Take => vec![],
        What::Snooze => vec![
            FormField::text("until", USUAL, false),
            FormField::text("reason", "", true),
        ],
    };
    let question = Handling {
        what,
        of,
        me: me.to_owned(),
        rows: vec![],
        ends: false,
    };
    (Box::new(question), Form::counting(fields))
}

impl Handling {
    /// How many of them somebody else has, and one of those.
    fn others(&self) -> (u64, &str) {
        let by = |row: &'_ ConnectionRow| row.handling.taken_by.clone();
        let other = |row: &&ConnectionRow| by(row).is_some_and(|by| by != self.me);
        let first = self.rows.iter().find(other);
        let name = first.and_then(|row| row.handling.taken_by.as_deref());
        let many = self.rows.iter().filter(other).count() as u64;
        (many, name.unwrap_or(""))
    }

    /// How it would be done with what is typed now; none while that is not possible.
    fn how(&self, form: &Form) -> Option<Handle> {
        Some(match (self.what, self.ends) {
            (What::Note, _) => Handle::Note(Secret::new(form.text(FIRST).trim())),
            (What::Take, true) => Handle::GiveBack,
            (What::Take, false) => Handle::Take {
                from_others: self.others().0 > 0,
            },
            (What::Snooze, true) => Handle::Wake,
            (What::Snooze, false) => Handle::Snooze {
                until: Until::parse(form.text(FIRST)).ok()?,
                reason: form.text(REASON).trim().to_owned(),
            },
        })
    }

    fn note(&self, rows: &mut Vec<Row>, form: &Form, scene: Scene) {
        let says = "It is kept encrypted, shown in the profile and the time line, and deleted by a purge. It is in no line of the audit.";
        rows.extend(wrap(says, scene.wide, Role::Text));
        let text = form.text(FIRST);
        if !text.is_empty() && !note_fits(&Secret::new(text)) {
            let wrong = format!("a note is one line of 1 to {LONGEST_NOTE} characters");
            entry(rows, "not kept", &wrong, Role::Warning, scene);
        }
    }

    fn take(&self, rows: &mut Vec<Row>, scene: Scene) {
        let says = match self.ends {
            true => "You have taken it on. Given back, it is anybody's.",
            false => "Others see that you work on it. Nothing is asked of the bank.",
        };
        rows.extend(wrap(says, scene.wide, Role::Text));
        let (others, by) = self.others();
        if others > 0 && !self.ends {
            let since = self.rows.iter().find_map(|row| {
                let by_them = row.handling.taken_by.as_deref() == Some(by);
                row.handling.taken.filter(|_| by_them)
            });
            let since = since.map_or_else(String::new, |at| {
                format!(", {}", time_format::since(at, scene.now, scene.zone))
            });
            let has = match others {
                1 => format!("{by} has taken it on{since}. Talk to them first."),
                n => format!("others have taken on {n} of them, {by} too. Talk to them first."),
            };
            entry(rows, "taken", &has, Role::Warning, scene);
        }
    }

    fn snooze(&self, rows: &mut Vec<Row>, form: &Form, scene: Scene) {
        if self.ends {
            let says = "It is put off. Ended now, it counts among those that need someone again.";
            rows.extend(wrap(says, scene.wide, Role::Text));
            return;
        }
        let says = "It leaves the count of those that need someone until then, or until its status changes. Nothing is asked of the bank.";
        rows.extend(wrap(says, scene.wide, Role::Text));
        rows.push(vec![]);
        match Until::parse(form.text(FIRST)) {
            Ok(until) => {
                if let Some(at) = until.from(scene.now, scene.zone) {
                    let left = time_format::until(at, scene.now);
                    let words = format!("{} ({left})", scene.zone.full(at));
                    entry(rows, "until", &words, Role::Text, scene);
                }
            }
            Err(wrong) => entry(rows, "until", &wrong, Role::Warning, scene),
        }
        let calm = self.rows.iter().filter(|row| !needs(row)).count() as u64;
        if calm > 0 {
            let words = format!("{calm} of them need nobody now");
            entry(rows, "left alone", &words, Role::Dim, scene);
        }
    }
}

/// Whether there is something to put off.
fn needs(row: &ConnectionRow) -> bool {
    row.attention || row.handling.snoozed.is_some()
}

impl Question for Handling {
    fn title(&self) -> Row {
        let verb = match (self.what, self.ends) {
            (What::Note, _) => "Note",
            (What::Take, false) => "Take on",
            (What::Take, true) => "Give back",
            (What::Snooze, false) => "Put off",
            (What::Snooze, true) => "End of putting off",
        };
        match (self.of.as_slice(), self.rows.first()) {
            ([id], row) => {
                let bank = row.map(|row| (row.institution_name.as_str(), row.method));
                connection_title(verb, id, bank)
            }
            (some, _) => vec![
                span(format!("{verb}  "), Role::Title),
                span(count(some.len() as u64, "connection"), Role::Text),
            ],
        }
    }

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        let mut rows = vec![];
        match self.what {
            What::Note => self.note(&mut rows, form, scene),
            What::Take => self.take(&mut rows, scene),
            What::Snooze => self.snooze(&mut rows, form, scene),
        }
        if let Some(how) = self.how(form) {
            let command = format!("switchboard {}", deeds::handle(&self.of, &how));
            headless(&mut rows, &command, scene);
        }
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let ready = !form.counting && form.sending.is_none();
        let armed = ready && form.complete();
        let (words, armed) = match (self.what, self.ends) {
            (What::Note, _) => ("Keep", armed && note_fits(&Secret::new(form.text(FIRST)))),
            (What::Take, true) => ("y  Give back", ready),
            (What::Take, false) if self.others().0 > 0 => ("y  Take it from them", ready),
            (What::Take, false) => ("y  Take on", ready),
            (What::Snooze, true) => ("y  End it", ready),
            (What::Snooze, false) => {
                let some = self.rows.iter().any(needs);
                ("Put off", armed && some && self.how(form).is_some())
            }
        };
        let cancel = match form.fields.is_empty() {
            true => Button::cancel("n  Cancel"),
            false => form.cancel(),
        };
        vec![Button::confirm(words, armed), cancel]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        let Some(how) = self.how(form) else {
            return Reply::Stay;
        };
        if self.what == What::Note {
            // nothing of it is left in the form
            form.secret(FIRST);
        }
        let of = self.of.clone();
        Reply::Submit(Order::Handle { of, how })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        let Event::HandlingLoaded(rows) = event else {
            return Reply::Stay;
        };
        let asked = |row: &ConnectionRow| self.of.contains(&row.id);
        if !form.counting || !rows.iter().all(asked) {
            return Reply::Stay;
        }
        self.rows.clone_from(rows);
        let all = |is: &dyn Fn(&ConnectionRow) -> bool| !rows.is_empty() && rows.iter().all(is);
        self.ends = match self.what {
            What::Note => false,
            What::Take => all(&|row| row.handling.taken_by.as_deref() == Some(self.me.as_str())),
            What::Snooze => all(&|row| !row.attention && row.handling.snoozed.is_some()),
        };
        if self.ends {
            form.fields.clear();
        }
        form.harmless = self.what == What::Take && (self.ends || self.others().0 == 0);
        form.counted(None);
        match self.what {
            // what is being typed is not disturbed
            What::Note => Reply::Stay,
            What::Take | What::Snooze => Reply::Renew,
        }
    }
}
