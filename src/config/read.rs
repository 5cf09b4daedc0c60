//! Reads the text of a configuration file into values, and collects every mistake.

use super::keys::{self, ConfigKey, PLACE_LIMIT, Slot, TEXT_LIMIT};
use super::mistake::{COLLECTED, Lines, Mistake, Position, quoted};
use super::syntax;
use super::values::{Binding, Config, ThemeEntry};
use crate::domain::access::Role;
use crate::domain::edit_distance::nearest;
use crate::domain::mask::Level;
use crate::domain::time_format;
use crate::domain::zone::Zone;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// The values of the text over the defaults, and its mistakes in order.
pub(crate) fn read(text: &str) -> (Config, Vec<Mistake>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader {
        lines: Lines::of(text),
        config: Config::default(),
        mistakes: syntax::mistakes(text, &errors),
    };
    let untrusted = syntax::untrusted(text, &reader.mistakes);
    let own = reader.mistakes.len();
    reader.document(document.get_ref());
    let found = reader.mistakes.split_off(own);
    reader.mistakes.extend(
        found
            .into_iter()
            .filter(|m| !untrusted.iter().any(|lines| lines.contains(&m.at.line))),
    );
    reader.mistakes.sort_by_key(|m| m.at);
    (reader.config, reader.mistakes)
}

struct Reader<'a> {
    lines: Lines<'a>,
    config: Config,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn at<T>(&self, spanned: &Spanned<T>) -> Position {
        self.lines.at(spanned.span().start)
    }

    fn wrong(&mut self, at: Position, what: String) {
        if self.mistakes.len() < COLLECTED {
            self.mistakes.push(Mistake::new(at, what));
        }
    }

    fn document(&mut self, document: &DeTable<'_>) {
        for (name, value) in document {
            let section = name.get_ref().as_ref();
            match value.get_ref() {
                _ if !keys::sections().contains(&section) => self.unknown_section(name),
                DeValue::Table(table) if section == "keys" => self.keys(table),
                DeValue::Table(table) if section == "theme" => self.theme(table),
                DeValue::Table(table) => self.section(section, table),
                _ => self.wrong(
                    self.at(name),
                    format!("`{section}` is a section: write [{section}] and its keys below"),
                ),
            }
        }
        self.relations();
    }

    fn unknown_section(&mut self, name: &Spanned<DeString<'_>>) {
        let word = name.get_ref().as_ref();
        let hint = match keys::KEYS.iter().find(|k| k.name == word) {
            Some(key) => format!("it belongs in [{}]", key.section),
            None => match nearest(word, keys::sections()) {
                Some(section) => format!("did you mean [{section}]?"),
                None => format!("the sections are {}", keys::sections().join(", ")),
            },
        };
        self.wrong(
            self.at(name),
            format!("unknown section or key {}; {hint}", quoted(word)),
        );
    }

    fn section(&mut self, section: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            match ConfigKey::find(section, name.get_ref()) {
                Some(known) => {
                    let at = self.at(name);
                    self.config.given.insert(known.path(), at);
                    if let Err(what) = set(&mut self.config, known, value.get_ref()) {
                        self.wrong(self.at(value), format!("{} {what}", known.path()));
                    }
                }
                None => self.unknown_key(section, name),
            }
        }
    }

    fn unknown_key(&mut self, section: &str, name: &Spanned<DeString<'_>>) {
        let word = name.get_ref().as_ref();
        let names = || {
            keys::KEYS
                .iter()
                .filter(|k| k.section == section)
                .map(|k| k.name)
        };
        let hint = match (
            nearest(word, names()),
            keys::KEYS.iter().find(|k| k.name == word),
        ) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(elsewhere)) => format!("it belongs in [{}]", elsewhere.section),
            (None, None) => format!("the keys are {}", names().collect::<Vec<_>>().join(", ")),
        };
        self.wrong(
            self.at(name),
            format!("unknown key {} in [{section}]; {hint}", quoted(word)),
        );
    }

    fn keys(&mut self, layers: &DeTable<'_>) {
        for (layer, value) in layers {
            match value.get_ref() {
                DeValue::Table(actions) => self.actions(layer.get_ref(), "", actions),
                _ => self.wrong(
                    self.at(layer),
                    format!(
                        "{} has to be a layer: write [keys.<layer>] and its actions below",
                        quoted(layer.get_ref())
                    ),
                ),
            }
        }
    }

    /// TOML reads a bare `connection.refresh` as nested tables; here the name is joined again.
    fn actions(&mut self, layer: &str, before: &str, actions: &DeTable<'_>) {
        for (name, value) in actions {
            let action = format!("{before}{}", name.get_ref());
            let keys = match value.get_ref() {
                DeValue::Table(deeper) => {
                    self.actions(layer, &format!("{action}."), deeper);
                    continue;
                }
                DeValue::String(key) => Some(vec![key.to_string()]),
                DeValue::Array(keys) => keys
                    .iter()
                    .map(|k| k.get_ref().as_str().map(str::to_owned))
                    .collect(),
                _ => None,
            };
            match keys {
                Some(keys) => {
                    let at = self.at(name);
                    self.config.keys.push(Binding {
                        layer: layer.into(),
                        action,
                        keys,
                        at,
                    });
                }
                None => self.wrong(
                    self.at(value),
                    format!(
                        "keys.{} has to be a key or a list of keys, each in quotes",
                        plain(&format!("{layer}.{action}"))
                    ),
                ),
            }
        }
    }

    fn theme(&mut self, roles: &DeTable<'_>) {
        for (role, value) in roles {
            match style(value.get_ref()) {
                Some(style) => {
                    let at = self.at(role);
                    self.config.theme.push(ThemeEntry {
                        role: role.get_ref().to_string(),
                        style,
                        at,
                    });
                }
                None => self.wrong(
                    self.at(value),
                    format!(
                        "theme.{} has to be a colour or a table of colours and flags",
                        plain(role.get_ref())
                    ),
                ),
            }
        }
    }

    /// What a key that is given decides about one that is not.
    fn relations(&mut self) {
        let config = &mut self.config;
        let given = |path: &str| config.given.get(path).copied();
        // setting a retry time, even to its default, implies that jobs are retried
        let timed = given("jobs.retry_every").or(given("jobs.retry_for"));
        if timed.is_some() && given("sandbox.retry").is_none() {
            config.limits.retry = true;
        }
        let jobs = &mut config.limits;
        if jobs.heartbeat < jobs.lease {
            return;
        }
        match given("jobs.heartbeat") {
            None => jobs.heartbeat = jobs.lease / 3,
            Some(at) => {
                let (heartbeat, lease) = (
                    time_format::write(jobs.heartbeat),
                    time_format::write(jobs.lease),
                );
                let what = format!(
                    "jobs.heartbeat ({heartbeat}) has to be shorter than jobs.lease ({lease})"
                );
                self.wrong(at, what);
            }
        }
    }
}

