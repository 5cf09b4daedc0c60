//! Revoke: irreversible, the data stays, and a door closes.

use super::{Scene, counting, entry, headless};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::RevokePlan;
use crate::domain::text::Shown;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, wrap};
use crate::tui::widgets::field::Field;

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Revoke {
    /// Which connection.
    pub(crate) id: ConnectionId,
    /// What was counted; none until it was.
    pub(crate) plan: Option<Box<RevokePlan>>,
    /// What was typed.
    pub(crate) typed: Field,
    /// Why, for the audit log.
    pub(crate) reason: Field,
}

impl Revoke {
    /// Whether the bank's name was typed, in any case. A name that cannot be shown as it is has to be
    /// typed as it is shown.
    pub(crate) fn matches(&self) -> bool {
        let Some(plan) = &self.plan else { return false };
        let typed = self.typed.text().trim().to_lowercase();
        !typed.is_empty()
            && (typed == plan.words().trim().to_lowercase()
                || typed == name(plan).trim().to_lowercase())
    }

    /// Whether data stays that could be purged now and not later.
    pub(crate) fn door_closes(&self) -> bool {
        let Some(plan) = &self.plan else { return false };
        plan.target.label == Label::Active
            && (plan.stored.transactions > 0 || !plan.stored.accounts.is_empty())
    }

    /// Whether `g` cannot be the beginning of what has to be typed, and so means the purge.
    pub(crate) fn g_is_free(&self) -> bool {
        let name = self.plan.as_ref().map(|plan| name(plan).to_lowercase());
        self.typed.text().is_empty() && name.is_some_and(|name| !name.starts_with('g'))
    }
}

fn name(plan: &RevokePlan) -> String {
    Shown::of_limited(plan.words(), 60).into_plain()
}

/// The fields, once there is something to arm.
pub(crate) fn fields(ask: &Revoke) -> Vec<(String, &Field, bool)> {
    match &ask.plan {
        Some(plan) => vec![
            (format!("Type  {}  to arm: ", name(plan)), &ask.typed, false),
            ("Reason for the audit log: ".into(), &ask.reason, false),
        ],
        None => vec![],
    }
}

/// The rows.
pub(crate) fn content(ask: &Revoke, scene: Scene) -> Vec<Row> {
    let says = "CUTS THE LINK FOR GOOD. There is no undo and no reconnect: a new link needs the user again.";
    let mut rows = wrap(says, scene.wide, Role::Danger);
    let Some(plan) = &ask.plan else {
        rows.extend(counting());
        return rows;
    };
    rows.push(vec![]);
    let stored = &plan.stored;
    let stays = format!(
        "{} and {} remain under the user; sign-in and profile go with the link",
        count(stored.accounts.len() as u64, "account"),
        count(stored.transactions, "transaction"),
    );
    entry(&mut rows, "THE DATA STAYS", &stays, Role::Text, scene);
    if ask.door_closes() {
        let closes = "purge needs an active connection. After this, the data can no longer be purged through it.";
        entry(&mut rows, "A DOOR CLOSES", closes, Role::Warning, scene);
        entry(
            &mut rows,
            "",
            "g  goes to the purge first",
            Role::Text,
            scene,
        );
    } else if plan.target.label != Label::Active && stored.transactions > 0 {
        let closes =
            "it is not active, so its data cannot be purged now; once revoked, never through it";
        entry(&mut rows, "A DOOR CLOSES", closes, Role::Warning, scene);
    }
    if let Some(job) = &plan.open_job {
        entry(
            &mut rows,
            "ALSO",
            &format!("job {} is open and will fail", job.short()),
            Role::Warning,
            scene,
        );
    }
    let command = format!(
        "switchboard revoke {} --confirm \"{}\"",
        ask.id,
        name(plan).to_lowercase()
    );
    headless(&mut rows, &command, scene);
    rows
}
