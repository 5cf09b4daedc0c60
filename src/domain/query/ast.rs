//! The tree of a parsed filter: every term typed and resolved. Ages stay relative to the present.

use crate::domain::connection::{self, Method};
use crate::domain::diagnosis::Whose;
use crate::domain::job::{self, Kind, State, Title};
use crate::domain::moment::Moment;
use crate::domain::words::words;

/// A condition. Built through [`Expr::all`], [`Expr::any`] and [`Expr::negated`], which keep it flat:
/// no list within a list of its own kind, no list of one, no double negation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expr {
    And(Vec<Expr>),
    Or(Vec<Expr>),
    /// It does not hold. A row that lacks what the term asks for does not hold the term, so it is kept here.
    Not(Box<Expr>),
    Term(Term),
}

impl Expr {
    /// All of `parts`; nothing when there are none.
    pub(crate) fn all(parts: Vec<Expr>) -> Option<Expr> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expr::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 {
            Some(Expr::And(flat))
        } else {
            flat.pop()
        }
    }

    /// Any of `parts`; nothing when there are none.
    pub(crate) fn any(parts: Vec<Expr>) -> Option<Expr> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expr::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 {
            Some(Expr::Or(flat))
        } else {
            flat.pop()
        }
    }

    pub(crate) fn negated(self) -> Expr {
        match self {
            Expr::Not(inner) => *inner,
            other => Expr::Not(Box::new(other)),
        }
    }
}

/// In a list of connections, job terms are about the newest job. Text is compared ignoring case and accents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// Free text: part of the id, the bank's name or id, or the label; or the beginning of a word of the
    /// user's name in the app's own record, or of the user's id. Never hidden text.
    Word(String),
    /// A whole email or phone: found through the keyed digest or not at all.
    Contact(Contact),
    /// The connection's label is one of these.
    Label(Vec<connection::Label>),
    /// The bank's id, or part of its name (all of it when `whole`).
    Bank(Texts),
    Via(Vec<Method>),
    /// The beginning or end of the id, or the beginning of a word of the name; when `whole`, exactly that id.
    User(Texts),
    /// The beginning or end of the row's own id; when `whole`, exactly it.
    Id(Texts),
    /// Jobs only: the beginning or end of the connection's id; when `whole`, exactly it.
    Connection(Texts),
    /// When the bank was last talked to; [`When::ago`] turns it into a comparison of moments.
    Last(Cmp, When),
    /// When the row was made; likewise.
    Created(Cmp, When),
    /// Connections only: since when it has its status; likewise.
    Since(Cmp, When),
    /// Connections only: when what is wrong with it began; likewise. One that nothing is wrong with has no such time.
    FirstFailed(Cmp, When),
    /// Connections only: one of these has to act next.
    Mover(Vec<Whose>),
    /// Connections only: one of these incidents hit it; none is any that is open.
    Incident(Vec<Option<u64>>),
    /// Connections only: how many attempts the newest job had.
    Attempts(Cmp, u64),
    /// When the consent ends; [`When::ahead`] turns it into a comparison of moments. What has ended already
    /// is below every age; [`When::Never`] is a connection without an end (web).
    Consent(Cmp, When),
    JobLabel(Vec<job::Label>),
    State(Vec<State>),
    Kind(Vec<Kind>),
    /// Connections only: no job has run.
    NoJob,
    Step(Vec<Title>),
    /// The code it failed with, or waits for a retry with, is one of these.
    Error(Vec<String>),
    Accounts(Cmp, u64),
    /// How many stored transactions it fetched.
    Transactions(Cmp, u64),
    /// Jobs only: how long it took, in milliseconds; up to now while it is open.
    Took(Cmp, i64),
    Is(Flag),
    /// A regular expression over one field. Whether it is a valid one is found where it is compiled.
    Pattern(PatternField, String),
}

/// Texts of which one has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Texts {
    /// The whole value (`=`) rather than a part (`:`).
    pub(crate) whole: bool,
    /// As typed; never empty, and none of them is.
    pub(crate) any: Vec<String>,
}

/// What identifies a person and may only be matched whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    /// A whole email address, in lower case.
    Email(String),
    /// Perhaps a phone, as typed. It also stands for the beginning or end of an id.
    Phone(String),
}

impl Contact {
    /// What the digest is made of: the address, or the digits (a leading `+` kept).
    pub(crate) fn plain(&self) -> String {
        match self {
            Contact::Email(text) => text.clone(),
            Contact::Phone(text) => text
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '+')
                .collect(),
        }
    }
}

words! {
    /// A comparison. `!=` is the opposite of [`Cmp::Eq`].
    Cmp [sign] {
        Eq "=";
        Lt "<";
        Le "<=";
        Gt ">";
        Ge ">=";
    }
}

impl Cmp {
    /// The comparison with its sides exchanged.
    pub(crate) fn turned(self) -> Self {
        match self {
            Cmp::Eq => Cmp::Eq,
            Cmp::Lt => Cmp::Gt,
            Cmp::Le => Cmp::Ge,
            Cmp::Gt => Cmp::Lt,
            Cmp::Ge => Cmp::Le,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum When {
    /// A distance from now, in milliseconds; the comparison is between distances.
    Age(i64),
    /// A point in time, in whole seconds; the comparison is between moments.
    At(Moment),
    /// It did not happen. Only ever with [`Cmp::Eq`].
    Never,
}

impl When {
    /// For a past moment: an age of more than 3 days is before `now - 3d`. None for [`When::Never`].
    pub(crate) fn ago(self, cmp: Cmp, now: Moment) -> Option<(Cmp, Moment)> {
        match self {
            When::Age(ms) => Some((cmp.turned(), now.plus_ms(-ms))),
            When::At(at) => Some((cmp, at)),
            When::Never => None,
        }
    }

    /// For a future moment: less than 7 days away is before `now + 7d`. None for [`When::Never`].
    pub(crate) fn ahead(self, cmp: Cmp, now: Moment) -> Option<(Cmp, Moment)> {
        match self {
            When::Age(ms) => Some((cmp, now.plus_ms(ms))),
            When::At(at) => Some((cmp, at)),
            When::Never => None,
        }
    }
}

words! {
    /// The fields a regular expression may look at: none that holds anything about a person.
    PatternField [word] {
        Bank "bank";
        Id "id";
        /// Jobs only: the connection's id.
        Connection "connection";
        /// The wire title of the step the job stands at.
        Step "step";
        Error "error";
    }
}

words! {
    /// The named conditions of `is:`.
    Flag [word words] {
        Attention "attention" "somebody has to act";
        Running "running" "a job runs now";
        /// Open for far too long: an authorisation nobody finished, a job without a sign of life.
        Stuck "stuck" "open for far too long; of jobs, by the bank's own usual time where that is known";
        Queued "queued" "a job waits for its turn";
        /// Its job was asked for by whoever is asking now.
        Mine "mine" "the job was asked for by you";
        /// Its job waits for an answer, a retry or a pause to end.
        Waiting "waiting" "a job waits for an answer or a retry";
        Open "open" "a job has not ended";
        Expiring "expiring" "the consent ends within 7 days";
        /// Active, and yet without news for longer than usual.
        Stale "stale" "active, and the bank not asked for more than 7 days";
        Guarded "guarded" "sign-ins refused too often, refreshes are held";
        Imported "imported" "came by an import, and nobody here acts on it";
    }
}
