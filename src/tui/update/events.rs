//! What happened, and time going on. A late or unknown answer is dropped.

use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::moment::Moment;
use crate::tui::dialogs::{bulk, events, form, outcomes};
use crate::tui::effect::{Effect, From};
use crate::tui::event::Event;
use crate::tui::model::{Model, Over};
use crate::tui::panes::connections::model::Land;
use crate::tui::panes::connections::update as list;
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, jobs};

/// Time went on.
pub(crate) fn tick(model: &mut Model, now: Moment, at: u64) -> Vec<Effect> {
    model.now = now;
    model.at = model.at.max(at);
    model.notices.tick(model.at);
    super::acts::nobody_here(model);
    let buried = model.list.window.bury(model.at, list::GONE_FOR);
    if let Some(id) = buried {
        model.say(
            Tone::Plain,
            format!("{} is gone; the cursor is on its neighbour.", id.short()),
        );
    }
    let still = model.at.saturating_sub(model.list.moved_at) >= list::STILL_FOR;
    let quiet = model.dialog.is_none() && model.over.is_none() && !model.list.filter.typing;
    let waits = model.list.window.unsettled() || model.list.fresh() > 0;
    if still && quiet && waits && model.list.loading.is_none() {
        return list::reorder(&mut model.list, false, model.at);
    }
    vec![]
}

/// In how many milliseconds time has to be told again; none when nothing on the screen depends on it
/// before the next minute of the clock, which is told too.
pub(crate) fn wake_in(model: &Model) -> u64 {
    let minute = 60_000 - model.now.0.rem_euclid(60_000) as u64;
    let at = |then: u64| then.saturating_sub(model.at).max(1);
    let waits = model.list.window.unsettled() || model.list.fresh() > 0;
    [
        Some(minute),
        model
            .idle_after
            .filter(|_| model.away.is_none())
            .map(|after| at(model.touched + after)),
        model.notices.next().map(at),
        model
            .list
            .window
            .oldest_gone()
            .map(|then| at(then + list::GONE_FOR)),
        model.ticks().then_some(1_000),
        waits.then(|| at(model.list.moved_at + list::STILL_FOR)),
    ]
    .into_iter()
    .flatten()
    .min()
    .unwrap_or(minute)
}

/// Something happened.
pub(crate) fn event(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::Changed { ids } => return changed(model, &ids),
        Event::WorldMoved => return everything(model),
        Event::PageLoaded {
            generation,
            from,
            page,
        } => {
            list::page_loaded(&mut model.list, generation, &from, page, model.level);
        }
        Event::RowsLoaded {
            generation,
            rows,
            left,
            gone,
        } => {
            let mut effects = events::rows_loaded(model, &rows, &gone);
            effects.extend(super::acts::renew_why(model, &rows));
            lose_marks(model, &gone);
            if generation == model.list.generation {
                let (sort, level, at) = (model.list.sort, model.level, model.at);
                model.list.window.renew(rows, &left, &gone, sort, level, at);
            }
            return effects;
        }
        Event::SizeLoaded { generation, size } => {
            list::size_loaded(&mut model.list, generation, size)
        }
        Event::IdsLoaded {
            generation,
            ids,
            complete,
        } => {
            if generation == model.list.generation {
                let count = ids.len();
                model.list.marks.extend(ids);
                let more = if complete {
                    ""
                } else {
                    "; there are more than can be marked at once"
                };
                model.say(Tone::Plain, format!("{count} marked{more}."));
            }
        }
        Event::AttentionFound { generation, id } => {
            return attention_found(model, generation, id);
        }
        Event::BanksLoaded(banks) => model.list.filter.banks = banks,
        Event::CountsLoaded(counts) => model.counts = Some(counts),
        Event::ProfileLoaded(id, pane) => {
            let wanted = model.profile.asked.as_ref() == Some(&id);
            let level = pane.as_ref().is_none_or(|p| p.level >= model.level);
            if wanted && level {
                model.profile.shown = pane;
            }
        }
        Event::JobsLoaded(id, page) => {
            if model.jobs.asked.as_ref() == Some(&id) {
                model.jobs.load(id, page.rows, page.more);
                refresh_open_job(model);
            }
        }
        Event::JobLoaded(id, job) => {
            if let Some(job) = &job {
                model.jobs.renew(job);
            }
            if let Some(open) = model.job.as_mut().filter(|open| open.id == id) {
                match job {
                    Some(job) => open.renew(*job),
                    None => open.missing = true,
                }
            }
        }
        Event::WhyLoaded(id, meaning) => {
            if let Some(Over::Why(why)) = &mut model.over
                && why.id == id
            {
                why.meaning = *meaning;
            }
        }
        Event::TroubleChanged(trouble) => model.trouble = trouble,
        Event::Failed(text) => model.say(Tone::Bad, text),
        Event::Copied(what) => model.say(Tone::Good, format!("Copied {what}.")),
        other => return answered(model, other),
    }
    vec![]
}

