//! Past jobs, step by step, with the times of the bank's script.

use super::roster::Link;
use crate::connector::sandbox::rng::{Chance, key};
use crate::connector::sandbox::{rng, steps};
use crate::domain::connection::Method;
use crate::domain::counts;
use crate::domain::failure_codes::Failure;
use crate::domain::ids::{ConnectionId, JobId};
use crate::domain::import_records::JobRecord;
use crate::domain::job::{Kind, State, Step, StepStatus, Title};
use crate::domain::mask::BankWords;
use crate::domain::moment::Moment;

/// A service failure is tried again this often and this long (docs/domain.md 12.9).
const RETRY_EVERY_MS: i64 = 2 * 3_600_000;
const RETRY_FOR_MS: i64 = 7 * 86_400_000;

/// How long a step without an answer is waited for.
const LAPSE_MS: i64 = 120_000;

#[derive(Clone, Debug)]
pub(crate) enum End {
    Success,
    Fails(Title, Failure),
    /// A step failed and is tried again; so many attempts have begun.
    Waits(Title, Failure, u32),
    /// The person has not been to the data holder yet.
    AwaitsPerson,
}

pub(crate) struct Teller<'a> {
    link: &'a Link,
    connection: &'a ConnectionId,
    seed: u64,
    /// In order of time.
    pub(crate) jobs: Vec<JobRecord>,
}

impl<'a> Teller<'a> {
    pub(crate) fn new(link: &'a Link, connection: &'a ConnectionId, seed: u64) -> Self {
        Self {
            link,
            connection,
            seed,
            jobs: Vec::with_capacity(6),
        }
    }

    /// How long after its making a job with this end was over, about.
    pub(crate) fn lasts(end: &End) -> i64 {
        match end {
            End::Fails(_, failure) if failure.retried() => RETRY_FOR_MS,
            _ => 0,
        }
    }

    pub(crate) fn fetches(&mut self, kind: Kind, made: Moment, end: &End) -> &JobRecord {
        let dice_key = self.key();
        let mut dice = Chance::new(dice_key);
        let id: JobId = super::id(made, dice_key).into();
        let titles = steps(&self.link.script.id.as_str().into(), self.link.method, &id);
        let begun = made.plus_ms(dice.between(150, 900) + begin_after(end));
        let mut at = begun;
        let mut job = JobRecord {
            id,
            connection: self.connection.clone(),
            kind,
            state: State::Succeeded,
            steps: Vec::with_capacity(titles.len()),
            created: made,
            updated: made,
            ended: None,
            attempt: attempts(end),
            next_attempt: None,
            challenge: None,
            words: BankWords::default(),
        };
        let mut over = matches!(end, End::AwaitsPerson);
        for title in titles {
            if over {
                job.steps.push(Step::pending(title));
                continue;
            }
            let started = at;
            let lasted = self.lasted(kind, &title, end, &mut dice);
            let mut step = Step::pending(title);
            step.status = StepStatus::Success;
            match end {
                End::Fails(place, failure) if *place == step.title => {
                    step.status = StepStatus::Failed;
                    step.failure = Some(failure.clone());
                    over = true;
                }
                End::Waits(place, failure, _) if *place == step.title => {
                    job.updated = at.plus_ms(lasted);
                    job.next_attempt = Some(job.updated.plus_ms(RETRY_EVERY_MS));
                    job.steps.push(Step {
                        failure: Some(failure.clone()),
                        ..Step::pending(step.title)
                    });
                    over = true;
                    continue;
                }
                _ => {}
            }
            at = at.plus_ms(lasted);
            step.started = Some(started);
            step.ended = Some(at);
            job.updated = at;
            job.steps.push(step);
        }
        job.state = match end {
            End::Success => State::Succeeded,
            End::Fails(..) => State::Failed,
            End::Waits(..) => State::WaitingRetry,
            End::AwaitsPerson => State::Paused,
        };
        job.ended = (!job.state.open()).then_some(job.updated);
        self.jobs.push(job);
        self.jobs.last().expect("just pushed")
    }

    /// Tells a purge or a revoke: local work, over in moments.
    pub(crate) fn acts(&mut self, kind: Kind, made: Moment) -> Moment {
        let dice_key = self.key();
        let mut dice = Chance::new(dice_key);
        let mut at = made.plus_ms(dice.between(5, 60));
        let steps = kind.steps().iter().map(|title| {
            let started = at;
            at = at.plus_ms(dice.between(3, 180));
            let (started, ended) = (Some(started), Some(at));
            Step {
                status: StepStatus::Success,
                started,
                ended,
                ..Step::pending(title.clone())
            }
        });
        let steps: Vec<Step> = steps.collect();
        self.jobs.push(JobRecord {
            id: super::id(made, dice_key).into(),
            connection: self.connection.clone(),
            kind,
            state: State::Succeeded,
            steps,
            created: made,
            updated: at,
            ended: Some(at),
            attempt: 1,
            next_attempt: None,
            challenge: None,
            words: BankWords::default(),
        });
        at
    }

