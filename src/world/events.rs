//! The newest events of a generated world, in order of time; a fixed number is held back until all are there.

use crate::connector::sandbox::rng::key;
use crate::domain::connection::ConnectionEvent;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::import_records::EventRecord;
use crate::domain::moment::Moment;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The feed reaches back seven days (docs/domain.md 10.2).
const REACH_MS: i64 = 7 * 86_400_000;

pub(crate) const KEPT: usize = 20_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Connection(&'static str),
    Transactions(u64),
}

impl From<ConnectionEvent> for What {
    fn from(event: ConnectionEvent) -> Self {
        What::Connection(event.word())
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Happened {
    at: Moment,
    connection_number: u64,
    what: What,
    user: UserId,
    connection: ConnectionId,
}

#[derive(Debug)]
pub(crate) struct Recent {
    now: Moment,
    kept: BinaryHeap<Reverse<Happened>>,
}

impl Recent {
    pub(crate) fn new(now: Moment) -> Self {
        Self {
            now,
            kept: BinaryHeap::new(),
        }
    }

    /// Drops an event that is too old or lies in the future.
    pub(crate) fn tell(
        &mut self,
        at: Moment,
        what: What,
        number: u64,
        user: &UserId,
        connection: &ConnectionId,
    ) {
        if !(0..=REACH_MS).contains(&self.now.since(at)) {
            return;
        }
        let told = Happened {
            at,
            connection_number: number,
            what,
            user: user.clone(),
            connection: connection.clone(),
        };
        if self.kept.len() < KEPT {
            self.kept.push(Reverse(told));
        } else if let Some(mut oldest) = self.kept.peek_mut()
            && oldest.0 < told
        {
            *oldest = Reverse(told);
        }
    }

    /// What was kept, oldest first; none is left.
    pub(crate) fn take(&mut self) -> Vec<EventRecord> {
        let mut told: Vec<Happened> = std::mem::take(&mut self.kept)
            .into_iter()
            .map(|Reverse(told)| told)
            .collect();
        told.sort_unstable();
        told.into_iter()
            .zip(0_u64..)
            .map(|(told, place)| told.into_record(place))
            .collect()
    }
}

impl Happened {
    fn into_record(self, place: u64) -> EventRecord {
        let dice = key(&[
            self.connection_number,
            place,
            self.at.0.cast_unsigned(),
            0x6576,
        ]);
        let (entity, event_type, count) = match self.what {
            What::Connection(word) => ("connection", word, None),
            What::Transactions(count) => ("transactions", "updated", Some(count)),
        };
        EventRecord {
            id: super::id(self.at, dice).into(),
            at: self.at,
            entity: entity.to_owned(),
            event_type: event_type.to_owned(),
            user: self.user,
            connection: Some(self.connection),
            count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_in_order_and_the_old_dropped() {
        let now = Moment(1_000_000_000_000);
        let mut recent = Recent::new(now);
        let (user, connection) = ("u".into(), "c".into());
        for n in 0..u64::try_from(KEPT).unwrap() + 500 {
            // Every other one is older than the one before, so that the order has to be made.
            let age = i64::try_from(if n % 2 == 0 { n } else { 1_000_000 - n }).unwrap();
            recent.tell(
                now.plus_ms(-age * 10),
                What::Transactions(n),
                n,
                &user,
                &connection,
            );
        }
        recent.tell(
            now.plus_ms(-REACH_MS - 1),
            What::Transactions(0),
            0,
            &user,
            &connection,
        );
        recent.tell(now.plus_ms(1), What::Transactions(0), 0, &user, &connection);
        let events = recent.take();
        assert_eq!(events.len(), KEPT);
        assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert!(recent.take().is_empty());
    }
}
