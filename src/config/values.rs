//! What can be configured, as values with their defaults. Deliberately absent: how a file says it,
//! which stands in `known`.

use crate::domain::limits::Limits;
use crate::domain::mask::Level;
use std::path::PathBuf;
use std::time::Duration;

use super::mistake::Position;

/// Everything a configuration file can say.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Config {
    /// How jobs are held, retried and paced, and how long things last.
    pub(crate) limits: Limits,
    /// The banks that are played.
    pub(crate) sandbox: Sandbox,
    /// How much of a person is shown.
    pub(crate) privacy: Privacy,
    /// The screen.
    pub(crate) ui: Ui,
    /// The record of deeds.
    pub(crate) audit: Audit,
    /// The user's own keys, as written; the keymap reads them.
    pub(crate) keys: Vec<Binding>,
    /// The user's own colours, as written; the theme reads them.
    pub(crate) theme: Vec<Paint>,
    /// The paths of the keys the file holds, like `jobs.lease`.
    pub(crate) given: Vec<String>,
    /// The file all this came from; none when there is no file.
    pub(crate) file: Option<PathBuf>,
}

/// `[sandbox]`: the banks that are played.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sandbox {
    /// Scales how long they take: 1 as in life, 0 at once.
    pub(crate) speed: f64,
    /// With institution and login, decides what they return.
    pub(crate) seed: u64,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            speed: 1.0,
            seed: 7,
        }
    }
}

/// `[privacy]`: how much of a person is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Privacy {
    /// The level a sitting starts with, before the floor is applied.
    pub(crate) level: Level,
    /// The level no key passes.
    pub(crate) floor: Level,
    /// After how long without a key the screen is masked strictly.
    pub(crate) idle_after: Duration,
}

impl Privacy {
    /// The level a sitting starts with: what was asked for, never weaker than the floor.
    pub(crate) fn start(&self) -> Level {
        self.level.max(self.floor)
    }
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            level: Level::Standard,
            floor: Level::Standard,
            idle_after: Duration::from_mins(5),
        }
    }
}

/// `[ui]`: the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ui {
    /// Its colours, by the name of a theme.
    pub(crate) theme: String,
    /// The word in the first row that says where one is.
    pub(crate) environment: String,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: "dark".into(),
            environment: String::new(),
        }
    }
}

/// `[audit]`: the record of deeds.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Audit {
    /// Who is written down; empty for the system's user.
    pub(crate) actor: String,
}

/// One line of `[keys]`: an action of a layer, and the keys it shall have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// `app`, `connections`, ...
    pub(crate) layer: String,
    /// `connection.refresh`, ...
    pub(crate) action: String,
    /// As the keymap writes them; none frees the action's keys.
    pub(crate) keys: Vec<String>,
    /// Where it stands.
    pub(crate) at: Position,
}

/// One entry of `[theme]`: a role, and how it shall look.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Paint {
    /// `selected`, `danger`, ...
    pub(crate) role: String,
    /// A colour, or a table as in a theme's file.
    pub(crate) style: toml::Value,
    /// Where it stands.
    pub(crate) at: Position,
}
