//! Stretches of the list of connections to test with. The place of a row is its id.

use crate::domain::connection::Label;
use crate::domain::diagnosis::Whose;
use crate::domain::rows::ConnectionRow;
use crate::domain::views::{Anchor, AnchorKey, Counts, Figures, Placed, Size, Stretch};

pub(crate) fn placed(row: ConnectionRow) -> Placed {
    let at = Anchor(vec![AnchorKey::Text(row.id.as_str().to_owned())]);
    let mover = row.mover;
    Placed { at, mover, row }
}

pub(crate) fn figures(rows: &[ConnectionRow]) -> Figures {
    let mut counts = Counts::default();
    for label in Label::ALL {
        let of = rows.iter().filter(|row| row.label == label);
        counts.set(label, of.count() as u64);
    }
    for mover in Whose::ORDER {
        let of = rows.iter().filter(|row| row.mover == mover);
        counts.set_mover(mover, of.count() as u64);
    }
    let count = rows.len() as u64;
    Figures {
        counts,
        size: Some(Size { count, exact: true }),
        down: None,
    }
}

/// These rows, read from the start of the list or after the row before them.
pub(crate) fn page(rows: Vec<ConnectionRow>, more: bool) -> Stretch {
    Stretch {
        figures: figures(&rows),
        rows: rows.into_iter().map(placed).collect(),
        place: 0,
        starts: true,
        ends: !more,
        before: Some(0),
    }
}
