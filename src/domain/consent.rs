//! A user's recorded consent (docs/domain.md 7).

use super::ids::{ConsentId, UserId};
use super::moment::Moment;
use crate::domain::words::words;

const DAY: i64 = 86_400_000;

/// How long a consent lasts when nothing else is said.
pub(crate) const DAYS: i64 = 365;

/// How far back data may be fetched under it.
pub(crate) const RETRIEVAL_DAYS: u32 = 730;

/// Days before its end.
pub(crate) const WARNING_DAYS: i64 = 7;

/// Days without a change.
pub(crate) const REMINDER_DAYS: i64 = 90;

words! {
    Status [word] parse {
        Active "active";
        Revoked "revoked";
        Expired "expired";
    }
}

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
    pub(crate) origin: String,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) expiry: Moment,
    pub(crate) revoked: Option<Moment>,
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
    /// As it is shown: one that has run out is expired at once, also before its data is deleted.
    pub(crate) fn shown(self, now: Moment) -> Self {
        let status = match self.status {
            Status::Active if self.expiry <= now => Status::Expired,
            status => status,
        };
        Self { status, ..self }
    }

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

    /// Expired or revoked, by the time.
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

pub(crate) fn warning_at(expiry: Moment) -> Moment {
    expiry.plus_ms(-WARNING_DAYS * DAY)
}

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
