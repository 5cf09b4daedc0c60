//! Whether the time of a refusal tells how much of a key or token was right.

use super::Api;
use super::kept::{Kept, percentile};
use crate::harness::{Desk, text};
use crate::settings;
use std::time::Duration;

/// The same text with other characters from this place on.
fn wrong_from(text: &str, at: usize, other: fn(char) -> char) -> String {
    let turned = |(n, c): (usize, char)| if n < at { c } else { other(c) };
    text.chars().enumerate().map(turned).collect()
}

/// The medians of refusals of both requests, asked in turn.
fn medians(api: &Api, one: &str, other: &str, tries: usize) -> [Duration; 2] {
    let mut client = Kept::new(api);
    let mut times = [vec![], vec![]];
    for n in 0..tries {
        // each of the two comes first as often as the other
        for at in [n % 2, 1 - n % 2] {
            let (status, _, took) = client.asks([one, other][at]);
            assert!(matches!(status, 401 | 404 | 429), "{status}");
            times[at].push(took);
        }
    }
    times.map(|mut all| percentile(&mut all, 50))
}

/// Both pairs: a token whose signature is right in its first part or nowhere, and a key in the same way.
fn compared(tries: usize) -> [[Duration; 2]; 2] {
    let many = "[api]\ntoken_calls = 1000000\nconnection_time = \"1h\"\n[sandbox]";
    let api = Api::on(Desk::empty(0.0).with("[sandbox]", many), &[]);
    let host = api.host();
    let made = api.desk.document(&["apikey", "create", "timed"]);
    let (head, signature) = api.token.rsplit_once('.').unwrap();
    // any other letter of its alphabet
    let letter = |c| if c == 'A' { 'B' } else { 'A' };
    let digit = |c| if c == '0' { '1' } else { '0' };
    let bearer = |at| {
        let token = format!("{head}.{}", wrong_from(signature, at, letter));
        format!("GET /connectors HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n")
    };
    let key = text(&made["key"]);
    let (known, secret) = key.rsplit_once('_').unwrap();
    let basic = |at| {
        let key = format!("{known}_{}", wrong_from(secret, at, digit));
        format!(
            "POST /token HTTP/1.1\r\nHost: {host}\r\nbasiq-version: 3.0\r\nAuthorization: Basic {key}\r\nContent-Length: 0\r\n\r\n"
        )
    };
    [
        medians(&api, &bearer(signature.len() / 2), &bearer(0), tries),
        medians(&api, &basic(secret.len() / 2), &basic(0), tries),
    ]
}

#[test]
fn a_key_or_token_that_is_right_in_part_is_refused_like_any_other() {
    compared(20);
}

#[test]
#[ignore = "long, 40,000 refusals, timed: run by ./check --full"]
fn http_timing_long() {
    let [token, key] = compared(10_000);
    let apart = |[one, other]: [Duration; 2]| one.abs_diff(other);
    for (what, medians) in [("token", token), ("key", key)] {
        let spread = apart(medians);
        assert!(spread <= Duration::from_millis(1), "{what}: {medians:?}");
    }
    settings::figure(&format!(
        "medians of 10000 refusals, half right and all wrong: token {token:?}, {:?} apart; key {key:?}, {:?} apart",
        apart(token),
        apart(key)
    ));
}
