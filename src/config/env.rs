//! The environment variables, read once and only here.

use std::ffi::OsString;
use std::path::PathBuf;

/// An empty variable counts as not set, unless its line says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Environment {
    pub(crate) home: Option<PathBuf>,
    pub(crate) data_home: Option<PathBuf>,
    pub(crate) config_home: Option<PathBuf>,
    pub(crate) state_home: Option<PathBuf>,
    pub(crate) database: Option<PathBuf>,
    pub(crate) config: Option<PathBuf>,
    pub(crate) no_color: bool,
    pub(crate) pager: Option<OsString>,
    pub(crate) term: Option<String>,
    pub(crate) color_term: Option<String>,
    /// What some terminals say of their colours.
    pub(crate) color_fgbg: Option<String>,
    /// `LC_ALL`, else `LC_CTYPE`, else `LANG`.
    pub(crate) locale: Option<String>,
    /// `TZ`, also when it is empty, which means UTC.
    pub(crate) time_zone: Option<String>,
    /// `USER`, else `LOGNAME`.
    pub(crate) user: Option<String>,
    /// The name of a variable that looks as if it held the API key of a platform. Its value is never read.
    pub(crate) api_key: Option<&'static str>,
}

const API_KEYS: [&str; 3] = ["SWITCHBOARD_API_KEY", "BASIQ_API_KEY", "LIVE_API_KEY"];

impl Environment {
    #[allow(
        clippy::disallowed_methods,
        reason = "this file is where the environment comes in"
    )]
    pub(crate) fn read() -> Self {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    pub(crate) fn from_lookup(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| get(name).filter(|value| !value.is_empty());
        let path = |name: &str| set(name).map(PathBuf::from);
        let text = |name: &str| set(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            home: path("HOME"),
            data_home: path("XDG_DATA_HOME"),
            config_home: path("XDG_CONFIG_HOME"),
            state_home: path("XDG_STATE_HOME"),
            database: path("SWITCHBOARD_DB"),
            config: path("SWITCHBOARD_CONFIG"),
            no_color: set("NO_COLOR").is_some(),
            pager: set("PAGER"),
            term: text("TERM"),
            color_term: text("COLORTERM"),
            color_fgbg: text("COLORFGBG"),
            locale: text("LC_ALL")
                .or_else(|| text("LC_CTYPE"))
                .or_else(|| text("LANG")),
            time_zone: get("TZ").map(|zone| zone.to_string_lossy().into_owned()),
            user: text("USER").or_else(|| text("LOGNAME")),
            api_key: API_KEYS.into_iter().find(|name| set(name).is_some()),
        }
    }

    pub(crate) fn utf8(&self) -> bool {
        let locale = self.locale.as_deref().unwrap_or("").to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    }

    pub(crate) fn ascii(&self) -> bool {
        !self.utf8() || matches!(self.term.as_deref(), Some("linux" | "vt100"))
    }

    pub(crate) fn draws(&self) -> bool {
        self.term.as_deref().is_some_and(|term| term != "dumb")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Environment {
        Environment::from_lookup(|name| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| OsString::from(v))
        })
    }

    #[test]
    fn locale_comes_from_the_first_variable_that_is_set() {
        for (pairs, utf8) in [
            (&[("LANG", "en_AU.UTF-8")][..], true),
            (&[("LANG", "C.utf8")], true),
            (&[("LANG", "en_AU.UTF-8"), ("LC_ALL", "C")], false),
            (
                &[("LANG", "C"), ("LC_CTYPE", "ja_JP.UTF-8"), ("LC_ALL", "")],
                true,
            ),
            (&[("LANG", "de_DE.ISO-8859-1")], false),
            (&[], false),
        ] {
            assert_eq!(with(pairs).utf8(), utf8, "{pairs:?}");
        }
    }

    #[test]
    fn terminals_without_unicode_or_drawing_are_known() {
        let utf8 = ("LANG", "en_AU.UTF-8");
        for (pairs, ascii, draws) in [
            (&[utf8, ("TERM", "xterm-256color")][..], false, true),
            (&[utf8, ("TERM", "linux")], true, true),
            (&[utf8, ("TERM", "dumb")], false, false),
            (&[utf8], false, false),
            (&[("TERM", "xterm")], true, true),
        ] {
            let env = with(pairs);
            assert_eq!((env.ascii(), env.draws()), (ascii, draws), "{pairs:?}");
        }
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        assert_eq!(
            with(&[("HOME", ""), ("NO_COLOR", ""), ("PAGER", "")]),
            Environment::default()
        );
        assert!(with(&[("NO_COLOR", "0")]).no_color);
    }
}
