//! Every key of a configuration file, once; reading, `config show`, `config init` and the docs use this table.

use super::values::Config;
use crate::domain::access::Role;
use crate::domain::{mask::Level, time_format, webhook};
use std::fmt::Write as _;
use std::time::Duration;

pub(crate) struct ConfigKey {
    pub(crate) section: &'static str,
    pub(crate) name: &'static str,
    pub(crate) slot: Slot,
    pub(crate) about: &'static str,
}

/// What a key holds, the value it sets, and its bounds.
pub(crate) enum Slot {
    /// A duration, written `30s`.
    Span(fn(&mut Config) -> &mut Duration, Duration, Duration),
    Count(fn(&mut Config) -> &mut u32, u32, u32),
    /// Any whole number from 0 that a TOML integer holds.
    Seed(fn(&mut Config) -> &mut u64),
    Number(fn(&mut Config) -> &mut f64, f64, f64),
    Flag(fn(&mut Config) -> &mut bool),
    Level(fn(&mut Config) -> &mut Level),
    Role(fn(&mut Config) -> &mut Role),
    Text(fn(&mut Config) -> &mut String),
    /// A path or an address, which may be longer.
    Place(fn(&mut Config) -> &mut String),
    /// The name of a time zone, or nothing.
    Zone(fn(&mut Config) -> &mut String),
}

/// The sections whose keys are not in the table: the keymap and the themes know them.
pub(crate) const OPEN_SECTIONS: [&str; 2] = ["keys", "theme"];

/// The longest text a key may hold, in characters.
pub(crate) const TEXT_LIMIT: usize = 64;

/// The longest path or address, in characters.
pub(crate) const PLACE_LIMIT: usize = 1_024;

const LEAST: Duration = Duration::from_millis(100);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const MONTH: Duration = Duration::from_hours(24 * 30);

/// `section.name = Slot(field of Config, bounds) "what it does";`
macro_rules! keys {
    ($($section:ident.$name:ident = $slot:ident($($field:ident).+ $(, $bound:expr)*) $about:literal;)+) => {
        &[$(ConfigKey {
            section: stringify!($section),
            name: stringify!($name),
            slot: Slot::$slot(|config| &mut config.$($field).+ $(, $bound)*),
            about: $about,
        }),+]
    };
}

/// The table, in the order the reference prints it.
pub(crate) const KEYS: &[ConfigKey] = keys! {
    jobs.lease = Span(limits.lease, LEAST, HOUR) "How long a worker is trusted without a heartbeat";
    jobs.heartbeat = Span(limits.heartbeat, LEAST, HOUR) "How often a worker renews its lease; shorter than the lease";
    jobs.rescue = Span(limits.rescue, LEAST, HOUR) "How often jobs of dead workers are looked for";
    jobs.retry_every = Span(limits.retry_every, LEAST, MONTH) "The wait before a failed job is retried";
    jobs.retry_for = Span(limits.retry_for, LEAST, MONTH) "How long after it was made a job is retried";
    jobs.credential_pause = Span(limits.credential_pause, LEAST, DAY) "The wait between two jobs with the same credentials";
    jobs.mfa_expiry = Span(limits.mfa_expiry, LEAST, DAY) "How long a challenge waits for its answer";
    jobs.refresh_floor = Span(limits.refresh_floor, LEAST, MONTH) "A refresh sooner than this after the last is skipped unless forced";
    limits.per_institution = Count(limits.per_institution, 1, 1_000) "Running jobs at one institution";
    limits.total = Count(limits.total, 1, 1_000) "Running jobs in all";
    limits.plan_life = Span(limits.plan_life, LEAST, DAY) "How long a stored plan can be carried out";
    limits.refused_sign_ins = Count(limits.refused_sign_ins, 1, 100) "Refused sign-ins in a row after which refreshes are held back";
    sandbox.speed = Number(sandbox.speed, 0.0, 1_000.0) "Scales the time sandbox banks take; 0 is at once";
    sandbox.seed = Seed(sandbox.seed) "Random seed of the data the sandbox banks return";
    sandbox.retry = Flag(limits.retry) "Whether failed sandbox jobs are retried; on when a retry time is set";
    privacy.level = Level(privacy.level) "How much is masked when the dashboard starts";
    privacy.floor = Level(privacy.floor) "The least masking; no key shows more";
    privacy.idle_after = Span(privacy.idle_after, LEAST, DAY) "How long without a key until the screen is masked strictly";
    ui.theme = Text(ui.theme) "The theme; not set, it is `light` on a light background, else `dark`";
    ui.timezone = Zone(ui.timezone) "The zone in which screen and tables tell times; empty for TZ or the system's";
    ui.countdown = Span(ui.countdown, Duration::ZERO, MINUTE) "How long a purge or revoke can be taken back; 0s: not at all";
    ui.mouse = Flag(ui.mouse) "Whether the mouse selects, opens, scrolls and presses; Shift selects text";
    ui.environment = Text(ui.environment) "A word in the first row that names the environment";
    smart_cache.enabled = Flag(limits.background) "Whether connections are refreshed in the background";
    smart_cache.every = Span(limits.background_every, LEAST, MONTH) "How often each connection is refreshed in the background";
    maintenance.clock_margin = Span(limits.clock_margin, MINUTE, MONTH) "How far ahead of the last known time the clock may be until it looks wrong";
    maintenance.ending_grace = Span(limits.ending_grace, LEAST, MONTH) "How long a consent that has run out is marked before its data is deleted";
    maintenance.ending_share = Count(limits.ending_share, 0, 100) "Percent of users whose consents may end at once without a person; 3 always may";
    maintenance.ending_limit = Count(limits.ending_limit, 1, 1_000) "Consents that are ended in one round of maintenance";
    api.auth_link_life = Span(limits.auth_link_life, LEAST, MONTH) "How long an auth link is valid";
    api.listen = Place(api.listen) "Where `serve` listens; another address than loopback needs TLS or --insecure";
    api.base_url = Place(api.base_url) "What links of the API begin with; empty for the host that the client used";
    api.return_url = Place(api.return_url) "Where the consent page sends the user in the end; empty for a page of its own";
    api.tls_cert = Place(api.tls_cert) "The certificate chain for TLS, a PEM file; empty for none";
    api.tls_key = Place(api.tls_key) "The private key for TLS, a PEM file for its owner only";
    api.token_life = Span(api.token_life, LEAST, DAY) "How long a token of the API is valid";
    api.token_calls = Count(api.token_calls, 1, 1_000_000) "Tokens one address may ask for in five minutes";
    api.connections = Count(api.connections, 32, 10_000) "Open connections of the API at a time";
    api.header_time = Span(api.header_time, LEAST, HOUR) "How long a client may take to send the head of a request";
    api.body_time = Span(api.body_time, LEAST, HOUR) "How long a client may take to send a body, or to take an answer";
    api.connection_time = Span(api.connection_time, LEAST, DAY) "How long a connection of the API may serve requests";
    api.webhook_wait = Span(limits.webhook_wait, LEAST, webhook::LONGEST_WAIT) "The longest wait between two attempts to deliver a message to a webhook";
    api.webhook_time = Span(limits.webhook_time, LEAST, MINUTE) "How long the receiver of a webhook may take to answer";
    access.role = Role(access.role) "What the screen and the commands may do; a key of the API has a role of its own";
    live.calls = Count(limits.live_calls, 1, 1_000) "Calls a second to the platform, by all processes together, at most";
    live.events_every = Span(limits.live_events, LEAST, DAY) "How often the events of the platform are read";
    live.sweep_every = Span(limits.live_sweep, MINUTE, MONTH) "How often each user is read as a whole, in case an event was lost";
    audit.actor = Text(audit.actor) "The name in the audit; empty for the user of the system";
};

