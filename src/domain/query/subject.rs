//! What a field is about, and the words it takes.

use super::fields::Scope;
use crate::domain::connection::{self, Method};
use crate::domain::diagnosis::Whose;
use crate::domain::failure_codes;
use crate::domain::job::{self, Kind, State, Title};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Label,
    Bank,
    Via,
    User,
    Id,
    Connection,
    Last,
    Created,
    Since,
    FirstFailed,
    Mover,
    Incident,
    Attempts,
    Consent,
    Job,
    JobLabel,
    State,
    Kind,
    Step,
    Error,
    Accounts,
    Transactions,
    Took,
    Is,
}

impl Subject {
    /// What a value of it is called in a mistake.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Subject::Label => "a status",
            Subject::Bank => "a bank",
            Subject::Via => "a way to a bank",
            Subject::User => "a user",
            Subject::Id | Subject::Connection => "an id",
            Subject::Last
            | Subject::Created
            | Subject::Since
            | Subject::FirstFailed
            | Subject::Consent => "an age (30s 10m 6h 3d 2w) or a date",
            Subject::Job => "a job's result, state or kind",
            Subject::JobLabel => "a job's result",
            Subject::State => "a job's state",
            Subject::Kind => "a kind of job",
            Subject::Step => "a step",
            Subject::Error => "a known code (quote it to look for it all the same)",
            Subject::Accounts | Subject::Transactions | Subject::Attempts => "a whole number",
            Subject::Mover => "one who acts (us, bank, user, running, nobody)",
            Subject::Incident => "the number of an incident, or open",
            Subject::Took => "a duration (30s 10m 6h)",
            Subject::Is => "a named condition",
        }
    }

    /// The sign that most often follows it.
    pub(super) fn sign(self) -> char {
        match self {
            Subject::Created | Subject::Consent | Subject::Since => '<',
            Subject::Last
            | Subject::Took
            | Subject::Accounts
            | Subject::Transactions
            | Subject::FirstFailed
            | Subject::Attempts => '>',
            _ => ':',
        }
    }

    /// The words it takes, where they can be counted, each with what it means.
    pub(super) fn words(self, scope: Scope) -> Vec<(String, &'static str)> {
        let plain = |words: Vec<&str>, what| {
            words
                .into_iter()
                .map(|w| (w.to_owned(), what))
                .collect::<Vec<_>>()
        };
        let labels = || {
            plain(
                job::Label::ALL.iter().map(|l| l.name()).collect(),
                "how the job ended",
            )
        };
        let states = || {
            plain(
                State::ALL.iter().map(|s| s.word()).collect(),
                "state of the job",
            )
        };
        let kinds = || plain(Kind::ALL.iter().map(|k| k.word()).collect(), "kind of job");
        let mut words = match self {
            Subject::Label => [
                plain(
                    connection::Label::ALL.iter().map(|l| l.word()).collect(),
                    "status",
                ),
                plain(vec!["revoked"], "the same as deleted"),
            ]
            .concat(),
            Subject::Via => [Method::short, Method::word]
                .iter()
                .flat_map(|name| Method::ALL.map(|m| (name(m).to_owned(), m.words())))
                .collect(),
            Subject::Mover => [
                plain(
                    Whose::ORDER.iter().map(|w| w.filter_word()).collect(),
                    "who has to act next",
                ),
                plain(vec![Whose::System.word()], "the same as running"),
            ]
            .concat(),
            Subject::Incident => plain(vec!["open"], "one that is open"),
            Subject::Last => plain(vec!["never"], "the bank was never asked"),
            Subject::Consent => plain(vec!["never"], "a consent without an end"),
            Subject::Job => [
                labels(),
                states(),
                kinds(),
                plain(vec!["none"], "no job has run"),
            ]
            .concat(),
            Subject::JobLabel => labels(),
            Subject::State => states(),
            Subject::Kind => kinds(),
            Subject::Step => [step_word, Title::word]
                .iter()
                .flat_map(|name| Title::NAMED.map(|t| (name(&t).to_owned(), "step")))
                .collect(),
            Subject::Error => failure_codes::RULES
                .iter()
                .map(|r| (r.code.to_owned(), r.title))
                .collect(),
            Subject::Is => scope
                .flags()
                .iter()
                .map(|f| (f.word().to_owned(), f.words()))
                .collect(),
            Subject::Bank
            | Subject::User
            | Subject::Id
            | Subject::Connection
            | Subject::Created
            | Subject::Since
            | Subject::FirstFailed
            | Subject::Attempts
            | Subject::Accounts
            | Subject::Transactions
            | Subject::Took => Vec::new(),
        };
        for (word, _) in &mut words {
            *word = word.to_lowercase();
        }
        // `failed` is both a result and a state.
        let mut seen = Vec::with_capacity(words.len());
        words.retain(|(word, _)| {
            !seen.contains(word) && {
                seen.push(word.clone());
                true
            }
        });
        words
    }
}

/// The word for a step that needs no quotes: its short name, or the wire's when that has a space.
pub(super) fn step_word(title: &Title) -> &str {
    if title.short().contains(' ') {
        title.word()
    } else {
        title.short()
    }
}
