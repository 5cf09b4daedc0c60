//! The test users of the sandbox banks with their fixed behaviour, and the login that selects each.

use super::failure_steps::Trouble;
use super::money_flows::AccountPlan;
use crate::domain::bank_data::{Address, Profile};
use crate::domain::failure_codes::Failure;
use crate::domain::job::Title;
use crate::domain::mfa::ChallengeMethod;
use crate::domain::secret::Secret;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) login: String,
    pub(crate) password: Secret,
    /// The name in the app's own record; a bank may spell it otherwise.
    pub(crate) known_as: KnownAs,
    pub(crate) profile: Profile,
    pub(crate) business: Option<String>,
    pub(crate) proof: Proof,
    /// Where and how their jobs always fail.
    pub(crate) trouble: Option<Trouble>,
    /// None for those with a script.
    pub(crate) guest: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KnownAs {
    pub(crate) full: String,
    /// May be empty.
    pub(crate) first: String,
    /// May be empty.
    pub(crate) middle: String,
    /// May be empty.
    pub(crate) last: String,
}

/// What a bank asks this person and what it wants to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Proof {
    pub(crate) method: ChallengeMethod,
    pub(crate) description: String,
    pub(crate) input: Vec<String>,
    answers: Vec<String>,
}

impl Proof {
    /// The code everybody without questions of their own is sent.
    pub(crate) fn token() -> Self {
        Self {
            method: ChallengeMethod::Token,
            description: "Enter the code from your device.".into(),
            input: vec!["OTP Password".into()],
            answers: vec!["1234".into()],
        }
    }

    /// Where a bank's id is wanted, its own is as good as the one in the list (docs/domain.md 18.3).
    pub(crate) fn accepts(&self, answers: &[Secret], institution: &str) -> bool {
        let right = |(given, wanted): (&Secret, &String)| {
            let given = given.expose().trim();
            given == wanted || (wanted == "AU00000" && given == institution)
        };
        answers.len() == self.answers.len() && answers.iter().zip(&self.answers).all(right)
    }
}

impl Person {
    pub(crate) fn opens_with(&self, password: &Secret) -> bool {
        self.password == *password
    }

    /// The accounts of a person with a script; a guest's are chosen by bank.
    pub(crate) fn plans(&self) -> &'static [AccountPlan] {
        SCRIPTED
            .iter()
            .find(|(p, _)| p.login == self.login)
            .map_or(&[], |(_, plans)| plans)
    }
}

pub(crate) fn scripted() -> impl Iterator<Item = &'static Person> {
    SCRIPTED.iter().map(|(person, _)| person)
}

static SCRIPTED: LazyLock<Vec<(Person, Vec<AccountPlan>)>> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../../../assets/banks/people.toml")).expect("read by a test");
    file.person
        .into_iter()
        .map(PersonScript::into_person)
        .collect()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    person: Vec<PersonScript>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonScript {
    login: String,
    password: String,
    first: String,
    #[serde(default)]
    middle: String,
    last: String,
    business: Option<String>,
    #[serde(default)]
    phones: Vec<String>,
    #[serde(default)]
    emails: Vec<String>,
    address: Option<[String; 4]>,
    mfa: Option<ProofScript>,
    trouble: Option<TroubleScript>,
    #[serde(default)]
    account: Vec<AccountPlan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProofScript {
    method: String,
    description: String,
    input: Vec<String>,
    answers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TroubleScript {
    step: String,
    code: String,
    title: String,
    detail: String,
}

impl PersonScript {
    fn into_person(self) -> (Person, Vec<AccountPlan>) {
        let known_as = KnownAs {
            full: joined(&[&self.first, &self.middle, &self.last]),
            first: self.first,
            middle: self.middle,
            last: self.last,
        };
        let profile = Profile {
            full_name: Secret::new(known_as.full.as_str()),
            first_name: Secret::new(known_as.first.as_str()),
            middle_name: Secret::new(known_as.middle.as_str()),
            last_name: Secret::new(known_as.last.as_str()),
            phones: self.phones.into_iter().map(Secret::new).collect(),
            emails: self.emails.into_iter().map(Secret::new).collect(),
            addresses: self
                .address
                .map(|[line, city, state, postcode]| at(&line, &city, &state, &postcode))
                .into_iter()
                .collect(),
        };
        let proof = self.mfa.map_or_else(Proof::token, |mfa| Proof {
            method: ChallengeMethod::parse(&mfa.method)
                .expect("a test reads every embedded person"),
            description: mfa.description,
            input: mfa.input,
            answers: mfa.answers,
        });
        let trouble = self.trouble.map(|t| Trouble {
            step: Title::parse(&t.step),
            failure: Failure::new(&t.code, &t.title, &t.detail),
        });
        let person = Person {
            login: self.login,
            password: Secret::new(self.password),
            known_as,
            profile,
            business: self.business,
            proof,
            trouble,
            guest: None,
        };
        (
            person,
            self.account
                .into_iter()
                .map(AccountPlan::with_sets)
                .collect(),
        )
    }
}

pub(super) fn at(line: &str, city: &str, state: &str, postcode: &str) -> Address {
    Address {
        line1: line.into(),
        line2: None,
        line3: None,
        postcode: postcode.into(),
        city: city.into(),
        state: state.into(),
        country: "Australia".into(),
        country_code: "AU".into(),
        formatted: Secret::new(format!("{line}, {city} {state} {postcode}, Australia")),
    }
}

pub(super) fn joined(pieces: &[&str]) -> String {
    let mut all = String::new();
    for piece in pieces.iter().filter(|p| !p.is_empty()) {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(piece);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_are_case_sensitive_and_guests_have_one_spelling() {
        for (login, known) in [
            ("Wentworth-Smith", true),
            ("wentworth-smith", false),
            ("jianYang", true),
            ("guest-7", true),
            ("guest-007", false),
            ("guest-", false),
            ("guest--1", false),
            ("guest-7+service-unavailable", true),
            ("Guest-7", false),
        ] {
            assert_eq!(
                crate::connector::sandbox::logins::find(7, login).is_some(),
                known,
                "{login}"
            );
        }
    }

    #[test]
    fn everybody_without_a_trouble_has_accounts() {
        for person in scripted() {
            assert_eq!(
                person.trouble.is_none(),
                !person.plans().is_empty(),
                "{}",
                person.login
            );
        }
        assert_eq!(scripted().count(), 11);
    }

    #[test]
    fn answers_are_right_in_order_and_number() {
        let whistler = crate::connector::sandbox::logins::find(7, "Whistler")
            .unwrap()
            .proof;
        let says = |answers: &[&str]| {
            whistler.accepts(
                &answers.iter().map(|a| Secret::new(*a)).collect::<Vec<_>>(),
                "AU00002",
            )
        };
        assert!(says(&["Basiq", "AU00000"]));
        assert!(says(&["Basiq", "AU00002"]));
        assert!(!says(&["Basiq", "AU00003"]));
        assert!(!says(&["AU00000", "Basiq"]));
        assert!(!says(&["Basiq"]));
        assert!(!says(&[]));
    }
}
