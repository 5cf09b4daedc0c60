//! What the screen begins with: what is configured, and what it opens on.

use crate::domain::access;
use crate::domain::mask::Level;
use crate::domain::moment::Moment;
use crate::domain::zone::Zone;
use crate::tui::glyphs::Signs;
use crate::tui::keymap::Keymap;

/// Where acts are carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The word in brackets beside the name: `DEMO`, `SANDBOX`.
    pub(crate) word: String,
    /// The host of the platform that the file mirrors; none: the sandbox of this program.
    pub(crate) platform: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) keymap: Keymap,
    pub(crate) signs: Signs,
    pub(crate) environment: Environment,
    /// How much is hidden at first.
    pub(crate) level: Level,
    /// The least that is hidden, whatever is pressed.
    pub(crate) floor: Level,
    /// Milliseconds without a key after which names are hidden too; none never does.
    pub(crate) idle_after: Option<u64>,
    pub(crate) zone: Zone,
    /// Milliseconds in which a purge or revoke can be taken back.
    pub(crate) countdown: u64,
    /// How many refused sign-ins in a row hold back more.
    pub(crate) refused_limit: u32,
    /// Who is at the keys, by the name in the audit.
    pub(crate) actor: String,
    /// What whoever is at the keys may do.
    pub(crate) role: access::Role,
}

#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    pub(crate) settings: Settings,
    /// Whether nothing may be changed.
    pub(crate) read_only: bool,
    pub(crate) now: Moment,
    /// Running time in milliseconds.
    pub(crate) at: u64,
}
