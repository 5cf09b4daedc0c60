//! The terms of the history list, where the job terms speak of the row itself. Deliberately absent: what
//! is the same in both lists.

use super::connection_terms::{WAITING, codes};
use super::pattern::check;
use super::selectivity::{FEW, List};
use super::{NEVER, Use, Writer, either};
use crate::domain::job::{self, State};
use crate::domain::query::{Flag, PatternField, Term, When};
use crate::store::codec::Coded;
use crate::store::error::Result;

impl Writer<'_> {
    /// A condition on the history that an index answers; none when the term has none.
    pub(super) fn job_driver(&mut self, term: &Term, purpose: Use) -> Result<Option<String>> {
        Ok(Some(match term {
            Term::Id(_) | Term::Connection(_) => self.job_test(term)?,
            Term::Error(_) => format!("(j.code IS NOT NULL AND {})", self.job_value(term)?),
            Term::JobLabel(labels) if labels == &[job::Label::Pending] => "j.open = 1".into(),
            Term::State(states) if states.iter().all(|s| s.open()) => {
                format!("(j.open = 1 AND j.state IN ({}))", codes(states))
            }
            Term::Is(Flag::Running | Flag::Queued | Flag::Waiting | Flag::Open | Flag::Stuck) => {
                self.job_test(term)?
            }
            Term::Word(_) | Term::User(_) | Term::Contact(_) => {
                let Some(theirs) = self.driver(term, purpose)? else {
                    return Ok(None);
                };
                // of many connections the list is not made just to see that it is long
                if purpose == Use::Page && self.at_most(List::Connections, &theirs)? > FEW {
                    return Ok(None);
                }
                let theirs = match theirs == NEVER {
                    true => theirs,
                    false => {
                        format!("j.connection_n IN (SELECT c.n FROM connections c WHERE {theirs})")
                    }
                };
                match term {
                    Term::Word(text) => either([theirs, self.id("j.", text)]),
                    _ => theirs,
                }
            }
            _ => return Ok(None),
        }))
    }

    /// A condition on one row of the history.
    pub(super) fn job_test(&mut self, term: &Term) -> Result<String> {
        Ok(match term {
            Term::JobLabel(_) | Term::State(_) | Term::Kind(_) | Term::Step(_) | Term::Error(_) => {
                self.job_value(term)?
            }
            Term::Word(text) => {
                let (id, connection, row) =
                    (self.id("j.", text), self.id("c.", text), self.test(term)?);
                either([id, connection, row])
            }
            Term::Id(texts) => self.ids("j.", texts)?,
            Term::Connection(texts) => {
                let inner = self.ids("", texts)?;
                format!("j.connection_n IN (SELECT n FROM connections WHERE {inner})")
            }
            Term::Created(cmp, when) | Term::Last(cmp, when) => {
                match (when, when.ago(*cmp, self.now)) {
                    (When::Never, _) | (_, None) => "0".into(),
                    (_, Some((cmp, at))) => format!("j.created {} {}", cmp.sign(), at.0),
                }
            }
            Term::Took(cmp, ms) => format!(
                "(coalesce(j.ended, {}) - j.created) {} {ms}",
                self.now.0,
                cmp.sign()
            ),
            Term::NoJob => "0".into(),
            Term::Is(flag) => match flag {
                Flag::Running => format!("(j.open = 1 AND j.state = {})", State::Running.code()),
                Flag::Queued => format!("(j.open = 1 AND j.state = {})", State::Queued.code()),
                Flag::Waiting => format!("(j.open = 1 AND j.state IN ({}))", codes(&WAITING)),
                Flag::Open => "j.open = 1".into(),
                Flag::Stuck => {
                    format!(
                        "(j.open = 1 AND j.state = {} AND j.due < {})",
                        State::Running.code(),
                        self.now.0
                    )
                }
                Flag::Attention | Flag::Mine | Flag::Expiring | Flag::Stale | Flag::Guarded => {
                    self.test(term)?
                }
            },
            Term::Pattern(PatternField::Id, pattern) => {
                check(pattern)?;
                format!("regexp({}, j.id)", self.bind(pattern.clone()))
            }
            Term::Pattern(PatternField::Connection, pattern) => {
                check(pattern)?;
                format!("regexp({}, c.id)", self.bind(pattern.clone()))
            }
            Term::Contact(_)
            | Term::Label(_)
            | Term::Bank(_)
            | Term::Via(_)
            | Term::User(_)
            | Term::Consent(..)
            | Term::Accounts(..)
            | Term::Transactions(..)
            | Term::Mark(_)
            | Term::Pattern(..) => self.test(term)?,
        })
    }
}
