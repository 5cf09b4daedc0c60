//! What happened, and time going on. A late or unknown answer is dropped.

use crate::domain::act::{ActKind, Selection};
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::moment::Moment;
use crate::domain::text::Shown;
use crate::tui::countdown;
use crate::tui::dialogs;
use crate::tui::dialogs::act::{self, outcome};
use crate::tui::dialogs::conflict::Conflict;
use crate::tui::effect::Effect;
use crate::tui::event::Event;
use crate::tui::model::Model;
use crate::tui::panes::connections::{events as list, live, update as list_update};
use crate::tui::panes::messages::Tone;
use crate::tui::panes::{Pane, job, jobs, pages, palette, profile, why};

pub(crate) fn tick(model: &mut Model, now: Moment, at: u64) -> Vec<Effect> {
    // some of what is shown depends on the time, so with every minute it is read again
    if now.0.div_euclid(60_000) != model.now.0.div_euclid(60_000) {
        model.list.live.changed();
        model.pages.changed();
    }
    model.now = now;
    model.at = model.at.max(at);
    model.notices.tick(model.at);
    super::view_actions::nobody_here(model);
    live::tick(model);
    countdown::send(model)
}

/// In how many milliseconds time has to be told again: at the latest with the next minute of the clock.
pub(crate) fn wake_in(model: &Model) -> u64 {
    let minute = 60_000 - model.now.0.rem_euclid(60_000) as u64;
    let at = |then: u64| then.saturating_sub(model.at).max(1);
    let idle = model.idle_after.filter(|_| model.away.is_none());
    let [read, order, gone] = live::wakes(model);
    let then = [
        idle.map(|after| model.touched + after),
        model.notices.next(),
        read,
        order,
        gone,
        pages::update::wakes(model),
        model.countdown.due(),
        model.rest.ends(model.at),
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
        Event::AttentionFound {
            generation,
            found,
            forward,
        } => list::attention_found(model, generation, found, forward),
        Event::Seen { generation, seen } => live::seen(model, generation, *seen),
        Event::NotOrdered { generation, reason } => list::not_ordered(model, generation, &reason),
        Event::PageFailed { generation, reason } => {
            list_update::page_failed(&mut model.list, generation);
            live::failed(model, reason);
            vec![]
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
        } => {
            let list = &mut model.list;
            let counts = list_update::page_loaded(list, generation, &from, page, model.level);
            model.counts = counts.or(model.counts);
        }
        Event::FiguresLoaded {
            generation,
            figures,
            marks,
        } => list::figures_loaded(model, generation, figures, marks),
        Event::RowsLoaded {
            generation,
            rows,
            more,
        } => pages::update::loaded(model, generation, rows, more),
        Event::RowsFailed {
            kind,
            generation,
            reason,
        } => pages::update::failed(model, kind, generation, reason),
        Event::RowIdsLoaded {
            kind,
            key,
            ids,
            complete,
        } => pages::update::ids_loaded(model, kind, key, ids, complete),
        Event::Changed => {
            model.list.live.changed();
            model.pages.changed();
        }
        Event::Unread(reason) => live::failed(model, reason),
        Event::Unwatched(reason) => live::watched(model, reason),
        Event::IdsLoaded {
            generation,
            ids,
            complete,
        } => list::ids_loaded(model, generation, ids, complete),
        Event::PaletteFilled { banks, views } => palette::update::filled(model, banks, views),
        Event::PeopleSought { generation, people } => {
            palette::update::people_found(model, generation, people);
        }
        Event::BanksLoaded(banks) => model.filter_mut().banks = banks,
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
        Event::Heard(at) => model.heard = at,
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
            model.endings.begun_by(&plan);
            outcome::applied(model, plan);
            changed(model)
        }
        Event::Answered(job) => {
            let words = format!("The answer was sent to the bank.  job {}", job.short());
            model.say(Tone::Good, words);
            if let Some(of) = model.asking().map(|job| job.connection.clone()) {
                model.endings.begun(job.clone(), of);
            }
            vec![Effect::LoadJob(job)]
        }
        Event::HoldMade(hold) => {
            let (whom, until) = (hold.whom(), model.zone.full(hold.until));
            let words = format!(
                "Refreshes of {whom} are held until {until}.  hold {}",
                hold.id.short()
            );
            model.say(Tone::Good, words);
            changed(model)
        }
        Event::Released(hold) => {
            let words = format!(
                "The hold of {} is released.  hold {}",
                hold.whom(),
                hold.id.short()
            );
            model.say(Tone::Good, words);
            changed(model)
        }
        Event::Invited { id, link } => {
            let link = match link {
                Some(link) => format!("the link is {link}"),
                None => "no link could be made: the user has no mobile on record".into(),
            };
            let words = format!("Noted that the user is asked; {link}.  {}", id.short());
            model.say(Tone::Good, words);
            changed(model)
        }
        Event::Linked { user, link } => {
            let words = format!("A link was made: {link}.  user {}", user.short());
            model.say(Tone::Good, words);
            changed(model)
        }
        Event::Handled { words, refused } => {
            model.say(Tone::Good, words);
            if let Some(refused) = refused {
                model.say(Tone::Bad, refused);
            }
            model.profile.asked = None;
            changed(model)
        }
        Event::ViewsChanged(done) => {
            if let Ok(words) = done {
                model.say(Tone::Good, words);
            }
            changed(model)
        }
        Event::Stopped(words) => {
            model.say(Tone::Good, words);
            changed(model)
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
    let deletes = matches!(kind, ActKind::Purge | ActKind::Revoke);
    if let Some(host) = model.environment.platform.as_ref().filter(|_| deletes) {
        // nothing is done before the platform says so; the end is told when it comes
        let host = Shown::of_limited(host, 60).into_plain();
        let words = format!(
            "{} ordered at {host} as job {short}.  {of}",
            act::verb(kind)
        );
        return done(model, words, id, Some(job));
    }
    let words = match kind {
        ActKind::Purge => format!("Purged: {summary}. This cannot be undone.  {of}"),
        ActKind::Revoke => format!("Revoked; {summary}.  {of}"),
        _ if deduplicated => format!("Job {short} was open already and is followed.  {of}"),
        _ => format!("Refresh queued as job {short}.  {of}"),
    };
    if kind != ActKind::Refresh {
        model.list.marks.remove(&id);
    }
    // a revoke has ended when it is answered; of the others the end is told when it comes
    if kind == ActKind::Revoke {
        model.jobs.follow = Some(job);
        return done(model, words, id, None);
    }
    done(model, words, id, Some(job))
}

fn done(model: &mut Model, words: String, id: ConnectionId, job: Option<JobId>) -> Vec<Effect> {
    model.say(Tone::Good, words);
    if let Some(job) = job {
        model.endings.begun(job.clone(), id);
        model.jobs.follow = Some(job);
    }
    changed(model)
}

/// Something was done here: what is shown is read again at once.
fn changed(model: &mut Model) -> Vec<Effect> {
    model.list.live.changed();
    model.pages.changed();
    vec![]
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
    model.endings.begun(job.clone(), id.clone());
    list::go_to(model, id)
}
