//! What happened, and time going on. A late or unknown answer is dropped.

use crate::domain::act::{ActKind, Selection};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::moment::Moment;
use crate::tui::dialogs;
use crate::tui::dialogs::act::{self, outcome};
use crate::tui::dialogs::conflict::Conflict;
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::model::Model;
use crate::tui::panes::connections::{events as list, update as list_update};
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, job, jobs, profile, why};

pub(crate) fn tick(model: &mut Model, now: Moment, at: u64) -> Vec<Effect> {
    model.now = now;
    model.at = model.at.max(at);
    model.notices.tick(model.at);
    super::view_actions::nobody_here(model);
    list::tick(model)
}

/// In how many milliseconds time has to be told again: at the latest with the next minute of the clock.
pub(crate) fn wake_in(model: &Model) -> u64 {
    let minute = 60_000 - model.now.0.rem_euclid(60_000) as u64;
    let at = |then: u64| then.saturating_sub(model.at).max(1);
    let idle = model.idle_after.filter(|_| model.away.is_none());
    let [gone, order] = list::wakes(model);
    let then = [
        idle.map(|after| model.touched + after),
        model.notices.next(),
        gone,
        order,
    ];
    let then = then.into_iter().flatten().map(at);
    let second = model.ticks().then_some(1_000);
    then.chain(second).fold(minute, u64::min)
}

pub(crate) fn event(model: &mut Model, event: Event) -> Vec<Effect> {
    let heard = dialogs::update::hear(model, &event);
    let shown = heard.is_some() && model.dialog.is_some();
    let mut effects = heard.unwrap_or_default();
    effects.extend(match event {
        // its dialog shows it
        Event::WorkflowMoved(_) | Event::ActRefused { .. } if shown => vec![],
        Event::Changed { ids } => changed(model, &ids),
        Event::WorldMoved => everything(model),
        Event::AttentionFound { generation, id } => list::attention_found(model, generation, id),
        Event::RowsLoaded {
            generation,
            rows,
            left,
            gone,
        } => {
            let why = why::update::rows_loaded(model, &rows);
            list::rows_loaded(model, generation, rows, &left, &gone);
            why.into_iter().collect()
        }
        other => match read(model, other) {
            Some(other) => told(model, other),
            None => vec![],
        },
    });
    effects
}

fn read(model: &mut Model, event: Event) -> Option<Event> {
    match event {
        Event::PageLoaded {
            generation,
            from,
            page,
        } => list_update::page_loaded(&mut model.list, generation, &from, page, model.level),
        Event::SizeLoaded { generation, size } => {
            list_update::size_loaded(&mut model.list, generation, size);
        }
        Event::IdsLoaded {
            generation,
            ids,
            complete,
        } => list::ids_loaded(model, generation, ids, complete),
        Event::BanksLoaded(banks) => model.list.filter.banks = banks,
        Event::CountsLoaded(counts) => model.counts = Some(counts),
        Event::ProfileLoaded { id, level, pane } => {
            profile::update::loaded(model, &id, level, pane);
        }
        Event::JobsLoaded(id, page) => jobs::update::loaded(model, id, page),
        Event::JobLoaded(id, job) => {
            if let Some(job) = &job {
                model.jobs.renew(job);
            }
            job::update::loaded(model, &id, job.map(|job| *job));
        }
        Event::WhyLoaded(id, meaning) => why::update::loaded(model, &id, *meaning),
        Event::TroubleChanged(trouble) => model.trouble = trouble,
        other => return Some(other),
    }
    None
}

fn told(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::ActDone {
            kind,
            id,
            job,
            deduplicated,
            summary,
        } => act_done(model, kind, id, job, deduplicated, &summary),
        Event::CredentialsTaken {
            id,
            job,
            deduplicated,
        } => {
            let open = if deduplicated { "the open " } else { "" };
            let (job_id, of) = (job.short(), id.short());
            let words = format!("The new password is tried by {open}job {job_id}.  {of}");
            done(model, words, id, Some(job))
        }
        Event::BankAnswered { id, job, summary } => {
            let by = job.as_ref().map(|job| format!("  job {}", job.short()));
            let words = format!("{summary}{}  {}", by.unwrap_or_default(), id.short());
            done(model, words, id, job)
        }
        Event::ActApplied(plan) => {
            let ids = outcome::applied(model, plan);
            changed(model, &ids)
        }
        Event::Answered(job) => {
            let words = format!("The answer was sent to the bank.  job {}", job.short());
            model.say(Tone::Good, words);
            vec![Effect::LoadJob(job)]
        }
        Event::Connected { id, job, waits } => connected(model, id, &job, waits),
        Event::PlanChanged {
            kind,
            id,
            differences,
        } => {
            let question = Conflict {
                kind,
                id,
                differences,
            };
            dialogs::update::open(model, Box::new(question), Default::default());
            vec![]
        }
        Event::OrderAnswered(order) => {
            dialogs::update::answered(model, order);
            vec![]
        }
        Event::OrderRefused { order, reason } => {
            dialogs::update::refused(model, order, reason);
            vec![]
        }
        other => {
            if let Some((tone, words)) = said(other) {
                model.say(tone, words);
            }
            vec![]
        }
    }
}

