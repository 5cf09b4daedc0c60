//! Who may ask over HTTP: keys and their roles.

use super::moment::Moment;
use super::words::words;

words! {
    /// What a key may do; a later one may do what an earlier one may.
    Role [word may] parse {
        Viewer "viewer" "reads";
        Operator "operator" "acts on connections, jobs and users";
        Admin "admin" "does everything";
    }
}

/// An API key as it is stored: never the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiKey {
    /// The part of the key that finds it.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) created: Moment,
    pub(crate) expires: Option<Moment>,
    pub(crate) revoked: Option<Moment>,
}

impl ApiKey {
    pub(crate) fn standing(&self, now: Moment) -> Standing {
        match (self.revoked, self.expires) {
            (Some(_), _) => Standing::Revoked,
            (None, Some(at)) if at <= now => Standing::Expired,
            _ => Standing::Valid,
        }
    }
}

words! {
    Standing [word] {
        Valid "valid";
        Expired "expired";
        Revoked "revoked";
    }
}

/// The longest name of a key, in characters.
pub(crate) const LONGEST_KEY_NAME: usize = 64;

/// A name is a word that can stand in the audit and on a command line.
pub(crate) fn is_key_name(name: &str) -> bool {
    let fits = (1..=LONGEST_KEY_NAME).contains(&name.len());
    fits && !name.starts_with('-')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.@:".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_by_its_dates_and_a_revoked_one_never_again() {
        let key = |expires, revoked| ApiKey {
            id: "a".into(),
            name: "n".into(),
            role: Role::Viewer,
            created: Moment(0),
            expires,
            revoked,
        };
        let now = Moment(1_000);
        for (expires, revoked, standing) in [
            (None, None, Standing::Valid),
            (Some(Moment(1_001)), None, Standing::Valid),
            (Some(Moment(1_000)), None, Standing::Expired),
            (Some(Moment(2_000)), Some(Moment(5)), Standing::Revoked),
        ] {
            assert_eq!(key(expires, revoked).standing(now), standing);
        }
        assert!(Role::Viewer < Role::Operator && Role::Operator < Role::Admin);
    }

    #[test]
    fn names_are_one_plain_word() {
        for (name, fits) in [
            ("ci", true),
            ("nightly-job.2", true),
            ("ops@host", true),
            ("", false),
            ("-x", false),
            ("two words", false),
            ("na\u{ef}ve", false),
        ] {
            assert_eq!(is_key_name(name), fits, "{name}");
        }
        assert!(!is_key_name(&"x".repeat(65)));
    }
}
