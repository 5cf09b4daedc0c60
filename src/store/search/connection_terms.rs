//! The terms of the list of connections. `test` has no `_`, so that a new term has to be answered.

use super::attention;
use super::newest_job::unusual;
use super::pattern::check;
use super::{NEVER, Use, Writer, either};
use crate::domain::connection::{Label, Origin};
use crate::domain::diagnosis::Whose;
use crate::domain::job::State;
use crate::domain::moment::Moment;
use crate::domain::query::{Cmp, Contact, Flag, PatternField, Term, Texts, When};
use crate::domain::schedule::ACTOR;
use crate::domain::secret::Secret;
use crate::domain::stuck::{FLOOR_MS, SAMPLE, TIMES, UNKNOWN_MS};
use crate::store::codec::{Coded, FETCHES, IMPORTED, urgency};
use crate::store::error::Result;
use std::time::Duration;

/// Labels of what does not work.
const BROKEN: [Label; 2] = [Label::Invalid, Label::Failed];

const OPEN: [State; 5] = [
    State::Queued,
    State::Running,
    State::Paused,
    State::WaitingMfa,
    State::WaitingRetry,
];

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
            Term::Last(Cmp::Lt | Cmp::Gt, When::Never) | Term::Consent(_, When::Never) => {
                // nearly every row was used once; rows without a consent are in no index
                return Ok(None);
            }
            // an index holds those that have any
            Term::Transactions(cmp, n) if some(*cmp, *n) => {
                format!("(c.transactions > 0 AND {})", self.test(term)?)
            }
            Term::User(texts) => {
                if purpose == Use::Page && !texts.whole {
                    for text in &texts.any {
                        if self.common(text)? {
                            return Ok(None);
                        }
                    }
                }
                self.users(texts, Use::Count)?
            }
            Term::Error(_)
            | Term::Pattern(PatternField::Error, _)
            | Term::JobLabel(_)
            | Term::State(_)
            | Term::Kind(_)
            | Term::Step(_)
            | Term::Pattern(PatternField::Step, _)
            | Term::Attempts(..) => match unusual(term)? {
                Some(rare) => format!("({rare} AND {})", self.test(term)?),
                None => return Ok(None),
            },
            Term::Is(Flag::Attention) => attention::driver(self.asker.now),
            Term::Is(Flag::Mine) => {
                format!(
                    "c.n IN (SELECT connection_n FROM jobs j WHERE {})",
                    self.mine()
                )
            }
            Term::Contact(_)
            | Term::Label(_)
            | Term::Bank(_)
            | Term::Last(..)
            | Term::Since(..)
            | Term::FirstFailed(..)
            | Term::Mover(_)
            | Term::Incident(_)
            | Term::Consent(..)
            | Term::Created(..)
            | Term::Accounts(..)
            | Term::NoJob
            | Term::Pattern(PatternField::Bank, _)
            | Term::Id(_)
            | Term::Is(_) => self.test(term)?,
            _ => return Ok(None),
        }))
    }

    pub(super) fn test(&mut self, term: &Term) -> Result<String> {
        Ok(match term {
            Term::Word(text) => self.word(text, self.purpose)?,
            Term::Contact(contact) => self.contact(contact)?,
            // the field `status` of a filter: what the list shows as status is the label
            Term::Label(labels) => format!("c.label IN ({})", codes(labels)),
            Term::Bank(texts) => self.banks(texts)?,
            Term::Via(methods) => format!("c.method IN ({})", codes(methods)),
            Term::User(texts) => self.users(texts, self.purpose)?,
            Term::Id(texts) => self.ids("c.", texts)?,
            Term::Connection(_) | Term::Took(..) => NEVER.into(),
            Term::Last(cmp, When::Never) => unless(*cmp, "c.last_used <= c.created"),
            Term::Last(cmp, when) => match when.ago(*cmp, self.asker.now) {
                // the index holds recency, so the comparison is turned round
                Some((cmp, at)) => format!(
                    "(c.recency {} {} AND c.last_used > c.created)",
                    cmp.turned().sign(),
                    -at.0
                ),
                None => NEVER.into(),
            },
            Term::Created(cmp, when) => match when.ago(*cmp, self.asker.now) {
                Some((cmp, at)) => format!("c.created {} {}", cmp.sign(), at.0),
                None => NEVER.into(),
            },
            Term::Since(cmp, when) => match when.ago(*cmp, self.asker.now) {
                Some((cmp, at)) => format!("c.since {} {}", cmp.sign(), at.0),
                None => NEVER.into(),
            },
            Term::FirstFailed(cmp, when) => match when.ago(*cmp, self.asker.now) {
                Some((cmp, at)) => {
                    // the conditions of the indexes `connections_broken` and `connections_retried`, word by word
                    let (broken, open) = (codes(&BROKEN), codes(&OPEN));
                    let (sign, turned, at) = (cmp.sign(), cmp.turned().sign(), at.0);
                    format!(
                        "((c.label IN ({broken}) AND c.since {sign} {at})
                          OR (c.label NOT IN ({broken}) AND c.job_state IN ({open}) AND c.job_kind <= {FETCHES}
                              AND c.job_code IS NOT NULL AND c.job_recency {turned} {}))",
                        -at
                    )
                }
                None => NEVER.into(),
            },
            Term::Mover(movers) => format!("c.mover IN ({})", codes(movers)),
            Term::Incident(any) => incident(any),
            Term::Attempts(cmp, n) => format!("c.job_attempt {} {n}", cmp.sign()),
            Term::Consent(cmp, When::Never) => unless(*cmp, "c.expiry IS NULL"),
            Term::Consent(cmp, when) => match when.ahead(*cmp, self.asker.now) {
                Some((cmp, at)) => format!(
                    "(c.expiry IS NOT NULL AND c.expiry {} {})",
                    cmp.sign(),
                    at.0
                ),
                None => NEVER.into(),
            },
            Term::Accounts(cmp, n) => format!("c.accounts {} {n}", cmp.sign()),
            Term::Transactions(cmp, n) => format!("c.transactions {} {n}", cmp.sign()),
            Term::NoJob => "c.job_n IS NULL".into(),
            Term::JobLabel(_) | Term::State(_) | Term::Kind(_) | Term::Step(_) | Term::Error(_) => {
                self.job_value("c.job_", term)?
            }
            Term::Is(flag) => self.flag(*flag),
            // there are few banks, and an index finds the connections of each
            Term::Pattern(PatternField::Bank, pattern) => {
                let named = self.pattern(pattern, "name")?;
                format!("c.institution_n IN (SELECT n FROM institutions WHERE {named})")
            }
            Term::Pattern(field, pattern) => {
                let column = match field {
                    PatternField::Id => "c.id",
                    PatternField::Step => "c.job_step",
                    PatternField::Error => "c.job_code",
                    PatternField::Bank | PatternField::Connection => "''",
                };
                self.pattern(pattern, column)?
            }
        })
    }

    pub(super) fn pattern(&mut self, pattern: &str, column: &str) -> Result<String> {
        check(pattern)?;
        Ok(format!(
            "regexp({}, {column})",
            self.bind(pattern.to_owned())
        ))
    }

    /// Rows that have one of these texts in a column.
    pub(super) fn values(&mut self, column: &str, texts: &[String]) -> Result<String> {
        self.texts(texts, |w, t| {
            Ok(format!("{column} = {}", w.bind(t.to_owned())))
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
        // without the master key sealed values cannot be found; ids still can
        let digest = digest.unwrap_or_default();
        let value = self.bind(digest);
        let sent =
            format!("c.n IN (SELECT connection_n FROM profile_contacts WHERE digest = {value})");
        Ok(match contact {
            Contact::Email(_) => either([
                format!("c.user_n IN (SELECT n FROM users WHERE email_digest = {value})"),
                sent,
            ]),
            Contact::Phone(text) => {
                let (id, user) = (self.id("c.", text), self.user_id(text));
                either([
                    id,
                    user,
                    format!("c.user_n IN (SELECT n FROM users WHERE mobile_digest = {value})"),
                    sent,
                ])
            }
        })
    }

    fn open_job(&mut self, condition: &str) -> String {
        format!("c.n IN (SELECT connection_n FROM jobs WHERE open = 1 AND {condition})")
    }

    fn flag(&mut self, flag: Flag) -> String {
        let now = self.asker.now;
        if let Some(open) = open_state(flag, "") {
            return self.open_job(&open);
        }
        match flag {
            Flag::Attention => attention::test(now),
            Flag::Guarded => "c.guarded = 1".into(),
            Flag::Imported => format!("c.origin = {IMPORTED}"),
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
                let (calm, sandbox) = (attention::calm(now), Origin::Sandbox.code());
                let deleted = Label::Deleted.code();
                format!(
                    "(({unfinished} AND NOT {calm}) OR ({silent} AND c.origin = {sandbox} AND c.label <> {deleted}))"
                )
            }
            Flag::Mine => {
                self.job = true;
                self.mine()
            }
            Flag::Expiring => {
                let week = now.plus(7 * DAY).0;
                format!(
                    "(c.expiry IS NOT NULL AND c.expiry BETWEEN {} AND {week} AND c.label <> {})",
                    now.0,
                    Label::Deleted.code()
                )
            }
            Flag::Stale => {
                let week_ago = now.plus(7 * DAY).0 - 14 * DAY.as_millis() as i64;
                // with every mover, both urgencies of an active connection and recency for last use the index of labels
                // is used
                let movers = codes(&Whose::ORDER);
                let (asked, well) = (urgency(Label::Active, true), urgency(Label::Active, false));
                let active = Label::Active.code();
                format!(
                    "(c.label = {active} AND c.mover IN ({movers}) AND c.urgency IN ({asked}, {well}) AND c.recency > {})",
                    -week_ago
                )
            }
            // every other flag asks for an open job
            Flag::Running | Flag::Queued | Flag::Waiting | Flag::Open => NEVER.into(),
        }
    }

    /// Jobs that the person who asks has asked for; with the condition of the index `jobs_asked`.
    pub(super) fn mine(&mut self) -> String {
        let me = self.bind(self.asker.actor.clone());
        format!("(j.actor = {me} AND j.actor <> '' AND j.actor <> '{ACTOR}')")
    }
}

