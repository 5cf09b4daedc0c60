//! Masking of personal values in fixed shapes, so that their length cannot be seen. Everything shown, logged or
//! printed goes through here, except an audited reveal.

mod bank_words;

pub(crate) use bank_words::{BankWords, bank_name, bank_text};

use super::bank_data::{AccountDetails, Address, Profile};
use super::import_records::UserRecord;
use super::person::Business;
use super::rows::AccountShown;
use crate::domain::words::words;

words! {
    /// How much is hidden. The order is the strength, so a policy's floor is a `max`.
    #[derive(Default)]
    Level [word] parse {
        /// Names as they are; phones, emails, streets and account numbers masked.
        #[default]
        Standard "standard";
        /// Names to initials, the domains of emails to their last label.
        Strict "strict";
    }
}

impl Level {
    /// The other level, but never below the floor.
    pub(crate) fn toggled(self, floor: Level) -> Self {
        match self {
            Level::Standard => Level::Strict,
            Level::Strict => floor,
        }
    }
}

/// What stands for a value whose key is gone.
pub(crate) const LOST: &str = "(lost)";

pub(crate) const HIDDEN: &str = "•••";
/// What institutions write in place of the digits they hide, and our own sign.
const MASKS: [char; 5] = ['X', 'x', '#', '*', '•'];
/// A number shorter than this shows none of its digits.
const SHORTEST_PHONE: usize = 6;
const SHORTEST_ACCOUNT: usize = 8;

/// A profile in display form. Empty texts stay empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MaskedProfile {
    pub(crate) full_name: String,
    pub(crate) first_name: String,
    pub(crate) middle_name: String,
    pub(crate) last_name: String,
    /// `••• ••• 178`.
    pub(crate) phones: Vec<String>,
    /// `g•••@hooli.com`.
    pub(crate) emails: Vec<String>,
    /// `•••, Sydney, NSW 2000, Australia`.
    pub(crate) addresses: Vec<String>,
}

impl Profile {
    /// The only form of a profile that leaves the store, but for an audited reveal.
    pub(crate) fn masked(&self, level: Level) -> MaskedProfile {
        let name = |secret: &super::secret::Secret| user_name(secret.expose(), level);
        MaskedProfile {
            full_name: name(&self.full_name),
            first_name: name(&self.first_name),
            middle_name: name(&self.middle_name),
            last_name: name(&self.last_name),
            phones: self
                .phones
                .iter()
                .map(|p| phone(p.expose(), level))
                .collect(),
            emails: self
                .emails
                .iter()
                .map(|e| email(e.expose(), level))
                .collect(),
            addresses: self.addresses.iter().map(address).collect(),
        }
    }
}

impl AccountDetails {
    /// The product's name and the last four digits, at both levels; never the given name or the holder.
    pub(crate) fn masked(&self, _level: Level) -> AccountShown {
        AccountShown {
            product: self.product.expose().into(),
            number: account_number(self.number.expose()),
        }
    }
}

impl UserRecord {
    pub(crate) fn masked_contact(&self, level: Level) -> (Option<String>, Option<String>) {
        let email = self.email.as_ref().map(|e| email(e.expose(), level));
        (
            email,
            self.mobile.as_ref().map(|m| phone(m.expose(), level)),
        )
    }
}

impl Business {
    pub(crate) fn masked(&self, level: Level) -> (String, String) {
        (
            user_name(self.name.expose(), level),
            account_number(self.number.expose()),
        )
    }
}

/// What an operator wrote, for operators: it is theirs, and hidden as a whole at the strict level.
pub(crate) fn note(text: &super::secret::Secret, level: Level) -> String {
    match level {
        Level::Standard => text.expose().to_owned(),
        Level::Strict => "•••".into(),
    }
}

pub(crate) fn sent_to(mobile: &super::secret::Secret, level: Level) -> String {
    phone(mobile.expose(), level)
}

/// A person's name: as it is, or the initials of its first and last word.
pub(crate) fn user_name(name: &str, level: Level) -> String {
    match level {
        Level::Standard => name.into(),
        Level::Strict => {
            let mut words = name.split_whitespace();
            match (words.next(), words.next_back()) {
                (None, _) => String::new(),
                (Some(only), None) => initial(only),
                (Some(first), Some(last)) => format!("{} {}", initial(first), initial(last)),
            }
        }
    }
}

