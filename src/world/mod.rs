//! The generated world behind `demo` and `generate`. The same settings give the same bytes on every machine; each
//! connection is derived from its number alone, so memory does not grow with their count.

mod accounts;
mod events;
mod history;
mod hostile_names;
mod permission;
mod person;
mod personal_values;
mod planted;
mod quota;
mod roster;
mod scenario;
mod story;

pub use personal_values::personal_values;
pub(crate) use planted::Scenario;

use crate::connector::sandbox::Sandbox;
use crate::domain::ids::uuid_text;
use crate::domain::import_records::{Batch, InstitutionRecord};
use crate::domain::moment::Moment;
use events::Recent;
use quota::Quota;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WorldSettings {
    /// How many connections, the deleted ones included.
    pub(crate) connections: u64,
    /// The random seed. The sandbox has to play with the same seed, or refreshes bring other people's data.
    pub(crate) seed: u64,
    /// Posted transactions of each stored account.
    pub(crate) transactions_per_account: u32,
    pub(crate) at: Moment,
    /// What is planted into it.
    pub(crate) scenario: Option<Scenario>,
}

/// How much goes into one batch, in transactions.
const BATCH_TRANSACTIONS: u64 = 46_000;

/// The first batch is small, so that there is something to see at once.
const FIRST_CONNECTIONS: u64 = 500;

/// Larger batches put more index rows on a page.
const BATCH_CONNECTIONS: u64 = 8_000;

const BATCH_EVENTS: usize = 5_000;

#[derive(Clone, Debug)]
pub(crate) struct World {
    settings: WorldSettings,
    quota: Quota,
}

impl World {
    pub(crate) fn new(settings: WorldSettings) -> Self {
        Self {
            settings,
            quota: Quota::new(settings.connections, settings.seed),
        }
    }

    /// They go into the store before the batches.
    pub(crate) fn institutions(&self) -> Vec<InstitutionRecord> {
        Sandbox::institutions()
    }

    /// The newest events come last, in order of time.
    pub(crate) fn batches(&self) -> Batches {
        let per_connection = u64::from(self.settings.transactions_per_account) * 5 / 2;
        Batches {
            world: self.clone(),
            size: FIRST_CONNECTIONS,
            most: BATCH_TRANSACTIONS
                .checked_div(per_connection)
                .unwrap_or(u64::MAX)
                .clamp(1, BATCH_CONNECTIONS),
            user: 0,
            connection: 0,
            recent: Recent::new(self.settings.at),
            events: None,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Batches {
    world: World,
    size: u64,
    most: u64,
    user: u64,
    connection: u64,
    recent: Recent,
    events: Option<std::vec::IntoIter<crate::domain::import_records::EventRecord>>,
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let all = self.world.settings.connections;
        if self.connection < all {
            let mut batch = Batch::default();
            let end = self
                .connection
                .saturating_add(self.size.min(self.most))
                .min(all);
            self.size = self.size.saturating_mul(2).min(BATCH_CONNECTIONS);
            while self.connection < end {
                let household = roster::household(&self.world, self.user, self.connection);
                self.connection += household.links.len() as u64;
                self.user += 1;
                person::tell(&self.world, household, &mut batch, &mut self.recent);
            }
            return Some(batch);
        }
        let events = self
            .events
            .get_or_insert_with(|| self.recent.take().into_iter());
        let next: Vec<_> = events.take(BATCH_EVENTS).collect();
        (!next.is_empty()).then(|| Batch {
            events: next,
            ..Batch::default()
        })
    }
}

/// The text of an id made at this time: the shape of version 7, the rest from the random generator.
fn id(at: Moment, dice: u64) -> String {
    let time = u128::from(at.0.max(0).cast_unsigned()) & 0xffff_ffff_ffff;
    let rest = u128::from(crate::connector::sandbox::rng::mix(dice ^ 0x7669_6e67)) << 64
        | u128::from(dice);
    uuid_text(time << 80 | (rest & ((1 << 80) - 1)), 7)
}

#[cfg(test)]
mod tests;
