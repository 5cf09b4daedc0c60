//! What an act on several will do and what it leaves out. The words to type hold the number.

use crate::domain::act::{ActKind, Outcome, Plan, Step};
use crate::domain::connection::Status;
use crate::domain::time_format;
use crate::tui::dialogs::{Scene, entry, headless};
use crate::tui::effect::Scope;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands, wrap};

const NAMED: usize = 12;

pub(super) fn content(rows: &mut Vec<Row>, plan: &Plan, scope: &Scope, scene: Scene) {
    let (head, refresh) = (&plan.head, plan.head.kind == ActKind::Refresh);
    if let Some(expires) = head.expires.filter(|_| !refresh) {
        let (id, made) = (head.id.short(), time_format::clock(head.made));
        let until = time_format::clock_minutes(expires);
        let counted = format!(
            "Plan {id}, counted at {made}; it holds until {until}. Each is counted again when it is its turn."
        );
        rows.extend(wrap(&counted, scene.wide, Role::Dim));
    }
    rows.push(vec![]);
    groups(rows, &plan.steps, scene);
    if plan.left_out > 0 {
        rows.push(vec![
            text(format!("{:>7}  ", thousands(plan.left_out))),
            span(format!("{:<13}", "left out"), Role::Dim),
            text("revoked, or its first job has not ended"),
        ]);
    }
    if head.runs == 0 {
        let words = format!(
            "No connection can do that now; w tells why. ({})",
            head.kind.word()
        );
        rows.push(vec![text(words)]);
        return;
    }
    rows.push(vec![]);
    if refresh {
        let about = time_format::words(head.takes_ms);
        let words = format!("about {about}; queued within each bank's limit");
        entry(rows, "pace", &words, Role::Text, scene);
        warnings(rows, plan, scene);
    } else {
        figures(rows, plan, scene);
    }
    let banks = plan.banks.iter().take(8);
    let banks: Vec<String> = banks.map(|b| format!("{} {}", b.name, b.count)).collect();
    entry(rows, "by bank", &banks.join(", "), Role::Text, scene);
    let command = match (scope, refresh) {
        (Scope::User(user), _) => format!("switchboard refresh --user {user}"),
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
    let accounts = count(figures.accounts, "account");
    let data = format!("{accounts}, {}", count(figures.transactions, "transaction"));
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

/// Whether a revoke takes away the chance to purge it: it is active and has data.
fn closes(step: &Step) -> bool {
    let stored = step.figures.accounts > 0 || step.figures.transactions > 0;
    let active = step.pins.status == Some(Status::Active);
    step.planned == Outcome::WouldRun && active && stored
}

pub(super) fn groups(rows: &mut Vec<Row>, steps: &[Step], scene: Scene) {
    for outcome in Outcome::ALL {
        let mut whys: Vec<(&str, u64)> = vec![];
        for (found, why) in steps
            .iter()
            .map(Step::standing)
            .filter(|(found, _)| *found == outcome)
        {
            // reasons that name an id are the same reason
            let why = if found == Outcome::Deduplicated {
                "covered by another one, or already running"
            } else {
                why
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
            let why = if why.is_empty() {
                plain(outcome).to_owned()
            } else {
                why
            };
            let mut lines = vec![];
            let head = text(" ".repeat(22));
            hanging(&mut lines, head, &why, Role::Text, scene.wide);
            lines[0].splice(
                ..1,
                [
                    text(format!("{:>7}  ", thousands(n))),
                    span(format!("{word:<13}"), role),
                ],
            );
            rows.append(&mut lines);
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
        Outcome::Deduplicated => ("running", Role::Busy),
        Outcome::Skipped => ("skipped", Role::Warning),
        Outcome::Gone => ("gone", Role::Deleted),
        Outcome::Refused => ("cannot", Role::Dim),
        Outcome::Failed => ("failed", Role::Danger),
    }
}

fn plain(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::WouldRun => "",
        Outcome::Queued => "as a job",
        _ => "",
    }
}

fn named(rows: &mut Vec<Row>, plan: &Plan) {
    let runs = || {
        plan.steps
            .iter()
            .filter(|step| step.planned == Outcome::WouldRun)
    };
    for step in runs().take(NAMED) {
        let figures = format!(
            "{}, {}",
            count(step.figures.accounts, "account"),
            count(step.figures.transactions, "transaction")
        );
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
