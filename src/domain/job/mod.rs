//! Jobs: kind, steps, state and legal moves (docs/domain.md 3). The label follows from the steps ([`Label::of`]).

pub(crate) mod countdown;
mod kind;
mod state;
mod step;

pub(crate) use kind::{Kind, Title};
pub(crate) use state::{Command, Refused, State, next};
pub(crate) use step::{Label, Step, StepStatus};

use super::failure_codes::Failure;
use super::ids::{ConnectionId, InstitutionId, JobId, UserId};
use super::mfa::Challenge;
use super::moment::Moment;
use super::stuck;

/// Where the work stands in these steps: the first that is not a success; the last when all are.
pub(crate) fn current(steps: &[Step]) -> usize {
    steps
        .iter()
        .position(|s| s.status != StepStatus::Success)
        .unwrap_or(steps.len().saturating_sub(1))
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Job {
    pub(crate) id: JobId,
    pub(crate) connection: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) steps: Vec<Step>,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) ended: Option<Moment>,
    /// How many attempts began; 0 before the first.
    pub(crate) attempt: u32,
    /// When the next attempt is due, while one waits.
    pub(crate) next_attempt: Option<Moment>,
    /// Rises with every claim and never falls; a worker with an older one writes nothing.
    pub(crate) epoch: i64,
    /// Until when its worker is trusted to be alive.
    pub(crate) lease_until: Option<Moment>,
    pub(crate) owner: Option<String>,
    pub(crate) deaths: u32,
    pub(crate) challenge: Option<Challenge>,
    /// How many milliseconds the step that runs usually takes at its bank, where enough fetches tell.
    pub(crate) usual: Option<i64>,
}

impl Job {
    pub(crate) fn label(&self) -> Label {
        if self.state == State::Cancelled {
            Label::Failed
        } else {
            Label::of(&self.steps)
        }
    }

    /// How long its step runs by now, and whether that is far too long; none of a job that does not run.
    pub(crate) fn step_runs(&self, now: Moment) -> Option<(i64, bool)> {
        let runs = now.since(self.updated).max(0);
        (self.state == State::Running).then(|| (runs, runs > stuck::limit(self.usual)))
    }

    /// The step it stands at: the first that is not a success; the last when all are.
    pub(crate) fn current(&self) -> usize {
        current(&self.steps)
    }

    /// Ends it where it stands; what was done stays done. A worker that has it finds its epoch gone.
    pub(crate) fn cancel(&mut self, now: Moment) -> Result<(), Refused> {
        self.state = next(self.state, Command::Cancel)?;
        self.epoch += 1;
        let at = self.current();
        if let Some(step) = self.steps.get_mut(at)
            && step.status == StepStatus::InProgress
        {
            *step = Step::pending(step.title.clone());
        }
        self.updated = now;
        self.ended = Some(now);
        self.owner = None;
        self.lease_until = None;
        self.next_attempt = None;
        self.challenge = None;
        Ok(())
    }

    pub(crate) fn failed_step(&self) -> Option<(&Step, &Failure)> {
        self.steps
            .iter()
            .find(|s| s.status == StepStatus::Failed)
            .and_then(|s| s.failure.as_ref().map(|f| (s, f)))
    }

    /// Whether the failed step was the challenge, which makes a time-out the user's (14.1).
    pub(crate) fn failed_at_challenge(&self) -> bool {
        self.failed_step()
            .is_some_and(|(s, _)| s.title == Title::MfaChallenge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(statuses: &[StepStatus]) -> Vec<Step> {
        Kind::Refresh
            .steps()
            .iter()
            .cloned()
            .zip(statuses)
            .map(|(title, status)| Step {
                status: *status,
                ..Step::pending(title)
            })
            .collect()
    }

    #[test]
    fn the_label_follows_the_steps() {
        use StepStatus::{Failed, InProgress, Pending, Success};
        for (given, label) in [
            ([Pending, Pending, Pending], Label::Pending),
            ([Success, InProgress, Pending], Label::Pending),
            ([Success, Failed, Pending], Label::Failed),
            ([Success, Success, Success], Label::Success),
        ] {
            assert_eq!(Label::of(&steps(&given)), label, "{given:?}");
        }
        assert_eq!(Label::of(&[]), Label::Pending);
    }

    #[test]
    fn nothing_moves_a_job_that_has_ended() {
        let commands = [
            Command::Claim,
            Command::Rescue,
            Command::Hold,
            Command::Release,
            Command::Ask,
            Command::Answer,
            Command::Retry,
            Command::Finish,
            Command::Fail,
        ];
        for from in State::ALL.into_iter().filter(|s| !s.open()) {
            for command in commands {
                assert_eq!(next(from, command), Err(Refused { from, command }));
            }
        }
    }

    #[test]
    fn only_a_running_job_asks_finishes_or_retries() {
        for from in State::ALL {
            for command in [
                Command::Ask,
                Command::Finish,
                Command::Retry,
                Command::Rescue,
            ] {
                assert_eq!(
                    next(from, command).is_ok(),
                    from == State::Running,
                    "{from} {command:?}"
                );
            }
        }
    }

    #[test]
    fn titles_read_back() {
        for title in Title::NAMED {
            assert_eq!(Title::parse(title.word()), title);
        }
        assert_eq!(Title::parse("retrieve-meta").word(), "retrieve-meta");
    }
}
