//! What an answer of the bank makes of a job. Pure: the time is an argument.

use crate::connector::Outcome;
use crate::domain::failure_codes::{Blame, Failure};
use crate::domain::job::{Command, Job, Refused, State, Step, StepStatus, Title, next};
use crate::domain::limits::Limits;
use crate::domain::mfa::Challenge;
use crate::domain::moment::Moment;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Goes,
    Finished,
    /// The bank asks the user; the worker gives the job up.
    Asks,
    /// It waits for its next attempt or its user's authorisation; the worker gives it up.
    Waits,
    Fails(Failure, Blame),
    /// Somebody wanted no more of it while its step ran.
    Cancelled,
}

/// Claims a due job for a worker: its current step begins, its epoch rises.
pub(crate) fn claim(
    job: &mut Job,
    owner: &str,
    now: Moment,
    limits: &Limits,
) -> Result<(), Refused> {
    let retrying = matches!(job.state, State::WaitingRetry);
    if job.state == State::Running {
        job.state = next(job.state, Command::Rescue)?;
        job.deaths += 1;
    }
    if matches!(job.state, State::Paused | State::WaitingRetry) {
        job.state = next(job.state, Command::Release)?;
    }
    job.state = next(job.state, Command::Claim)?;
    if retrying || job.attempt == 0 {
        job.attempt += 1;
    }
    job.epoch += 1;
    job.owner = Some(owner.to_owned());
    job.lease_until = Some(now.plus(limits.lease));
    job.next_attempt = None;
    begin(job, now);
    Ok(())
}

pub(crate) fn settle(
    job: &mut Job,
    outcome: &Outcome,
    note: Option<String>,
    now: Moment,
    limits: &Limits,
) -> Result<Settled, Refused> {
    let at = job.current();
    job.updated = now;
    match outcome {
        Outcome::Done { .. } | Outcome::Accounts { .. } | Outcome::Transactions(_) => {
            succeed(&mut job.steps[at], note, now);
            if at + 1 == job.steps.len() {
                job.state = next(job.state, Command::Finish)?;
                end(job, now);
                return Ok(Settled::Finished);
            }
            begin(job, now);
            Ok(Settled::Goes)
        }
        Outcome::Challenge {
            method,
            description,
            input,
        } => {
            succeed(&mut job.steps[at], None, now);
            if !job.steps.iter().any(|s| s.title == Title::MfaChallenge) {
                job.steps.insert(at + 1, Step::pending(Title::MfaChallenge));
            }
            begin(job, now);
            job.challenge = Some(Challenge {
                method: *method,
                description: description.clone(),
                input: input.clone(),
                expires: now.plus(limits.mfa_expiry),
            });
            job.state = next(job.state, Command::Ask)?;
            give_up(job);
            Ok(Settled::Asks)
        }
        Outcome::AwaitsAuthorisation => {
            job.steps[at] = Step::pending(job.steps[at].title.clone());
            job.state = next(job.state, Command::Hold)?;
            job.next_attempt = None;
            give_up(job);
            Ok(Settled::Waits)
        }
        Outcome::Failed(failure) => fail(job, failure.clone(), now, limits),
    }
}

/// Fails the current step: it is retried later, or the job ends.
pub(crate) fn fail(
    job: &mut Job,
    failure: Failure,
    now: Moment,
    limits: &Limits,
) -> Result<Settled, Refused> {
    let at = job.current();
    let challenge = job.steps[at].title == Title::MfaChallenge;
    let blame = failure.blame(challenge);
    let again = now.plus(limits.retry_every);
    job.updated = now;
    if limits.retry
        && failure.retried()
        && time_left(job, again, now, limits)
        && job.state == State::Running
    {
        let step = &mut job.steps[at];
        *step = Step {
            failure: Some(failure),
            ..Step::pending(step.title.clone())
        };
        job.state = next(job.state, Command::Retry)?;
        job.next_attempt = Some(again);
        give_up(job);
        return Ok(Settled::Waits);
    }
    job.state = next(job.state, Command::Fail)?;
    let step = &mut job.steps[at];
    step.status = StepStatus::Failed;
    step.started = step.started.or(Some(now));
    step.ended = Some(now);
    step.failure = Some(failure.clone());
    end(job, now);
    Ok(Settled::Fails(failure, blame))
}

