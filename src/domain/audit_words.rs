//! Which lines of the audit are asked for, as words: `user:ID actor:NAME action:purge since:90d until:2026-03-10`.

use super::terms::{BadTerm, Terms};
use super::until::Point;

pub(crate) const KEYS: [&str; 5] = ["user", "actor", "action", "since", "until"];

/// What is none does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditAsked {
    pub(crate) user: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) action: Option<String>,
    /// Not before.
    pub(crate) since: Option<Point>,
    /// Before.
    pub(crate) until: Option<Point>,
}

impl AuditAsked {
    pub(crate) fn read(text: &str) -> Result<Self, BadTerm> {
        let mut terms = Terms::read(text, &KEYS)?;
        let mut point = |key: &str| {
            let typed = terms.take(key);
            let read = |typed: String| {
                Point::parse(&typed)
                    .map_err(|why| BadTerm::new(format!("{key}:{typed}"), format!(" is {why}")))
            };
            typed.map(read).transpose()
        };
        let (since, until) = (point("since")?, point("until")?);
        Ok(Self {
            user: terms.take("user"),
            actor: terms.take("actor"),
            action: terms.take("action"),
            since,
            until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_audit_are_read_or_said_to_be_wrong() {
        let asked = AuditAsked::read("actor:monica since:90d").unwrap();
        assert_eq!(asked.actor.as_deref(), Some("monica"));
        assert!(asked.since.is_some() && asked.until.is_none());
        let wrong = AuditAsked::read("since:soon").unwrap_err().to_string();
        assert!(wrong.starts_with("`since:soon` is not a time"), "{wrong}");
        assert_eq!(AuditAsked::read("  ").unwrap(), AuditAsked::default());
    }
}
