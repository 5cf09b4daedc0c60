//! How operators share their work: who has taken a connection on, until when it is quiet, when its user was asked.

use super::connection::Method;
use super::ids::{ConnectionId, InstitutionId, UserId};
use super::moment::Moment;
use super::secret::Secret;

/// How long a connection may be quiet at most.
pub(crate) const LONGEST_MS: i64 = 90 * 86_400_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Handling {
    pub(crate) taken_by: Option<String>,
    pub(crate) taken: Option<Moment>,
    /// Until when it asks for nobody; gone when its status changes.
    pub(crate) snoozed: Option<Moment>,
    /// When its user was last asked to act.
    pub(crate) asked: Option<Moment>,
    /// When the last of the holds for it or its bank ends, or has ended.
    pub(crate) held: Option<Moment>,
}

/// A user whose move it is, and what there is to ask them with; masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ToAsk {
    pub(crate) connection: ConnectionId,
    pub(crate) user: UserId,
    pub(crate) institution: InstitutionId,
    pub(crate) institution_name: String,
    pub(crate) method: Method,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) mobile: Option<String>,
    /// What happened, and what to say to the user.
    pub(crate) headline: String,
    pub(crate) text: String,
    pub(crate) since: Moment,
    /// When its user was last asked.
    pub(crate) asked: Option<Moment>,
    /// Where the link that is good now leads, in words, and its end.
    pub(crate) link: Option<(String, Moment)>,
}

/// What an operator wrote about a connection; masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoteShown {
    pub(crate) id: String,
    pub(crate) connection: ConnectionId,
    pub(crate) at: Moment,
    pub(crate) actor: String,
    pub(crate) text: String,
}

/// The longest note, in characters.
pub(crate) const LONGEST_NOTE: usize = 2_000;

/// Whether a note is one line that can be kept.
pub(crate) fn note_fits(note: &Secret) -> bool {
    let text = note.expose();
    let long = text.chars().count() > LONGEST_NOTE;
    !text.trim().is_empty() && !long && !text.chars().any(char::is_control)
}

impl Handling {
    /// Until when a hold in force keeps its refreshes back.
    pub(crate) fn held_until(&self, now: Moment) -> Option<Moment> {
        self.held.filter(|ends| *ends > now)
    }

    pub(crate) fn quiet(&self, now: Moment) -> bool {
        self.snoozed.is_some_and(|until| until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_one_line_of_limited_length() {
        for (text, fits) in [
            ("rang him".to_owned(), true),
            ("é".repeat(LONGEST_NOTE), true),
            ("é".repeat(LONGEST_NOTE + 1), false),
            ("  ".to_owned(), false),
            (String::new(), false),
            ("two\nlines".to_owned(), false),
            ("\u{1b}[2J".to_owned(), false),
        ] {
            assert_eq!(note_fits(&Secret::new(text.as_str())), fits, "{text:?}");
        }
    }

    #[test]
    fn a_connection_is_quiet_until_its_time() {
        let handling = Handling {
            snoozed: Some(Moment(10)),
            ..Handling::default()
        };
        assert!(handling.quiet(Moment(9)));
        assert!(!handling.quiet(Moment(10)));
        assert!(!Handling::default().quiet(Moment(0)));
    }
}
