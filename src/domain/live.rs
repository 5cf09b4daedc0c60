//! A platform that a file mirrors: how it stands with it, what its key may do, whose connections are read, and the acts
//! that are carried out there.

use super::ids::{ConnectionId, InstitutionId, JobId, OutboxId, PlanId, UserId};
use super::moment::Moment;
use crate::domain::platform_address;
use crate::domain::words::words;
use std::time::Duration;

/// The title of the step of a job that the platform carries out.
pub(crate) const STEP: &str = "platform";

words! {
    /// A part of the API that a key may or may not use.
    Call [word about] parse {
        Connectors "connectors" "banks and their health";
        Users "users" "users and their records";
        Connections "connections" "connections";
        Jobs "jobs" "jobs and their steps";
        Consents "consents" "consents";
        Accounts "accounts" "accounts";
        Transactions "transactions" "how many transactions there are";
        Identities "identities" "profiles of connections";
        Events "events" "the feed of changes";
    }
}

words! {
    /// Why nothing is heard from a platform.
    Trouble [word band] {
        /// It refuses the key, or nobody is signed in.
        SignedOut "signed-out" "SIGNED OUT";
        /// It asks for fewer calls.
        Slowed "slowed" "SLOWED";
        /// It does not answer, or answers that it cannot.
        Offline "offline" "OFFLINE";
    }
}

words! {
    /// What is done at a platform.
    RemoteAct [word] {
        Refresh "refresh";
        Purge "purge";
        Revoke "revoke";
        Answer "answer";
        /// Ends a consent, with all that hangs on it.
        EndConsent "end-consent";
        /// Makes the link that a user opens to connect, or to act again.
        Link "link";
    }
}

words! {
    Sending [word about] {
        Intended "intended" "written down, not sent yet";
        /// A call was made, and its answer is awaited.
        Sent "sent" "sent, waiting for the answer";
        Accepted "accepted" "accepted by the platform";
        Refused "refused" "refused";
        /// It is not known whether the platform did it; it is read there.
        Unsure "unsure" "not known whether it was done; it is looked up at the platform";
    }
}

impl Sending {
    pub(crate) fn open(self) -> bool {
        matches!(self, Sending::Intended | Sending::Sent | Sending::Unsure)
    }
}

/// One act in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) id: OutboxId,
    pub(crate) act: RemoteAct,
    /// The id of what it is done to: a connection, a consent, or for a link the user.
    pub(crate) target: String,
    pub(crate) user: UserId,
    /// Empty when it is about no bank.
    pub(crate) institution: InstitutionId,
    /// The job in this file; it takes the id that the platform gives it. Empty for an act without one.
    pub(crate) job: JobId,
    /// The workflow that it is a step of, when that waits for it.
    pub(crate) workflow: Option<PlanId>,
    pub(crate) state: Sending,
    pub(crate) made: Moment,
    pub(crate) changed: Moment,
    /// When somebody has to go on with it, while it is open.
    pub(crate) due: Option<Moment>,
    pub(crate) sent: Option<Moment>,
    pub(crate) tries: u32,
    pub(crate) epoch: i64,
    /// The HTTP status of the last answer.
    pub(crate) status: Option<u16>,
    pub(crate) correlation: String,
    /// The code or the words that came with it, without anything personal.
    pub(crate) said: String,
    /// Of a purge: what the platform reported before and after.
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) actor: String,
    pub(crate) face: String,
    pub(crate) reason: String,
}

impl RemoteAct {
    /// Whether its target is a connection.
    pub(crate) fn of_connection(self) -> bool {
        !matches!(self, RemoteAct::EndConsent | RemoteAct::Link)
    }
}

impl Outgoing {
    /// The connection it is done to; of another act an id that no connection has.
    pub(crate) fn connection(&self) -> ConnectionId {
        match self.act.of_connection() {
            true => self.target.as_str().into(),
            false => "".into(),
        }
    }
}

/// The platform as this file knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Platform {
    /// Scheme, host and path, without a slash at its end.
    pub(crate) address: String,
    /// None: signed out.
    pub(crate) signed_in: Option<Moment>,
    pub(crate) lacks: Vec<Call>,
    /// Calls in a thousand seconds.
    pub(crate) rate: u64,
    pub(crate) slowed: Option<Moment>,
    pub(crate) heard: Option<Moment>,
    pub(crate) trouble: Option<(Trouble, Moment, String)>,
    pub(crate) next_try: Option<Moment>,
    pub(crate) events_read: Option<Moment>,
    pub(crate) connectors_read: Option<Moment>,
    pub(crate) spoiled: u64,
    pub(crate) leader_until: Option<Moment>,
}

impl Platform {
    /// What is between `//` and the next `/`.
    pub(crate) fn host(&self) -> &str {
        platform_address::host(&self.address)
    }

    pub(crate) fn lacks(&self, call: Call) -> bool {
        self.lacks.contains(&call)
    }
}

