//! What keeps things from ending by themselves: a clock that looks wrong, or consents of more users at once than may
//! end without a person.

use crate::clock::Clock;
use crate::domain::clock_check::{Accepted, Present};
use crate::domain::counts::count;
use crate::domain::moment::Moment;
use crate::domain::time_format;
use crate::ops::{Ops, Result};
use crate::store::ReadTxn;

/// Why nothing ends by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    Clock { now: Moment, ahead: i64 },
    Share { due: u64, users: u64, most: u64 },
}

impl Held {
    /// What is the matter, for a line.
    pub(crate) fn short(&self) -> String {
        match self {
            Held::Clock { ahead, .. } => {
                format!("CLOCK looks wrong: {} ahead", time_format::words(*ahead))
            }
            Held::Share { due, users, .. } => {
                format!("HELD: consents of {due} of {users} users ran out")
            }
        }
    }

    pub(crate) fn what(&self) -> String {
        match self {
            Held::Clock { now, ahead } => format!(
                "the clock looks wrong: {} ahead; nothing ends by itself (it says {})",
                time_format::words(*ahead),
                now.rfc3339()
            ),
            Held::Share { due, users, most } => format!(
                "consents of {due} of {} have run out; of more than {most} none ends by itself",
                count(*users, "user"),
            ),
        }
    }

    /// What a person can do.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Held::Clock { .. } => {
                "Set the clock; if it is right, run `switchboard doctor --accept-clock`."
            }
            Held::Share { .. } => {
                "End or extend each of `switchboard consents`, or raise ending_share."
            }
        }
    }

    pub(crate) fn words(&self) -> String {
        format!("{}. {}", self.what(), self.advice())
    }
}

impl Ops {
    pub(crate) async fn held(&self) -> Result<Option<Held>> {
        let (ops, present) = (self.clone(), self.clock.present());
        self.read(move |rd| ops.held_at(rd, &present)).await
    }

    pub(super) fn held_at(&self, rd: &ReadTxn<'_>, present: &Present) -> Result<Option<Held>> {
        if let Some(ahead) = self.ahead_at(rd, present)? {
            let now = present.now;
            return Ok(Some(Held::Clock { now, ahead }));
        }
        let (due, users) = rd.users_with_ended_consents(present.now)?;
        let most = self.limits.may_end_at_once(users);
        Ok((due > most).then_some(Held::Share { due, users, most }))
    }

    /// By how much the clock is ahead of any time that it can be.
    pub(in crate::ops) fn ahead_at(
        &self,
        rd: &ReadTxn<'_>,
        present: &Present,
    ) -> Result<Option<i64>> {
        Ok(rd.clock_ahead(present, self.limits.clock_margin)?)
    }

    /// Writes the time down in a file that nobody changes, seldom enough to cost nothing.
    pub(super) async fn keep_time(&self) -> Result<()> {
        let (present, margin) = (self.clock.present(), self.limits.clock_margin);
        let stale = self.read(move |rd| Ok(rd.time_to_keep(&present, margin)?));
        match stale.await? {
            // every write keeps the time
            Some(_) => self.write(|_, _| Ok(())).await,
            None => Ok(()),
        }
    }

    /// Writes down the time of another clock than that of these operations.
    pub(crate) async fn keep_time_of(&self, clock: &Clock) -> Result<()> {
        let (present, margin) = (clock.present(), self.limits.clock_margin);
        self.write(move |_, tx| Ok(tx.keep_time(&present, margin)?))
            .await
    }

    /// A person says that the clock is right.
    pub(crate) async fn accept_clock(&self) -> Result<Moment> {
        self.act("accept-clock", "clock", |ops, tx| {
            let present = ops.clock.present();
            let now = present.now;
            let outcome = match ops.ahead_at(tx, &present)? {
                Some(by) => format!("done: {} ahead", time_format::words(by)),
                None => "done: it looked right".into(),
            };
            if let Some(boot) = present.boot {
                tx.accept_time(&Accepted { at: now, boot })?;
            }
            ops.audit(tx, "accept-clock", "clock", &outcome, "", now)?;
            Ok(now)
        })
        .await
    }
}
