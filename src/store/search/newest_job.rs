//! Terms over a job, and the small indexes of the newest jobs of connections.

use super::connection_terms::codes;
use super::pattern::matches;
use super::{NEVER, Writer};
use crate::domain::job::{self, Kind, State, Title};
use crate::domain::query::{Cmp, PatternField, Term};
use crate::store::codec::Coded;
use crate::store::error::Result;

impl Writer<'_> {
    /// The terms over a job, whose columns have this prefix.
    pub(super) fn job_value(&mut self, prefix: &str, term: &Term) -> Result<String> {
        Ok(match term {
            Term::JobLabel(labels) => format!("{prefix}label IN ({})", codes(labels)),
            Term::State(states) => format!("{prefix}state IN ({})", codes(states)),
            Term::Kind(kinds) => format!("{prefix}kind IN ({})", codes(kinds)),
            Term::Step(titles) => {
                let words: Vec<String> = titles.iter().map(|t| t.word().to_owned()).collect();
                self.values(&format!("{prefix}step"), &words)?
            }
            Term::Error(codes) => self.values(&format!("{prefix}code"), codes)?,
            _ => NEVER.into(),
        })
    }
}

/// The condition of the index that leaves out what nearly every newest job is; none where the term asks for that.
pub(super) fn unusual(term: &Term) -> Result<Option<String>> {
    let usual_step = Title::RetrieveTransactions;
    Ok(match term {
        Term::Error(_) | Term::Pattern(PatternField::Error, _) => {
            Some("c.job_code IS NOT NULL".to_owned())
        }
        Term::JobLabel(labels) if !labels.contains(&job::Label::Success) => {
            Some(format!("c.job_label <> {}", job::Label::Success.code()))
        }
        Term::State(states) if !states.contains(&State::Succeeded) => {
            Some(format!("c.job_state <> {}", State::Succeeded.code()))
        }
        Term::Kind(kinds) if !kinds.contains(&Kind::Refresh) => {
            Some(format!("c.job_kind <> {}", Kind::Refresh.code()))
        }
        Term::Step(titles) if !titles.contains(&usual_step) => {
            Some(format!("c.job_step <> '{}'", usual_step.word()))
        }
        Term::Pattern(PatternField::Step, pattern) if !matches(pattern, usual_step.word())? => {
            Some(format!("c.job_step <> '{}'", usual_step.word()))
        }
        Term::Attempts(Cmp::Gt, n) if *n >= 1 => Some("c.job_attempt > 1".to_owned()),
        Term::Attempts(Cmp::Ge | Cmp::Eq, n) if *n >= 2 => Some("c.job_attempt > 1".to_owned()),
        _ => None,
    })
}