/// Whether it may be retried at `again`. A job made by a clock that ran ahead has as many attempts as fit its time.
fn time_left(job: &Job, again: Moment, now: Moment, limits: &Limits) -> bool {
    if job.created <= now {
        return again <= job.created.plus(limits.retry_for);
    }
    job.attempt <= limits.retries()
}

fn begin(job: &mut Job, now: Moment) {
    let at = job.current();
    let step = &mut job.steps[at];
    // a challenge keeps its start when its answer is sent to the bank
    if step.status != StepStatus::InProgress || step.title != Title::MfaChallenge {
        step.status = StepStatus::InProgress;
        step.started = Some(now);
    }
    step.failure = None;
    job.updated = now;
}

fn succeed(step: &mut Step, note: Option<String>, now: Moment) {
    step.status = StepStatus::Success;
    step.started = step.started.or(Some(now));
    step.ended = Some(now);
    step.failure = None;
    step.note = note;
}

fn give_up(job: &mut Job) {
    job.owner = None;
    job.lease_until = None;
}

fn end(job: &mut Job, now: Moment) {
    give_up(job);
    job.ended = Some(now);
    job.next_attempt = None;
    let answered = job
        .steps
        .iter()
        .any(|s| s.title == Title::MfaChallenge && s.status == StepStatus::Success);
    // the kind and time of an answered challenge are kept; the bank's text is wiped when the job ends
    job.challenge = job
        .challenge
        .take()
        .filter(|_| answered)
        .map(Challenge::wiped);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::job::{Kind, Label};
    use crate::domain::mfa::ChallengeMethod;
    use std::time::Duration;

    const NOW: Moment = Moment(1_000_000_000);

    fn job() -> Job {
        Job {
            id: "j".into(),
            connection: "c".into(),
            user: "u".into(),
            institution: "AU00000".into(),
            institution_name: "Hooli".into(),
            kind: Kind::Refresh,
            state: State::Queued,
            steps: Kind::Refresh
                .steps()
                .iter()
                .cloned()
                .map(Step::pending)
                .collect(),
            created: NOW,
            updated: NOW,
            ended: None,
            attempt: 0,
            next_attempt: Some(NOW),
            epoch: 0,
            lease_until: None,
            owner: None,
            deaths: 0,
            challenge: None,
            usual: None,
        }
    }

    fn done() -> Outcome {
        Outcome::Done { expiry: None }
    }

    fn limits() -> Limits {
        Limits {
            retry: true,
            ..Limits::default()
        }
    }

    fn statuses(job: &Job) -> Vec<StepStatus> {
        job.steps.iter().map(|s| s.status).collect()
    }

    #[test]
    fn a_job_without_failures_goes_through_its_steps() {
        use StepStatus::{InProgress, Pending, Success};
        let mut job = job();
        claim(&mut job, "w1", NOW, &limits()).unwrap();
        assert_eq!(
            (job.epoch, job.attempt, statuses(&job)),
            (1, 1, vec![InProgress, Pending, Pending])
        );
        assert_eq!(
            settle(&mut job, &done(), None, NOW, &limits()).unwrap(),
            Settled::Goes
        );
        assert_eq!(statuses(&job), [Success, InProgress, Pending]);
        settle(&mut job, &done(), Some("3 accounts".into()), NOW, &limits()).unwrap();
        assert_eq!(
            settle(&mut job, &done(), None, NOW, &limits()).unwrap(),
            Settled::Finished
        );
        assert_eq!(
            (job.state, job.label(), job.ended),
            (State::Succeeded, Label::Success, Some(NOW))
        );
    }

    #[test]
    fn a_challenge_becomes_the_second_step() {
        let mut job = job();
        claim(&mut job, "w1", NOW, &limits()).unwrap();
        let asks = Outcome::Challenge {
            method: ChallengeMethod::Token,
            description: "Enter the code".into(),
            input: vec!["OTP Password".into()],
        };
        assert_eq!(
            settle(&mut job, &asks, None, NOW, &limits()).unwrap(),
            Settled::Asks
        );
        assert_eq!(job.steps[1].title, Title::MfaChallenge);
        assert_eq!(
            (job.state, job.steps.len(), job.current()),
            (State::WaitingMfa, 4, 1)
        );
        job.state = next(job.state, Command::Answer).unwrap();
        claim(&mut job, "w2", NOW.plus_ms(5), &limits()).unwrap();
        assert_eq!(
            (job.attempt, job.epoch, job.steps[1].started),
            (1, 2, Some(NOW))
        );
        assert_eq!(
            settle(&mut job, &done(), None, NOW, &limits()).unwrap(),
            Settled::Goes
        );
        assert_eq!(job.current(), 2);
    }

    #[test]
    fn service_failures_are_retried_for_seven_days_user_failures_never() {
        let mut job = job();
        let mut now = NOW;
        let down = Outcome::Failed(Failure::of("service-unavailable"));
        let mut attempts = 0;
        loop {
            claim(&mut job, "w", now, &limits()).unwrap();
            attempts += 1;
            match settle(&mut job, &down, None, now, &limits()).unwrap() {
                Settled::Waits => {
                    assert_eq!(
                        (job.label(), job.steps[0].status),
                        (Label::Pending, StepStatus::Pending)
                    );
                    assert_eq!(
                        job.steps[0].failure.as_ref().unwrap().code,
                        "service-unavailable"
                    );
                    now = job.next_attempt.unwrap();
                    assert_eq!(now.since(NOW) % 7_200_000, 0);
                }
                Settled::Fails(_, blame) => {
                    assert_eq!(blame, Blame::Bank);
                    break;
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((attempts, job.attempt), (85, 85));
        assert_eq!(now.since(NOW), 7 * 86_400_000);

        let mut job = self::job();
        claim(&mut job, "w", NOW, &limits()).unwrap();
        let wrong = Outcome::Failed(Failure::of("invalid-credentials"));
        assert!(matches!(
            settle(&mut job, &wrong, None, NOW, &limits()).unwrap(),
            Settled::Fails(_, Blame::User)
        ));
        assert_eq!(
            statuses(&job),
            [StepStatus::Failed, StepStatus::Pending, StepStatus::Pending]
        );
    }

    #[test]
    fn retries_end_for_a_job_created_in_the_future() {
        let mut job = Job {
            created: NOW.plus(Duration::from_secs(10 * 365 * 86_400)),
            ..job()
        };
        let mut now = NOW;
        let down = Outcome::Failed(Failure::of("service-unavailable"));
        loop {
            claim(&mut job, "w", now, &limits()).unwrap();
            match settle(&mut job, &down, None, now, &limits()).unwrap() {
                Settled::Waits => now = job.next_attempt.unwrap(),
                _ => break,
            }
        }
        assert_eq!((job.state, job.attempt), (State::Failed, 85));
    }

    #[test]
    fn a_takeover_counts_a_death_and_no_attempt() {
        let mut job = job();
        claim(&mut job, "w1", NOW, &limits()).unwrap();
        let later = NOW.plus(Duration::from_secs(60));
        claim(&mut job, "w2", later, &limits()).unwrap();
        assert_eq!((job.epoch, job.deaths, job.attempt), (2, 1, 1));
        assert_eq!(
            (job.owner.as_deref(), job.steps[0].started),
            (Some("w2"), Some(later))
        );
    }
}