/// Answers to what dialogs asked and sent.
fn answered(model: &mut Model, event: Event) -> Vec<Effect> {
    match event {
        Event::RefreshScouted(outlook) => return events::scouted(model, outlook),
        Event::RefreshesScouted(preview) => events::scouted_many(model, preview),
        Event::PurgePlanned(plan) => events::purge_planned(model, plan),
        Event::RevokePlanned(plan) => events::revoke_planned(model, plan),
        Event::RefreshQueued {
            id,
            job,
            deduplicated,
        } => {
            model.sent = model.sent.saturating_sub(1);
            model.list.marks.remove(&id);
            let words = if deduplicated {
                format!(
                    "Job {} was open already and is followed.  {}",
                    job.short(),
                    id.short()
                )
            } else {
                format!("Refresh queued as job {}.  {}", job.short(), id.short())
            };
            model.say(Tone::Good, words);
            model.jobs.follow = Some(job);
            return reread(model, &id);
        }
        Event::BulkPlanned(plan) => bulk::planned(model, plan),
        Event::BulkApplied(plan) => {
            let ids = outcomes::applied(model, plan);
            return changed(model, &ids);
        }
        Event::BulkFailed { act, reason } => {
            bulk::failed(model, act);
            model.say(Tone::Bad, format!("{}: {reason}.", outcomes::verb(act)));
        }
        Event::Purged { id, summary } => {
            model.sent = model.sent.saturating_sub(1);
            model.say(
                Tone::Good,
                format!("Purged: {summary}. This cannot be undone.  {}", id.short()),
            );
            return reread(model, &id);
        }
        Event::Revoked { id, summary } => {
            model.sent = model.sent.saturating_sub(1);
            model.say(Tone::Good, format!("Revoked; {summary}.  {}", id.short()));
            return reread(model, &id);
        }
        Event::PlanChanged {
            action,
            id,
            differences,
        } => {
            model.sent = model.sent.saturating_sub(1);
            events::plan_changed(model, action, id, differences);
        }
        Event::Answered(job) => {
            model.sent = model.sent.saturating_sub(1);
            model.say(
                Tone::Good,
                format!("The answer is on its way to the bank.  job {}", job.short()),
            );
            return vec![Effect::LoadJob(job)];
        }
        Event::InstitutionsLoaded(banks) => form::events::banks_loaded(model, banks),
        Event::UserScouted {
            user,
            preview,
            left_out,
        } => form::events::user_scouted(model, &user, preview, left_out),
        Event::CredentialsTaken {
            id,
            job,
            deduplicated,
        } => {
            form::taken(model);
            let with = if deduplicated {
                "is tried by the open job"
            } else {
                "is tried by job"
            };
            model.say(
                Tone::Good,
                format!("The new password {with} {}.  {}", job.short(), id.short()),
            );
            model.jobs.follow = Some(job);
            return reread(model, &id);
        }
        Event::Visited { id, job, words } => {
            form::taken(model);
            let by = job
                .as_ref()
                .map_or(String::new(), |job| format!("  job {}", job.short()));
            model.say(Tone::Good, format!("{words}{by}  {}", id.short()));
            model.jobs.follow = job.or(model.jobs.follow.take());
            return reread(model, &id);
        }
        Event::Connected { id, job, waits } => return connected(model, id, &job, waits),
        Event::Ending(told) => return form::events::ending_told(model, told),
        Event::FormRefused(reason) => form::refused(model, reason),
        Event::Refused { action, id, reason } => {
            // A refusal answers an order, or the counting a dialog waits for.
            if model
                .dialog
                .as_ref()
                .is_some_and(|d| d.waits_for(action, &id))
            {
                model.dialog = None;
            } else {
                model.sent = model.sent.saturating_sub(1);
            }
            model.say(Tone::Bad, format!("Refused: {reason}.  {}", id.short()));
        }
        _ => {}
    }
    vec![]
}

