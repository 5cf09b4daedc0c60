//! Whether the cursor rests. The other panes show the connection that it rested on last, so that a key that is held
//! draws the list alone and reads nothing.

use crate::domain::ids::ConnectionId;
use crate::domain::rows::ConnectionRow;

/// A cursor that stays for so many milliseconds rests.
const STAYS: u64 = 50;

#[derive(Clone, Debug, Default)]
pub(crate) struct Rest {
    /// The connection under the cursor, and since when, in milliseconds of running time.
    here: Option<(ConnectionId, u64)>,
    /// As it was under the cursor last, of the connection on which that rested last.
    row: Option<Box<ConnectionRow>>,
}

impl Rest {
    /// Whether the cursor rests on this connection, as it is now. The first one is rested on at once.
    pub(crate) fn on(&mut self, row: &ConnectionRow, at: u64) -> bool {
        let first = self.here.is_none();
        let since = match &self.here {
            Some((id, since)) if *id == row.id => *since,
            _ => at,
        };
        self.here = Some((row.id.clone(), since));
        let rests = first || self.is_of(&row.id) || at.saturating_sub(since) >= STAYS;
        if rests {
            self.row = Some(Box::new(row.clone()));
        }
        rests
    }

    fn is_of(&self, id: &ConnectionId) -> bool {
        self.row.as_ref().is_some_and(|row| row.id == *id)
    }

    /// The connection that the cursor has left, until it rests on another.
    pub(crate) fn left(&self) -> Option<&ConnectionRow> {
        let (here, _) = self.here.as_ref()?;
        self.row.as_deref().filter(|row| row.id != *here)
    }

    /// When a cursor that moves has rested, in milliseconds of running time.
    pub(crate) fn ends(&self, at: u64) -> Option<u64> {
        let (id, since) = self.here.as_ref()?;
        (!self.is_of(id)).then(|| (since + STAYS).max(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixtures::rows;

    #[test]
    fn a_cursor_rests_where_it_stays() {
        let rows = rows();
        let mut rest = Rest::default();
        let left = |rest: &Rest| rest.left().map(|row| row.id.clone());
        assert!(rest.on(&rows[0], 1_000), "the first");
        assert_eq!(rest.ends(1_000), None);
        assert!(!rest.on(&rows[1], 2_000), "a move");
        assert_eq!(left(&rest), Some(rows[0].id.clone()));
        assert_eq!(rest.ends(2_000), Some(2_050));
        assert!(!rest.on(&rows[2], 2_033), "a held key");
        assert_eq!(left(&rest), Some(rows[0].id.clone()));
        assert!(!rest.on(&rows[2], 2_082));
        assert_eq!(rest.ends(2_082), Some(2_083));
        assert!(rest.on(&rows[2], 2_083));
        assert_eq!((left(&rest), rest.ends(2_083)), (None, None));
        assert!(!rest.on(&rows[1], 2_100));
        assert!(rest.on(&rows[2], 2_110), "back where the panes still are");
        assert_eq!((left(&rest), rest.ends(2_110)), (None, None));
    }
}
