//! Workflows of several acts: a connection moves to open banking, a user is erased. What goes and in which
//! order, the words that arm it, and then its steps as they are done. What was begun resumes by itself,
//! whatever becomes of this screen.

use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless, row_title};
use crate::domain::ending::{ErasePlan, MigratePlan};
use crate::domain::job::StepStatus;
use crate::domain::sequence::{Kind, Sequence, Standing};
use crate::domain::views::ConnectionRow;
use crate::tui::effect::{Effect, EndingPlan, Order};
use crate::tui::event::{EndingNews, Event};
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
    kind: Kind,
    /// What was counted; none until it was, and never when it is not possible.
    plan: Option<Box<EndingPlan>>,
    /// How far it is, once it was ordered.
    under_way: Option<Box<Sequence>>,
}

/// The dialog. An erasure needs a reason.
pub(super) fn of(row: ConnectionRow, kind: Kind) -> (Box<dyn Question>, Form, Effect) {
    let form = Form::counting(vec![
        FormField::arming("words"),
        FormField::text("reason", "", kind == Kind::Migrate),
    ]);
    let effect = Effect::PlanEnding {
        kind,
        id: row.id.clone(),
        user: row.user.clone(),
    };
    let question = Ending {
        row,
        kind,
        plan: None,
        under_way: None,
    };
    (Box::new(question), form, effect)
}

impl Ending {
    /// Whether this is what the dialog asked for.
    fn concerns(&self, news: &EndingNews) -> bool {
        let (row, kind) = (&self.row, self.kind);
        match news {
            EndingNews::Planned(plan) => match &**plan {
                EndingPlan::Migrate(plan) => kind == Kind::Migrate && plan.target.id == row.id,
                EndingPlan::Erase(plan) => kind == plan.kind && plan.user == row.user,
            },
            EndingNews::Impossible(of, user, _) => *of == kind && *user == row.user,
            EndingNews::Moved(it) => it.kind == kind && it.user == row.user,
        }
    }
}

impl Question for Ending {
    fn title(&self) -> Row {
        match self.kind {
            Kind::Migrate => row_title("Move to open banking", &self.row),
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
            Kind::Migrate => {
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
        match &**plan {
            EndingPlan::Migrate(plan) => moved(&mut rows, plan, scene),
            EndingPlan::Erase(plan) => erased(&mut rows, plan, scene),
        }
        let words = "it resumes by itself at the next step";
        entry(&mut rows, "if interrupted", words, Role::Text, scene);
        let (subject, reason) = match self.kind {
            Kind::Migrate => (self.row.id.to_string(), ""),
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
        let typed = form.text(WORDS).trim();
        let matches = self.plan.as_ref().is_some_and(|p| p.words() == typed);
        let armed = form.read && matches && form.complete();
        vec![Button::destroy(verb(self.kind), armed), form.cancel()]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        self.plan.clone().map_or(Reply::Stay, |plan| {
            Reply::Submit(Order::End {
                plan,
                reason: form.text(REASON).trim().to_owned(),
            })
        })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::Ending(news) if !self.concerns(news) => return Reply::Stay,
            Event::Ending(EndingNews::Planned(plan)) => {
                let words = format!("Type  {}  to enable {}: ", plan.words(), verb(self.kind));
                form.fields[WORDS].caption = words;
                form.fields[REASON].caption = "Reason for the audit log: ".into();
                self.plan = Some(plan.clone());
            }
            Event::Ending(EndingNews::Impossible(_, _, reason)) => {
                form.refused = Some(reason.clone());
                form.fields.clear();
            }
            Event::Ending(EndingNews::Moved(it)) => {
                form.sending = None;
                form.fields.clear();
                self.under_way = Some(it.clone());
            }
            _ => return Reply::Stay,
        }
        form.counted(None);
        Reply::Renew
    }
}

fn verb(kind: Kind) -> &'static str {
    if kind == Kind::Migrate {
        "Move"
    } else {
        "Erase"
    }
}

fn moved(rows: &mut Vec<Row>, plan: &MigratePlan, scene: Scene) {
    let stored = &plan.stored;
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

fn erased(rows: &mut Vec<Row>, plan: &ErasePlan, scene: Scene) {
    for item in plan.items.iter().take(LISTED) {
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
    if plan.items.len() > LISTED {
        rows.push(vec![text(format!(
            "  and {} more",
            plan.items.len() - LISTED
        ))]);
    }
    rows.push(vec![]);
    let stored: Vec<String> = plan
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
fn progress(it: &Sequence, scene: Scene) -> Vec<Row> {
    let (words, role) = match it.standing() {
        Standing::Open => (
            "Running; closing this window does not stop it.".to_owned(),
            Role::Busy,
        ),
        Standing::Done => ("Done.".to_owned(), Role::Good),
        Standing::Stopped => (format!("Stopped: {}", it.result), Role::Failed),
    };
    let mut rows = wrap(&words, scene.wide, role);
    rows.push(vec![]);
    for (n, step) in it.steps.iter().enumerate() {
        let tail = crate::domain::ids::ConnectionId::from(step.target.as_str());
        rows.push(vec![
            span(
                format!(
                    "  {} {} {:<12}",
                    scene.signs.step(step.status),
                    n + 1,
                    step.act.word()
                ),
                step_role(step.status),
            ),
            span(format!("{}  ", tail.short()), Role::Dim),
            span(
                step.note.as_deref().unwrap_or(""),
                if step.status == StepStatus::Failed {
                    Role::Failed
                } else {
                    Role::Text
                },
            ),
        ]);
    }
    headless(
        &mut rows,
        &format!("switchboard sequence {}", it.id.short()),
        scene,
    );
    rows
}

/// How it ended, for a message; none while it is open.
pub(crate) fn said(it: &Sequence) -> Option<(Tone, String)> {
    let (kind, steps) = (it.kind.word(), it.steps.len());
    match it.standing() {
        Standing::Open => None,
        Standing::Done => Some((Tone::Good, format!("{kind} is done, all {steps} steps."))),
        Standing::Stopped => Some((Tone::Bad, format!("{kind} has stopped: {}", it.result))),
    }
}
