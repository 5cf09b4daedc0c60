//! Counts what one address does within a window. Protects this process only, so it is kept in memory.

use crate::domain::moment::Moment;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

/// More addresses than this are not remembered; the oldest windows go first.
const ADDRESSES: usize = 10_000;

pub(super) struct Tries {
    most: u32,
    window: Duration,
    seen: Mutex<HashMap<IpAddr, (Moment, u32)>>,
}

impl Tries {
    pub(super) fn new(most: u32, window: Duration) -> Self {
        Self {
            most,
            window,
            seen: Mutex::default(),
        }
    }

    /// Counts one more; `false` when that is too many.
    pub(super) fn one_more(&self, from: IpAddr, now: Moment) -> bool {
        let mut seen = self.seen.lock().expect("nothing panics while it is held");
        let open = |began: Moment| {
            let age = now.since(began);
            u128::try_from(age).is_ok_and(|age| age < self.window.as_millis())
        };
        if seen.len() >= ADDRESSES {
            seen.retain(|_, (began, _)| open(*began));
        }
        if seen.len() >= ADDRESSES && !seen.contains_key(&from) {
            return false;
        }
        let entry = seen.entry(from).or_insert((now, 0));
        if !open(entry.0) {
            *entry = (now, 0);
        }
        entry.1 = entry.1.saturating_add(1);
        entry.1 <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn each_address_is_counted_by_itself_and_anew_in_each_window() {
        let tries = Tries::new(2, Duration::from_secs(1));
        let (a, b) = (
            IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1)),
            IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)),
        );
        assert!(tries.one_more(a, Moment(0)) && tries.one_more(a, Moment(10)));
        assert!(!tries.one_more(a, Moment(999)));
        assert!(tries.one_more(b, Moment(999)));
        assert!(tries.one_more(a, Moment(1_000)));
        // a clock that went back begins a new window
        assert!(tries.one_more(a, Moment(5)));
    }
}
