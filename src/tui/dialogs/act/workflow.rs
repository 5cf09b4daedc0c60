//! A workflow of several acts: what goes and in which order, and then its steps as they are done.

use crate::domain::act::{OneConnection, Plan, Standing, WholeUser};
use crate::domain::counts::stored_data;
use crate::domain::ids::ConnectionId;
use crate::domain::job::StepStatus;
use crate::tui::dialogs::{Scene, entry, headless};
use crate::tui::panes::jobs::cells::step_role;
use crate::tui::panes::messages::Tone;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands, wrap};

const LISTED: usize = 40;

pub(super) fn content(rows: &mut Vec<Row>, plan: &Plan, scene: Scene) {
    rows.push(vec![]);
    if let Some(one) = plan.detail.one() {
        moved(rows, one, scene);
    }
    if let Some(user) = plan.detail.user() {
        erased(rows, plan, user, scene);
    }
    let words = "it resumes by itself at the next step";
    entry(rows, "if interrupted", words, Role::Text, scene);
    let head = &plan.head;
    let subject = match (&head.connection, &head.user) {
        (Some(id), _) => id.to_string(),
        (None, Some(user)) => format!("--user {user}"),
        (None, None) => String::new(),
    };
    let reason = if plan.needs_reason() {
        " --reason R"
    } else {
        ""
    };
    let (command, words) = (head.kind.command(), plan.words());
    let command = format!("switchboard {command} {subject} --confirm \"{words}\"{reason}");
    headless(rows, &command, scene);
}

fn moved(rows: &mut Vec<Row>, one: &OneConnection, scene: Scene) {
    let stored = &one.stored;
    let data = stored_data(stored.accounts.len() as u64, stored.transactions);
    let goes = format!("{data} go for good");
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

fn erased(rows: &mut Vec<Row>, plan: &Plan, user: &WholeUser, scene: Scene) {
    for item in user.connections.iter().take(LISTED) {
        let target = &item.target;
        let figures = stored_data(item.accounts, item.transactions);
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
    if user.connections.len() > LISTED {
        rows.push(vec![text(format!(
            "  and {} more",
            user.connections.len() - LISTED
        ))]);
    }
    rows.push(vec![]);
    let stored: Vec<String> = user
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

fn rows_of(table: &str, n: u64) -> String {
    let words = table.replace('_', " ");
    match words.strip_suffix('s') {
        Some(one) => count(n, one),
        None => format!("{} {words}", thousands(n)),
    }
}

pub(super) fn progress(plan: &Plan, scene: Scene) -> Vec<Row> {
    let (words, role) = match plan.standing() {
        Standing::Open => (
            "Running; closing this window does not stop it.".to_owned(),
            Role::Busy,
        ),
        Standing::Done => ("Done.".to_owned(), Role::Good),
        Standing::Stopped => (format!("Stopped: {}", plan.head.result), Role::Failed),
    };
    let mut rows = wrap(&words, scene.wide, role);
    rows.push(vec![]);
    for (n, step) in plan.steps.iter().enumerate() {
        let status = plan.step_status(n);
        let (sign, act) = (scene.signs.step(status), step.act.word());
        let target = ConnectionId::from(step.target.as_str());
        let role = if status == StepStatus::Failed {
            Role::Failed
        } else {
            Role::Text
        };
        rows.push(vec![
            span(format!("  {sign} {} {act:<12}", n + 1), step_role(status)),
            span(format!("{}  ", target.short()), Role::Dim),
            span(&step.why, role),
        ]);
    }
    let command = format!("switchboard sequence {}", plan.head.id.short());
    headless(&mut rows, &command, scene);
    rows
}

/// How it ended, for a message; none while it is open.
pub(crate) fn said(plan: &Plan) -> Option<(Tone, String)> {
    let (kind, steps) = (plan.head.kind.word(), plan.steps.len());
    match plan.standing() {
        Standing::Open => None,
        Standing::Done => Some((Tone::Good, format!("{kind} is done, all {steps} steps."))),
        Standing::Stopped => {
            let words = format!("{kind} has stopped: {}", plan.head.result);
            Some((Tone::Bad, words))
        }
    }
}
