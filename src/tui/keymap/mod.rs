//! From keys to actions: `assets/keymap.toml` with the user's table over it; no key has a default in code.

use super::action::Action;
use super::layer::Layer;
use crate::domain::edit_distance::nearest_of_few;
use crate::tui::terminal::key::{BadKey, Key};
use std::fmt;
use toml::{Table, Value};

const STANDARD: &str = include_str!("../../../assets/keymap.toml");

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Sequence(pub(crate) Vec<Key>);

impl Sequence {
    pub(crate) fn label(&self) -> String {
        self.0
            .iter()
            .map(|key| key.label())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.0.iter().map(Key::to_string).collect();
        f.write_str(&keys.join(" "))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) layer: Layer,
    pub(crate) keys: Sequence,
    pub(crate) action: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    Action(Action),
    /// It begins sequences: which key would go on to what.
    Pending(Vec<(Key, Action)>),
    /// It means nothing here; in an input it is text.
    None,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mistake {
    #[error("[keys.{layer}]: there is no such layer; did you mean {nearest}?")]
    Layer {
        layer: String,
        nearest: &'static str,
    },
    #[error("[keys.{}] {action}: there is no such action; did you mean {nearest}?", layer.name())]
    Action {
        layer: Layer,
        action: String,
        nearest: &'static str,
    },
    #[error("[keys.{}] {}: {bad}", layer.name(), action.name())]
    Key {
        layer: Layer,
        action: Action,
        bad: BadKey,
    },
    #[error("[keys.{place}]: expected {expected}")]
    Shape {
        place: String,
        expected: &'static str,
    },
    /// One key, two meanings; also when one is the beginning of the other.
    #[error("[keys.{}] {keys} means both {} and {}", layer.name(), first.name(), second.name())]
    Clash {
        layer: Layer,
        keys: Sequence,
        first: Action,
        second: Action,
    },
    #[error("<c-c> is quit.now in every place and cannot be moved or unbound")]
    WayOut,
}

impl Mistake {
    /// The layer and the action it is about, as they are written; none where it is about no single one.
    pub(crate) fn place(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Mistake::Layer { layer, .. } => (Some(layer), None),
            Mistake::Action { layer, action, .. } => (Some(layer.name()), Some(action)),
            Mistake::Key { layer, action, .. } => (Some(layer.name()), Some(action.name())),
            Mistake::Clash { layer, first, .. } => (Some(layer.name()), Some(first.name())),
            Mistake::Shape { .. } | Mistake::WayOut => (None, None),
        }
    }
}

/// A shipped key that a user's own took from its action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) shipped: Binding,
    pub(crate) to: Binding,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shipped, to) = (&self.shipped, &self.to);
        let (layer, was, is) = (to.layer.name(), shipped.action.name(), to.action.name());
        write!(
            f,
            "[keys.{layer}] {} is {is}; {was} has lost {}",
            to.keys.label(),
            shipped.keys.label()
        )
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keymap {
    bindings: Vec<Binding>,
    lost: Vec<Lost>,
}

impl Keymap {
    #[cfg(test)]
    pub(crate) fn standard() -> Self {
        Self::with(&Table::new()).expect("the shipped keymap is checked by a test")
    }

    /// A user's key wins over the shipped one of another action in the same layer.
    pub(crate) fn with(user: &Table) -> Result<Self, Vec<Mistake>> {
        let shipped: Table = STANDARD
            .parse()
            .expect("the shipped keymap is checked by a test");
        let mut mistakes = Vec::new();
        let mut kept = read(&shipped, &mut mistakes);
        let own = read(user, &mut mistakes);
        kept.retain(|(place, _)| own.iter().all(|(known, _)| known != place));
        let own = flat(own);
        let mut lost = Vec::new();
        let mut bindings = flat(kept);
        bindings.retain(|shipped| {
            let to = own.iter().find(|own| clash(own, shipped));
            lost.extend(to.map(|to| Lost {
                shipped: shipped.clone(),
                to: to.clone(),
            }));
            to.is_none()
        });
        bindings.extend(own);
        bindings.sort_by_key(|b| (b.layer, Action::ALL.iter().position(|a| *a == b.action)));
        mistakes.extend(clashes(&bindings));
        let way_out = Key::ctrl('c');
        let kept = |b: &&Binding| b.keys.0.contains(&way_out);
        let out = Binding {
            layer: Layer::Everywhere,
            keys: Sequence(vec![way_out]),
            action: Action::QuitNow,
        };
        if !bindings.iter().filter(kept).eq([&out]) {
            mistakes.push(Mistake::WayOut);
        }
        if mistakes.is_empty() {
            Ok(Self { bindings, lost })
        } else {
            Err(mistakes)
        }
    }

    /// What `key` means after the keys of an unfinished sequence, in the first layer that knows it.
    pub(crate) fn resolve(&self, layers: &[Layer], pending: &[Key], key: Key) -> Resolution {
        let mut onward = Vec::new();
        for layer in layers {
            for binding in self.bindings.iter().filter(|b| b.layer == *layer) {
                let keys = &binding.keys.0;
                let Some((last, rest)) = keys.strip_prefix(pending).and_then(<[Key]>::split_first)
                else {
                    continue;
                };
                match rest.first() {
                    _ if *last != key => {}
                    // What begins here in a higher layer goes before what ends here in a lower one.
                    None if onward.is_empty() => return Resolution::Action(binding.action),
                    None => {}
                    Some(next) => onward.push((*next, binding.action)),
                }
            }
        }
        if onward.is_empty() {
            Resolution::None
        } else {
            Resolution::Pending(onward)
        }
    }

