//! Placeholders in a tree, and ids in links.

use super::documents::Placeholder;
use crate::domain::text::Shown;
use serde_json::Value;

/// The longest id that is taken, in bytes.
const LONGEST_ID: usize = 256;

pub(crate) fn fair_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= LONGEST_ID
        && !id.chars().any(|c| c.is_control() || c.is_whitespace())
}

struct PathStep<'a> {
    above: Option<&'a PathStep<'a>>,
    to: Part<'a>,
}

enum Part<'a> {
    Field(&'a str),
    Index(usize),
}

/// A field that is nothing but a placeholder is taken out; a link with one stays, for its other parts.
pub(crate) fn strip_placeholders(value: &mut Value, root: &str, found: &mut Vec<Placeholder>) {
    walk(value, None, root, found);
}

/// Whether the value was a placeholder; then it is null.
fn walk(
    value: &mut Value,
    above: Option<&PathStep<'_>>,
    root: &str,
    found: &mut Vec<Placeholder>,
) -> bool {
    match value {
        Value::String(text) => {
            let whole = is_placeholder(text);
            let parts = text
                .split(['/', '?', '&', '='])
                .filter(|_| whole || is_link(text));
            for part in parts.filter(|part| is_placeholder(part)) {
                found.push(Placeholder {
                    at: written(root, above),
                    text: part.trim().into(),
                });
            }
            if whole {
                *value = Value::Null;
            }
            return whole;
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                walk(
                    item,
                    Some(&PathStep {
                        above,
                        to: Part::Index(index),
                    }),
                    root,
                    found,
                );
            }
        }
        Value::Object(fields) => {
            // a field that is null says that it is empty; a placeholder says nothing
            fields.retain(|name, field| {
                let step = PathStep {
                    above,
                    to: Part::Field(name),
                };
                !walk(field, Some(&step), root, found)
            });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    false
}

fn written(root: &str, step: Option<&PathStep<'_>>) -> String {
    let Some(step) = step else {
        return root.to_owned();
    };
    let above = written(root, step.above);
    match step.to {
        Part::Field(name) => format!("{above}.{}", Shown::of_limited(name, 60).plain()),
        Part::Index(index) => format!("{above}[{index}]"),
    }
}

/// `{source}`: one name in braces and nothing else.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let name = text
        .trim()
        .strip_prefix('{')
        .and_then(|t| t.strip_suffix('}'));
    let fits = |name: &str| {
        (1..=64).contains(&name.len())
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
    };
    name.is_some_and(fits)
}

fn is_link(text: &str) -> bool {
    text.starts_with('/') || text.starts_with("http://") || text.starts_with("https://")
}

/// The segment that follows `/<folder>/` in a link, when it can be an id.
pub(crate) fn id_after<'l>(link: &'l str, folder: &str) -> Option<&'l str> {
    let path = link.split(['?', '#']).next().unwrap_or(link);
    let mut segments = path.split('/');
    segments.find(|s| *s == folder)?;
    segments
        .next()
        .filter(|id| fair_id(id) && !is_placeholder(id))
}

/// The user that any of a document's links names: its link to the user first, then its own, then the others.
pub(crate) fn user(links: &Value) -> Option<&str> {
    let links = links.as_object()?;
    ["user", "self"]
        .into_iter()
        .filter_map(|name| links.get(name))
        .chain(links.values())
        .find_map(|link| link.as_str().and_then(|link| id_after(link, "users")))
}

/// The text after the last `/`, when it can be an id.
pub(crate) fn last_id(link: &str) -> Option<&str> {
    let (_, id) = link.split(['?', '#']).next()?.rsplit_once('/')?;
    Some(id).filter(|id| fair_id(id) && !is_placeholder(id))
}
