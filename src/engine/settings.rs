//! The engine's figures, from the configuration.

use crate::domain::job::State;
use crate::domain::moment::Moment;
use std::time::Duration;

/// How jobs are run. Every duration can be set down to 100 ms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// How long a worker is trusted without a sign of life.
    pub(crate) lease: Duration,
    /// How often a worker gives one.
    pub(crate) heartbeat: Duration,
    /// How often somebody looks for jobs whose worker is gone.
    pub(crate) rescue: Duration,
    /// How long after a service failure the next attempt is (domain 12.9).
    pub(crate) retry_every: Duration,
    /// How long attempts go on after the job was made.
    pub(crate) retry_for: Duration,
    /// Whether service failures are tried again at all; off in the sandbox unless switched on.
    pub(crate) retry: bool,
    /// How long a challenge may be answered.
    pub(crate) mfa_expiry: Duration,
    /// How long a job waits whose credentials are in use elsewhere.
    pub(crate) credential_pause: Duration,
    /// How often in a row a bank may refuse a sign-in before jobs stop trying by themselves.
    pub(crate) refused_sign_ins: u32,
    /// Jobs that may run at one institution at a time, over every process.
    pub(crate) per_institution: usize,
    /// Jobs that may run in all.
    pub(crate) total: usize,
    /// Deaths of workers after which a job is put aside.
    pub(crate) deaths: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            heartbeat: Duration::from_secs(10),
            rescue: Duration::from_secs(5),
            retry_every: Duration::from_secs(2 * 3600),
            retry_for: Duration::from_secs(7 * 86_400),
            retry: false,
            mfa_expiry: Duration::from_secs(120),
            credential_pause: Duration::from_secs(6 * 60),
            refused_sign_ins: 3,
            per_institution: 2,
            total: 16,
            deaths: 3,
        }
    }
}

impl Settings {
    /// The moment beyond which no job of this state can be due, unless a clock was wrong when it was written:
    /// twice the longest wait there is.
    pub(crate) fn horizon(&self, state: State, now: Moment) -> Moment {
        let longest = match state {
            State::Paused => self.credential_pause,
            State::WaitingRetry => self.retry_every,
            State::WaitingMfa => self.mfa_expiry,
            State::Queued
            | State::Running
            | State::Succeeded
            | State::Failed
            | State::Cancelled => self.lease,
        };
        now.plus(longest.saturating_mul(2))
    }

    /// Whether a job of this state that waits until `at` is to be looked at now.
    pub(crate) fn due(&self, state: State, at: Moment, now: Moment) -> bool {
        at <= now || at > self.horizon(state, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_further_ahead_than_it_can_is_due() {
        let (settings, now) = (Settings::default(), Moment(1_000_000_000));
        let hours = |n: i64| now.plus_ms(n * 3_600_000);
        for (state, at, due) in [
            (State::WaitingRetry, hours(2), false),
            (State::WaitingRetry, hours(3), false),
            (State::WaitingRetry, hours(5), true),
            (State::WaitingRetry, hours(-1), true),
            (State::Paused, hours(1), true),
            (State::Paused, now.plus_ms(360_000), false),
            (State::WaitingMfa, now.plus_ms(125_000), false),
            (State::WaitingMfa, hours(87_600), true),
            (State::Running, now.plus_ms(30_000), false),
            (State::Running, hours(1), true),
            (State::Queued, now, true),
        ] {
            assert_eq!(settings.due(state, at, now), due, "{state} {at}");
        }
    }
}
