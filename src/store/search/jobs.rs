//! The terms of the list of jobs that differ from those of connections. `job_test` has no `_`, so that a new term has
//! to be answered.

use super::connection_terms::{codes, open_state, stuck};
use super::pattern::matches;
use super::selectivity::{FEW, List};
use super::{NEVER, Use, Writer, either};
use crate::domain::job::{self, Kind, Title};
use crate::domain::query::{Flag, PatternField, Term, When};
use crate::store::codec::FETCHES;
use crate::store::error::Result;

/// What most jobs are made for.
const FETCHING: [Kind; 3] = [Kind::Connect, Kind::Refresh, Kind::UpdateCredentials];

impl Writer<'_> {
    /// A condition on the history that an index answers; none when the term has none.
    pub(super) fn job_driver(&mut self, term: &Term, purpose: Use) -> Result<Option<String>> {
        Ok(Some(match term {
            Term::Id(_) | Term::Connection(_) | Term::Is(Flag::Mine) => self.job_test(term)?,
            Term::Error(_) | Term::Pattern(PatternField::Error, _) => {
                format!("(j.code IS NOT NULL AND {})", self.job_test(term)?)
            }
            Term::Step(titles) if !titles.contains(&Title::RetrieveTransactions) => {
                self.unusual_step(term)?
            }
            Term::Pattern(PatternField::Step, pattern)
                if !matches(pattern, Title::RetrieveTransactions.word())? =>
            {
                self.unusual_step(term)?
            }
            Term::Kind(kinds) if !kinds.iter().any(|kind| FETCHING.contains(kind)) => {
                format!("(j.kind > {FETCHES} AND {})", self.job_test(term)?)
            }
            Term::Bank(_) => self.job_test(term)?,
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

    fn unusual_step(&mut self, term: &Term) -> Result<String> {
        let usual = Title::RetrieveTransactions;
        Ok(format!(
            "(j.step <> '{}' AND {})",
            usual.word(),
            self.job_test(term)?
        ))
    }

    pub(super) fn job_test(&mut self, term: &Term) -> Result<String> {
        self.joined |= !of_the_job(term);
        Ok(match term {
            Term::JobLabel(_) | Term::State(_) | Term::Kind(_) | Term::Step(_) | Term::Error(_) => {
                self.job_value("j.", term)?
            }
            Term::Word(text) => {
                let (id, connection, row) =
                    (self.id("j.", text), self.id("c.", text), self.test(term)?);
                either([id, connection, row])
            }
            Term::Id(texts) => self.ids("j.", texts)?,
            // the same as that of its connection, and an index holds it
            Term::Bank(texts) => self.banks(texts)?.replacen("c.", "j.", 1),
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
            Term::Pattern(PatternField::Step, pattern) => self.pattern(pattern, "j.step")?,
            Term::Pattern(PatternField::Error, pattern) => self.pattern(pattern, "j.code")?,
            Term::Pattern(PatternField::Connection, pattern) => self.pattern(pattern, "c.id")?,
            // the same in both lists
            Term::Contact(_)
            | Term::Label(_)
            | Term::Via(_)
            | Term::User(_)
            | Term::Consent(..)
            | Term::Accounts(..)
            | Term::Transactions(..)
            | Term::Pattern(..) => self.test(term)?,
        })
    }
}

/// Whether the condition of a term asks for columns of the job only.
fn of_the_job(term: &Term) -> bool {
    matches!(
        term,
        Term::JobLabel(_)
            | Term::State(_)
            | Term::Kind(_)
            | Term::Step(_)
            | Term::Error(_)
            | Term::Id(_)
            | Term::Connection(_)
            | Term::Bank(_)
            | Term::Created(..)
            | Term::Took(..)
            | Term::Pattern(
                PatternField::Id | PatternField::Step | PatternField::Error,
                _
            )
    )
}
