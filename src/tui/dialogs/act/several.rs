//! What an act on several will do and what it leaves out. The words to type hold the number.

use super::purgeable;
use crate::domain::act::{ActKind, Outcome, Plan, Selection, Step};
use crate::domain::connection::Label;
use crate::domain::counts::stored_data;
use crate::domain::time_format;
use crate::tui::dialogs::{Scene, entry, headless};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, span, text, thousands, width, wrap};

const NAMED: usize = 12;

/// How many the button sends. A refresh goes to those with an open job as well: that job is given back.
pub(super) fn sent(plan: &Plan) -> u64 {
    match plan.head.kind {
        ActKind::Refresh => plan.head.runs + plan.tally().count(Outcome::Deduplicated),
        _ => plan.head.runs,
    }
}

pub(super) fn content(rows: &mut Vec<Row>, plan: &Plan, selection: &Selection, scene: Scene) {
    let (head, refresh) = (&plan.head, plan.head.kind == ActKind::Refresh);
    if let Some(expires) = head.expires.filter(|_| !refresh) {
        let (id, made) = (head.id.short(), scene.zone.clock(head.made));
        let until = scene.zone.spoken(expires, scene.now);
        let counted = format!(
            "Plan {id}, counted at {made}; it holds until {until}. Each is counted again when it is its turn."
        );
        rows.extend(wrap(&counted, scene.wide, Role::Dim));
    }
    rows.push(vec![]);
    groups(rows, plan, scene);
    if plan.left_out > 0 {
        rows.push(vec![
            text(format!("{:>7}  ", thousands(plan.left_out))),
            span(format!("{:<13}", "left out"), Role::Dim),
            text("revoked, or its first job has not ended"),
        ]);
    }
    if sent(plan) == 0 {
        rows.push(vec![text("No connection can do that now; w tells why.")]);
        return;
    }
    rows.push(vec![]);
    if refresh {
        let mut pace = format!("{} at once per bank", plan.per_bank);
        if head.takes_ms > 0 {
            pace.push_str(&format!("; about {}", time_format::words(head.takes_ms)));
        }
        entry(rows, "pace", &pace, Role::Text, scene);
        warnings(rows, plan, scene);
    } else {
        figures(rows, plan, scene);
    }
    let banks = plan.banks.iter().take(8);
    let banks: Vec<String> = banks.map(|b| format!("{} {}", b.name, b.count)).collect();
    if !banks.is_empty() {
        entry(rows, "by bank", &banks.join(", "), Role::Text, scene);
    }
    let command = match (selection, refresh) {
        (Selection::User(user), _) => format!("switchboard refresh --user {user}"),
        (Selection::Found(query), true) => {
            format!("switchboard refresh --filter '{}'", query.text)
        }
        (_, true) => "switchboard refresh ID...  or  --filter F".to_owned(),
        (_, false) => {
            rows.push(vec![]);
            named(rows, plan);
            let reason = if plan.needs_reason() {
                " --reason \"why\""
            } else {
                ""
            };
            let (id, words) = (head.id.short(), plan.words());
            format!("switchboard apply {id} --confirm \"{words}\"{reason}")
        }
    };
    headless(rows, &command, scene);
}

fn warnings(rows: &mut Vec<Row>, plan: &Plan, scene: Scene) {
    let all = plan.warnings();
    let (named, rest) = all.split_at(all.len().min(4));
    for (warning, n) in named {
        let words = format!("{}: {warning}", thousands(*n));
        entry(rows, "warning", &words, Role::Warning, scene);
    }
    if !rest.is_empty() {
        let words = format!("and {} other warnings", rest.len());
        entry(rows, "warning", &words, Role::Warning, scene);
    }
}

