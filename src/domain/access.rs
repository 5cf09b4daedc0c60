//! Who may do what: roles, the role that each act needs, and the keys of the HTTP API.

use super::moment::Moment;
use super::words::words;
use std::fmt;

words! {
    /// What a person or a key may do; a later one may do what an earlier one may.
    #[derive(Default)]
    Role [word about] parse {
        Viewer "viewer" "reads";
        Operator "operator" "acts on connections, jobs and users";
        Privacy "privacy" "also ends consents, and erases and deletes users";
        /// Also what has no configuration.
        #[default]
        Admin "admin" "does everything";
    }
}

/// The least role for each act, by its word in the audit. Reading needs no more than a viewer.
#[rustfmt::skip]
const NEEDS: &[(Role, &[&str])] = &[
    (Role::Operator, &[
        "abandon", "answer", "apply", "auth-link-create", "auth-link-delete", "auth-link-use", "authorise", "cancel", "connect", "declare-health", "deny",
        "extend-consent", "hold", "import", "invite", "live-users", "migrate", "note", "outage", "plan", "purge", "refresh", "release", "revoke",
        "snooze", "take", "update-credentials", "user-create", "user-update", "webhook-create", "webhook-delete",
        "webhook-disable", "webhook-test", "webhook-update",
    ]),
    (Role::Privacy, &["delete-user", "end-consent", "erase", "import-purged"]),
    (Role::Admin, &["accept-clock", "accept-loss", "apikey-create", "apikey-revoke", "backup", "live-login", "live-logout", "recount"]),
];

/// The least role for an act. One that the table does not name is for an admin.
pub(crate) fn needed(act: &str) -> Role {
    let row = NEEDS.iter().find(|(_, acts)| acts.contains(&act));
    row.map_or(Role::Admin, |(role, _)| *role)
}

/// Every act of the table with its role.
#[cfg(test)]
pub(crate) fn acts() -> impl Iterator<Item = (&'static str, Role)> {
    let rows = NEEDS.iter();
    rows.flat_map(|(role, acts)| acts.iter().map(move |act| (*act, *role)))
}

/// What a role is too low for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lacking {
    pub(crate) needs: Role,
    pub(crate) has: Role,
}

impl Role {
    pub(crate) fn may(self, act: &str) -> Result<(), Lacking> {
        self.at_least(needed(act))
    }

    pub(crate) fn at_least(self, needs: Role) -> Result<(), Lacking> {
        match self >= needs {
            true => Ok(()),
            false => Err(Lacking { needs, has: self }),
        }
    }
}

impl fmt::Display for Lacking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (needs, has) = (self.needs.word(), self.has.word());
        write!(f, "this needs the role {needs}; yours is {has}")
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
    }

    #[test]
    fn each_act_has_one_least_role_and_an_unknown_one_is_for_an_admin() {
        let mut all: Vec<&str> = acts().map(|(act, _)| act).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "an act stands twice");
        for (act, role) in acts().chain([("what-nobody-knows", Role::Admin)]) {
            for has in Role::ALL {
                let lacks = Lacking { needs: role, has };
                let wanted = if has < role { Err(lacks) } else { Ok(()) };
                assert_eq!(has.may(act), wanted, "{act} by {has:?}");
            }
        }
        assert_eq!(
            Role::Viewer.may("erase").unwrap_err().to_string(),
            "this needs the role privacy; yours is viewer"
        );
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