impl ConfigKey {
    pub(crate) fn find(section: &str, name: &str) -> Option<&'static ConfigKey> {
        KEYS.iter().find(|k| k.section == section && k.name == name)
    }

    /// `jobs.lease`.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    pub(crate) fn allowed(&self) -> String {
        match self.slot {
            Slot::Span(_, least, most) => format!(
                "{} to {}",
                time_format::write(least),
                time_format::write(most)
            ),
            Slot::Count(_, least, most) => format!("{least} to {most}"),
            Slot::Number(_, least, most) => format!("{least} to {most}"),
            Slot::Seed(_) => "0 or more".into(),
            Slot::Flag(_) => "true or false".into(),
            Slot::Level(_) => Level::ALL.map(|l| format!("\"{}\"", l.word())).join(" or "),
            Slot::Role(_) => Role::ALL.map(|r| format!("\"{}\"", r.word())).join(" or "),
            Slot::Text(_) => format!("text of at most {TEXT_LIMIT} characters"),
            Slot::Place(_) => format!("text of at most {PLACE_LIMIT} characters"),
            Slot::Zone(_) => "a name like \"Australia/Sydney\", or \"\"".into(),
        }
    }

    /// Whether the file decided the value: it holds the key, or another one that this key follows.
    pub(crate) fn set_by_file(&self, config: &Config) -> bool {
        config.given.contains_key(&self.path())
            || self.value(config) != self.value(&Config::default())
    }

    /// Printed, it is what a file would hold.
    pub(crate) fn value(&self, config: &Config) -> toml::Value {
        let mut config = config.clone();
        match self.slot {
            Slot::Span(of, ..) => time_format::write(*of(&mut config)).into(),
            Slot::Count(of, ..) => i64::from(*of(&mut config)).into(),
            Slot::Seed(of) => i64::try_from(*of(&mut config)).unwrap_or(i64::MAX).into(),
            Slot::Number(of, ..) => (*of(&mut config)).into(),
            Slot::Flag(of) => (*of(&mut config)).into(),
            Slot::Level(of) => of(&mut config).word().into(),
            Slot::Role(of) => of(&mut config).word().into(),
            Slot::Text(of) | Slot::Place(of) | Slot::Zone(of) => of(&mut config).as_str().into(),
        }
    }
}

pub(crate) fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KEYS
        .iter()
        .map(|k| k.section)
        .chain(OPEN_SECTIONS)
        .collect();
    sections.dedup();
    sections
}

/// A configuration file with every key at its default, in comments.
pub(crate) fn template() -> String {
    let mut text = String::from(
        "# Configuration of switchboard. Every key has its default here; remove the # in front of a key to set it.\n",
    );
    let mut section = "";
    for key in KEYS {
        if key.section != section {
            section = key.section;
            let _ = writeln!(text, "\n[{section}]");
        }
        let value = key.value(&Config::default());
        let _ = writeln!(
            text,
            "# {}: {}.\n#{} = {value}",
            key.about,
            key.allowed(),
            key.name
        );
    }
    text.push_str(
        "\n# Your own keys, one section a layer; `switchboard keys` lists layers and actions.\n#[keys.connections]\n\
         #connection.refresh = \"r\"\n\n# Your own colours over those of the theme.\n#[theme]\n#danger = \"red\"\n",
    );
    text
}
