//! Workflows of several acts: a connection moves to open banking, a user is erased. What goes and in which
//! order, the words that arm it, and then its steps as they are done. What was begun resumes by itself,
//! whatever becomes of this screen.

use super::field::FormField;
use super::{
    Button, Form, Press, Question, Reply, Scene, counting, entry, headless, not_planned, row_title,
};
use crate::domain::act::{ActKind, Plan, Selection, Standing};
use crate::domain::job::StepStatus;
use crate::domain::views::ConnectionRow;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::panes::jobs::cells::step_role;
use crate::tui::panes::messages::Tone;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands, wrap};

/// Places of the fields.
const WORDS: usize = 0;
const REASON: usize = 1;

/// Most connections listed.
const LISTED: usize = 40;

#[derive(Debug)]
struct Ending {
    /// The connection under the cursor when it opened.
    row: ConnectionRow,
    kind: ActKind,
    /// What was counted; none until it was, and never when it is not possible.
    plan: Option<Box<Plan>>,
    /// How far it is, once it was ordered.
    under_way: Option<Box<Plan>>,
}

/// The dialog. An erasure needs a reason.
pub(super) fn of(row: ConnectionRow, kind: ActKind) -> (Box<dyn Question>, Form, Effect) {
    let form = Form::counting(vec![
        FormField::arming("words"),
        FormField::text("reason", "", kind == ActKind::Migrate),
    ]);
    let selection = selection(kind, &row);
    let effect = Effect::Plan { kind, selection };
    let question = Ending {
        row,
        kind,
        plan: None,
        under_way: None,
    };
    (Box::new(question), form, effect)
}

fn selection(kind: ActKind, row: &ConnectionRow) -> Selection {
    match kind {
        ActKind::Migrate => Selection::One(row.id.clone()),
        _ => Selection::User(row.user.clone()),
    }
}

impl Ending {
    /// Whether this is what the dialog is about.
    fn concerns(&self, plan: &Plan) -> bool {
        let head = &plan.head;
        head.kind == self.kind && head.user.as_ref() == Some(&self.row.user)
    }
}

impl Question for Ending {
    fn title(&self) -> Row {
        match self.kind {
            ActKind::Migrate => row_title("Move to open banking", &self.row),
            _ => vec![
                span("Erase user  ", Role::Title),
                span(self.row.user.short(), Role::Dim),
            ],
        }
    }

    fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        if let Some(it) = &self.under_way {
            return progress(it, scene);
        }
        let says = match self.kind {
            ActKind::Migrate => {
                "DELETES WHAT WAS FETCHED, REVOKES, THEN CONNECTS ANEW. No undo. The user has to authorise it at the bank afterwards."
            }
            _ => {
                "DELETES ALL THAT WAS FETCHED OF THIS USER, AT EVERY BANK, AND ENDS EVERY CONNECTION. No undo. The user's own record stays."
            }
        };
        let mut rows = wrap(says, scene.wide, Role::Danger);
        rows.push(vec![]);
        let Some(plan) = &self.plan else {
            if form.refused.is_none() {
                rows.extend(counting());
            }
            return rows;
        };
        moved(&mut rows, plan, scene);
        erased(&mut rows, plan, scene);
        let words = "it resumes by itself at the next step";
        entry(&mut rows, "if interrupted", words, Role::Text, scene);
        let (subject, reason) = match self.kind {
            ActKind::Migrate => (self.row.id.to_string(), ""),
            _ => (format!("--user {}", self.row.user), " --reason R"),
        };
        let (command, words) = (self.kind.command(), plan.words());
        let command = format!("switchboard {command} {subject} --confirm \"{words}\"{reason}");
        headless(&mut rows, &command, scene);
        rows
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        if form.fields.is_empty() {
            return vec![Button::cancel("Close")];
        }
        let typed = form.text(WORDS);
        let matches = self.plan.as_ref().is_some_and(|p| p.armed_by(typed));
        let armed = form.read && matches && form.complete();
        vec![Button::destroy(verb(self.kind), armed), form.cancel()]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        self.plan.clone().map_or(Reply::Stay, |plan| {
            Reply::Submit(Order::Apply {
                plan,
                words: form.text(WORDS).to_owned(),
                reason: form.text(REASON).trim().to_owned(),
                refresh_after: false,
            })
        })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::Planned(plan) if self.concerns(plan) => {
                let words = format!("Type  {}  to enable {}: ", plan.words(), verb(self.kind));
                form.fields[WORDS].caption = words;
                form.fields[REASON].caption = "Reason for the audit log: ".into();
                self.plan = Some(plan.clone());
            }
            Event::NotPlanned { reason, .. }
                if not_planned(event, self.kind, &selection(self.kind, &self.row)) =>
            {
                form.refused = Some(reason.clone());
                form.fields.clear();
            }
            Event::WorkflowMoved(plan) if self.concerns(plan) => {
                form.sending = None;
                form.fields.clear();
                self.under_way = Some(plan.clone());
            }
            _ => return Reply::Stay,
        }
        form.counted(None);
        Reply::Renew
    }
}

