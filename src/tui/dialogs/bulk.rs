//! Purge or revoke of several: the plan by outcome, what goes, which are left out and why. The words and,
//! for more than one, a reason arm it; the words hold the number, so that "all of these" is said with how
//! many that is.

use super::field::FormField;
use super::outcomes::verb;
use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless};
use crate::domain::bulk::{BulkPlan, Item, Outcome, needs_reason};
use crate::domain::ids::ConnectionId;
use crate::domain::policy::Act;
use crate::domain::time_format;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands, wrap};

/// Places of the fields.
const WORDS: usize = 0;
const REASON: usize = 1;

/// So many connections are named.
const NAMED: usize = 12;

#[derive(Debug)]
struct Bulk {
    /// Purge or revoke.
    act: Act,
    /// The marked ones, as they were when it opened.
    ids: Vec<ConnectionId>,
    /// What was counted; none until it was.
    plan: Option<Box<BulkPlan>>,
}

pub(super) fn of_marked(act: Act, ids: Vec<ConnectionId>) -> (Box<dyn Question>, Form, Effect) {
    let form = Form::counting(vec![
        FormField::arming("words"),
        FormField::text("reason", "", false),
    ]);
    let question = Bulk {
        act,
        ids: ids.clone(),
        plan: None,
    };
    (Box::new(question), form, Effect::PlanBulk { act, ids })
}

impl Question for Bulk {
    fn title(&self) -> Row {
        let (verb, n) = (verb(self.act), self.ids.len());
        vec![span(format!("{verb}  {n} marked connections"), Role::Title)]
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let head = self.plan.as_ref().map(|plan| &plan.head);
        let runs = head.map_or(0, |head| head.runs);
        let typed = head.is_some_and(|head| head.words() == form.text(WORDS));
        let armed = form.read && runs > 0 && typed && form.complete();
        vec![
            Button::destroy(format!("{} {runs}", verb(self.act)), armed),
            Button::cancel("Cancel"),
        ]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        let Some(plan) = self.plan.take() else {
            return Reply::Stay;
        };
        Reply::Send(Order::ApplyBulk {
            act: self.act,
            plan: plan.head.id,
            words: form.text(WORDS).to_owned(),
            reason: form.text(REASON).trim().to_owned(),
        })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::BulkPlanned(plan)
                if form.counting
                    && self.act == plan.head.act
                    // one for other marks may come late
                    && plan.items.iter().map(|item| &item.connection).eq(&self.ids) =>
            {
                let head = &plan.head;
                let words = format!("Type  {}  to enable {}: ", head.words(), verb(self.act));
                form.fields[WORDS].caption = words;
                form.fields[REASON].caption = "Reason for the audit log: ".into();
                form.fields[REASON].make_optional(!needs_reason(self.act, head.runs));
                if head.runs == 0 {
                    form.fields.clear();
                }
                form.counted(None);
                self.plan = Some(plan.clone());
                Reply::Renew
            }
            Event::BulkFailed { act, .. } if *act == self.act && form.counting => Reply::Close,
            _ => Reply::Stay,
        }
    }
}

fn content(ask: &Bulk, scene: Scene) -> Vec<Row> {
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
pub(super) fn groups(rows: &mut Vec<Row>, items: &[Item], scene: Scene) {
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
