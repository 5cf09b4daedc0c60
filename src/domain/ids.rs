//! Ids as types. New ones are version 7 UUIDs (made in `crate::clock`); what other systems made is
//! kept as it came, as opaque text.

use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text, exactly as it came.
            pub fn as_str(&self) -> &str { &self.0 }

            /// The last six characters: what the screen shows, and what a person types.
            pub fn short(&self) -> &str { tail(&self.0, 6) }

            /// The last three characters: the tail in the words that arm a purge.
            pub fn tail(&self) -> &str { tail(&self.0, 3) }
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
    /// One end customer of the app.
    UserId
    /// A bank or similar: two capital letters and five digits, `AU00000`.
    InstitutionId
    /// A user's link to one institution by one method.
    ConnectionId
    /// One asynchronous unit of work.
    JobId
    /// A fetched account.
    AccountId
    /// A fetched transaction.
    TransactionId
    /// A line of the change feed.
    EventId
    /// A frozen set of items about to be acted on.
    PlanId
    /// A user's recorded permission.
    ConsentId
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
        assert_eq!(ConnectionId::from("5b0f3c1e-2a77-4d0e-9f52-6f1f0b6f9a10").short(), "6f9a10");
        assert_eq!(ConnectionId::from("9d").tail(), "9d");
        assert_eq!(ConnectionId::from("日本語の銀行").tail(), "の銀行");
    }
}
