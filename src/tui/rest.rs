//! Whether the cursor rests: what the other panes show of a connection is read for one it rests on, not for those
//! that a held key passes.

use crate::domain::ids::ConnectionId;

/// A cursor that moves again within so many milliseconds passes.
const PASSING: u64 = 50;

#[derive(Clone, Debug, Default)]
pub(crate) struct Rest {
    /// The connection under the cursor, and since when, in milliseconds of running time.
    here: Option<(ConnectionId, u64)>,
    /// It came here so soon after its last move that it may only pass.
    passing: bool,
}

impl Rest {
    /// Whether the panes may be read for the connection under the cursor, as it is now.
    pub(crate) fn on(&mut self, id: &ConnectionId, at: u64) -> bool {
        match &self.here {
            Some((here, since)) if here == id => {
                self.passing &= at.saturating_sub(*since) < PASSING;
            }
            before => {
                let moved = before.as_ref().map(|(_, since)| *since);
                self.passing = moved.is_some_and(|since| at.saturating_sub(since) < PASSING);
                self.here = Some((id.clone(), at));
            }
        }
        !self.passing
    }

    /// When a cursor that may only pass has rested, in milliseconds of running time.
    pub(crate) fn ends(&self, at: u64) -> Option<u64> {
        let (_, since) = self.here.as_ref().filter(|_| self.passing)?;
        Some((since + PASSING).max(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_that_moves_on_within_the_time_passes() {
        let ids = ["a", "b", "c", "d"].map(ConnectionId::from);
        let mut rest = Rest::default();
        assert!(rest.on(&ids[0], 1_000), "the first");
        assert!(rest.on(&ids[1], 2_000), "a move after a rest");
        assert_eq!(rest.ends(2_000), None);
        assert!(!rest.on(&ids[2], 2_033), "a held key");
        assert!(!rest.on(&ids[3], 2_066));
        assert_eq!(rest.ends(2_066), Some(2_116));
        assert!(!rest.on(&ids[3], 2_115));
        assert!(rest.on(&ids[3], 2_116), "it has rested");
        assert_eq!(rest.ends(2_116), None);
        assert!(rest.on(&ids[2], 2_140), "74 ms after the last move");
    }
}
