//! The end of every job that was started in this sitting is told, with its result.

use crate::domain::act::{ActKind, Outcome, Plan};
use crate::domain::counts::count;
use crate::domain::diagnosis;
use crate::domain::ids::{ConnectionId, JobId, PlanId};
use crate::domain::job::{Job, Kind, State, Title};
use crate::domain::live::STEP;
use crate::tui::dialogs::act::verb;
use crate::tui::model::Model;
use crate::tui::panes::messages::Tone;
use std::collections::{BTreeMap, HashMap};

/// The jobs whose end is still to come, and the acts on several that they belong to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endings {
    open: BTreeMap<JobId, (ConnectionId, Option<PlanId>)>,
    several: HashMap<PlanId, Several>,
}

/// What came of an act on several so far.
#[derive(Clone, Debug)]
struct Several {
    kind: ActKind,
    open: usize,
    done: u64,
    failed: u64,
    cancelled: u64,
}

impl Endings {
    pub(crate) fn open(&self) -> impl Iterator<Item = &JobId> {
        self.open.keys()
    }

    /// The newest plan whose jobs are open, and how many are.
    pub(crate) fn plan(&self) -> Option<(PlanId, usize)> {
        let newest = self.several.iter().max_by_key(|(id, _)| id.as_str());
        newest.map(|(id, several)| (id.clone(), several.open))
    }

    pub(crate) fn begun(&mut self, job: JobId, of: ConnectionId) {
        self.open.entry(job).or_insert((of, None));
    }

    /// The jobs that an act on several left in the queue.
    pub(crate) fn begun_by(&mut self, plan: &Plan) {
        let id = &plan.head.id;
        let mut open = 0;
        for step in &plan.steps {
            let Some(job) = step.job.clone().filter(|_| waits(step.standing().0)) else {
                continue;
            };
            let of = (step.connection(), Some(id.clone()));
            open += usize::from(self.open.insert(job, of).is_none());
        }
        if open > 0 {
            let several = Several {
                kind: plan.head.kind,
                open,
                done: 0,
                failed: 0,
                cancelled: 0,
            };
            self.several.insert(id.clone(), several);
        }
    }
}

/// Whether such a step ends with its job.
pub(crate) fn waits(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Queued | Outcome::Deduplicated)
}

/// These jobs have ended, or are not there any more. A mark goes once its connection's job has succeeded.
pub(crate) fn ended(model: &mut Model, jobs: &[Job], lost: &[JobId]) {
    for job in jobs {
        let Some((of, plan)) = model.endings.open.remove(&job.id) else {
            continue;
        };
        let good = job.state == State::Succeeded;
        if good {
            model.list.marks.remove(&of);
        }
        let tone = if good { Tone::Good } else { Tone::Bad };
        let words = format!("{}  {}", words(job), of.short());
        match plan {
            // told for all together at the end; each has its line among the messages
            Some(plan) => {
                model.note(tone, words);
                one_of_several(model, plan, Some(job.state));
            }
            None => model.say(tone, words),
        }
    }
    for id in lost {
        if let Some((of, plan)) = model.endings.open.remove(id) {
            let words = format!("Job {} is not there any more.  {}", id.short(), of.short());
            model.note(Tone::Plain, words);
            if let Some(plan) = plan {
                one_of_several(model, plan, None);
            }
        }
    }
}

/// `state`: how its job ended; none where that is not known.
fn one_of_several(model: &mut Model, plan: PlanId, state: Option<State>) {
    let Some(several) = model.endings.several.get_mut(&plan) else {
        return;
    };
    several.open = several.open.saturating_sub(1);
    match state {
        Some(State::Succeeded) => several.done += 1,
        Some(State::Cancelled) => several.cancelled += 1,
        _ => several.failed += 1,
    }
    if several.open > 0 {
        return;
    }
    let Several {
        kind,
        done,
        failed,
        cancelled,
        ..
    } = several.clone();
    model.endings.several.remove(&plan);
    let all = format!(
        "{} of {} ended",
        verb(kind),
        count(done + failed + cancelled, "connection")
    );
    let stopped = match cancelled {
        0 => String::new(),
        n => format!(", {n} cancelled"),
    };
    match (failed, cancelled) {
        (0, 0) => model.say(Tone::Good, format!("{all}: {done} done.")),
        (0, _) => model.say(
            Tone::Plain,
            format!("{all}: {done} done{stopped} and still marked."),
        ),
        (n, _) => model.say(
            Tone::Bad,
            format!("{all}: {done} done, {n} failed{stopped} and still marked; ! tells why."),
        ),
    }
}

/// What a job came to, for people.
pub(crate) fn words(job: &Job) -> String {
    let (done, what) = match job.kind {
        Kind::Connect => ("Connected", "Connecting"),
        Kind::Refresh => ("Refreshed", "The refresh"),
        Kind::UpdateCredentials => ("The new password works", "The new password"),
        Kind::Purge => ("The purge is complete", "The purge"),
        Kind::Revoke => ("Revoked", "The revoke"),
    };
    match (job.state, job.failed_step()) {
        (State::Succeeded, _) => match brought(job) {
            Some(result) => format!("{done}: {result}."),
            None => format!("{done}."),
        },
        (State::Cancelled, _) => format!("{what} was cancelled."),
        (_, Some((step, failure))) => {
            let advice = diagnosis::advice_for(failure, job.failed_at_challenge());
            let mut reason = advice.headline.chars();
            let first = reason.next().map(|c| c.to_ascii_lowercase());
            let reason: String = first.into_iter().chain(reason).collect();
            format!("{what} failed at {}: {reason}.", step.title.short())
        }
        (_, None) => format!("{what} failed."),
    }
}

/// `3 accounts, 12 new transactions`; of a purge, what was proven here, and what a platform reported of its side.
fn brought(job: &Job) -> Option<String> {
    let note = |title: Title| {
        let step = job.steps.iter().find(|step| step.title == title)?;
        step.note.clone()
    };
    if !job.kind.fetches() {
        let proven = note(Title::Verify);
        // of the platform's side there is its word and no proof
        let there = note(Title::Other(STEP.into())).map(|said| format!("there {said}"));
        let here = proven.map(|proven| match &there {
            Some(_) => format!("here {proven}"),
            None => proven,
        });
        let parts: Vec<String> = there.into_iter().chain(here).collect();
        return (!parts.is_empty()).then(|| parts.join("; "));
    }
    let figure = |note: String, word: &str| -> Option<u64> {
        let part = note
            .split(", ")
            .find_map(|part| part.strip_suffix(word).map(str::to_owned));
        part?.trim().parse().ok()
    };
    let accounts = note(Title::RetrieveAccounts).and_then(|note| figure(note, "found"));
    let fresh = note(Title::RetrieveTransactions).and_then(|note| figure(note, "new"));
    let parts = [
        accounts.map(|n| count(n, "account")),
        fresh.map(|n| count(n, "new transaction")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
