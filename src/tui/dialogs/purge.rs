//! Purge: what goes, what stays, how far it reaches. The word to type holds the end of the id, so that
//! it cannot become a habit.

use super::conflict::conflict;
use super::field::FormField;
use super::{Button, Form, Press, Question, Reply, Scene, counting, entry, headless, target_title};
use crate::domain::ids::ConnectionId;
use crate::domain::plan::{PurgePlan, Sibling};
use crate::domain::time_format;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Order};
use crate::tui::event::Event;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands, wrap};

/// Places of the fields.
const REFRESH: usize = 0;
const WORDS: usize = 1;

#[derive(Debug)]
struct Purge {
    id: ConnectionId,
    /// What was counted; none until it was.
    plan: Option<Box<PurgePlan>>,
}

pub(super) fn of(id: ConnectionId) -> (Box<dyn Question>, Form, Effect) {
    let form = Form::counting(vec![
        FormField::tick("refresh afterwards, so that results are not empty"),
        FormField::arming("words"),
    ]);
    let question = Purge {
        id: id.clone(),
        plan: None,
    };
    (Box::new(question), form, Effect::PlanPurge(id))
}

impl Question for Purge {
    fn title(&self) -> Row {
        target_title(
            "Purge data",
            &self.id,
            self.plan.as_ref().map(|p| &p.target),
        )
    }

    fn content(&self, _: &Form, scene: Scene) -> Vec<Row> {
        content(self, scene)
    }

    fn buttons(&self, form: &Form) -> Vec<Button> {
        let typed = form.text(WORDS);
        let matches = self.plan.as_ref().is_some_and(|p| p.words() == typed);
        vec![
            Button::destroy("Purge", form.read && matches),
            Button::cancel("Cancel"),
        ]
    }

    fn press(&mut self, form: &mut Form, _: Press) -> Reply {
        let Some(plan) = self.plan.take() else {
            return Reply::Stay;
        };
        Reply::Send(Order::Purge {
            id: self.id.clone(),
            words: form.text(WORDS).to_owned(),
            plan: plan.id,
            fingerprint: plan.fingerprint,
            refresh_after: form.fields[REFRESH].ticked(),
        })
    }

    fn hear(&mut self, form: &mut Form, event: &Event) -> Reply {
        match event {
            Event::PurgePlanned(plan) if plan.target.id == self.id => {
                form.fields[WORDS].caption = format!("Type  {}  to enable Purge: ", plan.words());
                form.counted(Some(plan.target.clone()));
                self.plan = Some(plan.clone());
                Reply::Renew
            }
            Event::Refused { action, id, .. } => {
                let mine = *action == Action::Purge && *id == self.id && form.counting;
                if mine { Reply::Close } else { Reply::Stay }
            }
            Event::RowsLoaded { rows, .. } => self.plan.as_ref().map_or(Reply::Stay, |plan| {
                let stored = plan.siblings.is_empty().then_some(&plan.stored);
                conflict(Action::Purge, &plan.target, stored, rows)
            }),
            _ => Reply::Stay,
        }
    }
}

fn content(ask: &Purge, scene: Scene) -> Vec<Row> {
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
        let head = text(format!("{:>9}  {what:<16}", thousands(n)));
        hanging(&mut rows, head, words, Role::Dim, scene.wide);
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
    hanging(&mut rows, text("    "), &stays, Role::Text, scene.wide);
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
