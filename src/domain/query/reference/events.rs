//! Filters of events, with the word `OR` between terms.

use super::{Condition, Narrowing, Result, Unreadable, parse_any};
use crate::domain::events::{EventType, TYPES};
use crate::domain::ids::UserId;

/// How many sorts of events one filter may come to.
const MOST: usize = 64;

/// Events of these types, of one user or of any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EventsOf {
    pub(crate) user: Option<UserId>,
    pub(crate) types: Vec<&'static EventType>,
}

impl EventsOf {
    /// All that the platform tells; what is only this program's own is no part of it.
    fn everything() -> Self {
        Self {
            user: None,
            types: TYPES.iter().filter(|one| !one.local()).collect(),
        }
    }

    /// Those of them that a term lets through; none when it lets nothing through.
    fn with(&self, term: &Narrowing) -> Result<Option<Self>> {
        let (Condition::Eq, [value]) = (term.condition, term.values.as_slice()) else {
            return Err(Unreadable);
        };
        let mut left = self.clone();
        match term.property.as_str() {
            "user.id" => {
                let asked = UserId::from(value.as_str());
                if left.user.as_ref().is_some_and(|known| *known != asked) {
                    return Ok(None);
                }
                left.user = Some(asked);
            }
            "event.entity" => left.types.retain(|one| one.entity == value),
            // in its own word or by its whole name
            "event.type" => left
                .types
                .retain(|one| one.happened == value || one.name() == *value),
            _ => return Err(Unreadable),
        }
        Ok((!left.types.is_empty()).then_some(left))
    }
}

/// The sorts of events that a filter lets through; an event is one of them.
pub(crate) fn events(filter: &str) -> Result<Vec<EventsOf>> {
    let mut all = vec![EventsOf::everything()];
    for group in parse_any(filter)? {
        let mut left = Vec::new();
        for of in &all {
            for term in &group {
                left.extend(of.with(term)?.filter(|new| !left.contains(new)));
            }
        }
        if left.len() > MOST {
            return Err(Unreadable);
        }
        // a later term that does not read is refused also when nothing is left
        match left.is_empty() {
            true => {
                all = vec![EventsOf {
                    types: vec![],
                    ..EventsOf::everything()
                }]
            }
            false => all = left,
        }
    }
    all.retain(|of| !of.types.is_empty());
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(filter: &str) -> Vec<(String, Vec<String>)> {
        let sorts = events(filter).unwrap_or_else(|e| panic!("{filter}: {e:?}"));
        let shown = |of: EventsOf| {
            let user = of.user.map_or_else(String::new, |id| id.to_string());
            (user, of.types.iter().map(|one| one.name()).collect())
        };
        sorts.into_iter().map(shown).collect()
    }

    fn of(user: &str, types: &[&str]) -> (String, Vec<String>) {
        let types = types.iter().map(|one| (*one).to_owned());
        (user.to_owned(), types.collect())
    }

    #[test]
    fn terms_narrow_and_the_word_or_widens() {
        let all = read("");
        assert_eq!((all.len(), all[0].1.len()), (1, 17));
        for (filter, found) in [
            (
                "event.entity.eq('account')",
                vec![of("", &["account.updated"])],
            ),
            (
                "event.type.eq('invalidated')",
                vec![of("", &["connection.invalidated"])],
            ),
            (
                "event.type.eq('user.created'),user.id.eq('u')",
                vec![of("u", &["user.created"])],
            ),
            (
                "user.id.eq('u') OR event.entity.eq('account'), event.type.eq('updated')",
                vec![
                    of(
                        "u",
                        &[
                            "connection.updated",
                            "account.updated",
                            "transactions.updated",
                            "consent.updated",
                            "user.updated",
                        ],
                    ),
                    of("", &["account.updated"]),
                ],
            ),
            ("user.id.eq('u'),user.id.eq('v')", vec![]),
            ("event.entity.eq('job')", vec![]),
            ("event.entity.eq('user'),event.type.eq('activated')", vec![]),
        ] {
            assert_eq!(read(filter), found, "{filter}");
        }
    }

    #[test]
    fn what_does_not_read_is_refused() {
        for filter in [
            "event.type.ne('created')",
            "event.mood.eq('a')",
            "event.entity.eq('job'),event.mood.eq('a')",
            "event.entity.eq('user') OR",
            "event.entity.eq('user')OR",
            "event.entity.eq('user') OR, event.type.eq('created')",
            "OR event.entity.eq('user')",
        ] {
            assert_eq!(events(filter), Err(Unreadable), "{filter}");
        }
        let many: Vec<String> = (0..65).map(|n| format!("user.id.eq('{n}')")).collect();
        assert_eq!(events(&many.join(" OR ")), Err(Unreadable));
    }
}
