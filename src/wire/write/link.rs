//! Links, absolute and as the reference writes them.

use serde_json::{Value, json};

pub(super) fn user(base: &str, user: &str) -> String {
    format!("{base}/users/{user}")
}

pub(super) fn connection(base: &str, user: &str, connection: &str) -> String {
    format!("{base}/users/{user}/connections/{connection}")
}

pub(super) fn job(base: &str, job: &str) -> String {
    format!("{base}/jobs/{job}")
}

pub(super) fn account(base: &str, user: &str, account: &str) -> String {
    format!("{base}/users/{user}/accounts/{account}")
}

pub(super) fn institution(base: &str, institution: &str) -> String {
    format!("{base}/institutions/{institution}")
}

pub(super) fn webhook(base: &str, webhook: &str) -> String {
    format!("{base}/notifications/webhooks/{webhook}")
}

/// A list of a user's `what`, narrowed by one property.
pub(super) fn filtered(base: &str, user: &str, what: &str, property: &str, id: &str) -> String {
    let id = query_value(id);
    format!("{base}/users/{user}/{what}?filter={property}.eq('{id}')")
}

/// Something named with its own address.
pub(super) fn linked(kind: &str, id: &str, url: String) -> Value {
    json!({"type": kind, "id": id, "links": {"self": url}})
}

/// A value inside a query: what would end it or is no part of an address is written in percent.
pub(crate) fn query_value(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => written.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b':' | b'/' => written.push(char::from(byte)),
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    written
}

/// The address of a list with the filter it was asked with.
pub(crate) fn with_filter(address: String, filter: &str) -> String {
    with_query(&address, &[("filter", filter)])
}

/// An address with those of the parameters that hold something.
pub(crate) fn with_query(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut written = address.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        written.push(if written.contains('?') { '&' } else { '?' });
        written.push_str(&format!("{name}={}", query_value(value)));
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_in_a_query_cannot_end_it() {
        for (text, written) in [
            ("AU00000", "AU00000"),
            ("a b&c=d", "a%20b%26c%3Dd"),
            ("it's", "it%27s"),
            ("\u{e9}", "%C3%A9"),
        ] {
            assert_eq!(query_value(text), written);
        }
        assert_eq!(
            filtered("http://h", "u", "accounts", "institution.id", "AU00000"),
            "http://h/users/u/accounts?filter=institution.id.eq('AU00000')"
        );
    }
}