fn plain(word: &str) -> String {
    let quoted = quoted(word);
    quoted.trim_matches('`').to_owned()
}

fn set(config: &mut Config, known: &ConfigKey, value: &DeValue<'_>) -> Result<(), String> {
    let allowed = || format!("allowed: {}", known.allowed());
    let expected = |what: &str| {
        format!(
            "has to be {what} and is a {}; {}",
            value.type_str(),
            allowed()
        )
    };
    let text = || value.as_str().ok_or_else(|| expected("text in quotes"));
    match known.slot {
        Slot::Span(of, least, most) => {
            let text = value
                .as_str()
                .ok_or_else(|| expected("a duration in quotes, like \"30s\""))?;
            *of(config) = time_format::parse(text, least, most).map_err(|bad| match bad {
                time_format::BadDuration::OutOfRange { .. } => format!("is wrong: {bad}"),
                _ => format!("is wrong: {bad}; {}", allowed()),
            })?;
        }
        Slot::Count(of, least, most) => {
            let number = whole(value).ok_or_else(|| expected("a whole number"))?;
            let number = u32::try_from(number)
                .ok()
                .filter(|n| (least..=most).contains(n));
            *of(config) = number.ok_or_else(|| format!("is out of range; {}", allowed()))?;
        }
        Slot::Seed(of) => {
            let number = whole(value).ok_or_else(|| expected("a whole number"))?;
            let number = i64::try_from(number).ok().and_then(|n| n.try_into().ok());
            *of(config) = number.ok_or_else(|| format!("is out of range; {}", allowed()))?;
        }
        Slot::Number(of, least, most) => {
            let number = match value {
                DeValue::Float(float) => float.as_str().parse().ok(),
                // only small whole numbers are in range, and an f64 holds those exactly
                _ => whole(value).map(|n| n as f64),
            };
            let number: f64 = number.ok_or_else(|| expected("a number"))?;
            let within = (least..=most).contains(&number);
            *of(config) = within
                .then_some(number)
                .ok_or_else(|| format!("is out of range; {}", allowed()))?;
        }
        Slot::Flag(of) => *of(config) = value.as_bool().ok_or_else(|| expected("true or false"))?,
        Slot::Level(of) => {
            let word = text()?;
            *of(config) =
                Level::parse(word).ok_or_else(|| format!("is {}; {}", quoted(word), allowed()))?;
        }
        Slot::Role(of) => {
            let word = text()?;
            *of(config) =
                Role::parse(word).ok_or_else(|| format!("is {}; {}", quoted(word), allowed()))?;
        }
        Slot::Text(of) | Slot::Place(of) => {
            let word = text()?;
            let longest = match known.slot {
                Slot::Place(_) => PLACE_LIMIT,
                _ => TEXT_LIMIT,
            };
            if word.chars().count() > longest || word.chars().any(char::is_control) {
                return Err(format!(
                    "is {}; {}, without control characters",
                    quoted(word),
                    allowed()
                ));
            }
            *of(config) = word.to_owned();
        }
        Slot::Zone(of) => {
            let word = text()?;
            if !word.is_empty() && Zone::named(word).is_none() {
                return Err(format!("is {}; {}", quoted(word), allowed()));
            }
            *of(config) = word.to_owned();
        }
    }
    Ok(())
}

/// A larger one than fits counts as the largest.
fn whole(value: &DeValue<'_>) -> Option<i128> {
    let DeValue::Integer(number) = value else {
        return None;
    };
    Some(i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(i128::MAX))
}

/// A colour, or a flat table of colours and flags.
fn style(value: &DeValue<'_>) -> Option<toml::Value> {
    match value {
        DeValue::String(_) | DeValue::Integer(_) => part(value),
        DeValue::Table(parts) => {
            let parts = parts
                .iter()
                .map(|(name, p)| Some((name.get_ref().to_string(), part(p.get_ref())?)));
            parts
                .collect::<Option<toml::Table>>()
                .map(toml::Value::Table)
        }
        _ => None,
    }
}

fn part(value: &DeValue<'_>) -> Option<toml::Value> {
    match value {
        DeValue::String(text) => Some(toml::Value::from(text.as_ref())),
        DeValue::Boolean(flag) => Some(toml::Value::from(*flag)),
        DeValue::Integer(_) => i64::try_from(whole(value)?).ok().map(toml::Value::from),
        _ => None,
    }
}
