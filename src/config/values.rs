//! What can be configured, as values with their defaults. Deliberately absent: how a file says it,
//! which stands in `known`.

use crate::domain::mask::Level;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::mistake::Position;

/// Everything a configuration file can say.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Config {
    /// How jobs are held, rescued and tried again.
    pub(crate) jobs: Jobs,
    /// How many jobs run at once.
    pub(crate) limits: Limits,
    /// The banks that are played.
    pub(crate) sandbox: Sandbox,
    /// How much of a person is shown.
    pub(crate) privacy: Privacy,
    /// The screen.
    pub(crate) ui: Ui,
    /// Refreshing in the background.
    pub(crate) smart_cache: SmartCache,
    /// The HTTP face.
    pub(crate) api: Api,
    /// The record of deeds.
    pub(crate) audit: Audit,
    /// The user's own keys, as written; the keymap reads them.
    pub(crate) keys: Vec<Binding>,
    /// The user's own colours, as written; the theme reads them.
    pub(crate) theme: Vec<Paint>,
    /// The file all this came from; none when there is no file.
    pub(crate) file: Option<PathBuf>,
}

/// `[jobs]`: how jobs are held, rescued and tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Jobs {
    /// How long a worker that says nothing is trusted to be alive.
    pub(crate) lease: Duration,
    /// How often a worker renews its lease; always shorter than it.
    pub(crate) heartbeat: Duration,
    /// How often jobs of dead workers are looked for.
    pub(crate) rescue: Duration,
    /// How long to wait before a job is tried again by itself.
    pub(crate) retry_every: Duration,
    /// After how long it is given up.
    pub(crate) retry_for: Duration,
    /// How long the same credentials rest between two jobs.
    pub(crate) credential_pause: Duration,
    /// How long a challenge waits for its answer.
    pub(crate) mfa_expiry: Duration,
    /// How young a refresh has to be for another to be skipped.
    pub(crate) refresh_floor: Duration,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

impl Default for Jobs {
    fn default() -> Self {
        Self {
            lease: 30 * SECOND,
            heartbeat: 10 * SECOND,
            rescue: 5 * SECOND,
            retry_every: 2 * HOUR,
            retry_for: 168 * HOUR,
            credential_pause: 6 * MINUTE,
            mfa_expiry: 2 * MINUTE,
            refresh_floor: 15 * MINUTE,
        }
    }
}

/// `[limits]`: how many jobs run at once, over all processes on the file, and how long a plan holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// At one institution.
    pub(crate) per_institution: u64,
    /// In all.
    pub(crate) total: u64,
    /// How long a plan over several can be carried out.
    pub(crate) plan_life: Duration,
    /// How often in a row a bank may refuse a sign-in before refreshes are held back.
    pub(crate) refused_sign_ins: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_institution: 2,
            total: 16,
            plan_life: 15 * MINUTE,
            refused_sign_ins: 3,
        }
    }
}

/// `[sandbox]`: the banks that are played.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sandbox {
    /// Scales how long they take: 1 as in life, 0 at once.
    pub(crate) speed: f64,
    /// With institution and login, decides what they return.
    pub(crate) seed: u64,
    /// Whether jobs they fail are tried again by themselves.
    pub(crate) retry: bool,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self {
            speed: 1.0,
            seed: 7,
            retry: false,
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
            idle_after: 5 * MINUTE,
        }
    }
}

/// `[ui]`: the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ui {
    /// Its colours, by the name of a theme.
    pub(crate) theme: String,
    /// Whether it listens to the mouse.
    pub(crate) mouse: bool,
    /// How long a purge or revoke can be taken back.
    pub(crate) countdown: Duration,
    /// Whether a refresh with nothing against it is asked about too.
    pub(crate) confirm: bool,
    /// Whether running things turn.
    pub(crate) spinner: bool,
    /// The word in the first row that says where one is.
    pub(crate) environment: String,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: "dark".into(),
            mouse: false,
            countdown: 5 * SECOND,
            confirm: true,
            spinner: true,
            environment: String::new(),
        }
    }
}

/// `[smart_cache]`: refreshing in the background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SmartCache {
    /// Whether it is done.
    pub(crate) enabled: bool,
    /// How often a connection comes round.
    pub(crate) every: Duration,
}

impl Default for SmartCache {
    fn default() -> Self {
        Self {
            enabled: false,
            every: 24 * HOUR,
        }
    }
}

/// `[api]`: the HTTP face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Api {
    /// Where it listens; always on this machine.
    pub(crate) listen: SocketAddr,
    /// How long a token is good for.
    pub(crate) token_life: Duration,
    /// How long an auth link is good for.
    pub(crate) auth_link_life: Duration,
}

impl Default for Api {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            token_life: HOUR,
            auth_link_life: 168 * HOUR,
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
