//! The configuration: a flag beats the environment, which beats the file, which beats the defaults.

pub(crate) mod env;
pub(crate) mod file;
pub(crate) mod keys;
pub(crate) mod mistake;
pub(crate) mod paths;
pub(crate) mod read;
mod syntax;
pub(crate) mod values;
pub(crate) mod views;
mod zone;

#[cfg(test)]
mod tests;

pub(crate) use env::Environment;
pub(crate) use mistake::{ConfigError, Mistake, Position};
pub(crate) use paths::{ConfigPath, Flags, Paths};
pub(crate) use values::Config;
pub(crate) use zone::zone;

/// The defaults when there is no file and none was named.
pub(crate) fn load(places: &Paths) -> Result<Config, ConfigError> {
    let (path, named) = match places.config()? {
        ConfigPath::Named(path) => (path, true),
        ConfigPath::Usual(path) => (path, false),
        ConfigPath::Nowhere => return Ok(Config::default()),
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
    pub(crate) fn refused(&self, mut mistakes: Vec<Mistake>) -> Option<ConfigError> {
        mistakes.sort_by_key(|m| m.at);
        let path = self.file.clone().unwrap_or_default();
        (!mistakes.is_empty()).then_some(ConfigError::Wrong { path, mistakes })
    }
}