fn figures(rows: &mut Vec<Row>, plan: &Plan, scene: Scene) {
    let figures = plan.tally().figures;
    let data = stored_data(figures.accounts, figures.transactions);
    if plan.head.kind == ActKind::Purge {
        let goes = format!("{data}, {}", count(figures.profiles, "profile"));
        entry(rows, "DELETED", &goes, Role::Danger, scene);
        let stays = "the connections, their jobs, the audit log, other banks' data";
        entry(rows, "STAYS", stays, Role::Good, scene);
        return;
    }
    let stays = format!("{data} remain; credentials and profiles go with the links");
    entry(rows, "THE DATA STAYS", &stays, Role::Text, scene);
    let closing = plan.steps.iter().filter(|step| closes(step)).count();
    if closing > 0 {
        let door =
            format!("{closing} could be purged now and not later: Esc, then P purges them first");
        entry(rows, "A DOOR CLOSES", &door, Role::Warning, scene);
    }
}

fn closes(step: &Step) -> bool {
    let label = step.pins.status.map(|status| Label::of(status, true));
    let stored = step.figures.accounts > 0 || step.figures.transactions > 0;
    step.planned == Outcome::WouldRun && stored && label.is_some_and(purgeable)
}

/// The steps by where they stand and why, most first within each.
pub(super) fn groups(rows: &mut Vec<Row>, plan: &Plan, scene: Scene) {
    for outcome in Outcome::ALL {
        let mut whys: Vec<(&str, u64)> = vec![];
        for (found, why) in plan
            .steps
            .iter()
            .map(Step::standing)
            .filter(|(found, _)| *found == outcome)
        {
            let why = match (found, plan.head.kind, why) {
                // reasons that name an id are the same reason
                (Outcome::Deduplicated, ActKind::Refresh, _) => {
                    "a job is open already; it is shown instead"
                }
                (Outcome::Deduplicated, ..) => "goes with another of these, or is under way",
                (Outcome::Queued, _, "") => "as a job",
                _ => why,
            };
            match whys.iter_mut().find(|(known, _)| *known == why) {
                Some((_, n)) => *n += 1,
                None => whys.push((why, 1)),
            }
        }
        whys.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let (shown, rest) = whys.split_at(whys.len().min(4));
        let more = (!rest.is_empty()).then(|| {
            (
                words_of_rest(rest),
                rest.iter().map(|(_, n)| n).sum::<u64>(),
            )
        });
        let shown = shown
            .iter()
            .map(|(why, n)| ((*why).to_owned(), *n))
            .chain(more);
        for (why, n) in shown {
            let (word, role) = sign(outcome);
            let mut head = vec![
                text(format!("{:>7}  ", thousands(n))),
                span(format!("{word:<13}"), role),
            ];
            let wide = width(&head);
            for line in wrap(&why, scene.wide.saturating_sub(wide), Role::Text) {
                rows.push([head, line].concat());
                head = vec![text(" ".repeat(wide))];
            }
        }
    }
}

fn words_of_rest(rest: &[(&str, u64)]) -> String {
    format!("and {} other reasons", rest.len())
}

fn sign(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::WouldRun => ("ready", Role::Good),
        Outcome::Done => ("done", Role::Good),
        Outcome::Queued => ("queued", Role::Pending),
        Outcome::Deduplicated => ("left alone", Role::Busy),
        Outcome::Skipped => ("skipped", Role::Warning),
        Outcome::Gone => ("gone", Role::Deleted),
        Outcome::Refused => ("cannot", Role::Dim),
        Outcome::Failed => ("failed", Role::Danger),
    }
}

fn named(rows: &mut Vec<Row>, plan: &Plan) {
    let runs = || {
        plan.steps
            .iter()
            .filter(|step| step.planned == Outcome::WouldRun)
    };
    for step in runs().take(NAMED) {
        let figures = stored_data(step.figures.accounts, step.figures.transactions);
        rows.push(vec![
            span(format!("  {:<16}", step.connection().short()), Role::Dim),
            text(figures),
        ]);
    }
    let more = runs().count().saturating_sub(NAMED);
    if more > 0 {
        let where_else = format!(
            "  and {} more: switchboard plan {}",
            thousands(more as u64),
            plan.head.id.short()
        );
        rows.push(vec![span(where_else, Role::Dim)]);
    }
}
