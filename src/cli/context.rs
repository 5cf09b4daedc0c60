//! What every command is given: options, environment, configuration, output, and the opened database.

use super::args::{Access, Color, Common};
use super::exit::Failure;
use super::output::{Manner, Out};
use crate::clock::Clock;
use crate::config::{self, Config, Environment, Flags, Paths};
use crate::domain::mask::Level;
use crate::domain::zone::Zone;
use crate::ops::{Caller, Ops};
use crate::store::{Mode, Store};
use std::io::{IsTerminal as _, stderr, stdin, stdout};
use std::path::Path;

pub(crate) struct Context {
    pub(crate) common: Common,
    pub(crate) env: Environment,
    pub(crate) places: Paths,
    pub(crate) config: Config,
    pub(crate) out: Out,
}

impl Context {
    /// The configuration is the default one until [`Context::configure`].
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
            zone: Zone::UTC,
        };
        let places = Paths::new(
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

    pub(crate) fn configure(&mut self) -> Result<(), Failure> {
        self.config = config::load(&self.places)?;
        let (zone, warning) = config::zone(&self.config, &self.env);
        self.out.manner.zone = zone;
        if let Some(warning) = warning.filter(|_| self.out.for_people()) {
            self.out.say(&warning);
        }
        Ok(())
    }

    /// Refuses the command of this name when `--at` or `--read-only` forbids it.
    pub(crate) fn allows(&self, name: &str) -> Result<(), Failure> {
        let access = Access::of(name);
        if self.common.at.is_some() && !access.takes_at() {
            return Err(Failure::Usage(format!(
                "--at only applies to what is shown; `{name}` acts now, so leave --at out"
            )));
        }
        if self.common.read_only && access.writes() {
            return Err(Failure::ReadOnly(name.into()));
        }
        Ok(())
    }

    /// The clock: the present, or the time of `--at`.
    pub(crate) fn clock(&self) -> Clock {
        self.common.at.map_or_else(Clock::system, Clock::fixed)
    }

    /// How much of personal data is masked.
    pub(crate) fn level(&self) -> Level {
        self.config.privacy.start()
    }

    /// Whether input can be asked for: a terminal on both ends, and no `--no-input`.
    pub(crate) fn can_ask(&self) -> bool {
        !self.common.no_input
            && stdin().is_terminal()
            && stdout().is_terminal()
            && stderr().is_terminal()
    }

    pub(crate) fn reading(&mut self) -> Result<Ops, Failure> {
        self.open(&self.places.database()?, Mode::Read, self.clock())
    }

    /// Opens the database for reading, also one that a part is missing of.
    pub(crate) fn examining(&mut self) -> Result<Ops, Failure> {
        self.open(&self.places.database()?, Mode::Examine, self.clock())
    }

    /// For writing; for reading only, without a lock, when nothing will be done.
    pub(crate) fn acting(&mut self, dry_run: bool) -> Result<Ops, Failure> {
        if !dry_run {
            return self.writing();
        }
        self.open_or(&self.places.database()?, Mode::Read, self.clock(), false)
    }

    /// Opens the database for writing; it has to exist.
    pub(crate) fn writing(&mut self) -> Result<Ops, Failure> {
        self.open(&self.places.database()?, Mode::Write, Clock::system())
    }

    /// Creates a missing file, at the default place with its folder.
    pub(crate) fn creating(&mut self, clock: Clock) -> Result<Ops, Failure> {
        let path = self.places.database()?;
        if !self.places.database_named()
            && let Some(folder) = path.parent()
        {
            make_folder(folder)?;
        }
        self.open(&path, Mode::Create, clock)
    }

    fn open(&mut self, path: &Path, mode: Mode, clock: Clock) -> Result<Ops, Failure> {
        self.open_or(path, mode, clock, !self.common.read_only)
    }

    /// `upgrades` says whether a file of an earlier version is brought up to date.
    fn open_or(
        &mut self,
        path: &Path,
        mode: Mode,
        clock: Clock,
        upgrades: bool,
    ) -> Result<Ops, Failure> {
        let store = match Store::open(path, mode, &clock) {
            // a file of an earlier version is upgraded by the first command that opens it
            Err(crate::store::Error::Older { .. }) if upgrades => {
                drop(Store::open(path, Mode::Write, &clock)?);
                Store::open(path, mode, &clock)?
            }
            // in a new home not even the folder is there
            Err(crate::store::Error::NoDirectory { path }) if !self.places.database_named() => {
                return Err(crate::store::Error::Missing { path }.into());
            }
            opened => opened?,
        };
        for warning in warnings(&store) {
            self.out.say(&warning);
        }
        Ok(Ops::new(
            store,
            clock,
            self.caller("command"),
            self.config.limits.clone(),
        ))
    }

    /// Who asks, for the audit: the configured actor, or the user of the process.
    pub(crate) fn caller(&self, face: &'static str) -> Caller {
        let configured = Some(self.config.audit.actor.clone()).filter(|actor| !actor.is_empty());
        let actor = configured
            .or_else(|| self.env.user.clone())
            .unwrap_or_else(|| {
                // without a user name, the numeric user id
                format!("uid {}", rustix::process::getuid().as_raw())
            });
        Caller {
            actor: actor.chars().filter(|c| !c.is_control()).take(64).collect(),
            face,
            role: self.config.access.role,
            // what is not for people is in UTC
            zone: match self.out.for_people() {
                true => self.out.manner.zone,
                false => Zone::UTC,
            },
        }
    }
}

/// What is wrong with the files beside a database that does not keep it from being used.
pub(crate) fn warnings(store: &Store) -> Vec<String> {
    let open = store.files().too_open().into_iter().map(|(path, mode)| {
        let path = path.display();
        format!("{path} can be read or written by others (mode {mode:03o}); run  chmod 600 {path}")
    });
    let lost = (!store.can_unseal()).then(|| {
        let path = store.files().master.display();
        format!("the master key {path} is missing: what was sealed cannot be shown; copy it from where the database came from")
    });
    open.chain(lost).collect()
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|cause| Failure::File {
        what: format!("{} cannot be created", folder.display()),
        cause,
    })
}
