//! The engine's figures, from the configuration.

use std::time::Duration;

/// How jobs are run. Every duration can be set down to 100 ms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a worker is trusted without a sign of life.
    pub lease: Duration,
    /// How often a worker gives one.
    pub heartbeat: Duration,
    /// How often somebody looks for jobs whose worker is gone.
    pub rescue: Duration,
    /// How long after a service failure the next attempt is (domain 12.9).
    pub retry_every: Duration,
    /// How long attempts go on after the job was made.
    pub retry_for: Duration,
    /// Whether service failures are tried again at all; off in the sandbox unless switched on.
    pub retry: bool,
    /// How long a challenge may be answered.
    pub mfa_expiry: Duration,
    /// Jobs that may run at one institution at a time, over every process.
    pub per_institution: usize,
    /// Jobs that may run in all.
    pub total: usize,
    /// Deaths of workers after which a job is put aside.
    pub deaths: u32,
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
            per_institution: 2,
            total: 16,
            deaths: 3,
        }
    }
}
