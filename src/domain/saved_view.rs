//! What of the list of connections is kept under a name, and what is kept of the board between two starts.

use super::groups::GroupField;
use super::list_columns::Column;
use super::mask::Level;
use super::sort::Sort;
use super::zone::Zone;

/// A look at the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SavedView {
    pub(crate) name: String,
    /// In the filter language; empty for all.
    pub(crate) filter: String,
    pub(crate) sort: Sort,
    /// None for the usual ones.
    pub(crate) columns: Option<Vec<Column>>,
    pub(crate) group: Option<GroupField>,
}

/// The longest name.
const LONGEST: usize = 60;

impl SavedView {
    /// What is wrong with a name for a view.
    pub(crate) fn bad_name(name: &str) -> Option<String> {
        if name.trim().is_empty() || name.trim() != name {
            return Some("a name has no space at its ends and is not empty".into());
        }
        if name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            return Some(format!(
                "a name has at most {LONGEST} characters, none of them a control character"
            ));
        }
        None
    }

    /// The command that prints the same.
    pub(crate) fn command(&self) -> String {
        format!(
            "switchboard connections --view '{}'",
            self.name.replace('\'', "'\\''")
        )
    }
}

/// What the board goes on with at its next start. Marks are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeptBoard {
    /// Without a name.
    pub(crate) view: SavedView,
    /// The id of the row under the cursor.
    pub(crate) cursor: Option<String>,
    /// The page that was shown, by its command.
    pub(crate) page: Option<String>,
    /// The pane with the keys, by its name.
    pub(crate) pane: Option<String>,
    pub(crate) zoom: bool,
    /// The filters that the up arrow brings back, the oldest first.
    pub(crate) filters: Vec<String>,
    pub(crate) settings: KeptSettings,
}

/// What was set on the board, in the place of what is configured; none where nothing was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeptSettings {
    /// By its name.
    pub(crate) theme: Option<String>,
    pub(crate) privacy: Option<Level>,
    /// Whether signs are ASCII.
    pub(crate) ascii: Option<bool>,
    pub(crate) mouse: Option<bool>,
    pub(crate) zone: Option<Zone>,
}
