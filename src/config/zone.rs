//! The time zone for people: the configured one, else that of `TZ`, else that of the system, else UTC.

use super::{Config, Environment};
use crate::domain::text::Shown;
use crate::domain::zone::Zone;
use std::path::Path;

/// Where a system keeps its time zone: a link into its database of zones.
const SYSTEM: &str = "/etc/localtime";
const DATABASE: &str = "zoneinfo/";

/// With a warning when `TZ` names none that is known.
pub(crate) fn zone(config: &Config, env: &Environment) -> (Zone, Option<String>) {
    if let Some(zone) = Zone::named(&config.ui.timezone) {
        return (zone, None);
    }
    let Some(set) = &env.time_zone else {
        return (system(Path::new(SYSTEM)).unwrap_or_default(), None);
    };
    match in_variable(set) {
        Some(zone) => (zone, None),
        None => {
            let set = Shown::of_limited(set, 64).into_plain();
            let warning = format!(
                "TZ is `{set}`, which is not the name of a time zone; times are told in UTC. Name one like Australia/Sydney, \
                 in TZ or as [ui] timezone."
            );
            (Zone::UTC, Some(warning))
        }
    }
}

/// `Australia/Sydney`, `:Australia/Sydney`, or the path of its file; an empty one means UTC, as everywhere.
fn in_variable(set: &str) -> Option<Zone> {
    let set = set.strip_prefix(':').unwrap_or(set);
    match set.split_once(DATABASE) {
        _ if set.is_empty() || set == "UTC0" => Some(Zone::UTC),
        Some((_, name)) if set.starts_with('/') => Zone::named(name),
        _ if set == SYSTEM => system(Path::new(SYSTEM)),
        _ => Zone::named(set),
    }
}

fn system(link: &Path) -> Option<Zone> {
    let target = std::fs::read_link(link).ok()?;
    let (_, name) = target.to_str()?.split_once(DATABASE)?;
    Zone::named(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(configured: &str, variable: Option<&str>) -> (&'static str, bool) {
        let mut config = Config::default();
        config.ui.timezone = configured.into();
        let env = Environment {
            time_zone: variable.map(str::to_owned),
            ..Environment::default()
        };
        let (zone, warning) = zone(&config, &env);
        (zone.title(), warning.is_some())
    }

    #[test]
    fn the_configuration_beats_the_variable() {
        for (configured, variable, title, warned) in [
            (
                "Asia/Kathmandu",
                "Australia/Sydney",
                "Asia/Kathmandu",
                false,
            ),
            ("", "Australia/Sydney", "Australia/Sydney", false),
            ("", ":Australia/Sydney", "Australia/Sydney", false),
            (
                "",
                "/usr/share/zoneinfo/Asia/Kathmandu",
                "Asia/Kathmandu",
                false,
            ),
            ("", "", "UTC", false),
            ("", "UTC0", "UTC", false),
            ("", "Mars/Olympus", "UTC", true),
            ("", "AEST-10AEDT,M10.1.0,M4.1.0/3", "UTC", true),
        ] {
            assert_eq!(
                chosen(configured, Some(variable)),
                (title, warned),
                "{variable}"
            );
        }
    }

    #[test]
    fn the_system_names_its_zone_by_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("localtime");
        assert_eq!(system(&link), None);
        std::os::unix::fs::symlink("../usr/share/zoneinfo/Australia/Lord_Howe", &link).unwrap();
        assert_eq!(system(&link), Zone::named("Australia/Lord_Howe"));
    }
}
