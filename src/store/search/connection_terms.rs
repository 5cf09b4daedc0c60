//! The terms of the connections list. The match over [`Term`] has no `_`: a new term does not compile
//! until it has an answer.

use super::pattern::check;
use super::{Use, Writer, either};
use crate::domain::connection::Label;
use crate::domain::job::{self, State};
use crate::domain::query::{Cmp, Contact, Flag, PatternField, Term, Texts, When};
use crate::domain::secret::Secret;
use crate::store::codec::{Coded, urgency};
use crate::store::error::Result;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

pub(super) fn codes<T: Coded>(values: &[T]) -> String {
    let codes: Vec<String> = values.iter().map(|v| v.code().to_string()).collect();
    codes.join(", ")
}

impl Writer<'_> {
    /// A condition an index answers; none when the term has none.
    pub(super) fn driver(&mut self, term: &Term, purpose: Use) -> Result<Option<String>> {
        Ok(Some(match term {
            Term::Word(text) if purpose == Use::Page && self.common(text)? => return Ok(None),
            Term::Word(text) => self.word(text, Use::Count)?,
            Term::Last(Cmp::Eq | Cmp::Le | Cmp::Ge, When::Never) => self.test(term)?,
            // what did happen is nearly everything, and no consent is in no index
            Term::Last(_, When::Never) | Term::Consent(_, When::Never) => return Ok(None),
            // an index holds those that have any
            Term::Transactions(cmp, n) if some(*cmp, *n) => {
                format!("(c.transactions > 0 AND {})", self.test(term)?)
            }
            Term::Contact(contact) => self.contact(contact)?,
            Term::Label(_) | Term::Bank(_) | Term::Last(..) | Term::Consent(..) => {
                self.test(term)?
            }
            Term::User(texts) => {
                for text in texts
                    .any
                    .iter()
                    .filter(|_| purpose == Use::Page && !texts.whole)
                {
                    if self.common(text)? {
                        return Ok(None);
                    }
                }
                self.users(texts, Use::Count)?
            }
            Term::Id(_) => self.test(term)?,
            Term::Error(codes) => {
                let any =
                    self.texts(codes, |w, t| Ok(format!("code = {}", w.bind(t.to_owned()))))?;
                format!("c.n IN (SELECT connection_n FROM jobs WHERE code IS NOT NULL AND {any})")
            }
            Term::JobLabel(labels) if labels == &[job::Label::Pending] => self.open_job("1"),
            Term::State(states) if states.iter().all(|s| s.open()) => {
                self.open_job(&format!("state IN ({})", codes(states)))
            }
            Term::Is(flag) => match flag {
                Flag::Attention => "c.urgency <= 2".into(),
                Flag::Running => self.open_job(&format!("state = {}", State::Running.code())),
                Flag::Queued => self.open_job(&format!("state = {}", State::Queued.code())),
                Flag::Waiting => self.open_job(&format!("state IN ({})", codes(&WAITING))),
                Flag::Open => self.open_job("1"),
                Flag::Stuck | Flag::Expiring | Flag::Stale | Flag::Guarded => self.test(term)?,
                Flag::Mine => return Ok(None),
            },
            Term::JobLabel(_)
            | Term::State(_)
            | Term::Connection(_)
            | Term::Via(_)
            | Term::Created(..)
            | Term::Kind(_)
            | Term::NoJob
            | Term::Step(_)
            | Term::Accounts(..)
            | Term::Transactions(..)
            | Term::Took(..)
            | Term::Mark(_)
            | Term::Pattern(..) => return Ok(None),
        }))
    }

    /// A condition on one row.
    pub(super) fn test(&mut self, term: &Term) -> Result<String> {
        Ok(match term {
            Term::Word(text) => self.word(text, Use::Page)?,
            Term::Contact(contact) => self.contact(contact)?,
            Term::Label(labels) => format!("c.label IN ({})", codes(labels)),
            Term::Bank(texts) => self.banks(texts)?,
            Term::Via(methods) => format!("c.method IN ({})", codes(methods)),
            Term::User(texts) => self.users(texts, Use::Page)?,
            Term::Id(texts) => self.ids("c.", texts)?,
            Term::Connection(_) | Term::Took(..) | Term::Mark(_) => "0".into(),
            Term::Last(cmp, When::Never) => unless(*cmp, "c.last_used <= c.created"),
            Term::Last(cmp, when) => match when.ago(*cmp, self.now) {
                // recency is what the index holds: the same comparison the other way round
                Some((cmp, at)) => format!(
                    "(c.recency {} {} AND c.last_used > c.created)",
                    cmp.turned().sign(),
                    -at.0
                ),
                None => "0".into(),
            },
            Term::Created(cmp, when) => match when.ago(*cmp, self.now) {
                Some((cmp, at)) => format!("c.created {} {}", cmp.sign(), at.0),
                None => "0".into(),
            },
            Term::Consent(cmp, When::Never) => unless(*cmp, "c.expiry IS NULL"),
            Term::Consent(cmp, when) => match when.ahead(*cmp, self.now) {
                Some((cmp, at)) => format!(
                    "(c.expiry IS NOT NULL AND c.expiry {} {})",
                    cmp.sign(),
                    at.0
                ),
                None => "0".into(),
            },
            Term::Accounts(cmp, n) => format!("c.accounts {} {n}", cmp.sign()),
            Term::Transactions(cmp, n) => format!("c.transactions {} {n}", cmp.sign()),
            Term::NoJob => "c.job_n IS NULL".into(),
            Term::JobLabel(_) | Term::State(_) | Term::Kind(_) | Term::Step(_) | Term::Error(_) => {
                self.job = true;
                self.job_value(term)?
            }
            Term::Is(flag) => self.flag(*flag),
            Term::Pattern(field, pattern) => {
                check(pattern)?;
                let column = match field {
                    PatternField::Bank => {
                        self.institution = true;
                        "i.name"
                    }
                    PatternField::Id => "c.id",
                    PatternField::Connection => "''",
                    PatternField::Step => {
                        self.job = true;
                        "j.step"
                    }
                    PatternField::Error => {
                        self.job = true;
                        "j.code"
                    }
                };
                format!("regexp({}, {column})", self.bind(pattern.clone()))
            }
        })
    }

    /// The terms over a job's own columns, the same in both lists.
    pub(super) fn job_value(&mut self, term: &Term) -> Result<String> {
        Ok(match term {
            Term::JobLabel(labels) => format!("j.label IN ({})", codes(labels)),
            Term::State(states) => format!("j.state IN ({})", codes(states)),
            Term::Kind(kinds) => format!("j.kind IN ({})", codes(kinds)),
            Term::Step(titles) => {
                let words: Vec<String> = titles.iter().map(|t| t.word().to_owned()).collect();
                self.texts(&words, |w, t| {
                    Ok(format!("j.step = {}", w.bind(t.to_owned())))
                })?
            }
            Term::Error(codes) => self.texts(codes, |w, t| {
                Ok(format!("j.code = {}", w.bind(t.to_owned())))
            })?,
            _ => "0".into(),
        })
    }

    /// Rows by their own id: whole, or its beginning or end.
    pub(super) fn ids(&mut self, table: &str, texts: &Texts) -> Result<String> {
        self.texts(&texts.any, |w, t| {
            Ok(match texts.whole {
                true => format!("{table}id = {}", w.bind(t.to_owned())),
                false => w.id_part(table, t),
            })
        })
    }

    /// Rows by their user: the whole id, or a part of it or the name.
    pub(super) fn users(&mut self, texts: &Texts, purpose: Use) -> Result<String> {
        self.texts(&texts.any, |w, t| {
            Ok(match texts.whole {
                true => format!(
                    "c.user_n IN (SELECT n FROM users WHERE id = {})",
                    w.bind(t.to_owned())
                ),
                false => either([w.user_id_part(t), w.name(t, purpose)?]),
            })
        })
    }

    pub(super) fn word(&mut self, text: &str, purpose: Use) -> Result<String> {
        let banks = self.banks(&Texts {
            whole: false,
            any: vec![text.to_owned()],
        })?;
        let (id, user, name) = (
            self.id("c.", text),
            self.user_id(text),
            self.name(text, purpose)?,
        );
        Ok(either([id, banks, Self::labels(text), user, name]))
    }

    pub(super) fn contact(&mut self, contact: &Contact) -> Result<String> {
        let digest = self.rd.keys.contact_digest(&Secret::new(contact.plain()));
        // without the master key nothing hidden can be found; what is in the clear still can
        let digest = digest.unwrap_or_default();
        let value = self.bind(digest);
        Ok(match contact {
            Contact::Email(_) => {
                format!("c.user_n IN (SELECT n FROM users WHERE email_digest = {value})")
            }
            Contact::Phone(text) => {
                let (id, user) = (self.id("c.", text), self.user_id(text));
                either([
                    id,
                    user,
                    format!("c.user_n IN (SELECT n FROM users WHERE mobile_digest = {value})"),
                ])
            }
        })
    }

    fn open_job(&mut self, condition: &str) -> String {
        format!("c.n IN (SELECT connection_n FROM jobs WHERE open = 1 AND {condition})")
    }

    fn flag(&mut self, flag: Flag) -> String {
        let now = self.now;
        match flag {
            Flag::Attention => "c.urgency <= 2".into(),
            Flag::Running => self.open_job(&format!("state = {}", State::Running.code())),
            Flag::Queued => self.open_job(&format!("state = {}", State::Queued.code())),
            Flag::Waiting => self.open_job(&format!("state IN ({})", codes(&WAITING))),
            Flag::Open => self.open_job("1"),
            Flag::Guarded => "c.guarded = 1".into(),
            Flag::Stuck => {
                let unfinished = format!(
                    "c.label = {} AND c.since < {}",
                    Label::PreInit.code(),
                    now.0 - DAY.as_millis() as i64
                );
                let silent = self.open_job(&format!(
                    "state = {} AND due < {}",
                    State::Running.code(),
                    now.0
                ));
                format!("(({unfinished}) OR {silent})")
            }
            Flag::Mine => {
                self.job = true;
                let me = self.bind(self.rd.keys.whoami().to_owned());
                format!("j.actor = {me}")
            }
            Flag::Expiring => {
                let week = now.plus(7 * DAY).0;
                format!(
                    "(c.expiry IS NOT NULL AND c.expiry BETWEEN {} AND {week} AND c.label <> 6)",
                    now.0
                )
            }
            Flag::Stale => {
                let week_ago = now.plus(7 * DAY).0 - 14 * DAY.as_millis() as i64;
                // both urgencies an active one can have, and recency for last use: so the label's index answers
                let (asked, well) = (urgency(Label::Active, true), urgency(Label::Active, false));
                let active = Label::Active.code();
                format!(
                    "(c.label = {active} AND c.urgency IN ({asked}, {well}) AND c.recency > {})",
                    -week_ago
                )
            }
        }
    }
}

pub(super) const WAITING: [State; 3] = [State::Paused, State::WaitingMfa, State::WaitingRetry];

/// Whether only a number above zero compares so.
fn some(cmp: Cmp, n: u64) -> bool {
    match cmp {
        Cmp::Gt => true,
        Cmp::Ge | Cmp::Eq => n > 0,
        Cmp::Lt | Cmp::Le => false,
    }
}

fn unless(cmp: Cmp, condition: &str) -> String {
    match cmp {
        Cmp::Eq | Cmp::Le | Cmp::Ge => format!("({condition})"),
        Cmp::Lt | Cmp::Gt => format!("NOT ({condition})"),
    }
}
