//! The terms of the list of jobs that differ from those of connections. `job_test` has no `_`, so that a new term has
//! to be answered.

use super::connection_terms::{codes, open_state, stuck};
use super::selectivity::{FEW, List};
use super::{NEVER, Use, Writer, either};
use crate::domain::job;
use crate::domain::query::{Flag, PatternField, Term, When};
use crate::store::error::Result;

impl Writer<'_> {
    /// A condition on the history that an index answers; none when the term has none.
    pub(super) fn job_driver(&mut self, term: &Term, purpose: Use) -> Result<Option<String>> {
        Ok(Some(match term {
            Term::Id(_) | Term::Connection(_) | Term::Is(Flag::Mine) => self.job_test(term)?,
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
                // a list of many connections is not made just to see that it is long
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
                match (when, when.ago(*cmp, self.asker.now)) {
                    (When::Never, _) | (_, None) => NEVER.into(),
                    (_, Some((cmp, at))) => format!("j.created {} {}", cmp.sign(), at.0),
                }
            }
            Term::Took(cmp, ms) => format!(
                "(coalesce(j.ended, {}) - j.created) {} {ms}",
                self.asker.now.0,
                cmp.sign()
            ),
            // fields of the other list only
            Term::NoJob
            | Term::Since(..)
            | Term::FirstFailed(..)
            | Term::Mover(_)
            | Term::Incident(_)
            | Term::Attempts(..) => NEVER.into(),
            Term::Is(Flag::Mine) => self.mine(),
            Term::Is(Flag::Stuck) => format!("(j.open = 1 AND {})", stuck("j", self.asker.now)),
            Term::Is(flag) => match open_state(*flag, "j.") {
                Some(open) => format!("(j.open = 1 AND {open})"),
                None => self.test(term)?,
            },
            Term::Pattern(PatternField::Id, pattern) => self.pattern(pattern, "j.id")?,
            Term::Pattern(PatternField::Connection, pattern) => self.pattern(pattern, "c.id")?,
            // the same in both lists
            Term::Contact(_)
            | Term::Label(_)
            | Term::Bank(_)
            | Term::Via(_)
            | Term::User(_)
            | Term::Consent(..)
            | Term::Accounts(..)
            | Term::Transactions(..)
            | Term::Pattern(..) => self.test(term)?,
        })
    }
}
