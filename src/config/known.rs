//! Every key a configuration file may hold, once: reading, the nearest key to a misspelt one,
//! `config check` and the reference in the documents all come from this table.

use super::values::Config;
use crate::domain::{mask::Level, time_format};
use std::time::Duration;

/// One key.
pub(crate) struct Known {
    /// Its section.
    pub(crate) section: &'static str,
    /// Its name there.
    pub(crate) name: &'static str,
    /// What it holds and where that goes.
    pub(crate) slot: Slot,
    /// What it does, for people.
    pub(crate) about: &'static str,
}

/// What a key holds, within which bounds, and the value it sets.
pub(crate) enum Slot {
    /// A duration, written `30s`.
    Span(fn(&mut Config) -> &mut Duration, Duration, Duration),
    /// A whole number within bounds.
    Count(fn(&mut Config) -> &mut u32, u32, u32),
    /// Any whole number a TOML integer holds, from 0.
    Seed(fn(&mut Config) -> &mut u64),
    /// A number.
    Number(fn(&mut Config) -> &mut f64, f64, f64),
    /// Yes or no.
    Flag(fn(&mut Config) -> &mut bool),
    /// A privacy level.
    Level(fn(&mut Config) -> &mut Level),
    /// A short line of text.
    Text(fn(&mut Config) -> &mut String),
}

/// The sections whose keys are not in the table: other rooms know them.
pub(crate) const OPEN_SECTIONS: [&str; 2] = ["keys", "theme"];

/// The longest text a key may hold, in characters.
pub(crate) const TEXT_LIMIT: usize = 64;

const LEAST: Duration = Duration::from_millis(100);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
const MONTH: Duration = Duration::from_hours(24 * 30);

const fn key(section: &'static str, name: &'static str, slot: Slot, about: &'static str) -> Known {
    Known {
        section,
        name,
        slot,
        about,
    }
}

use Slot::{Count, Flag, Number, Seed, Span, Text};

