//! Files and environment, read once into one typed value. A flag beats the environment, which beats
//! the file, which beats the defaults.
//!
//! Deliberately absent: whether themes, layers and actions that a file names exist; their rooms say so,
//! with the places kept here.

pub(crate) mod env;
pub(crate) mod file;
pub(crate) mod known;
pub(crate) mod mistake;
pub(crate) mod paths;
pub(crate) mod read;
mod syntax;
pub(crate) mod values;

#[cfg(test)]
mod tests;

pub(crate) use env::Environment;
pub(crate) use mistake::{ConfigError, Mistake, Position};
pub(crate) use paths::{ConfigPlace, Flags, Places};
pub(crate) use values::Config;

/// The configuration of these places: the file's, or the defaults where there is no file and nobody
/// named one.
pub(crate) fn load(places: &Places) -> Result<Config, ConfigError> {
    let (path, named) = match places.config()? {
        ConfigPlace::Named(path) => (path, true),
        ConfigPlace::Usual(path) => (path, false),
        ConfigPlace::Nowhere => return Ok(Config::default()),
    };
    let Some(text) = file::text(&path)? else {
        let missing = || std::io::Error::from(std::io::ErrorKind::NotFound);
        return if named {
            Err(ConfigError::Unreadable {
                path,
                source: missing(),
            })
        } else {
            Ok(Config::default())
        };
    };
    match read::read(&text) {
        (config, mistakes) if mistakes.is_empty() => Ok(Config {
            file: Some(path),
            ..config
        }),
        (_, mistakes) => Err(ConfigError::Wrong { path, mistakes }),
    }
}

impl Config {
    /// The error that says what another room found wrong with what the file names; none without
    /// mistakes.
    pub(crate) fn refused(&self, mut mistakes: Vec<Mistake>) -> Option<ConfigError> {
        mistakes.sort_by_key(|m| m.at);
        let path = self.file.clone().unwrap_or_default();
        (!mistakes.is_empty()).then_some(ConfigError::Wrong { path, mistakes })
    }
}
