//! What is typed to find people: the words of a name, an id, or a whole address or number. Deliberately
//! absent: fields; people have few enough that none is needed.

use super::ast::Contact;
use super::mistake::Mistake;
use super::value::{looks_like_a_phone, whole_address};

/// Which people are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum People {
    /// All of them.
    #[default]
    Everyone,
    /// Those with this address or number; a number may be a part of an id as well.
    Contact(Contact),
    /// Those whose name has words that begin so, or whose id begins or ends so.
    Words(String),
}

impl People {
    /// Reads what was typed. A part of an address is refused: matching parts of hidden text is a way to
    /// guess it.
    ///
    /// # Errors
    /// When there is an `@` and no whole address.
    pub(crate) fn read(text: &str) -> Result<Self, Mistake> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(People::Everyone);
        }
        if text.contains('@') {
            if whole_address(text) {
                return Ok(People::Contact(Contact::Email(text.to_lowercase())));
            }
            let chars: Vec<char> = text.chars().collect();
            let message = "only a whole email can be looked up, never a part of one";
            return Err(Mistake::at(&chars, 0, chars.len(), message));
        }
        Ok(match looks_like_a_phone(text) {
            true => People::Contact(Contact::Phone(text.to_owned())),
            false => People::Words(text.to_owned()),
        })
    }
}

/// Whether this is a whole email address.
pub(crate) fn is_email(text: &str) -> bool {
    whole_address(text) && !text.chars().any(char::is_control)
}

/// Whether this can be dialled.
pub(crate) fn is_phone(text: &str) -> bool {
    looks_like_a_phone(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_a_contact_or_words() {
        for (text, read) in [
            ("", People::Everyone),
            (" hall ", People::Words("hall".into())),
            (
                "Monica@Example.test",
                People::Contact(Contact::Email("monica@example.test".into())),
            ),
            (
                "0400 111 222",
                People::Contact(Contact::Phone("0400 111 222".into())),
            ),
            ("81c4", People::Words("81c4".into())),
        ] {
            assert_eq!(People::read(text).unwrap(), read, "{text}");
        }
        assert!(People::read("monica@").is_err());
    }
}
