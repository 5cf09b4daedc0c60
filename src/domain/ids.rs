//! Ids as types. Our own are version 7 UUIDs (made by `crate::clock`); foreign ones are kept as they came.

use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(Arc<str>);

        #[allow(dead_code, reason = "all ids have the same functions")]
        impl $name {
            pub(crate) fn as_str(&self) -> &str { &self.0 }

            /// The last six characters: what the screen shows, and what a person types.
            pub(crate) fn short(&self) -> &str { tail(&self.0, 6) }

            /// The last three characters: the tail in the words that arm a purge.
            pub(crate) fn tail(&self) -> &str { tail(&self.0, 3) }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self(text.into()) }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self { Self(text.into()) }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}", self.0) }
        }
    )+};
}

ids! {
    UserId
    /// A bank or similar: two capital letters and five digits, `AU00000`.
    InstitutionId
    ConnectionId
    JobId
    AccountId
    TransactionId
    EventId
    PlanId
    HoldId
    ConsentId
    WebhookId
    /// A message to a webhook.
    MessageId
    /// An act that is to be done at a platform.
    OutboxId
}

impl AccountId {
    /// The id of what a bank calls `reference`, fetched by this connection: the same at every fetch.
    pub(crate) fn derived(connection: &ConnectionId, reference: &str) -> Self {
        Self(uuid_text(under(connection.as_str(), reference), 8).into())
    }
}

impl TransactionId {
    /// The id of what a bank calls `reference` in this account: the same at every fetch.
    pub(crate) fn derived(account: &AccountId, reference: &str) -> Self {
        Self(uuid_text(under(account.as_str(), reference), 8).into())
    }
}

/// The first 48 bits are the owner's alone, so that its rows lie together in an index.
fn under(owner: &str, reference: &str) -> u128 {
    const OWN: u32 = 80;
    digest(owner, "") >> OWN << OWN | digest(owner, reference) & ((1 << OWN) - 1)
}

/// A hash of two texts that never changes (FNV-1a of 128 bits). Guards against nothing but chance.
fn digest(owner: &str, reference: &str) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = owner.bytes().chain([0]).chain(reference.bytes());
    let hash = bytes.fold(
        0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128,
        |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME),
    );
    // References count up and people read the tail, so every bit is spread over all the others.
    let spread = |bits: u128, by: u128| (bits ^ (bits >> 65)).wrapping_mul(by);
    let once = spread(hash, 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let twice = spread(once, 0xd6e8_feb8_6659_fd93_c2b2_ae3d_27d4_eb4f);
    twice ^ (twice >> 65)
}

/// The text of a UUID of this version made of these bits; six of them give way to version and variant.
pub(crate) fn uuid_text(bits: u128, version: u8) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bits = bits & !(0xf << 76) | u128::from(version & 0xf) << 76;
    let bits = bits & !(0x3 << 62) | 0x2 << 62;
    let mut text = String::with_capacity(36);
    for (place, byte) in bits.to_be_bytes().into_iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0xf)]));
    }
    text
}

/// The last `n` characters of `text`, on a character boundary.
fn tail(text: &str, n: usize) -> &str {
    match text.char_indices().rev().nth(n.saturating_sub(1)) {
        Some((at, _)) => &text[at..],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_are_cut_on_characters() {
        assert_eq!(
            ConnectionId::from("5b0f3c1e-2a77-4d0e-9f52-6f1f0b6f9a10").short(),
            "6f9a10"
        );
        assert_eq!(ConnectionId::from("9d").tail(), "9d");
        assert_eq!(ConnectionId::from("日本語の銀行").tail(), "の銀行");
    }

    #[test]
    fn derived_ids_are_uuids_that_never_change() {
        let account = AccountId::derived(&"connection-1".into(), "ref-1");
        let read = uuid::Uuid::parse_str(account.as_str()).unwrap();
        assert_eq!(
            (read.get_version_num(), read.get_variant()),
            (8, uuid::Variant::RFC4122)
        );
        assert_eq!(account, AccountId::derived(&"connection-1".into(), "ref-1"));
        assert_eq!(account.as_str(), "de358870-8bcc-8cb0-8e89-e614a53f007e");
        assert_ne!(account, AccountId::derived(&"connection-2".into(), "ref-1"));
        // The border between the two texts counts.
        assert_ne!(
            AccountId::derived(&"a".into(), "bc"),
            AccountId::derived(&"ab".into(), "c")
        );
    }

    #[test]
    fn ids_of_neighbours_do_not_collide_and_their_tails_differ() {
        let account = AccountId::from("account-1");
        let all: Vec<_> = (0..20_000)
            .map(|n| TransactionId::derived(&account, &format!("ref-{n}")))
            .collect();
        let ids: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(ids.len(), all.len());
        let beginnings: std::collections::BTreeSet<_> =
            all.iter().map(|id| &id.as_str()[..13]).collect();
        assert_eq!(beginnings.len(), 1, "what one account has lies together");
        let tails: std::collections::BTreeSet<_> = all.iter().map(TransactionId::short).collect();
        assert!(tails.len() > 19_900, "{}", tails.len());
    }
}
