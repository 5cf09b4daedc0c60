//! Purge or revoke of several: the plan by outcome, what goes, which are left out and why. The words and,
//! for more than one, a reason arm it; the words hold the number, so that "all of these" is said with how
//! many that is.

use super::{Scene, counting, entry, headless, update};
use crate::domain::bulk::{BulkPlan, Item, Outcome, needs_reason};
use crate::domain::ids::ConnectionId;
use crate::domain::policy::Act;
use crate::domain::time_format;
use crate::tui::dialogs::{Ask, Dialog};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::role::Role;
use crate::tui::terminal::paste_guard::ArmDelay;
use crate::tui::widgets::canvas::{Row, count, span, text, thousands, wrap};
use crate::tui::widgets::field::Field;

/// So many connections are named.
const NAMED: usize = 12;

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Bulk {
    /// Purge or revoke.
    pub(crate) act: Act,
    /// The marked ones, as they were when it opened.
    pub(crate) ids: Vec<ConnectionId>,
    /// What was counted; none until it was.
    pub(crate) plan: Option<Box<BulkPlan>>,
    /// What was typed.
    pub(crate) typed: Field,
    /// Why, for the audit log.
    pub(crate) reason: Field,
}

impl Bulk {
    /// Whether the words were typed exactly, and a reason where one is wanted.
    pub(crate) fn matches(&self) -> bool {
        self.plan.as_ref().is_some_and(|plan| {
            let reasoned =
                !needs_reason(self.act, plan.head.runs) || !self.reason.text().trim().is_empty();
            plan.head.runs > 0 && plan.head.words() == self.typed.text() && reasoned
        })
    }

    /// Whether only the reason is missing.
    pub(crate) fn wants_reason(&self) -> bool {
        !self.matches()
            && self
                .plan
                .as_ref()
                .is_some_and(|plan| plan.head.words() == self.typed.text())
    }

    /// What the button says.
    pub(crate) fn button(&self) -> String {
        let verb = if self.act == Act::Purge {
            "Purge"
        } else {
            "Revoke"
        };
        format!(
            "{verb} {}",
            self.plan.as_ref().map_or(0, |plan| plan.head.runs)
        )
    }
}

/// Asks about the marked ones.
pub(crate) fn open(model: &mut Model, act: Act) -> Vec<Effect> {
    let ids: Vec<ConnectionId> = model.list.targets();
    let ask = Bulk {
        act,
        ids: ids.clone(),
        plan: None,
        typed: Field::default(),
        reason: Field::default(),
    };
    update::open(model, Ask::Bulk(ask));
    vec![Effect::PlanBulk { act, ids }]
}

/// The marked ones were counted.
pub(crate) fn planned(model: &mut Model, plan: Box<BulkPlan>) {
    if let Some(dialog) = &mut model.dialog
        && let Ask::Bulk(ask) = &mut dialog.ask
        && ask.act == plan.head.act
        && ask.plan.is_none()
        // one for other marks may come late
        && plan.items.iter().map(|item| &item.connection).eq(&ask.ids)
    {
        ask.plan = Some(plan);
        dialog.read = false;
        dialog.focus = dialog.first();
        dialog.arm = ArmDelay::new(model.at, None);
        update::look(model);
    }
}

/// Counting or carrying out came to nothing; the dialog that waits for it goes.
pub(crate) fn failed(model: &mut Model, act: Act) {
    match &model.dialog {
        Some(Dialog {
            ask: Ask::Bulk(ask),
            ..
        }) if ask.act == act && ask.plan.is_none() => model.dialog = None,
        _ => model.sent = model.sent.saturating_sub(1),
    }
}

/// The fields, once there is something to arm.
pub(crate) fn fields(ask: &Bulk) -> Vec<(String, &Field, bool)> {
    match &ask.plan {
        Some(plan) if plan.head.runs > 0 => vec![
            (
                format!("Type  {}  to arm the button: ", plan.head.words()),
                &ask.typed,
                false,
            ),
            ("Reason for the audit log: ".into(), &ask.reason, false),
        ],
        _ => vec![],
    }
}