/// The last three digits. At the standard level a number that the institution masked stays, if it shows at most six.
pub(crate) fn phone(text: &str, level: Level) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    if level == Level::Standard && masked_by_its_bank(text) {
        return text.into();
    }
    format!(
        "{HIDDEN} {HIDDEN} {}",
        tail(text, 3, SHORTEST_PHONE).as_deref().unwrap_or(HIDDEN)
    )
}

/// The first letter when the local part has four characters or more, and the domain or its last label.
pub(crate) fn email(text: &str, level: Level) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return HIDDEN.into();
    };
    let letter = match local.chars().next() {
        Some(first) if first.is_alphanumeric() && local.chars().nth(3).is_some() => {
            first.to_string()
        }
        _ => String::new(),
    };
    format!("{letter}{HIDDEN}@{}", self::domain(domain, level))
}

/// The last four digits, or none when the number is shorter than eight or ends in anything else.
pub(crate) fn account_number(text: &str) -> String {
    match tail(text, 4, SHORTEST_ACCOUNT) {
        _ if text.trim().is_empty() => String::new(),
        Some(last) => format!("•••• {last}"),
        None => "••••".into(),
    }
}

/// Suburb, state, postcode and country. Whatever else is in an address is one mask, there or not.
pub(crate) fn address(address: &Address) -> String {
    let country = if address.country.is_empty() {
        &address.country_code
    } else {
        &address.country
    };
    let region = [
        place(address.state.expose()),
        postcode(address.postcode.expose()),
    ];
    let parts = [
        HIDDEN.to_owned(),
        place(address.city.expose()),
        region
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        place(country.expose()),
    ];
    parts
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn initial(word: &str) -> String {
    match word.chars().next() {
        Some(first) if first.is_alphanumeric() => format!("{first}•"),
        _ => "•".into(),
    }
}

/// A domain may hold nothing but what domains hold, so that a name written after an address is hidden.
fn domain(text: &str, level: Level) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '*' | '#' | '•');
    if text.is_empty() || text.len() > 253 || !text.chars().all(fits) {
        return HIDDEN.into();
    }
    match (level, text.rsplit_once('.')) {
        (Level::Standard, _) => text.into(),
        (Level::Strict, Some((_, label))) if !label.is_empty() => format!("{HIDDEN}.{label}"),
        (Level::Strict, _) => HIDDEN.into(),
    }
}

fn masked_by_its_bank(text: &str) -> bool {
    let punctuation = |c: char| matches!(c, ' ' | '-' | '(' | ')' | '+' | '.');
    let digits = text.chars().take(25).filter(char::is_ascii_digit).count();
    let masks = text.chars().take(25).filter(|c| MASKS.contains(c)).count();
    let only = |c: char| c.is_ascii_digit() || MASKS.contains(&c) || punctuation(c);
    masks >= 3 && digits <= 6 && text.chars().nth(24).is_none() && text.chars().all(only)
}

/// The last `count` digits of a number of at least `least` places, masked ones counted. None when one of these is
/// masked: earlier digits must not take its place.
fn tail(text: &str, count: usize, least: usize) -> Option<String> {
    let places = || {
        text.chars()
            .rev()
            .filter(|c| c.is_numeric() || MASKS.contains(c))
    };
    places().nth(least.checked_sub(1)?)?;
    let last: Vec<char> = places().take(count).collect();
    last.iter()
        .all(|c| c.is_numeric())
        .then(|| last.iter().rev().collect())
}

/// A name of a place: short, and without the numbers that streets have.
fn place(text: &str) -> String {
    let text = text.trim();
    if text.chars().any(char::is_numeric) || text.chars().nth(60).is_some() {
        HIDDEN.into()
    } else {
        text.into()
    }
}

fn postcode(text: &str) -> String {
    let text = text.trim();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '•');
    if text.chars().nth(10).is_none() && text.chars().all(fits) {
        text.into()
    } else {
        HIDDEN.into()
    }
}

#[cfg(test)]
mod tests;
