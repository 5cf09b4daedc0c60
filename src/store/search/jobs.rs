//! The terms of the history list, where the job terms speak of the row itself.

use super::term::codes;
use super::{Writer, check_pattern};
use crate::domain::job::State;
use crate::domain::query::{Flag, PatternField, Term, When};
use crate::store::codec::Coded;
use crate::store::error::Result;

impl Writer<'_> {
    /// A condition on one row of the history.
    pub(super) fn job_test(&mut self, term: &Term) -> Result<String> {
        Ok(match term {
            Term::JobLabel(_) | Term::State(_) | Term::Kind(_) | Term::Step(_) | Term::Error(_) => self.job_value(term),
            Term::Word(text) => {
                let (id, connection, row) = (self.id("j.id", text), self.id("c.id", text), self.test(term)?);
                format!("({id} OR {connection} OR {row})")
            }
            Term::Id(texts) => {
                let whole = texts.whole;
                self.texts(&texts.any, |w, t| match whole {
                    true => format!("j.id = {}", w.bind(t.to_owned())),
                    false => {
                        let (found, value) = (w.id("j.id", t), w.bind(t.to_owned()));
                        format!("({found} OR substr(j.id, -length({value})) = {value})")
                    }
                })
            }
            Term::Connection(texts) => {
                let whole = texts.whole;
                self.texts(&texts.any, |w, t| match whole {
                    true => {
                        let id = w.bind(t.to_owned());
                        format!("j.connection_n = (SELECT n FROM connections WHERE id = {id})")
                    }
                    false => {
                        let inner = w.id("id", t);
                        format!("j.connection_n IN (SELECT n FROM connections WHERE {inner})")
                    }
                })
            }
            Term::Created(cmp, when) | Term::Last(cmp, when) => match (when, when.ago(*cmp, self.now)) {
                (When::Never, _) | (_, None) => "0".into(),
                (_, Some((cmp, at))) => format!("j.created {} {}", cmp.sign(), at.0),
            },
            Term::Took(cmp, ms) => format!("(coalesce(j.ended, {}) - j.created) {} {ms}", self.now.0, cmp.sign()),
            Term::NoJob => "0".into(),
            Term::Is(flag) => match flag {
                Flag::Running => format!("j.state = {}", State::Running.code()),
                Flag::Queued => format!("j.state = {}", State::Queued.code()),
                Flag::Waiting => {
                    format!("j.state IN ({})", codes(&[State::Paused, State::WaitingMfa, State::WaitingRetry]))
                }
                Flag::Open => "j.open = 1".into(),
                Flag::Stuck => format!("(j.state = {} AND j.due < {})", State::Running.code(), self.now.0),
                Flag::Attention | Flag::Mine | Flag::Expiring | Flag::Stale => self.test(term)?,
            },
            Term::Pattern(PatternField::Id, pattern) => {
                check_pattern(pattern)?;
                format!("regexp({}, j.id)", self.bind(pattern.clone()))
            }
            Term::Pattern(PatternField::Connection, pattern) => {
                check_pattern(pattern)?;
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
