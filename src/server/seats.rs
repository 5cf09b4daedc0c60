//! How many connections are open. Some seats are kept for clients that have shown a valid token, and a newcomer takes
//! the seat of the oldest one that has shown none and asks for nothing, so that slow ones keep nobody out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// How many seats only clients with a token have.
const KEPT: usize = 16;

#[derive(Default)]
pub(super) struct Seat {
    /// Requests that are being answered.
    busy: AtomicUsize,
    proven: AtomicBool,
    leave: CancellationToken,
}

impl Seat {
    /// Its client has shown a valid token.
    pub(super) fn prove(&self) {
        self.proven.store(true, Ordering::Relaxed);
    }

    /// As long as it is held, a request is being answered.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// Waits until the seat is given to another.
    pub(super) async fn taken(&self) {
        self.leave.cancelled().await;
    }

    fn stays(&self) -> bool {
        self.proven.load(Ordering::Relaxed) || self.busy.load(Ordering::Relaxed) > 0
    }
}

pub(super) struct Busy(Arc<Seat>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

pub(super) struct Seats {
    most: usize,
    open: Mutex<(u64, BTreeMap<u64, Arc<Seat>>)>,
}

/// A seat that is free again when this goes.
pub(super) struct Seated {
    pub(super) seat: Arc<Seat>,
    number: u64,
    seats: Arc<Seats>,
}

impl Drop for Seated {
    fn drop(&mut self) {
        self.seats.lock().1.remove(&self.number);
    }
}

impl Seats {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            open: Mutex::default(),
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (u64, BTreeMap<u64, Arc<Seat>>)> {
        self.open.lock().expect("nothing panics while it is held")
    }

    /// A seat for a newcomer; none when all are in use by those that stay.
    pub(super) fn take(self: &Arc<Self>) -> Option<Seated> {
        let mut open = self.lock();
        let (next, seats) = &mut *open;
        let unproven = seats
            .values()
            .filter(|s| !s.proven.load(Ordering::Relaxed))
            .count();
        if seats.len() >= self.most || unproven >= self.most - KEPT {
            let idle = seats
                .iter()
                .find(|(_, seat)| !seat.stays())
                .map(|(n, _)| *n);
            match idle.and_then(|n| seats.remove(&n)) {
                Some(left) => left.leave.cancel(),
                None if seats.len() >= self.most => return None,
                None => {}
            }
        }
        *next += 1;
        let (number, seat) = (*next, Arc::<Seat>::default());
        seats.insert(number, seat.clone());
        drop(open);
        Some(Seated {
            seat,
            number,
            seats: self.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_that_asks_for_nothing_leaves_and_no_other() {
        let seats = Seats::new(KEPT + 3);
        let [first, second, third] = [0; 3].map(|_| seats.take().unwrap());
        first.seat.prove();
        let busy = second.seat.busy();
        let fourth = seats.take().unwrap();
        assert!(!first.seat.leave.is_cancelled() && !second.seat.leave.is_cancelled());
        // two without a token are not too many yet
        assert!(!third.seat.leave.is_cancelled());
        let _fifth = seats.take().unwrap();
        assert!(third.seat.leave.is_cancelled() && !fourth.seat.leave.is_cancelled());
        drop(busy);
        let _sixth = seats.take().unwrap();
        assert!(second.seat.leave.is_cancelled());
    }

    #[test]
    fn when_all_stay_nobody_is_let_in_and_a_free_seat_is_given_again() {
        let seats = Seats::new(KEPT + 1);
        let mut held: Vec<Seated> = (0..KEPT + 1)
            .map(|_| {
                let seated = seats.take().unwrap();
                seated.seat.prove();
                seated
            })
            .collect();
        assert!(seats.take().is_none());
        held.pop();
        assert!(seats.take().is_some());
    }
}
