//! What is typed to find users: words of a name, an id, or a whole email or phone.

use super::ast::Contact;
use super::mistake::Mistake;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum People {
    #[default]
    Everyone,
    /// Those with this address or number; a number may be a part of an id as well.
    Contact(Contact),
    /// Those whose name has words that begin so, or whose id begins or ends so.
    Words(String),
}

impl People {
    /// An `@` without a whole address is a mistake.
    pub(crate) fn read(text: &str) -> Result<Self, Mistake> {
        let text = text.trim();
        match contact(text) {
            _ if text.is_empty() => Ok(People::Everyone),
            Ok(Some(contact)) => Ok(People::Contact(contact)),
            Ok(None) => Ok(People::Words(text.to_owned())),
            Err(why) => {
                let chars: Vec<char> = text.chars().collect();
                Err(Mistake::at(&chars, 0, chars.len(), why))
            }
        }
    }
}

/// A part of an email is refused: matching parts of hidden text is a way to guess it.
pub(super) fn contact(text: &str) -> Result<Option<Contact>, &'static str> {
    let text = text.trim();
    if !text.contains('@') {
        return Ok(is_phone(text).then(|| Contact::Phone(text.to_owned())));
    }
    if is_whole_email(text) {
        Ok(Some(Contact::Email(text.to_lowercase())))
    } else {
        Err("only a whole email can be looked up, never a part of one")
    }
}

/// A whole email or phone.
pub(crate) fn is_contact(text: &str) -> bool {
    let text = text.trim();
    is_email(text) || is_phone(text)
}

pub(crate) fn is_email(text: &str) -> bool {
    is_whole_email(text) && !text.chars().any(char::is_control)
}

fn is_whole_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let labels: Vec<&str> = domain.split('.').collect();
    !local.is_empty()
        && !text.contains(char::is_whitespace)
        && !domain.contains('@')
        && labels.len() > 1
        && labels.iter().all(|label| !label.is_empty())
        && labels.last().is_some_and(|last| last.chars().count() > 1)
}

pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    (6..=15).contains(&digits)
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')'))
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
