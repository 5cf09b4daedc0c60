//! The fields of each list, in one table for parsing, completion, help and docs/filters.md.

use super::ast::Flag;
use crate::domain::connection::{self, Method};
use crate::domain::failure_codes;
use crate::domain::job::{self, Kind, State, Title};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Scope {
    #[default]
    Connections,
    Jobs,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldHelp {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    #[allow(dead_code, reason = "docs/filters.md is made from it, by a test")]
    pub(crate) example: &'static str,
    pub(crate) aliases: &'static [&'static str],
    pub(super) subject: Subject,
}

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

const fn field(
    name: &'static str,
    aliases: &'static [&'static str],
    subject: Subject,
    what: &'static str,
    example: &'static str,
) -> FieldHelp {
    FieldHelp {
        name,
        what,
        example,
        aliases,
        subject,
    }
}

const BANK: FieldHelp = field(
    "bank",
    &["institution"],
    Subject::Bank,
    "bank: its id or a part of its name",
    "bank:\"hooli sav\"",
);
const USER: FieldHelp = field(
    "user",
    &["person"],
    Subject::User,
    "user: start or end of the id, start of a name; an email or phone only whole",
    "user:81c4",
);
const STATE: FieldHelp = field(
    "state",
    &[],
    Subject::State,
    "finer state of the job",
    "state:waiting-mfa",
);
const KIND: FieldHelp = field(
    "kind",
    &["what"],
    Subject::Kind,
    "what the job was made for",
    "kind:refresh",
);
const STEP: FieldHelp = field(
    "step",
    &[],
    Subject::Step,
    "step the job stands at or failed at",
    "step:sign-in",
);
const ERROR: FieldHelp = field(
    "error",
    &["code"],
    Subject::Error,
    "code the job failed with",
    "error:invalid-credentials",
);
const IS: FieldHelp = field("is", &[], Subject::Is, "named conditions", "is:stuck");

const CONNECTIONS: &[FieldHelp] = &[
    field(
        "status",
        &["label"],
        Subject::Label,
        "status as the list shows it",
        "status:invalid,failed",
    ),
    BANK,
    field(
        "via",
        &["method"],
        Subject::Via,
        "way to the bank: web, ob",
        "via:ob",
    ),
    USER,
    field(
        "id",
        &["connection", "con"],
        Subject::Id,
        "start or end of the connection's id",
        "id:7f3a91",
    ),
    field(
        "last",
        &["lastused", "used"],
        Subject::Last,
        "how long ago the bank was last asked",
        "last>3d",
    ),
    field(
        "created",
        &[],
        Subject::Created,
        "how long ago it was made",
        "created<2w",
    ),
    field(
        "job",
        &[],
        Subject::Job,
        "newest job: how it ended, its state, its kind",
        "job:failed",
    ),
    STATE,
    KIND,
    STEP,
    ERROR,
    field(
        "acc",
        &["accounts"],
        Subject::Accounts,
        "number of stored accounts",
        "acc=0",
    ),
    field(
        "tx",
        &["txns", "transactions"],
        Subject::Transactions,
        "number of stored transactions",
        "tx>1000",
    ),
    field(
        "consent",
        &["expiry", "expires"],
        Subject::Consent,
        "time until the consent ends",
        "consent<7d",
    ),
    IS,
];

const JOBS: &[FieldHelp] = &[
    field(
        "status",
        &["label", "job", "result"],
        Subject::JobLabel,
        "how it ended: success, failed",
        "status:failed",
    ),
    STATE,
    KIND,
    BANK,
    USER,
    field(
        "id",
        &[],
        Subject::Id,
        "start or end of the job's id",
        "id:8c21f0",
    ),
    field(
        "connection",
        &["con"],
        Subject::Connection,
        "start or end of its connection's id",
        "connection:7f3a91",
    ),
    STEP,
    ERROR,
    field(
        "created",
        &["started", "start"],
        Subject::Created,
        "how long ago it was made",
        "created<2h",
    ),
    field(
        "took",
        &["duration"],
        Subject::Took,
        "how long it took",
        "took>2m",
    ),
    IS,
];

impl Scope {
    pub(crate) fn fields(self) -> &'static [FieldHelp] {
        match self {
            Scope::Connections => CONNECTIONS,
            Scope::Jobs => JOBS,
        }
    }

    pub(crate) fn flags(self) -> &'static [Flag] {
        match self {
            Scope::Connections => &Flag::ALL,
            Scope::Jobs => &[
                Flag::Running,
                Flag::Stuck,
                Flag::Queued,
                Flag::Mine,
                Flag::Waiting,
                Flag::Open,
            ],
        }
    }

    pub(super) fn field(self, name: &str) -> Option<&'static FieldHelp> {
        let name = name.to_ascii_lowercase();
        self.fields()
            .iter()
            .find(|f| f.name == name || f.aliases.contains(&name.as_str()))
    }
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
            Subject::Last | Subject::Created | Subject::Consent => {
                "an age (30s 10m 6h 3d 2w) or a date"
            }
            Subject::Job => "a job's result, state or kind",
            Subject::JobLabel => "a job's result",
            Subject::State => "a job's state",
            Subject::Kind => "a kind of job",
            Subject::Step => "a step",
            Subject::Error => "a known code (quote it to look for it all the same)",
            Subject::Accounts | Subject::Transactions => "a whole number",
            Subject::Took => "a duration (30s 10m 6h)",
            Subject::Is => "a named condition",
        }
    }

    /// The sign that most often follows it.
    pub(super) fn sign(self) -> char {
        match self {
            Subject::Created | Subject::Consent => '<',
            Subject::Last | Subject::Took | Subject::Accounts | Subject::Transactions => '>',
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
