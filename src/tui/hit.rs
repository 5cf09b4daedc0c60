//! What a click may meet: each part of the screen says where it stands while it is painted.

use crate::domain::views::SortField;
use crate::tui::action::Action;
use crate::tui::dialogs::Spot;
use crate::tui::panes::Pane;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    /// Keeps clicks from what lies under a window.
    Nothing,
    Pane(Pane),
    /// A line of the list of connections.
    Row(usize),
    /// The title of a column of that list.
    Sort(SortField),
    /// A row of the job history.
    Job(usize),
    /// A line of a page, of help, of the palette or of the columns.
    Line(usize),
    /// A hint, or a line of a menu.
    Run(Action),
    /// A button or field of the dialog.
    Spot(Spot),
}