/// The table, in the order the reference prints it.
pub(crate) const KEYS: &[Known] = &[
    key(
        "jobs",
        "lease",
        Span(|c| &mut c.limits.lease, LEAST, HOUR),
        "how long a silent worker is trusted to be alive",
    ),
    key(
        "jobs",
        "heartbeat",
        Span(|c| &mut c.limits.heartbeat, LEAST, HOUR),
        "how often a worker renews its lease",
    ),
    key(
        "jobs",
        "rescue",
        Span(|c| &mut c.limits.rescue, LEAST, HOUR),
        "how often jobs of dead workers are looked for",
    ),
    key(
        "jobs",
        "retry_every",
        Span(|c| &mut c.limits.retry_every, LEAST, MONTH),
        "the wait before a job is tried again",
    ),
    key(
        "jobs",
        "retry_for",
        Span(|c| &mut c.limits.retry_for, LEAST, MONTH),
        "after how long a job is given up",
    ),
    key(
        "jobs",
        "credential_pause",
        Span(|c| &mut c.limits.credential_pause, LEAST, DAY),
        "how long the same credentials rest between two jobs",
    ),
    key(
        "jobs",
        "mfa_expiry",
        Span(|c| &mut c.limits.mfa_expiry, LEAST, DAY),
        "how long a challenge waits for its answer",
    ),
    key(
        "jobs",
        "refresh_floor",
        Span(|c| &mut c.limits.refresh_floor, LEAST, MONTH),
        "a refresh younger than this is not repeated unless forced",
    ),
    key(
        "limits",
        "per_institution",
        Count(|c| &mut c.limits.per_institution, 1, 1_000),
        "running jobs per institution",
    ),
    key(
        "limits",
        "total",
        Count(|c| &mut c.limits.total, 1, 1_000),
        "running jobs in all",
    ),
    key(
        "limits",
        "plan_life",
        Span(|c| &mut c.limits.plan_life, LEAST, DAY),
        "how long a plan can be carried out",
    ),
    key(
        "limits",
        "refused_sign_ins",
        Count(|c| &mut c.limits.refused_sign_ins, 1, 100),
        "refused sign-ins in a row after which refreshes are held back",
    ),
    key(
        "sandbox",
        "speed",
        Number(|c| &mut c.sandbox.speed, 0.0, 1_000.0),
        "scales how long banks take; 0 is at once",
    ),
    key(
        "sandbox",
        "seed",
        Seed(|c| &mut c.sandbox.seed),
        "decides what the sandbox banks return",
    ),
    key(
        "sandbox",
        "retry",
        Flag(|c| &mut c.limits.retry),
        "whether failed sandbox jobs are tried again; on where a retry time is set",
    ),
    key(
        "privacy",
        "level",
        Slot::Level(|c| &mut c.privacy.level),
        "how much is masked when a sitting starts",
    ),
    key(
        "privacy",
        "floor",
        Slot::Level(|c| &mut c.privacy.floor),
        "the masking no key passes",
    ),
    key(
        "privacy",
        "idle_after",
        Span(|c| &mut c.privacy.idle_after, LEAST, DAY),
        "after how long without a key the screen is masked strictly",
    ),
    key(
        "ui",
        "theme",
        Text(|c| &mut c.ui.theme),
        "the name of a theme",
    ),
    key(
        "ui",
        "environment",
        Text(|c| &mut c.ui.environment),
        "the word in the first row that says where one is",
    ),
    key(
        "smart_cache",
        "enabled",
        Flag(|c| &mut c.limits.background),
        "whether connections are refreshed by themselves",
    ),
    key(
        "smart_cache",
        "every",
        Span(|c| &mut c.limits.background_every, LEAST, MONTH),
        "how often each connection comes round",
    ),
    key(
        "api",
        "auth_link_life",
        Span(|c| &mut c.limits.auth_link_life, LEAST, MONTH),
        "how long an auth link is good for",
    ),
    key(
        "audit",
        "actor",
        Text(|c| &mut c.audit.actor),
        "who is written down; empty for the system's user",
    ),
];

impl Known {
    /// The key of that section and name.
    pub(crate) fn find(section: &str, name: &str) -> Option<&'static Known> {
        KEYS.iter().find(|k| k.section == section && k.name == name)
    }

    /// `jobs.lease`.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    /// What may be written, for people.
    pub(crate) fn allowed(&self) -> String {
        match self.slot {
            Span(_, least, most) => format!(
                "{} to {}",
                time_format::write(least),
                time_format::write(most)
            ),
            Count(_, least, most) => format!("{least} to {most}"),
            Number(_, least, most) => format!("{least} to {most}"),
            Seed(_) => "0 or more".into(),
            Flag(_) => "true or false".into(),
            Slot::Level(_) => Level::ALL.map(|l| format!("\"{}\"", l.word())).join(" or "),
            Text(_) => format!("text of at most {TEXT_LIMIT} characters"),
        }
    }

    /// The value in `config`, as a file would write it.
    pub(crate) fn written(&self, config: &Config) -> String {
        let mut config = config.clone();
        let text = |text: &str| toml::Value::from(text).to_string();
        match self.slot {
            Span(of, ..) => text(&time_format::write(*of(&mut config))),
            Count(of, ..) => of(&mut config).to_string(),
            Seed(of) => of(&mut config).to_string(),
            Number(of, ..) => toml::Value::from(*of(&mut config)).to_string(),
            Flag(of) => of(&mut config).to_string(),
            Slot::Level(of) => text(of(&mut config).word()),
            Text(of) => text(of(&mut config)),
        }
    }
}

/// Every section, in the order of the table and then the open ones.
pub(crate) fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = KEYS
        .iter()
        .map(|k| k.section)
        .chain(OPEN_SECTIONS)
        .collect();
    sections.dedup();
    sections
}