/// What a flag asks of an open job, whose columns have this prefix.
pub(super) fn open_state(flag: Flag, prefix: &str) -> Option<String> {
    let states: &[State] = match flag {
        Flag::Running => &[State::Running],
        Flag::Queued => &[State::Queued],
        Flag::Waiting => &[State::Paused, State::WaitingMfa, State::WaitingRetry],
        Flag::Open => return Some("1".into()),
        _ => return None,
    };
    Some(format!("{prefix}state IN ({})", codes(states)))
}

/// Those that one of these incidents hit, or any that is open.
fn incident(any: &[Option<u64>]) -> String {
    let one = |number: &Option<u64>| {
        match number {
        Some(n) => format!(
            "SELECT connection_n FROM incident_hits WHERE incident_n = {}",
            i64::try_from(*n).unwrap_or(-1)
        ),
        None => "SELECT h.connection_n FROM incidents x JOIN incident_hits h ON h.incident_n = x.n WHERE x.ended IS NULL"
            .into(),
    }
    };
    let all: Vec<String> = any.iter().map(one).collect();
    format!("c.n IN ({})", all.join(" UNION "))
}

/// Of the list of jobs, one that runs: nobody heard of its worker in time, or its step takes far longer than usual at its bank.
pub(super) fn stuck(jobs: &str, now: Moment) -> String {
    let usual = format!(
        "SELECT max(y.usual * {TIMES}, {FLOOR_MS}) FROM usual_steps y WHERE y.institution_n = {jobs}.institution_n
           AND y.method = {jobs}.method AND y.step = {jobs}.step AND y.sample >= {SAMPLE}"
    );
    format!(
        "({jobs}.state = {running} AND ({jobs}.due < {now}
           OR {jobs}.kind <= {FETCHES} AND {now} - {jobs}.updated > coalesce(({usual}), {UNKNOWN_MS})))",
        running = State::Running.code(),
        now = now.0,
    )
}

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