/// Until when a platform wants silence: what `Retry-After` says, in seconds or as a date, at most a day; without one a
/// second.
pub(crate) fn silent_until(retry_after: Option<&str>, now: Moment) -> Moment {
    const DAY_MS: i64 = 86_400_000;
    let text = retry_after.map(str::trim).unwrap_or("1");
    let until = match text.parse::<i64>() {
        Ok(seconds) => now.plus_ms(seconds.saturating_mul(1_000)),
        Err(_) => match chrono::DateTime::parse_from_rfc2822(text) {
            Ok(at) => Moment(at.timestamp_millis()),
            Err(_) => now.plus_ms(1_000),
        },
    };
    until.clamp(now.plus_ms(100), now.plus_ms(DAY_MS))
}

/// When a platform that does not answer is asked again: after as long as it has been silent, at most a minute.
pub(crate) fn again_after(since: Moment, now: Moment) -> Moment {
    now.plus_ms(now.since(since).clamp(1_000, 60_000))
}

/// How many users of the mirror are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) users: u64,
    /// Whose connections and jobs were read at least once.
    pub(crate) looked: u64,
    /// Whose consents and record were read too.
    pub(crate) known: u64,
    pub(crate) gone: u64,
    /// Connections whose details were read.
    pub(crate) detailed: u64,
    pub(crate) connections: u64,
    /// Acts in the outbox that are not over.
    pub(crate) open: u64,
    pub(crate) unsure: u64,
    /// The oldest look at a user.
    pub(crate) oldest: Option<Moment>,
}

impl Progress {
    /// How many calls the first look still needs: two for each user, then two more.
    pub(crate) fn calls_left(&self) -> u64 {
        2 * (self.users.saturating_sub(self.looked) + self.users.saturating_sub(self.known))
    }

    /// How long the first look still takes at so many calls in a thousand seconds.
    pub(crate) fn time_left(&self, rate: u64) -> Option<Duration> {
        let calls = self.calls_left();
        (calls > 0).then(|| Duration::from_millis(calls.saturating_mul(1_000_000) / rate.max(1)))
    }
}

/// A user of the mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveUser {
    pub(crate) id: UserId,
    pub(crate) added: Moment,
    pub(crate) looked: Option<Moment>,
    pub(crate) gone: Option<Moment>,
    pub(crate) connections: u64,
    pub(crate) trouble: String,
}

/// The next thing that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// A person waits for the details of a connection.
    Details(ConnectionId),
    Job(JobId),
    Events,
    Connectors,
    /// Connections and jobs of a user.
    Look(UserId),
    /// Consents and record of a user.
    Know(UserId),
}

/// When a job that the platform runs is looked at again: after 2, 5 and 10 seconds, then every 30; one that has not moved
/// for a while waits for the platform's own retry, and is looked at every ten minutes.
pub(crate) fn next_look(tries: u32, updated: Moment, now: Moment) -> Moment {
    const RETRY_MS: i64 = 10 * 60_000;
    let after = match tries {
        0 => 2_000,
        1 => 5_000,
        2 => 10_000,
        _ if now.since(updated) > RETRY_MS => RETRY_MS,
        _ => 30_000,
    };
    now.plus_ms(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_lasts_as_long_as_the_platform_says() {
        let now = Moment::parse("2026-03-10T03:00:00Z").unwrap();
        for (header, ms) in [
            (Some("7"), 7_000),
            (Some("Tue, 10 Mar 2026 03:00:09 GMT"), 9_000),
            (Some("Tue, 10 Mar 2026 02:00:00 GMT"), 100),
            (Some("soon"), 1_000),
            (Some("999999999999999999"), 86_400_000),
            (None, 1_000),
        ] {
            assert_eq!(silent_until(header, now).since(now), ms, "{header:?}");
        }
        assert_eq!(again_after(now, now).since(now), 1_000);
        assert_eq!(again_after(now.plus_ms(-30_000), now).since(now), 30_000);
        assert_eq!(again_after(now.plus_ms(-3_600_000), now).since(now), 60_000);
    }

    #[test]
    fn a_job_is_looked_at_less_and_less_often() {
        let now = Moment(1_000_000_000);
        let after = |tries, updated| next_look(tries, updated, now).since(now);
        assert_eq!(
            [0, 1, 2, 3, 9].map(|n| after(n, now)),
            [2_000, 5_000, 10_000, 30_000, 30_000]
        );
        assert_eq!(after(9, now.plus_ms(-700_000)), 600_000);
    }

    #[test]
    fn the_first_look_says_how_long_it_takes() {
        let progress = Progress {
            users: 3_200,
            ..Progress::default()
        };
        let whole = progress.time_left(5_000).unwrap();
        assert_eq!(whole.as_secs(), 4 * 3_200 / 5);
        let done = Progress {
            looked: 3_200,
            known: 3_200,
            ..progress
        };
        assert_eq!(done.time_left(5_000), None);
    }
}
