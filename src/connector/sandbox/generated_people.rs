//! Generated customers: `guest-12` signs in with `pass-12`; jobs of `guest-12+service-unavailable` fail with that code.

use super::money_flows::AccountPlan;
use super::names::{FIRST, LAST, OTHER, STREETS, TOWNS};
use super::people::{KnownAs, Person, Proof, at, joined};
use super::rng::{self, Chance};
use crate::domain::bank_data::Profile;
use crate::domain::secret::Secret;
use serde::Deserialize;
use std::sync::LazyLock;

pub(crate) fn guest(seed: u64, number: u64) -> Person {
    let mut dice = Chance::new(rng::key(&[seed, number, 0x6775_6573]));
    let other = dice.per_mille(90);
    let (known_as, first, last) = if other {
        let [full, given, family, first, last] = *dice.pick(&OTHER);
        let known_as = KnownAs {
            full: full.into(),
            first: given.into(),
            middle: String::new(),
            last: family.into(),
        };
        (known_as, first, last)
    } else {
        let (first, last) = (*dice.pick(&FIRST), *dice.pick(&LAST));
        let middle = if dice.per_mille(150) {
            *dice.pick(&FIRST)
        } else {
            ""
        };
        let full = joined(&[first, middle, last]);
        (
            KnownAs {
                full,
                first: first.into(),
                middle: middle.into(),
                last: last.into(),
            },
            first,
            last,
        )
    };
    let middle = if other { "" } else { known_as.middle.as_str() };
    Person {
        login: login(number, None),
        password: password(number),
        profile: profile(&mut dice, first, middle, last),
        known_as,
        business: None,
        proof: Proof::token(),
        trouble: None,
        guest: Some(number),
    }
}

pub(crate) fn login(number: u64, code: Option<&str>) -> String {
    match code {
        Some(code) => format!("guest-{number}+{code}"),
        None => format!("guest-{number}"),
    }
}

pub(crate) fn password(number: u64) -> Secret {
    Secret::new(format!("pass-{number}"))
}

fn profile(dice: &mut Chance, first: &str, middle: &str, last: &str) -> Profile {
    let number = dice.below(100_000_000);
    let (a, b, c) = (number / 1_000_000, number / 1000 % 1000, number % 1000);
    // Some banks mask what they send themselves.
    let phone = if dice.per_mille(120) {
        format!("XXXX {b:03} {c:03}")
    } else {
        format!("04{a:02} {b:03} {c:03}")
    };
    let mut phones = vec![Secret::new(phone)];
    if dice.per_mille(180) {
        phones.push(Secret::new(format!("02 5550 {:04}", dice.below(10_000))));
    }
    let letters = |name: &str| {
        name.chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_ascii_lowercase()
    };
    let host = *dice.pick(&[
        "post.example",
        "mail.example",
        "inbox.example",
        "work.example",
    ]);
    let email = format!(
        "{}.{}{}@{host}",
        letters(first),
        letters(last),
        dice.below(1000)
    );
    let [city, state, postcode] = *dice.pick(&TOWNS);
    let street = *dice.pick(&STREETS);
    let house = 1 + dice.below(240);
    let line = if dice.per_mille(300) {
        format!("{}/{house} {street}", 1 + dice.below(30))
    } else {
        format!("{house} {street}")
    };
    Profile {
        full_name: Secret::new(joined(&[first, middle, last])),
        first_name: first.into(),
        middle_name: middle.into(),
        last_name: last.into(),
        phones,
        emails: vec![Secret::new(email)],
        addresses: vec![at(&line, city, state, postcode)],
    }
}

/// Accounts of which a guest holds one or none.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// Guests in a thousand who hold one.
    pub(crate) share: u64,
    pub(crate) account: Vec<AccountPlan>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    group: Vec<Group>,
}

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("../../../assets/banks/guests.toml")).expect("read by a test");
    let filled = |group: Group| Group {
        account: group
            .account
            .into_iter()
            .map(AccountPlan::with_sets)
            .collect(),
        ..group
    };
    file.group.into_iter().map(filled).collect()
});

pub(crate) fn groups() -> &'static [Group] {
    &GROUPS
}

pub(crate) fn plans(dice: u64) -> impl Iterator<Item = &'static AccountPlan> {
    let mut dice = Chance::new(dice);
    groups().iter().filter_map(move |group| {
        let held = dice.per_mille(group.share);
        let plan = dice.pick(&group.account);
        held.then_some(plan)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_is_the_same_person_every_time_and_another_with_another_seed() {
        assert_eq!(guest(7, 12), guest(7, 12));
        let same = (0..200)
            .filter(|n| guest(7, *n).profile == guest(8, *n).profile)
            .count();
        assert_eq!(same, 0);
    }

    #[test]
    fn some_names_are_in_other_scripts_and_banks_spell_them_plainly() {
        let people: Vec<_> = (0..2000).map(|n| guest(7, n)).collect();
        let other = people
            .iter()
            .filter(|p| !p.known_as.full.is_ascii())
            .count();
        assert!((120..260).contains(&other), "{other}");
        for person in people {
            assert!(
                person.profile.full_name.expose().is_ascii(),
                "{}",
                person.known_as.full
            );
        }
    }

    #[test]
    fn every_guest_holds_an_everyday_account_and_some_hold_more() {
        let held: Vec<usize> = (0..500).map(|n| plans(rng::mix(n)).count()).collect();
        assert!(held.iter().all(|n| (1..=groups().len()).contains(n)));
        assert!(held.contains(&1) && held.iter().any(|n| *n > 2));
        assert!((0..500).all(|n| {
            plans(rng::mix(n))
                .next()
                .is_some_and(|p| p.class == "transaction")
        }));
    }
}
