//! Tests of reading configuration files.

use super::keys::{KEYS, template};
use super::read::read;
use super::*;
use crate::domain::mask::Level;
use std::time::Duration;

fn right(text: &str) -> Config {
    let (config, mistakes) = read(text);
    assert_eq!(mistakes, [], "{text}");
    config
}

fn said(text: &str) -> Vec<String> {
    read(text)
        .1
        .into_iter()
        .map(|m| format!("{}: {}", m.at, m.what))
        .collect()
}

#[test]
fn an_empty_file_gives_the_defaults() {
    assert_eq!(right(""), Config::default());
    assert_eq!(
        right("\u{feff}# only a remark\r\n[jobs]\r\n"),
        Config::default()
    );
}

#[test]
fn given_keys_are_set() {
    let config = right(
        "\u{feff}limits.total = 4\r\n[jobs]\r\nlease = \"3s\"\r\nheartbeat = \"1s\"\r\n[sandbox]\r\nspeed = 0\r\n\
         [privacy]\r\nfloor = \"strict\"\r\n[ui]\r\ntheme = \"light\"\r\n[smart_cache]\r\nenabled = true\r\n",
    );
    assert_eq!(config.limits.total, 4);
    assert_eq!(
        (config.limits.lease, config.limits.heartbeat),
        (Duration::from_secs(3), Duration::from_secs(1))
    );
    assert_eq!(config.sandbox.speed, 0.0);
    assert_eq!(
        (config.privacy.level, config.privacy.start()),
        (Level::Standard, Level::Strict)
    );
    assert_eq!(
        (config.limits.background, config.ui.theme.as_str()),
        (true, "light")
    );
}

#[test]
fn every_key_reads_back_its_value_and_refuses_a_table() {
    for known in KEYS {
        let line = format!("{} = {}", known.path(), known.value(&Config::default()));
        let at = Position {
            line: 1,
            column: known.section.len() + 2,
        };
        let mut given = Config {
            given: [(known.path(), at)].into(),
            ..Config::default()
        };
        given.limits.retry = known.name == "retry_every" || known.name == "retry_for";
        assert_eq!(right(&line), given, "{line}");
        assert!(known.set_by_file(&given) && !known.set_by_file(&Config::default()));
        let mistakes = said(&format!("{} = {{ a = 1 }}", known.path()));
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        assert!(
            mistakes[0].contains(&known.path()) && mistakes[0].contains(&known.allowed()),
            "{mistakes:?}"
        );
        assert!(!known.about.is_empty() && known.about.len() < 80);
    }
}

#[test]
fn the_template_holds_every_key_at_its_default() {
    assert_eq!(right(&template()), Config::default());
    let keys = template().replace("\n#", "\n").replace("\n ", "\n# ");
    let config = right(&keys);
    assert_eq!(config.given.len(), KEYS.len());
    assert!(
        KEYS.iter()
            .all(|k| k.value(&config) == k.value(&Config::default()))
    );
    assert_eq!((config.keys.len(), config.theme.len()), (1, 1));
}

#[test]
fn a_mistake_names_position_key_and_allowed_values() {
    for (text, parts) in [
        (
            "[jobs]\nleese = \"3s\"",
            &["2:1", "`leese`", "[jobs]", "`lease`"][..],
        ),
        ("[jbos]\nlease = \"3s\"", &["1:2", "`jbos`", "[jobs]"]),
        ("lease = \"3s\"", &["1:1", "belongs in [jobs]"]),
        ("[ui]\nlease = \"3s\"", &["2:1", "belongs in [jobs]"]),
        (
            "[limits]\nwhatever = 1",
            &["2:1", "per_institution, total, plan_life"],
        ),
        ("jobs = 3", &["1:1", "section"]),
        ("[[jobs]]\nlease = \"3s\"", &["section"]),
        (
            "[jobs]\n  lease = \"-5s\"",
            &["2:11", "jobs.lease", "100ms to 1h"],
        ),
        ("[jobs]\nlease = 0", &["2:9", "integer", "100ms to 1h"]),
        ("[jobs]\nlease = \"0\"", &["100ms to 1h"]),
        ("[jobs]\nlease = \"5\"", &["100ms to 1h"]),
        ("[jobs]\nlease = \"5 fortnights\"", &["100ms to 1h"]),
        ("[jobs]\nlease = \"99ms\"", &["100ms to 1h"]),
        (
            "[jobs]\nlease = 1000000000000000000000000000000",
            &["jobs.lease", "100ms to 1h"],
        ),
        (
            "[jobs]\nheartbeat = \"40s\"",
            &["2:1", "heartbeat", "shorter than jobs.lease"],
        ),
        (
            "[jobs]\nlease = \"10s\"\nheartbeat = \"10s\"",
            &["3:1", "shorter than jobs.lease"],
        ),
        ("[limits]\ntotal = 0", &["limits.total", "1 to 1000"]),
        ("[limits]\ntotal = -1", &["1 to 1000"]),
        ("[limits]\ntotal = \"4\"", &["string", "1 to 1000"]),
        ("[sandbox]\nspeed = nan", &["0 to 1000"]),
        ("[sandbox]\nspeed = -0.5", &["0 to 1000"]),
        ("[sandbox]\nseed = 99999999999999999999", &["0 or more"]),
        (
            "[privacy]\nlevel = \"loose\"",
            &["`loose`", "\"standard\" or \"strict\""],
        ),
        ("[smart_cache]\nenabled = \"yes\"", &["true or false"]),
        ("[ui]\ntheme = \"a\\u001bb\"", &["ui.theme", "a^[b"]),
        (
            "[jobs]\nlease = \"3s\"\nrescue = \"1s\"\nlease = \"4s\"",
            &["4:1", "`lease`", "line 2", "line 4"],
        ),
        (
            "[jobs]\n[ui]\n[jobs] # again",
            &["3:2", "`jobs`", "line 1", "line 3"],
        ),
        ("[jobs]\nlease = \n", &["2:", "not TOML"]),
        ("[jobs\nlease = \"3s\"", &["1:", "not TOML"]),
    ] {
        let mistakes = said(text);
        assert_eq!(mistakes.len(), 1, "{text}: {mistakes:?}");
        for part in parts {
            assert!(
                mistakes[0].contains(part),
                "{text}: {} lacks {part}",
                mistakes[0]
            );
        }
    }
}