/// A connection was made: the cursor goes to it. A filter that could hide it is put away.
fn connected(
    model: &mut Model,
    id: ConnectionId,
    job: &JobId,
    waits: Option<String>,
) -> Vec<Effect> {
    form::taken(model);
    let waits = waits.map_or(String::new(), |waits| format!("; {waits}"));
    model.say(
        Tone::Good,
        format!("Connected: job {}{waits}.  {}", job.short(), id.short()),
    );
    if !model.list.filter.field.text().is_empty() {
        model.list.filter.set("");
        model.say(
            Tone::Plain,
            "The filter was cleared to show the new connection.",
        );
    }
    model.focus = Pane::Connections;
    model.list.moved_at = model.at;
    let mut effects = vec![Effect::LoadCounts];
    effects.extend(list::ask(
        &mut model.list,
        From::Around(id),
        Land::Here,
        model.at,
    ));
    effects
}

/// After an order about one connection: read again what shows it.
fn reread(model: &mut Model, id: &ConnectionId) -> Vec<Effect> {
    changed(model, std::slice::from_ref(id))
}

/// These connections changed: read the rows at hand again, and the panes if they show one of them.
fn changed(model: &mut Model, ids: &[ConnectionId]) -> Vec<Effect> {
    let list = &model.list;
    let pinned = model
        .dialog
        .as_ref()
        .and_then(|d| d.target())
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

/// Nobody knows what changed: all that is at hand is read again.
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
            .and_then(|d| d.target())
            .map(|t| t.id.clone()),
    );
    let mut effects = changed(model, &ids);
    let (generation, query) = (model.list.generation, model.list.filter.query.clone());
    effects.push(Effect::LoadSize { generation, query });
    effects
}

fn attention_found(model: &mut Model, generation: u64, id: Option<ConnectionId>) -> Vec<Effect> {
    if generation != model.list.generation {
        return vec![];
    }
    match id {
        Some(id) => {
            model.list.moved_at = model.at;
            list::ask(&mut model.list, From::Around(id), Land::Here, model.at)
        }
        None => {
            model.say(Tone::Plain, "Nothing further needs anybody to act.");
            vec![]
        }
    }
}

fn lose_marks(model: &mut Model, gone: &[ConnectionId]) {
    let lost = gone
        .iter()
        .filter(|id| model.list.marks.remove(*id))
        .count();
    if lost > 0 {
        model.say(
            Tone::Plain,
            format!("{lost} marked and not there any more; unmarked."),
        );
    }
}

/// The open job is among those that were just read, mostly.
fn refresh_open_job(model: &mut Model) {
    let Some(open) = &mut model.job else { return };
    if let Some(job) = model.jobs.jobs.iter().find(|j| j.id == open.id) {
        open.renew(job.clone());
    }
}