fn verb(kind: ActKind) -> &'static str {
    if kind == ActKind::Migrate {
        "Move"
    } else {
        "Erase"
    }
}

fn moved(rows: &mut Vec<Row>, plan: &Plan, scene: Scene) {
    let Some(stored) = plan.detail.one().map(|one| &one.stored) else {
        return;
    };
    let goes = format!(
        "{}, {} go for good",
        count(stored.accounts.len() as u64, "account"),
        count(stored.transactions, "transaction")
    );
    entry(rows, "1 purge", &goes, Role::Danger, scene);
    entry(
        rows,
        "2 revoke",
        "the web connection ends, its sign-in and open jobs with it",
        Role::Warning,
        scene,
    );
    entry(
        rows,
        "3 connect",
        "a new one by open banking waits until the user authorises it at the bank (O plays that)",
        Role::Text,
        scene,
    );
}

fn erased(rows: &mut Vec<Row>, plan: &Plan, scene: Scene) {
    let Some(whole) = plan.detail.user() else {
        return;
    };
    for item in whole.connections.iter().take(LISTED) {
        let target = &item.target;
        let figures = format!(
            "{}, {}",
            count(item.accounts, "account"),
            count(item.transactions, "transaction")
        );
        rows.push(vec![
            span(
                format!(
                    "  {} {:<9}",
                    scene.signs.label(target.label),
                    target.label.word()
                ),
                Role::of(target.label),
            ),
            span(format!("{}  ", target.id.short()), Role::Dim),
            text(&target.institution_name),
            span(format!("  {figures}"), Role::Dim),
        ]);
        let way = item.way.words();
        hanging(rows, text("      "), way, Role::Dim, scene.wide);
    }
    if whole.connections.len() > LISTED {
        rows.push(vec![text(format!(
            "  and {} more",
            whole.connections.len() - LISTED
        ))]);
    }
    rows.push(vec![]);
    let stored: Vec<String> = whole
        .rows
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(table, n)| rows_of(table, *n))
        .collect();
    let stored = if stored.is_empty() {
        "nothing".into()
    } else {
        stored.join(", ")
    };
    entry(rows, "stored now", &stored, Role::Text, scene);
    let steps: Vec<&str> = plan.steps.iter().map(|step| step.act.word()).collect();
    entry(rows, "in this order", &steps.join(", "), Role::Text, scene);
}

/// So many rows of a table, in words.
fn rows_of(table: &str, n: u64) -> String {
    let words = table.replace('_', " ");
    match words.strip_suffix('s') {
        Some(one) => count(n, one),
        None => format!("{} {words}", thousands(n)),
    }
}

/// The steps of what was ordered, as they are done.
fn progress(it: &Plan, scene: Scene) -> Vec<Row> {
    let (words, role) = match it.standing() {
        Standing::Open => (
            "Running; closing this window does not stop it.".to_owned(),
            Role::Busy,
        ),
        Standing::Done => ("Done.".to_owned(), Role::Good),
        Standing::Stopped => (format!("Stopped: {}", it.head.result), Role::Failed),
    };
    let mut rows = wrap(&words, scene.wide, role);
    rows.push(vec![]);
    for (n, step) in it.steps.iter().enumerate() {
        let (status, tail) = (it.step_status(n), step.connection());
        rows.push(vec![
            span(
                format!(
                    "  {} {} {:<12}",
                    scene.signs.step(status),
                    n + 1,
                    step.act.word()
                ),
                step_role(status),
            ),
            span(format!("{}  ", tail.short()), Role::Dim),
            span(
                step.why.as_str(),
                if status == StepStatus::Failed {
                    Role::Failed
                } else {
                    Role::Text
                },
            ),
        ]);
    }
    headless(
        &mut rows,
        &format!("switchboard sequence {}", it.head.id.short()),
        scene,
    );
    rows
}

/// How it ended, for a message; none while it is open.
pub(crate) fn said(it: &Plan) -> Option<(Tone, String)> {
    let (kind, steps) = (it.head.kind.word(), it.steps.len());
    match it.standing() {
        Standing::Open => None,
        Standing::Done => Some((Tone::Good, format!("{kind} is done, all {steps} steps."))),
        Standing::Stopped => Some((Tone::Bad, format!("{kind} has stopped: {}", it.head.result))),
    }
}
