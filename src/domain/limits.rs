//! The configurable limits of jobs, retries, leases and plans.

use super::job::State;
use super::moment::Moment;
use super::webhook;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// How long a worker or command is trusted without a heartbeat.
    pub(crate) lease: Duration,
    /// How often it renews its lease; always shorter than the lease.
    pub(crate) heartbeat: Duration,
    pub(crate) rescue: Duration,
    /// The wait before a job is retried after a service failure.
    pub(crate) retry_every: Duration,
    /// How long after it was made a job is retried.
    pub(crate) retry_for: Duration,
    /// Whether service failures are retried at all; off for the sandbox unless switched on.
    pub(crate) retry: bool,
    /// How long a new connection waits when its credentials are in use elsewhere.
    pub(crate) credential_pause: Duration,
    pub(crate) mfa_expiry: Duration,
    /// A refresh of a connection that was used more recently than this is skipped unless forced.
    pub(crate) refresh_floor: Duration,
    /// Running jobs at one bank, over all processes.
    pub(crate) per_institution: u32,
    pub(crate) total: u32,
    /// How many refused sign-ins in a row hold back further refreshes.
    pub(crate) refused_sign_ins: u32,
    /// After how many deaths of its worker a job is put aside.
    pub(crate) deaths: u32,
    pub(crate) plan_life: Duration,
    pub(crate) auth_link_life: Duration,
    pub(crate) background: bool,
    pub(crate) background_every: Duration,
    /// How far the clock may be ahead of the accepted time.
    pub(crate) clock_margin: Duration,
    /// How long what is to end by itself stays marked before it ends.
    pub(crate) ending_grace: Duration,
    /// Percent of all users for whom something may be due to end by itself at once.
    pub(crate) ending_share: u32,
    pub(crate) ending_limit: u32,
    /// The longest wait between two attempts to deliver a message to a webhook.
    pub(crate) webhook_wait: Duration,
    /// How long a receiver may take to answer.
    pub(crate) webhook_time: Duration,
    /// The most calls a second to a platform, over all processes of a file.
    pub(crate) live_calls: u32,
    /// How often the events of a platform are read.
    pub(crate) live_events: Duration,
    /// How often every user of a platform is read as a whole.
    pub(crate) live_sweep: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            heartbeat: Duration::from_secs(10),
            rescue: Duration::from_secs(5),
            retry_every: Duration::from_hours(2),
            retry_for: Duration::from_hours(7 * 24),
            retry: false,
            credential_pause: Duration::from_mins(6),
            mfa_expiry: Duration::from_mins(2),
            refresh_floor: Duration::from_mins(15),
            per_institution: 2,
            total: 16,
            refused_sign_ins: 3,
            deaths: 3,
            plan_life: Duration::from_mins(15),
            auth_link_life: Duration::from_hours(30 * 24),
            background: false,
            background_every: Duration::from_hours(24),
            clock_margin: Duration::from_hours(24),
            ending_grace: Duration::from_hours(1),
            ending_share: 5,
            ending_limit: 20,
            webhook_wait: webhook::LONGEST_WAIT,
            webhook_time: Duration::from_secs(15),
            live_calls: 5,
            live_events: Duration::from_mins(1),
            live_sweep: Duration::from_hours(24),
        }
    }
}

impl Limits {
    pub(crate) fn retries(&self) -> u32 {
        let retries = self.retry_for.as_millis() / self.retry_every.as_millis().max(1);
        u32::try_from(retries).unwrap_or(u32::MAX)
    }

    /// For how many of so many users something may be due to end by itself at once; for a few always.
    pub(crate) fn may_end_at_once(&self, users: u64) -> u64 {
        const ALWAYS: u64 = 3;
        (users.saturating_mul(u64::from(self.ending_share)) / 100).max(ALWAYS)
    }

    /// None when it is off.
    pub(crate) fn smart_cache(&self) -> Option<Duration> {
        self.background.then_some(self.background_every)
    }

    /// No job can be due later, unless a clock was wrong: twice the longest wait.
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

    pub(crate) fn due(&self, state: State, at: Moment, now: Moment) -> bool {
        at <= now || at > self.horizon(state, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_further_ahead_than_it_can_is_due() {
        let (settings, now) = (Limits::default(), Moment(1_000_000_000));
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