#[test]
fn all_mistakes_are_reported_in_file_order() {
    let mistakes = said(
        "[ui]\nthem = 1\nenvironment = 3\n[jobs]\nlease = \"3s\"\nlease = \"x\"\nzz = = 1\n[limits]\ntotal = 0\n",
    );
    let lines: Vec<_> = mistakes
        .iter()
        .map(|m| m.split(':').next().unwrap())
        .collect();
    assert_eq!(lines, ["2", "3", "6", "7", "9"], "{mistakes:?}");
}

#[test]
fn a_heartbeat_that_is_not_given_follows_a_short_lease() {
    let jobs = right("[jobs]\nlease = \"900ms\"").limits;
    assert_eq!(
        (jobs.lease, jobs.heartbeat),
        (Duration::from_millis(900), Duration::from_millis(300))
    );
}

#[test]
fn keys_and_colours_are_kept_with_their_positions() {
    let config = right(
        "[keys.connections]\nconnection.refresh = [\"R\", \"g r\"]\n\"pane.zoom\" = \"z\"\nopen = []\n[theme]\nselected = \"blue\"\n\
         danger = { fg = \"#ff0000\", bold = true }\n",
    );
    let keys: Vec<_> = config
        .keys
        .iter()
        .map(|b| (b.action.as_str(), b.keys.len(), b.at.line))
        .collect();
    assert_eq!(
        keys,
        [
            ("connection.refresh", 2, 2),
            ("open", 0, 4),
            ("pane.zoom", 1, 3)
        ]
    );
    let roles: Vec<_> = config
        .theme
        .iter()
        .map(|p| (p.role.as_str(), p.style.is_table(), p.at.line))
        .collect();
    assert_eq!(roles, [("danger", true, 7), ("selected", false, 6)]);

    for text in [
        "[keys]\nopen = \"x\"",
        "[keys.app]\nopen = 3",
        "[keys.app]\nopen = [3]",
        "[theme]\nselected = [1]",
    ] {
        assert_eq!(said(text).len(), 1, "{text}");
    }
}

#[test]
fn no_text_panics() {
    for text in [
        "\0",
        "[",
        "]]]]",
        "a.b.c.d = 1",
        "\"\\uD800\" = 1",
        "[keys]\n\"\" = {}",
        "é = 1",
        "jobs.lease.x = 1",
        "=",
        "'",
    ] {
        let (_, mistakes) = read(text);
        for mistake in mistakes {
            assert!(mistake.at.line == 1 || mistake.at.line == 2, "{text}");
        }
    }
    let deep = format!("a = {}1{}", "[".repeat(20_000), "]".repeat(20_000));
    assert!(!read(&deep).1.is_empty());
    let many: String = (0..10_000)
        .map(|n| format!("k{n} = =\nl{n} = 1\n"))
        .collect();
    assert!(read(&many).1.len() <= 2_000);
}

#[test]
fn a_missing_file_is_an_error_only_when_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("c.toml");
    let places = |config| {
        Paths::new(
            Flags {
                database: None,
                config,
            },
            Environment::default(),
        )
    };
    assert_eq!(load(&places(None)).unwrap(), Config::default());
    assert!(matches!(
        load(&places(Some(path.clone()))),
        Err(ConfigError::Unreadable { .. })
    ));

    std::fs::write(&path, "[smart_cache]\nenabled = true\n").unwrap();
    let config = load(&places(Some(path.clone()))).unwrap();
    assert_eq!(
        (config.limits.background, config.file.as_deref()),
        (true, Some(path.as_path()))
    );

    std::fs::write(&path, "[smart_cache]\nenabeld = true\n").unwrap();
    let said = load(&places(Some(path.clone()))).unwrap_err().to_string();
    assert_eq!(
        said,
        format!(
            "{}:2:1: unknown key `enabeld` in [smart_cache]; did you mean `enabled`?",
            path.display()
        )
    );

    let at = Position { line: 2, column: 1 };
    assert!(config.refused(vec![]).is_none());
    assert!(
        config
            .refused(vec![Mistake::new(at, "no such theme")])
            .unwrap()
            .to_string()
            .ends_with(":2:1: no such theme")
    );
}

#[test]
fn a_retry_time_switches_retries_on_unless_switched_off() {
    for (text, on) in [
        ("", false),
        ("[jobs]\nlease = \"40s\"\n", false),
        ("[jobs]\nretry_every = \"1s\"\n", true),
        ("[jobs]\nretry_for = \"1m\"\n", true),
        ("[jobs]\nretry_every = \"2h\"\n", true),
        ("[jobs]\nretry_for = \"1w\"\n", true),
        (
            "[jobs]\nretry_for = \"1m\"\n[sandbox]\nretry = false\n",
            false,
        ),
        ("[sandbox]\nretry = true\n", true),
    ] {
        let (config, mistakes) = read(text);
        assert_eq!((config.limits.retry, mistakes.len()), (on, 0), "{text}");
    }
}