    /// The first key of an action in these layers; none when unbound or taken by another action here.
    pub(crate) fn hint(&self, layers: &[Layer], action: Action) -> Option<String> {
        let here = layers.iter().flat_map(|layer| self.bindings_of(*layer));
        here.filter(|b| b.action == action)
            .find(|b| self.reaches(layers, b))
            .map(|b| b.keys.label())
    }

    pub(crate) fn bindings_of(&self, layer: Layer) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |b| b.layer == layer)
    }

    pub(crate) fn bindings(&self) -> &[Binding] {
        &self.bindings
    }

    pub(crate) fn lost(&self) -> &[Lost] {
        &self.lost
    }

    fn reaches(&self, layers: &[Layer], binding: &Binding) -> bool {
        let (last, before) = binding.keys.0.split_last().expect("a binding has keys");
        self.resolve(layers, before, *last) == Resolution::Action(binding.action)
    }
}

type Place = (Layer, Action);

fn read(table: &Table, mistakes: &mut Vec<Mistake>) -> Vec<(Place, Vec<Sequence>)> {
    let mut bound = Vec::new();
    for (name, value) in table {
        let Some(layer) = Layer::named(name) else {
            let nearest = nearest(name, Layer::ALL.iter().map(|l| l.name()));
            mistakes.push(Mistake::Layer {
                layer: name.clone(),
                nearest,
            });
            continue;
        };
        let Value::Table(lines) = value else {
            mistakes.push(Mistake::Shape {
                place: name.clone(),
                expected: "a table of actions",
            });
            continue;
        };
        let mut flat = Vec::new();
        flatten("", lines, &mut flat);
        for (name, value) in flat {
            let Some(action) = Action::named(&name) else {
                let nearest = nearest(&name, Action::ALL.iter().map(|a| a.name()));
                mistakes.push(Mistake::Action {
                    layer,
                    action: name,
                    nearest,
                });
                continue;
            };
            bound.push(((layer, action), sequences(layer, action, value, mistakes)));
        }
    }
    bound
}

/// `move.down = "j"` without quotes is a table in a table; it means the same.
fn flatten<'a>(prefix: &str, table: &'a Table, into: &mut Vec<(String, &'a Value)>) {
    for (name, value) in table {
        let name = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            Value::Table(inner) => flatten(&name, inner, into),
            value => into.push((name, value)),
        }
    }
}

fn sequences(
    layer: Layer,
    action: Action,
    value: &Value,
    mistakes: &mut Vec<Mistake>,
) -> Vec<Sequence> {
    let one = std::slice::from_ref(value);
    let mut keys = Vec::new();
    for value in value.as_array().map_or(one, Vec::as_slice) {
        let Some(text) = value.as_str() else {
            let place = format!("{}.{}", layer.name(), action.name());
            mistakes.push(Mistake::Shape {
                place,
                expected: "a key or a list of keys",
            });
            continue;
        };
        match text
            .split_whitespace()
            .map(Key::parse)
            .collect::<Result<Vec<_>, _>>()
        {
            Ok(sequence) if sequence.is_empty() => {
                mistakes.push(Mistake::Key {
                    layer,
                    action,
                    bad: BadKey::Unknown(text.to_owned()),
                });
            }
            Ok(sequence) => keys.push(Sequence(sequence)),
            Err(bad) => mistakes.push(Mistake::Key { layer, action, bad }),
        }
    }
    keys
}

fn flat(bound: Vec<(Place, Vec<Sequence>)>) -> Vec<Binding> {
    let lines = |((layer, action), keys): (Place, Vec<Sequence>)| {
        keys.into_iter().map(move |keys| Binding {
            layer,
            keys,
            action,
        })
    };
    bound.into_iter().flat_map(lines).collect()
}

/// Whether two lines of a layer cannot both hold: one key, two meanings, or one the beginning of the other.
fn clash(one: &Binding, other: &Binding) -> bool {
    let (a, b) = (&one.keys.0, &other.keys.0);
    one.layer == other.layer && one.action != other.action && (a.starts_with(b) || b.starts_with(a))
}

fn clashes(bindings: &[Binding]) -> Vec<Mistake> {
    let mut found = Vec::new();
    for (at, one) in bindings.iter().enumerate() {
        for other in bindings[at + 1..].iter().filter(|other| clash(one, other)) {
            let short = if one.keys.0.len() <= other.keys.0.len() {
                one
            } else {
                other
            };
            let (layer, keys) = (one.layer, short.keys.clone());
            found.push(Mistake::Clash {
                layer,
                keys,
                first: one.action,
                second: other.action,
            });
        }
    }
    found
}

pub(crate) fn nearest(name: &str, known: impl Iterator<Item = &'static str>) -> &'static str {
    nearest_of_few(name, &known.collect::<Vec<_>>()).unwrap_or("")
}

#[cfg(test)]
mod tests;
