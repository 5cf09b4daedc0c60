//! What every command stands on: options, environment, configuration, the clock, the output, and the way
//! to the operations. Deliberately absent: what a command does.

use super::args::{Color, Command, Common};
use super::exit::Failure;
use super::output::{Manner, Out};
use crate::clock::Clock;
use crate::config::{self, Config, Environment, Flags, Places};
use crate::domain::mask::Level;
use crate::ops::{Caller, Ops};
use crate::store::{Mode, Store};
use std::io::{IsTerminal as _, stderr, stdin, stdout};
use std::path::Path;

/// What a command is given.
pub(crate) struct Context {
    /// Options of every command.
    pub(crate) common: Common,
    /// The environment, read once.
    pub(crate) env: Environment,
    /// Where things lie.
    pub(crate) places: Places,
    /// The configuration.
    pub(crate) config: Config,
    /// Stdout and stderr.
    pub(crate) out: Out,
}

impl Context {
    /// From what was typed; the configuration is the default one until [`Context::configure`].
    pub(crate) fn new(common: Common, env: Environment) -> Self {
        let color = match common.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => stdout().is_terminal() && !env.no_color && env.draws(),
        };
        let manner = Manner {
            form: common.form(),
            color,
            ascii: common.ascii || env.ascii(),
            quiet: common.quiet,
            verbose: common.verbose,
        };
        let places = Places::new(
            Flags {
                database: common.db.clone(),
                config: common.config.clone(),
            },
            env.clone(),
        );
        Self {
            out: Out::stdout(manner),
            places,
            config: Config::default(),
            common,
            env,
        }
    }

    /// Reads the configuration.
    ///
    /// # Errors
    /// When it is wrong.
    pub(crate) fn configure(&mut self) -> Result<(), Failure> {
        self.config = config::load(&self.places)?;
        Ok(())
    }

    /// Whether what was typed can be done under the options that were typed.
    ///
    /// # Errors
    /// When `--at` or `--read-only` forbids it.
    pub(crate) fn allows(&self, command: &Command, name: &'static str) -> Result<(), Failure> {
        if self.common.at.is_some() && !command.takes_at() {
            return Err(Failure::Usage(format!(
                "--at fixes what is shown; `{name}` happens now, so leave it out"
            )));
        }
        if self.common.read_only && command.writes() {
            return Err(Failure::ReadOnly(name));
        }
        Ok(())
    }

    /// The clock of this command.
    pub(crate) fn clock(&self) -> Clock {
        self.common.at.map_or_else(Clock::system, Clock::fixed)
    }

    /// The level at which personal data is shown.
    pub(crate) fn level(&self) -> Level {
        self.config.privacy.start()
    }

    /// Whether somebody can be asked: a terminal on both ends, and not ruled out.
    pub(crate) fn can_ask(&self) -> bool {
        !self.common.no_input
            && stdin().is_terminal()
            && stdout().is_terminal()
            && stderr().is_terminal()
    }

    /// Opens the database for reading.
    ///
    /// # Errors
    /// When it is not there or not ours.
    pub(crate) fn reading(&self) -> Result<Ops, Failure> {
        self.open(&self.places.database()?, Mode::Read, self.clock())
    }

    /// Opens the database for writing; it has to be there.
    ///
    /// # Errors
    /// When it is not there, not ours, or cannot be written.
    pub(crate) fn writing(&self) -> Result<Ops, Failure> {
        self.open(&self.places.database()?, Mode::Write, Clock::system())
    }

    /// Opens the database for writing and makes it where there is none, with its folder when nobody named
    /// the place.
    ///
    /// # Errors
    /// When it is not ours, or cannot be written.
    pub(crate) fn creating(&self, clock: Clock) -> Result<Ops, Failure> {
        let path = self.places.database()?;
        if !self.places.database_named()
            && let Some(folder) = path.parent()
        {
            std::fs::create_dir_all(folder).map_err(|cause| Failure::File {
                what: format!("{} cannot be made", folder.display()),
                cause,
            })?;
        }
        self.open(&path, Mode::Create, clock)
    }

    /// Opens a database at a place.
    ///
    /// # Errors
    /// When it is not ours, or cannot be opened so.
    pub(crate) fn open(&self, path: &Path, mode: Mode, clock: Clock) -> Result<Ops, Failure> {
        let store = match Store::open(path, mode, &clock) {
            // whoever comes first brings the file of an earlier version up to date, and then reads it
            Err(crate::store::Error::Older { .. }) if !self.common.read_only => {
                drop(Store::open(path, Mode::Write, &clock)?);
                Store::open(path, mode, &clock)?
            }
            opened => opened?,
        };
        Ok(Ops::new(
            store,
            clock,
            self.caller("command"),
            self.config.limits.clone(),
        ))
    }

    /// Who asks: the person the process runs for.
    pub(crate) fn caller(&self, face: &'static str) -> Caller {
        let configured = Some(self.config.audit.actor.clone()).filter(|actor| !actor.is_empty());
        let actor = configured
            .or_else(|| self.env.user.clone())
            .unwrap_or_else(|| {
                // without a name, the number the system knows the person by
                format!("uid {}", rustix::process::getuid().as_raw())
            });
        Caller {
            actor: actor.chars().filter(|c| !c.is_control()).take(64).collect(),
            face,
        }
    }
}
