//! Refresh of one connection: what a refresh will meet, before it is asked for.

use super::{Scene, counting, entry, headless};
use crate::domain::connection::Label;
use crate::domain::ids::ConnectionId;
use crate::domain::plan::RefreshOutlook;
use crate::domain::time_format;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

/// The question.
#[derive(Clone, Debug)]
pub(crate) struct Refresh {
    /// Which connection.
    pub(crate) id: ConnectionId,
    /// What it will meet; none until that was looked up.
    pub(crate) outlook: Option<Box<RefreshOutlook>>,
    /// Enter was pressed before that: it counts if nothing speaks against the refresh.
    pub(crate) hurry: bool,
}

impl Refresh {
    /// Whether nothing is known to speak against it.
    pub(crate) fn plain(&self) -> bool {
        self.outlook.as_ref().is_none_or(|o| o.plain())
    }
}

/// The rows.
pub(crate) fn content(ask: &Refresh, scene: Scene) -> Vec<Row> {
    let mut rows = wrap(
        "Asks the bank for new data and starts a job. Nothing is deleted.",
        scene.wide,
        Role::Text,
    );
    rows.push(vec![]);
    let Some(outlook) = &ask.outlook else {
        rows.extend(counting());
        return rows;
    };
    let target = &outlook.target;
    let cures = match target.label {
        Label::Invalid | Label::Failed => "; a good refresh makes it active",
        _ => "",
    };
    let status = format!(
        "{} {}{cures}",
        scene.signs.label(target.label),
        target.label.word()
    );
    entry(
        &mut rows,
        "status now",
        &status,
        Role::of(target.label),
        scene,
    );
    let last = match outlook.last_used {
        None => "never".into(),
        Some(at) => {
            let young = scene.now.since(at) < outlook.floor_ms;
            let floor = time_format::span(outlook.floor_ms);
            let judged = if young {
                format!("sooner than the {floor} between two")
            } else {
                format!("fine: {floor} is the least")
            };
            format!("{}; {judged}", time_format::ago(at, scene.now))
        }
    };
    entry(&mut rows, "last refresh", &last, Role::Text, scene);
    let pause = match outlook.paused_until {
        Some(until) => format!("used elsewhere; it starts at {}", time_format::clock(until)),
        None => "no waiting".into(),
    };
    entry(&mut rows, "same sign-in", &pause, Role::Text, scene);
    let (used, all) = outlook.slots;
    entry(
        &mut rows,
        "bank queue",
        &format!("{used} of {all} places in use"),
        Role::Text,
        scene,
    );
    if let Some(job) = &outlook.open_job {
        let words = format!("job {} is still open and will be given back", job.short());
        entry(&mut rows, "running", &words, Role::Busy, scene);
    }
    if let Some(code) = outlook.failures.first() {
        let words = match outlook.failures.len() {
            1 => format!("the last try failed with {code}"),
            n => format!("the last {n} tries failed, the newest with {code}"),
        };
        entry(&mut rows, "likely result", &words, Role::Warning, scene);
    }
    for against in &outlook.against {
        entry(&mut rows, "against it", against, Role::Warning, scene);
    }
    let insists = if outlook.insists.is_empty() {
        String::new()
    } else {
        format!("{} ", outlook.insists)
    };
    headless(
        &mut rows,
        &format!("switchboard refresh {} {insists}--wait", ask.id),
        scene,
    );
    rows
}