fn said(event: Event) -> Option<(Tone, String)> {
    match event {
        Event::Refused { id, reason } => Some((
            Tone::Bad,
            format!("Refused: {}  {}", sentence(&reason), id.short()),
        )),
        Event::ActRefused {
            selection, reason, ..
        } => {
            let mut words = format!("Refused: {}", sentence(&reason));
            match &selection {
                Selection::One(id) => words.push_str(&format!("  {}", id.short())),
                Selection::User(user) => words.push_str(&format!("  {}", user.short())),
                _ => {}
            }
            Some((Tone::Bad, words))
        }
        Event::ActFailed { kind, reason } => Some((
            Tone::Bad,
            format!("{}: {}", act::verb(kind), sentence(&reason)),
        )),
        Event::WorkflowMoved(plan) => act::workflow::said(&plan),
        Event::Failed(text) => Some((Tone::Bad, text)),
        Event::Copied(what) => Some((Tone::Good, format!("Copied {what}."))),
        _ => None,
    }
}

/// With exactly one full stop at its end; an error may come with one or without.
fn sentence(reason: &str) -> String {
    format!("{}.", reason.trim_end_matches('.'))
}

fn act_done(
    model: &mut Model,
    kind: ActKind,
    id: ConnectionId,
    job: JobId,
    deduplicated: bool,
    summary: &str,
) -> Vec<Effect> {
    let (short, of) = (job.short(), id.short());
    let words = match kind {
        ActKind::Purge => format!("Purged: {summary}. This cannot be undone.  {of}"),
        ActKind::Revoke => format!("Revoked; {summary}.  {of}"),
        _ if deduplicated => format!("Job {short} was open already and is followed.  {of}"),
        _ => format!("Refresh queued as job {short}.  {of}"),
    };
    let follow = Some(job).filter(|_| kind == ActKind::Refresh);
    if kind == ActKind::Refresh {
        model.list.marks.remove(&id);
    }
    done(model, words, id, follow)
}

fn done(model: &mut Model, words: String, id: ConnectionId, job: Option<JobId>) -> Vec<Effect> {
    model.say(Tone::Good, words);
    model.jobs.follow = job.or(model.jobs.follow.take());
    changed(model, &[id])
}

fn connected(
    model: &mut Model,
    id: ConnectionId,
    job: &JobId,
    waits: Option<String>,
) -> Vec<Effect> {
    let waits = waits.map_or(String::new(), |waits| format!("; {waits}"));
    let words = format!("Connecting (job {}){waits}.  {}", job.short(), id.short());
    model.say(Tone::Good, words);
    if !model.list.filter.field.text().is_empty() {
        model.list.filter.set("");
        let words = "The filter was cleared to show the new connection.";
        model.say(Tone::Plain, words);
    }
    model.focus = Pane::Connections;
    let mut effects = vec![Effect::LoadCounts];
    effects.extend(list::go_to(model, id));
    effects
}

fn changed(model: &mut Model, ids: &[ConnectionId]) -> Vec<Effect> {
    let list = &model.list;
    let pinned = model
        .dialog
        .as_ref()
        .and_then(|d| d.form.target.as_ref())
        .map(|t| &t.id);
    let here: Vec<ConnectionId> = ids
        .iter()
        .filter(|id| pinned == Some(*id) || list.window.line(id).is_some())
        .cloned()
        .collect();
    let (generation, query) = (list.generation, list.filter.query.clone());
    let strangers = here.len() < ids.len();
    let selected = model
        .selected()
        .map(|l| l.row.id.clone())
        .filter(|id| ids.contains(id));
    let mut effects = vec![Effect::LoadCounts];
    if !here.is_empty() {
        effects.push(Effect::LoadRows {
            generation,
            query: query.clone(),
            ids: here,
        });
    }
    if strangers {
        effects.push(Effect::LoadSize { generation, query });
    }
    if let Some(id) = selected {
        effects.push(Effect::LoadProfile {
            id: id.clone(),
            level: model.level,
        });
        effects.push(Effect::LoadJobs {
            id,
            limit: jobs::LIMIT,
        });
    }
    let open = model
        .job
        .as_ref()
        .filter(|j| j.job.as_ref().is_none_or(|j| ids.contains(&j.connection)));
    effects.extend(open.map(|j| Effect::LoadJob(j.id.clone())));
    effects
}

fn everything(model: &mut Model) -> Vec<Effect> {
    let mut ids: Vec<ConnectionId> = model
        .list
        .window
        .lines()
        .iter()
        .map(|l| l.row.id.clone())
        .collect();
    ids.extend(
        model
            .dialog
            .as_ref()
            .and_then(|d| d.form.target.as_ref())
            .map(|t| t.id.clone()),
    );
    let mut effects = changed(model, &ids);
    let (generation, query) = (model.list.generation, model.list.filter.query.clone());
    effects.push(Effect::LoadSize { generation, query });
    effects
}
