//! One row of the list as cells, made when the row arrives; what moves with the clock is drawn: ages, and why it is so.

use crate::domain::diagnosis::Whose;
use crate::domain::ids::ConnectionId;
use crate::domain::mask::{self, Level};
use crate::domain::rows::ConnectionRow;
use crate::domain::text::Shown;
use crate::domain::views::{Anchor, Placed};

/// The longest part of a stored text that is looked at for a cell.
pub(crate) const CELL_CHARS: usize = 120;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    #[default]
    Settled,
    /// What decides its place has changed.
    Moved,
    /// It stands elsewhere by now, and is kept here for the cursor.
    Elsewhere,
    /// The filter no longer lets it through.
    Left,
    /// It is not there any more, since this running time.
    Gone(u64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) row: ConnectionRow,
    /// Its place in the list when it was put there.
    pub(crate) at: Anchor,
    pub(crate) bank: Shown,
    /// The user's name as the privacy level allows it; the end of the id where there is none.
    pub(crate) user: Shown,
    pub(crate) id: Shown,
    /// Whose heading its place is under.
    pub(crate) mover: Whose,
    pub(crate) standing: Standing,
}

impl Line {
    pub(crate) fn of(placed: Placed, level: Level) -> Self {
        let Placed { at, mover, row } = placed;
        let cell = |text: &str| Shown::of_limited(text, CELL_CHARS);
        let name: String = row.user_name.chars().take(CELL_CHARS).collect();
        let user = match mask::user_name(&name, level) {
            name if name.trim().is_empty() => cell(row.user.short()),
            name => Shown::of(&name),
        };
        Self {
            bank: cell(&row.institution_name),
            user,
            id: cell(row.id.short()),
            mover,
            standing: Standing::Settled,
            at,
            row,
        }
    }

    pub(crate) fn id(&self) -> &ConnectionId {
        &self.row.id
    }

    pub(crate) fn gone(&self) -> bool {
        matches!(self.standing, Standing::Gone(_))
    }

    fn standing_by(&self, placed: &Placed, left: bool) -> Standing {
        match self.standing {
            _ if left => Standing::Left,
            Standing::Elsewhere => Standing::Elsewhere,
            _ if placed.at != self.at => Standing::Moved,
            _ => Standing::Settled,
        }
    }

    /// Takes the row's new facts; it keeps its place and is marked when the order or the filter says otherwise.
    pub(crate) fn renew(&mut self, placed: &Placed, left: bool, level: Level) {
        let standing = self.standing_by(placed, left);
        let (at, mover, row) = (self.at.clone(), self.mover, placed.row.clone());
        *self = Self {
            standing,
            ..Self::of(Placed { at, mover, row }, level)
        };
    }
}
