//! Purge: what goes, what stays, how far it reaches. The word to type holds the end of the id, so that
//! it cannot become a habit.

use super::{Scene, counting, entry, headless};
use crate::domain::ids::ConnectionId;
use crate::domain::plan::{PurgePlan, Sibling};
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, span, text, thousands, wrap};
use crate::tui::widgets::field::Field;

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Purge {
    /// Which connection.
    pub(crate) id: ConnectionId,
    /// What was counted; none until it was.
    pub(crate) plan: Option<Box<PurgePlan>>,
    /// What was typed.
    pub(crate) typed: Field,
    /// Whether a refresh follows.
    pub(crate) refresh_after: bool,
}

impl Purge {
    /// Whether exactly the words were typed.
    pub(crate) fn matches(&self) -> bool {
        self.plan
            .as_ref()
            .is_some_and(|plan| plan.words() == self.typed.text())
    }
}

/// The field, once there is something to arm.
pub(crate) fn fields(ask: &Purge) -> Vec<(String, &Field, bool)> {
    match &ask.plan {
        Some(plan) => vec![(
            format!("Type  {}  to arm the button: ", plan.words()),
            &ask.typed,
            false,
        )],
        None => vec![],
    }
}

/// The rows.
pub(crate) fn content(ask: &Purge, scene: Scene) -> Vec<Row> {
    let mut rows = wrap(
        "DELETES STORED DATA. No undo. The connection itself stays active.",
        scene.wide,
        Role::Danger,
    );
    let Some(plan) = &ask.plan else {
        rows.extend(counting());
        return rows;
    };
    let counted = format!(
        "Counted at {}; counted again when you send it.",
        time_format::clock(plan.counted)
    );
    rows.push(vec![span(counted, Role::Dim)]);
    rows.push(vec![]);
    rows.push(vec![span("  WILL BE DELETED", Role::Danger)]);
    let mut figure = |n: u64, what: &str, words: &str| {
        for (i, line) in wrap(words, scene.wide.saturating_sub(27), Role::Dim)
            .into_iter()
            .enumerate()
        {
            let head = if i == 0 {
                format!("{:>9}  {what:<16}", thousands(n))
            } else {
                " ".repeat(27)
            };
            let mut row = vec![text(head)];
            row.extend(line);
            rows.push(row);
        }
    };
    let stored = &plan.stored;
    figure(
        stored.accounts.len() as u64,
        "accounts",
        &tails(&stored.accounts),
    );
    let days = stored.days.map_or(String::new(), |(first, last)| {
        format!(
            "{} .. {}",
            time_format::date(first),
            time_format::date(last)
        )
    });
    figure(stored.transactions, "transactions", &days);
    figure(
        stored.profiles,
        "profile",
        "name, phones, emails, addresses",
    );
    rows.push(vec![]);
    rows.push(vec![span("  WILL STAY", Role::Good)]);
    let others = match plan.kept.len() {
        0 => "nothing from another bank is stored".into(),
        n => format!(
            "what the user has from {}: {}",
            count(n as u64, "other connection"),
            ids(&plan.kept)
        ),
    };
    let stays = format!(
        "the connection, {}, the audit log; {others}",
        count(plan.jobs_kept, "job record")
    );
    indented(&mut rows, &stays, Role::Text, scene);
    rows.push(vec![]);
    if plan.siblings.is_empty() {
        entry(
            &mut rows,
            "SCOPE",
            "this user at this bank; no other connection shares it",
            Role::Text,
            scene,
        );
    } else {
        let shared = format!(
            "this user at this bank: the data of {} goes too: {}",
            count(plan.siblings.len() as u64, "other connection"),
            ids(&plan.siblings)
        );
        entry(&mut rows, "SCOPE", &shared, Role::Warning, scene);
    }
    headless(
        &mut rows,
        &format!(
            "switchboard purge {} --confirm \"{}\"",
            ask.id,
            plan.words()
        ),
        scene,
    );
    rows
}

fn indented(rows: &mut Vec<Row>, words: &str, role: Role, scene: Scene) {
    for line in wrap(words, scene.wide.saturating_sub(4), role) {
        let mut row = vec![text("    ")];
        row.extend(line);
        rows.push(row);
    }
}

/// The first tails, and how many there are besides.
fn tails(accounts: &[String]) -> String {
    let mut words = accounts
        .iter()
        .take(6)
        .cloned()
        .collect::<Vec<_>>()
        .join("  ");
    if accounts.len() > 6 {
        words.push_str(&format!("  and {} more", accounts.len() - 6));
    }
    words
}

fn ids(siblings: &[Sibling]) -> String {
    let named = siblings
        .iter()
        .take(12)
        .map(|s| format!("{} {}", s.id.short(), s.institution_name));
    let mut words = named.collect::<Vec<_>>().join(", ");
    if siblings.len() > 12 {
        words.push_str(&format!(" and {} more", siblings.len() - 12));
    }
    words
}
