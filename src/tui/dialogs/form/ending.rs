//! Endings of several acts: a connection moves to open banking, a user is erased. What goes and in which
//! order, the words that arm it, and then its steps as they are done. What was begun is gone on with by
//! itself, whatever becomes of this screen.

use super::input::Input;
use super::{Form, What};
use crate::domain::ending::{ErasePlan, MigratePlan};
use crate::domain::job::StepStatus;
use crate::domain::sequence::{Kind, Sequence, Standing};
use crate::domain::views::ConnectionRow;
use crate::tui::dialogs::{Scene, counting, entry, headless};
use crate::tui::effect::Effect;
use crate::tui::panes::jobs::view::step_role;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, Span, count, span, text, thousands, wrap};

/// Places of the fields.
const WORDS: usize = 0;
const REASON: usize = 1;

/// Most connections listed.
const LISTED: usize = 40;

/// What was counted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plan {
    /// A move to open banking.
    Migrate(MigratePlan),
    /// The end of all that is stored of a user.
    Erase(ErasePlan),
}

impl Plan {
    /// The words that arm it.
    pub(crate) fn words(&self) -> String {
        match self {
            Plan::Migrate(plan) => plan.words(),
            Plan::Erase(plan) => plan.words(),
        }
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    /// The connection under the cursor when it opened.
    pub(crate) row: ConnectionRow,
    /// What for.
    pub(crate) kind: Kind,
    /// What was counted; none until it was, and never when it is not possible.
    pub(crate) plan: Option<Box<Plan>>,
    /// How far it is, once it was ordered.
    pub(crate) under_way: Option<Box<Sequence>>,
}

/// The form. An erasure needs a reason.
pub(crate) fn form(row: ConnectionRow, kind: Kind) -> Form {
    let inputs = vec![
        Input::text("words", "", false),
        Input::text("reason", "", kind == Kind::Migrate),
    ];
    Form::new(
        What::Ending(Ending {
            row,
            kind,
            plan: None,
            under_way: None,
        }),
        inputs,
    )
}

impl Ending {
    /// Whether exactly the words were typed.
    pub(super) fn matches(&self, inputs: &[Input]) -> bool {
        self.plan
            .as_ref()
            .is_some_and(|plan| plan.words() == inputs[WORDS].words().trim())
    }

    /// What its button says.
    pub(super) fn verb(&self) -> &'static str {
        if self.kind == Kind::Migrate {
            "Move"
        } else {
            "Erase"
        }
    }

    pub(super) fn title(&self) -> Vec<Span> {
        match self.kind {
            Kind::Migrate => super::password::about("Move to open banking", &self.row),
            _ => vec![
                span("Erase user  ", Role::Title),
                span(self.row.user.short(), Role::Dim),
            ],
        }
    }

    pub(super) fn content(&self, form: &Form, scene: Scene) -> Vec<Row> {
        if let Some(it) = &self.under_way {
            return progress(it, scene);
        }
        let says = match self.kind {
            Kind::Migrate => {
                "DELETES WHAT WAS FETCHED, REVOKES, THEN CONNECTS ANEW. No undo. The user has to agree at the bank afterwards."
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
            Plan::Migrate(plan) => moved(&mut rows, plan, scene),
            Plan::Erase(plan) => erased(&mut rows, plan, scene),
        }
        entry(
            &mut rows,
            "if cut off",
            "what was begun is gone on with by itself, step by step",
            Role::Text,
            scene,
        );
        let (subject, reason) = match self.kind {
            Kind::Migrate => (self.row.id.to_string(), ""),
            _ => (format!("--user {}", self.row.user), " --reason R"),
        };
        let twin = format!(
            "switchboard {} {subject} --confirm \"{}\"{reason}",
            self.kind.command(),
            plan.words()
        );
        headless(&mut rows, &twin, scene);
        rows.push(vec![]);
        rows.push(vec![
            text("Type  "),
            span(plan.words(), Role::HintKey),
            text("  to arm the button."),
        ]);
        rows
    }

    pub(super) fn order(&self, form: &Form) -> Option<Effect> {
        let plan = self.plan.clone()?;
        Some(Effect::End {
            plan,
            reason: form.inputs[REASON].words().trim().to_owned(),
        })
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
        "a new one by open banking waits for the user's agreement (O plays it)",
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
        rows.extend(
            wrap(item.way.words(), scene.wide.saturating_sub(6), Role::Dim)
                .into_iter()
                .map(|line| {
                    let mut row = vec![text("      ")];
                    row.extend(line);
                    row
                }),
        );
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
            "Under way; closing this stops nothing.".to_owned(),
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

/// How many steps are left, for a message.
pub(crate) fn said(it: &Sequence) -> String {
    match it.standing() {
        Standing::Open => {
            format!(
                "{} is under way: {} of {} steps done.",
                it.kind.word(),
                it.current().unwrap_or(0),
                it.steps.len()
            )
        }
        Standing::Done => format!("{} is done, all {} steps.", it.kind.word(), it.steps.len()),
        Standing::Stopped => format!("{} has stopped: {}", it.kind.word(), it.result),
    }
}
