//! What an act on one connection will meet, delete or leave.

use super::{purgeable, shown_words};
use crate::domain::act::{OneConnection, Plan, Sibling};
use crate::domain::connection::Label;
use crate::domain::time_format;
use crate::domain::zone::Zone;
use crate::tui::dialogs::{Scene, entry, headless};
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, count, hanging, span, text, thousands};

/// Whether a revoke leaves data that could be purged now and not later.
pub(super) fn door_closes(one: &OneConnection) -> bool {
    let stored = &one.stored;
    purgeable(one.target.label) && (stored.transactions > 0 || !stored.accounts.is_empty())
}

pub(super) fn refresh(rows: &mut Vec<Row>, one: &OneConnection, scene: Scene) {
    rows.push(vec![]);
    let Some(outlook) = &one.outlook else { return };
    let target = &one.target;
    let cures = match target.label {
        Label::Invalid | Label::Failed => "; a good refresh makes it active",
        _ => "",
    };
    let status = format!(
        "{} {}{cures}",
        scene.signs.label(target.label),
        target.label.word()
    );
    entry(rows, "status now", &status, Role::of(target.label), scene);
    let last = match outlook.last_used {
        None => "never".into(),
        Some(at) => {
            let young = scene.now.since(at) < outlook.floor_ms;
            let floor = time_format::span(outlook.floor_ms);
            let judged = if young {
                format!("too soon: the minimum gap is {floor}")
            } else {
                format!("the minimum gap is {floor}")
            };
            format!("{}; {judged}", time_format::ago(at, scene.now))
        }
    };
    entry(rows, "last refresh", &last, Role::Text, scene);
    let pause = match outlook.paused_until {
        Some(until) => format!(
            "yes; this job starts at {}",
            scene.zone.when(until, scene.now)
        ),
        None => "no".into(),
    };
    entry(rows, "login in use", &pause, Role::Text, scene);
    let (used, all) = (outlook.running, outlook.per_bank);
    entry(
        rows,
        "bank",
        &format!("{used} of {all} slots busy"),
        Role::Text,
        scene,
    );
    if let Some(job) = &one.open_job {
        let words = format!(
            "job {} is still open and will be shown instead",
            job.short()
        );
        entry(rows, "running", &words, Role::Busy, scene);
    }
    if let Some(code) = outlook.failures.first() {
        let words = match outlook.failures.len() {
            1 => format!("the last try failed with {code}"),
            n => format!("the last {n} tries failed, the newest with {code}"),
        };
        entry(rows, "likely result", &words, Role::Warning, scene);
    }
    for against in &outlook.against {
        entry(rows, "warning", against, Role::Warning, scene);
    }
    let insists = match outlook.insists {
        "" => String::new(),
        flag => format!("{flag} "),
    };
    let command = format!("switchboard refresh {} {insists}--wait", target.id);
    headless(rows, &command, scene);
}

pub(super) fn purge(rows: &mut Vec<Row>, plan: &Plan, one: &OneConnection, scene: Scene) {
    let counted = format!(
        "Counted at {}; counted again when you send it.",
        scene.zone.clock(plan.head.made)
    );
    rows.push(vec![span(counted, Role::Dim)]);
    rows.push(vec![]);
    rows.push(vec![span("  WILL BE DELETED", Role::Danger)]);
    let mut figure = |n: u64, what: &str, words: &str| {
        let head = text(format!("{:>9}  {what:<16}", thousands(n)));
        hanging(rows, head, words, Role::Dim, scene.wide);
    };
    let stored = &one.stored;
    figure(
        stored.accounts.len() as u64,
        "accounts",
        &tails(&stored.accounts),
    );
    let days = stored.days.map_or(String::new(), |(first, last)| {
        format!("{} .. {}", Zone::UTC.date(first), Zone::UTC.date(last))
    });
    figure(stored.transactions, "transactions", &days);
    figure(
        stored.profiles,
        "profile",
        "name, phones, emails, addresses",
    );
    rows.push(vec![]);
    rows.push(vec![span("  WILL STAY", Role::Good)]);
    let others = match one.kept.len() {
        0 => "nothing from another bank is stored".into(),
        n => format!(
            "what the user has from {}: {}",
            count(n as u64, "other connection"),
            ids(&one.kept)
        ),
    };
    let stays = format!(
        "the connection, {}, the audit log; {others}",
        count(one.jobs_kept, "job record")
    );
    hanging(rows, text("    "), &stays, Role::Text, scene.wide);
    rows.push(vec![]);
    if one.siblings.is_empty() {
        entry(
            rows,
            "SCOPE",
            "this user at this bank; no other connection shares it",
            Role::Text,
            scene,
        );
    } else {
        let shared = format!(
            "this user at this bank: the data of {} goes too: {}",
            count(one.siblings.len() as u64, "other connection"),
            ids(&one.siblings)
        );
        entry(rows, "SCOPE", &shared, Role::Warning, scene);
    }
    let (id, words) = (&one.target.id, plan.words());
    let command = format!("switchboard purge {id} --confirm \"{words}\"");
    headless(rows, &command, scene);
}

pub(super) fn revoke(rows: &mut Vec<Row>, plan: &Plan, one: &OneConnection, scene: Scene) {
    rows.push(vec![]);
    let stored = &one.stored;
    let stays = format!(
        "{} and {} remain under the user; sign-in and profile go with the link",
        count(stored.accounts.len() as u64, "account"),
        count(stored.transactions, "transaction"),
    );
    entry(rows, "THE DATA STAYS", &stays, Role::Text, scene);
    if door_closes(one) {
        let closes = "purge needs an active connection. After this, the data can no longer be purged through it.";
        entry(rows, "A DOOR CLOSES", closes, Role::Warning, scene);
        entry(rows, "", "g  goes to the purge first", Role::Text, scene);
    } else if !purgeable(one.target.label) && stored.transactions > 0 {
        let closes =
            "it is not active, so its data cannot be purged now; once revoked, never through it";
        entry(rows, "A DOOR CLOSES", closes, Role::Warning, scene);
    }
    if let Some(job) = &one.open_job {
        entry(
            rows,
            "ALSO",
            &format!("job {} is open and will fail", job.short()),
            Role::Warning,
            scene,
        );
    }
    let (id, words) = (&one.target.id, shown_words(plan).to_lowercase());
    let command = format!("switchboard revoke {id} --confirm \"{words}\"");
    headless(rows, &command, scene);
}

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
