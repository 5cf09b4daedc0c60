//! A user's recorded consent (docs/domain.md 7): how long it lasts, when its user is warned and reminded, and
//! what it allows.

use super::ids::{ConsentId, UserId};
use super::moment::Moment;
use crate::domain::words::words;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// How long a consent lasts when nothing else is said.
pub(crate) const DAYS: i64 = 365;

/// How far back data may be fetched under it.
pub(crate) const RETRIEVAL_DAYS: u32 = 730;

/// So many days before its end the app is warned.
pub(crate) const WARNING_DAYS: i64 = 7;

/// After so many days without a change the app is reminded.
pub(crate) const REMINDER_DAYS: i64 = 90;

words! {
    Status [word] parse {
        Active "active";
        Revoked "revoked";
        Expired "expired";
    }
}

/// One thing that a consent is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Permission {
    /// `account.basic`, `transaction.detail`, ...
    pub(crate) scope: String,
    pub(crate) required: bool,
    pub(crate) consented: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) id: ConsentId,
    pub(crate) user: UserId,
    pub(crate) status: Status,
    /// Who gave it; `user`.
    pub(crate) origin: String,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) expiry: Moment,
    pub(crate) revoked: Option<Moment>,
    /// What the data is for, in a word or two.
    pub(crate) purpose: String,
    /// Whether data may be kept after its end.
    pub(crate) retain: bool,
    /// How many days back data may be fetched.
    pub(crate) retrieval_days: u32,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) warned: Option<Moment>,
    pub(crate) reminded: Option<Moment>,
}

/// What an app of this kind asks for, and whether it can do without.
const ASKED: [(&str, bool); 5] = [
    ("account.basic", true),
    ("account.detail", true),
    ("transaction.detail", true),
    ("customer.basic", true),
    ("customer.detail", false),
];

impl Consent {
    /// What a user gives with the first connection.
    pub(crate) fn given(id: ConsentId, user: UserId, now: Moment) -> Self {
        let permission = |(scope, required): (&str, bool)| Permission {
            scope: scope.into(),
            required,
            consented: true,
        };
        Self {
            id,
            user,
            status: Status::Active,
            origin: "user".into(),
            created: now,
            updated: now,
            expiry: now.plus_ms(DAYS * DAY),
            revoked: None,
            purpose: "Budgeting".into(),
            retain: false,
            retrieval_days: RETRIEVAL_DAYS,
            permissions: ASKED.into_iter().map(permission).collect(),
            warned: None,
            reminded: None,
        }
    }

    /// The same for as long again from now on; what was told of its end is told anew.
    #[must_use]
    pub(crate) fn extended(self, now: Moment) -> Self {
        Self {
            updated: now,
            expiry: now.plus_ms(DAYS * DAY),
            warned: None,
            reminded: None,
            ..self
        }
    }

    /// How it ends when it ends now: by its time, or by somebody's will.
    pub(crate) fn ending(&self, now: Moment) -> Status {
        if self.expiry <= now {
            Status::Expired
        } else {
            Status::Revoked
        }
    }
}

/// The last end that is warned of at this moment.
pub(crate) fn warned_until(now: Moment) -> Moment {
    now.plus_ms(WARNING_DAYS * DAY)
}

/// The last change that is long enough ago for a reminder.
pub(crate) fn quiet_since(now: Moment) -> Moment {
    now.plus_ms(-REMINDER_DAYS * DAY)
}

/// When a consent that ends then is warned of.
pub(crate) fn warning_at(expiry: Moment) -> Moment {
    expiry.plus_ms(-WARNING_DAYS * DAY)
}

/// When one that last changed then is reminded of.
pub(crate) fn reminder_at(updated: Moment) -> Moment {
    updated.plus_ms(REMINDER_DAYS * DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_lasts_a_year_and_ends_as_what_ended_it() {
        let now = Moment::parse("2026-03-02T01:13:40Z").unwrap();
        let consent = Consent::given("c".into(), "u".into(), now);
        assert_eq!(consent.expiry.rfc3339(), "2027-03-02T01:13:40Z");
        assert_eq!((consent.retrieval_days, consent.retain), (730, false));
        assert_eq!(consent.ending(now), Status::Revoked);
        assert_eq!(consent.ending(consent.expiry), Status::Expired);
        assert_eq!(warning_at(consent.expiry).rfc3339(), "2027-02-23T01:13:40Z");
        assert_eq!(warned_until(warning_at(consent.expiry)), consent.expiry);
        assert_eq!(quiet_since(reminder_at(now)), now);
    }
}