/// The rows.
pub(crate) fn content(ask: &Bulk, scene: Scene) -> Vec<Row> {
    let says = match ask.act {
        Act::Purge => "DELETES STORED DATA. No undo. The connections themselves stay active.",
        _ => {
            "CUTS THE LINKS FOR GOOD. There is no undo and no reconnect: new links need the users again."
        }
    };
    let mut rows = wrap(says, scene.wide, Role::Danger);
    let Some(plan) = &ask.plan else {
        rows.extend(counting());
        return rows;
    };
    let (head, tally) = (&plan.head, plan.tally());
    let counted = format!(
        "Plan {}, counted at {}; it holds until {}. Each is counted again when it is its turn.",
        head.id.short(),
        time_format::clock(head.made),
        time_format::clock_minutes(head.expires)
    );
    rows.extend(wrap(&counted, scene.wide, Role::Dim));
    rows.push(vec![]);
    groups(&mut rows, &plan.items, scene);
    rows.push(vec![]);
    let figures = format!(
        "{}, {}",
        count(tally.accounts, "account"),
        count(tally.transactions, "transaction")
    );
    if ask.act == Act::Purge {
        let goes = format!("{figures}, {}", count(tally.profiles, "profile"));
        entry(&mut rows, "DELETED", &goes, Role::Danger, scene);
        entry(
            &mut rows,
            "STAYS",
            "the connections, their jobs, the audit log, other banks' data",
            Role::Good,
            scene,
        );
    } else {
        let stays = format!("{figures} remain; sign-ins and profiles go with the links");
        entry(&mut rows, "THE DATA STAYS", &stays, Role::Text, scene);
        let closing = plan.items.iter().filter(|item| closes(item)).count();
        if closing > 0 {
            let door = format!(
                "{closing} could be purged now and not later: Esc, then P purges them first"
            );
            entry(&mut rows, "A DOOR CLOSES", &door, Role::Warning, scene);
        }
    }
    let banks: Vec<String> = plan
        .banks
        .iter()
        .take(8)
        .map(|bank| format!("{} {}", bank.name, bank.count))
        .collect();
    entry(&mut rows, "by bank", &banks.join(", "), Role::Text, scene);
    rows.push(vec![]);
    named(&mut rows, plan);
    let reason = if needs_reason(head.act, head.runs) {
        " --reason \"why\""
    } else {
        ""
    };
    let twin = format!(
        "switchboard apply {} --confirm \"{}\"{reason}",
        head.id.short(),
        head.words()
    );
    headless(&mut rows, &twin, scene);
    rows
}

/// Whether a revoke takes away the chance to purge it: it is active and has data.
fn closes(item: &Item) -> bool {
    let active = item.fingerprint.starts_with("active-");
    item.planned == Outcome::WouldRun && active && (item.accounts > 0 || item.transactions > 0)
}

/// The connections by where they stand and why, most first within each.
pub(crate) fn groups(rows: &mut Vec<Row>, items: &[Item], scene: Scene) {
    for outcome in Outcome::ALL {
        let mut whys: Vec<(&str, u64)> = vec![];
        for (found, why) in items
            .iter()
            .map(Item::standing)
            .filter(|(found, _)| *found == outcome)
        {
            // reasons that name an id are the same reason
            let why = if found == Outcome::Deduplicated {
                "goes with another of these, or is under way"
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
            for (i, line) in wrap(&why, scene.wide.saturating_sub(22), Role::Text)
                .into_iter()
                .enumerate()
            {
                let mut row = match i {
                    0 => vec![
                        text(format!("{:>7}  ", thousands(n))),
                        span(format!("{word:<13}"), role),
                    ],
                    _ => vec![text(" ".repeat(22))],
                };
                row.extend(line);
                rows.push(row);
            }
        }
    }
}

fn words_of_rest(rest: &[(&str, u64)]) -> String {
    format!("and {} other reasons", rest.len())
}

/// What an outcome is called here, and how it looks.
fn sign(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::WouldRun => ("will run", Role::Good),
        Outcome::Done => ("done", Role::Good),
        Outcome::Queued => ("queued", Role::Pending),
        Outcome::Deduplicated => ("left alone", Role::Busy),
        Outcome::Skipped => ("skipped", Role::Warning),
        Outcome::Gone => ("gone", Role::Deleted),
        Outcome::Refused => ("cannot", Role::Dim),
        Outcome::Failed => ("failed", Role::Danger),
    }
}

fn plain(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::WouldRun => "nothing against it",
        Outcome::Queued => "a job was made for it",
        _ => "",
    }
}

/// The first of those that run, one in a line.
fn named(rows: &mut Vec<Row>, plan: &BulkPlan) {
    let runs = || {
        plan.items
            .iter()
            .filter(|item| item.planned == Outcome::WouldRun)
    };
    for item in runs().take(NAMED) {
        let figures = format!(
            "{}, {}",
            count(item.accounts, "account"),
            count(item.transactions, "transaction")
        );
        rows.push(vec![
            span(format!("  {:<16}", item.connection.short()), Role::Dim),
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
