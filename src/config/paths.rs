//! Paths of database and configuration: a flag, else the environment, else the XDG base directories.

use super::env::Environment;
use super::mistake::ConfigError;
use std::path::PathBuf;

const FOLDER: &str = "switchboard";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// `--db`.
    pub(crate) database: Option<PathBuf>,
    /// `--config`.
    pub(crate) config: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConfigPath {
    /// Named by flag or environment; it has to exist.
    Named(PathBuf),
    /// The default path; the file may be missing.
    Usual(PathBuf),
    /// No default path, because HOME is not set.
    Nowhere,
}

/// Each is derived only when asked for, so that a missing HOME matters only to who needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paths {
    flags: Flags,
    env: Environment,
}

impl Paths {
    pub(crate) fn new(flags: Flags, env: Environment) -> Self {
        Self { flags, env }
    }

    pub(crate) fn database(&self) -> Result<PathBuf, ConfigError> {
        if let Some(named) = self.flags.database.as_ref().or(self.env.database.as_ref()) {
            return Ok(named.clone());
        }
        let base = self.base(&self.env.data_home, "XDG_DATA_HOME", ".local/share")?;
        let base = base.ok_or(ConfigError::NoHome {
            what: "database",
            variable: "XDG_DATA_HOME",
        })?;
        Ok(base.join(FOLDER).join("switchboard.db"))
    }

    pub(crate) fn database_named(&self) -> bool {
        self.flags.database.is_some() || self.env.database.is_some()
    }

    pub(crate) fn config_named(&self) -> bool {
        self.flags.config.is_some() || self.env.config.is_some()
    }

    pub(crate) fn config(&self) -> Result<ConfigPath, ConfigError> {
        if let Some(named) = self.flags.config.as_ref().or(self.env.config.as_ref()) {
            return Ok(ConfigPath::Named(named.clone()));
        }
        let base = self.base(&self.env.config_home, "XDG_CONFIG_HOME", ".config")?;
        Ok(base.map_or(ConfigPath::Nowhere, |base| {
            ConfigPath::Usual(base.join(FOLDER).join("config.toml"))
        }))
    }

    /// The file of saved views, beside the configuration; none when that has no place.
    pub(crate) fn views(&self) -> Result<Option<PathBuf>, ConfigError> {
        Ok(match self.config()? {
            ConfigPath::Named(path) | ConfigPath::Usual(path) => {
                Some(path.with_file_name("views.toml"))
            }
            ConfigPath::Nowhere => None,
        })
    }

    /// What the board goes on with; none when there is no place for it.
    pub(crate) fn board(&self) -> Result<Option<PathBuf>, ConfigError> {
        let base = self.base(&self.env.state_home, "XDG_STATE_HOME", ".local/state")?;
        Ok(base.map(|base| base.join(FOLDER).join("board.toml")))
    }

    fn base(
        &self,
        set: &Option<PathBuf>,
        variable: &'static str,
        under_home: &str,
    ) -> Result<Option<PathBuf>, ConfigError> {
        // "If an implementation encounters a relative path in any of these variables it should consider the path invalid
        // and ignore it." (XDG Base Directory Specification)
        let set = set.as_ref().filter(|base| base.is_absolute());
        let (base, variable) = match (set, &self.env.home) {
            (Some(base), _) => (base.clone(), variable),
            (None, Some(home)) => (home.join(under_home), "HOME"),
            (None, None) => return Ok(None),
        };
        if base.is_absolute() {
            Ok(Some(base))
        } else {
            Err(ConfigError::Relative {
                variable,
                path: base,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(home: Option<&str>) -> Environment {
        Environment {
            home: home.map(PathBuf::from),
            ..Environment::default()
        }
    }

    #[test]
    fn a_flag_beats_the_environment_beats_the_default() {
        let usual = Paths::new(Flags::default(), env(Some("/home/m")));
        assert_eq!(
            usual.database().unwrap(),
            PathBuf::from("/home/m/.local/share/switchboard/switchboard.db")
        );
        assert_eq!(
            usual.config().unwrap(),
            ConfigPath::Usual("/home/m/.config/switchboard/config.toml".into())
        );

        let set = Environment {
            data_home: Some("/data".into()),
            ..env(Some("/home/m"))
        };
        let xdg = Paths::new(Flags::default(), set.clone());
        assert_eq!(
            xdg.database().unwrap(),
            PathBuf::from("/data/switchboard/switchboard.db")
        );

        let set = Environment {
            database: Some("env.db".into()),
            config: Some("env.toml".into()),
            ..set
        };
        let named = Paths::new(Flags::default(), set.clone());
        assert_eq!(named.database().unwrap(), PathBuf::from("env.db"));
        assert_eq!(
            named.config().unwrap(),
            ConfigPath::Named("env.toml".into())
        );

        let flags = Flags {
            database: Some("flag.db".into()),
            config: Some("flag.toml".into()),
        };
        let flagged = Paths::new(flags, set);
        assert_eq!(flagged.database().unwrap(), PathBuf::from("flag.db"));
        assert_eq!(
            flagged.config().unwrap(),
            ConfigPath::Named("flag.toml".into())
        );
    }

    #[test]
    fn views_lie_beside_the_configuration_and_states_have_a_folder() {
        let usual = Paths::new(Flags::default(), env(Some("/home/m")));
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            usual.views().unwrap(),
            path("/home/m/.config/switchboard/views.toml")
        );
        assert_eq!(
            usual.board().unwrap(),
            path("/home/m/.local/state/switchboard/board.toml")
        );
        let set = Environment {
            config: Some("/c/own.toml".into()),
            state_home: Some("/state".into()),
            ..env(None)
        };
        let set = Paths::new(Flags::default(), set);
        assert_eq!(set.views().unwrap(), path("/c/views.toml"));
        assert_eq!(set.board().unwrap(), path("/state/switchboard/board.toml"));
    }

    #[test]
    fn a_missing_or_relative_home_is_an_error() {
        let homeless = Paths::new(Flags::default(), env(None));
        assert_eq!(homeless.config().unwrap(), ConfigPath::Nowhere);
        let said = homeless.database().unwrap_err().to_string();
        assert!(
            said.contains("HOME") && said.contains("XDG_DATA_HOME"),
            "{said}"
        );

        let relative = Paths::new(Flags::default(), env(Some("home/m")));
        assert!(matches!(
            relative.database(),
            Err(ConfigError::Relative {
                variable: "HOME",
                ..
            })
        ));
        let set = Environment {
            config_home: Some("conf".into()),
            ..env(Some("/home/m"))
        };
        // a relative base directory is as good as none
        let relative = Paths::new(Flags::default(), set);
        assert_eq!(
            relative.config().unwrap(),
            ConfigPath::Usual("/home/m/.config/switchboard/config.toml".into())
        );
        let set = Environment {
            data_home: Some("rel".into()),
            ..env(Some("/home/m"))
        };
        let relative = Paths::new(Flags::default(), set);
        assert_eq!(
            relative.database().unwrap(),
            PathBuf::from("/home/m/.local/share/switchboard/switchboard.db")
        );
    }
}
