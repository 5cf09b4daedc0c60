//! The configuration as values with their defaults.

use crate::domain::access::Role;
use crate::domain::limits::Limits;
use crate::domain::mask::Level;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::mistake::Position;

#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Config {
    pub(crate) limits: Limits,
    pub(crate) sandbox: Sandbox,
    pub(crate) privacy: Privacy,
    pub(crate) ui: Ui,
    pub(crate) audit: Audit,
    pub(crate) access: Access,
    pub(crate) api: Api,
    /// `[keys]`, unchecked; the keymap reads it.
    pub(crate) keys: Vec<Binding>,
    /// `[theme]`, unchecked; the theme reads it.
    pub(crate) theme: Vec<ThemeEntry>,
    /// The keys the file holds, like `jobs.lease`, and where.
    pub(crate) given: BTreeMap<String, Position>,
    /// The file; none when there is none.
    pub(crate) file: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sandbox {
    /// Scales how long the banks take: 1 is real time, 0 at once.
    pub(crate) speed: f64,
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Privacy {
    /// The masking at the start, before the floor is applied.
    pub(crate) level: Level,
    /// The least masking; no key shows more.
    pub(crate) floor: Level,
    /// After how long without a key the screen is masked strictly.
    pub(crate) idle_after: Duration,
}

impl Privacy {
    /// The masking at the start: the configured level, at least the floor.
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ui {
    pub(crate) theme: String,
    /// A word in the first row that names the environment.
    pub(crate) environment: String,
    /// A name of the IANA database; empty for the zone of the system.
    pub(crate) timezone: String,
    /// How long a purge or revoke on the screen can be taken back.
    pub(crate) countdown: Duration,
    pub(crate) mouse: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            countdown: Duration::from_secs(5),
            mouse: false,
            theme: "dark".into(),
            environment: String::new(),
            timezone: String::new(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Audit {
    /// The name in the audit; empty for the user of the system.
    pub(crate) actor: String,
}

/// What the screen and the commands may do; a key of the API has a role of its own.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Access {
    pub(crate) role: Role,
}

/// How `serve` listens, and what it puts up with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Api {
    pub(crate) listen: String,
    /// What links begin with; empty for the host that the client used.
    pub(crate) base_url: String,
    /// Where the consent page sends the user in the end; empty for a page of its own.
    pub(crate) return_url: String,
    pub(crate) tls_cert: String,
    pub(crate) tls_key: String,
    pub(crate) token_life: Duration,
    /// From one address in five minutes.
    pub(crate) token_calls: u32,
    pub(crate) connections: u32,
    pub(crate) header_time: Duration,
    pub(crate) body_time: Duration,
    pub(crate) connection_time: Duration,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8787".into(),
            base_url: String::new(),
            return_url: String::new(),
            tls_cert: String::new(),
            tls_key: String::new(),
            token_life: Duration::from_hours(1),
            token_calls: 1_500,
            connections: 128,
            header_time: Duration::from_secs(5),
            body_time: Duration::from_secs(5),
            connection_time: Duration::from_mins(5),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// `app`, `connections`, ...
    pub(crate) layer: String,
    /// `connection.refresh`, ...
    pub(crate) action: String,
    /// In the notation of the keymap; an empty list unbinds the action.
    pub(crate) keys: Vec<String>,
    pub(crate) at: Position,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ThemeEntry {
    /// `selected`, `danger`, ...
    pub(crate) role: String,
    /// A colour, or a table as in a theme's file.
    pub(crate) style: toml::Value,
    pub(crate) at: Position,
}
