//! Which test user a login selects, fixed or generated.

use super::failure_steps::{self, Trouble};
use super::generated_people::guest;
use super::people::{Person, scripted};
use crate::domain::failure_codes::Failure;

/// Who signs in with this login. Case counts.
pub(crate) fn find(seed: u64, login: &str) -> Option<Person> {
    if let Some(person) = scripted().find(|p| p.login == login) {
        return Some(person.clone());
    }
    let rest = login.strip_prefix("guest-")?;
    let (number, code) = match rest.split_once('+') {
        Some((number, code)) => (number, Some(code)),
        None => (rest, None),
    };
    let known: u64 = number.parse().ok()?;
    // `guest-007` and `guest-+7` are nobody: one person has one login.
    if known.to_string() != number {
        return None;
    }
    let mut person = guest(seed, known);
    if let Some(code) = code {
        person.login = login.to_owned();
        person.trouble = Some(Trouble {
            step: failure_steps::step(code),
            failure: Failure::of(code),
        });
    }
    Some(person)
}