    fn key(&self) -> u64 {
        key(&[
            self.seed,
            self.link.number,
            self.jobs.len() as u64,
            0x6a6f_6273,
        ])
    }

    fn lasted(&self, kind: Kind, title: &Title, end: &End, dice: &mut Chance) -> i64 {
        let scripted = self.link.script.duration(title, dice.roll()).as_millis();
        let scripted = i64::try_from(scripted).expect("steps of a script take seconds");
        match (end, title) {
            (End::Fails(place, failure), title)
                if place == title && failure.code == "job-timed-out" =>
            {
                LAPSE_MS
            }
            // Here people take their time, not the bank.
            (_, Title::MfaChallenge) => scripted + dice.between(4_000, 70_000),
            (_, Title::VerifyCredentials)
                if kind == Kind::Connect && self.link.method == Method::OpenBanking =>
            {
                scripted + dice.between(40_000, 400_000)
            }
            _ => scripted,
        }
    }
}

/// How long after a job was made its last attempt began.
fn begin_after(end: &End) -> i64 {
    match end {
        End::Waits(_, _, attempts) => i64::from(attempts.saturating_sub(1)) * RETRY_EVERY_MS,
        end => Teller::lasts(end),
    }
}

fn attempts(end: &End) -> u32 {
    match end {
        End::Waits(_, _, attempts) => *attempts,
        end => 1 + u32::try_from(Teller::lasts(end) / RETRY_EVERY_MS).expect("84 at most"),
    }
}

pub(crate) fn signed_in(job: &JobRecord) -> Option<Moment> {
    job.steps
        .iter()
        .find(|s| s.title == Title::VerifyCredentials)
        .and_then(|s| s.ended)
}

/// When a job had signed in with success.
pub(crate) fn authorised(job: &JobRecord) -> Option<Moment> {
    succeeded(job, &Title::VerifyCredentials)
}

/// When a job had fetched its accounts.
pub(crate) fn has_accounts(job: &JobRecord) -> Option<Moment> {
    succeeded(job, &Title::RetrieveAccounts)
}

fn succeeded(job: &JobRecord, title: &Title) -> Option<Moment> {
    job.steps
        .iter()
        .find(|s| s.title == *title && s.status == StepStatus::Success)
        .and_then(|s| s.ended)
}

/// Writes beside the steps what they brought: accounts, and transactions that end up as `total`.
/// Answers how many came with each job, in the jobs' order.
pub(crate) fn annotate(jobs: &mut [JobRecord], accounts: usize, total: u64, seed: u64) -> Vec<u64> {
    let mut came = vec![0; jobs.len()];
    let mut left = total;
    let after_purge = jobs.iter().rposition(|j| j.kind == Kind::Purge);
    for (place, job) in jobs.iter_mut().enumerate().rev() {
        let mut dice = rng::Chance::new(key(&[seed, rng::text(job.id.as_str())]));
        // The first fetch, and the first one after a purge, bring everything there is.
        let whole =
            job.kind == Kind::Connect || after_purge.is_some_and(|purge| place == purge + 1);
        for step in job
            .steps
            .iter_mut()
            .filter(|s| s.status == StepStatus::Success)
        {
            match step.title {
                Title::RetrieveAccounts => {
                    step.note = Some(counts::count(accounts as u64, "account"));
                }
                Title::RetrieveTransactions => {
                    let new = if whole {
                        left
                    } else {
                        dice.below(18).min(left)
                    };
                    step.note = Some(format!(
                        "{} ({} new)",
                        counts::thousands(left),
                        counts::thousands(new)
                    ));
                    came[place] = new;
                    left = if whole { total } else { left - new };
                }
                _ => {}
            }
        }
    }
    came
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_failure_was_tried_for_seven_days() {
        let end = |code| End::Fails(Title::RetrieveAccounts, Failure::of(code));
        assert_eq!(
            (
                attempts(&end("service-unavailable")),
                Teller::lasts(&end("service-unavailable"))
            ),
            (85, RETRY_FOR_MS)
        );
        assert_eq!(
            (
                attempts(&end("user-action-required")),
                Teller::lasts(&end("user-action-required"))
            ),
            (1, 0)
        );
    }
}
