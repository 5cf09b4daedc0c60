//! Users in the app's own record: which fields are required and valid.

use super::ids::UserId;
use super::moment::Moment;
use super::query::{is_email, is_phone};
use super::secret::Secret;
use crate::domain::words::words;

/// The longest a name may be, in characters.
pub(crate) const LONGEST_NAME: usize = 200;

words! {
    NumberKind [word] {
        Abn "ABN";
        Acn "ACN";
    }
}

impl NumberKind {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        NumberKind::ALL
            .into_iter()
            .find(|kind| kind.word().eq_ignore_ascii_case(word))
    }
}

/// The business a user stands for. Sealed at rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Business {
    pub(crate) name: Secret,
    /// Its number; empty when not given.
    pub(crate) number: Secret,
    pub(crate) kind: Option<NumberKind>,
    /// Address and verification, as JSON text; empty when not given.
    pub(crate) rest: Secret,
}

impl Business {
    pub(crate) fn is_empty(&self) -> bool {
        self.name.is_empty()
            && self.number.is_empty()
            && self.kind.is_none()
            && self.rest.is_empty()
    }
}

/// What was given of a person. What is none was not given; what is empty is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) email: Option<Secret>,
    /// Where messages go, in international form.
    pub(crate) mobile: Option<Secret>,
    pub(crate) first_name: Option<String>,
    pub(crate) middle_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) business_name: Option<Secret>,
    pub(crate) business_number: Option<Secret>,
    pub(crate) number_kind: Option<NumberKind>,
    /// Address and verification of the business, as JSON text.
    pub(crate) business_rest: Option<Secret>,
}

impl Given {
    /// The business after this: what was given over what was known.
    pub(crate) fn business(&self, old: Option<Business>) -> Business {
        let old = old.unwrap_or_default();
        Business {
            name: self.business_name.clone().unwrap_or(old.name),
            number: self.business_number.clone().unwrap_or(old.number),
            kind: self.number_kind.or(old.kind),
            rest: self.business_rest.clone().unwrap_or(old.rest),
        }
    }
}

/// One row of the list of users; contacts are masked already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserRow {
    pub(crate) id: UserId,
    pub(crate) name: String,
    /// Masked; none when there is none, or when the key is missing. The mobile likewise.
    pub(crate) email: Option<String>,
    pub(crate) mobile: Option<String>,
    pub(crate) created: Moment,
    pub(crate) connections: u64,
    /// How many stored accounts, those of revoked connections included.
    pub(crate) accounts: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) code: &'static str,
    pub(crate) detail: &'static str,
    pub(crate) words: &'static str,
}

pub(crate) const NO_CONTACT: Wrong = Wrong {
    code: "parameter-not-supplied",
    detail: "One of 'email' or 'mobile' is required.",
    words: "Give --email or --mobile, or both.",
};
const BAD_EMAIL: Wrong = Wrong {
    code: "parameter-not-valid",
    detail: "Provided email is in bad format.",
    words: "Write it like monica@example.test.",
};
const BAD_MOBILE: Wrong = Wrong {
    code: "parameter-not-valid",
    detail: "Provided mobile is in bad format.",
    words: "Write it in international form, like +61400111222.",
};
const BAD_USER: Wrong = Wrong {
    code: "invalid-content",
    detail: "Posted user is not in valid format.",
    words: "A name is one line of at most 200 characters.",
};
const NAMELESS: Wrong = Wrong {
    code: "parameter-not-supplied",
    detail: "Business name is required when business number is provided.",
    words: "Give --business-name too.",
};

pub(crate) fn check_mobile(mobile: &Secret) -> Result<(), Wrong> {
    // national numbers are let pass: the other programs of the platform send them
    if is_phone(mobile.expose().trim()) {
        Ok(())
    } else {
        Err(BAD_MOBILE)
    }
}

/// Whether a person may be made or left like this: with these contacts, after these fields were given.
pub(crate) fn check(
    email: Option<&Secret>,
    mobile: Option<&Secret>,
    given: &Given,
    business: &Business,
) -> Result<(), Wrong> {
    let there = |contact: Option<&Secret>| contact.is_some_and(|c| !c.is_empty());
    if !there(email) && !there(mobile) {
        return Err(NO_CONTACT);
    }
    if let Some(email) = given.email.as_ref().filter(|e| !e.is_empty())
        && !(is_email(email.expose().trim()) && email.expose().chars().count() <= 254)
    {
        return Err(BAD_EMAIL);
    }
    given
        .mobile
        .as_ref()
        .filter(|m| !m.is_empty())
        .map_or(Ok(()), check_mobile)?;
    let names = [&given.first_name, &given.middle_name, &given.last_name];
    let hidden = [&given.business_name, &given.business_number];
    let texts = names.into_iter().flatten().map(String::as_str);
    let reads =
        |text: &str| text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    if !texts
        .chain(hidden.into_iter().flatten().map(Secret::expose))
        .all(reads)
    {
        return Err(BAD_USER);
    }
    if !business.number.is_empty() && business.name.is_empty() {
        return Err(NAMELESS);
    }
    Ok(())
}

pub(crate) fn joined(pieces: [&str; 3]) -> String {
    pieces
        .into_iter()
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_needs() {
        let secret = |text: &str| Some(Secret::from(text));
        let long = "x".repeat(201);
        for (email, mobile, first, business, number, wrong) in [
            ("monica@example.test", "", "Monica", "", "", None),
            ("", "+61400111222", "", "", "", None),
            ("", "0400 111 222", "", "", "", None),
            ("", "", "Monica", "", "", Some(NO_CONTACT)),
            ("monica", "+61400111222", "", "", "", Some(BAD_EMAIL)),
            ("monica@example", "", "", "", "", Some(BAD_EMAIL)),
            ("a b@example.test", "", "", "", "", Some(BAD_EMAIL)),
            (
                "monica@example.test",
                "call me",
                "",
                "",
                "",
                Some(BAD_MOBILE),
            ),
            (
                "monica@example.test",
                "+61 400",
                "",
                "",
                "",
                Some(BAD_MOBILE),
            ),
            (
                "monica@example.test",
                "",
                "Mon\nica",
                "",
                "",
                Some(BAD_USER),
            ),
            ("monica@example.test", "", &long, "", "", Some(BAD_USER)),
            (
                "monica@example.test",
                "",
                "",
                "",
                "51824753556",
                Some(NAMELESS),
            ),
            ("monica@example.test", "", "", "Hooli", "51824753556", None),
            ("monica@example.test", "", "", "Hooli", "", None),
        ] {
            let given = Given {
                email: secret(email),
                mobile: secret(mobile),
                first_name: Some(first.into()),
                business_name: secret(business),
                business_number: secret(number),
                ..Given::default()
            };
            let (e, m) = (given.email.clone(), given.mobile.clone());
            let found = check(e.as_ref(), m.as_ref(), &given, &given.business(None)).err();
            assert_eq!(found, wrong, "{email} {mobile} {first} {business} {number}");
        }
    }

    #[test]
    fn what_is_not_given_stays() {
        let old = Business {
            name: "Hooli".into(),
            number: "51824753556".into(),
            ..Business::default()
        };
        let given = Given {
            number_kind: NumberKind::parse("abn"),
            ..Given::default()
        };
        assert_eq!(
            given.business(Some(old.clone())),
            Business {
                kind: Some(NumberKind::Abn),
                ..old
            }
        );
        assert_eq!(joined(["Monica", "", " Hall "]), "Monica Hall");
    }
}
