//! Decides which due jobs to claim.

use crate::domain::ids::InstitutionId;
use crate::domain::limits::Limits;
use crate::store::Due;
use std::collections::HashMap;

#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Running jobs at each bank, in all processes.
    pub(crate) running: Vec<(InstitutionId, usize)>,
    pub(crate) purging: bool,
    /// Due jobs that do not run, oldest first.
    pub(crate) due: Vec<Due>,
    /// Running jobs whose lease has run out.
    pub(crate) lapsed: Vec<Due>,
}

/// In order. A job whose lease has run out keeps its place; a purge needs no place at a bank.
pub(crate) fn claims(facts: &Facts, limits: &Limits) -> Vec<Due> {
    let mut running: HashMap<&InstitutionId, usize> =
        facts.running.iter().map(|(id, n)| (id, *n)).collect();
    let mut total: usize = running.values().sum();
    let mut claimed = facts.lapsed.clone();
    for due in &facts.due {
        if due.kind.fetches() {
            let here = running.entry(&due.institution).or_default();
            if total >= limits.total as usize || *here >= limits.per_institution as usize {
                continue;
            }
            *here += 1;
            total += 1;
        }
        claimed.push(due.clone());
    }
    claimed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::job::{Kind, State};
    use crate::domain::moment::Moment;

    fn due(id: &str, bank: &str, kind: Kind, state: State) -> Due {
        Due {
            n: 0,
            id: id.into(),
            institution: bank.into(),
            kind,
            state,
            due: Moment(0),
        }
    }

    fn names(facts: &Facts, limits: &Limits) -> Vec<String> {
        claims(facts, limits)
            .into_iter()
            .map(|d| d.id.to_string())
            .collect()
    }

    #[test]
    fn a_bank_at_its_limit_delays_no_other_bank() {
        let limits = Limits {
            per_institution: 2,
            total: 3,
            ..Limits::default()
        };
        let facts = Facts {
            purging: false,
            running: vec![("AU1".into(), 1)],
            due: vec![
                due("a", "AU1", Kind::Refresh, State::Queued),
                due("b", "AU1", Kind::Refresh, State::Queued),
                due("c", "AU2", Kind::Refresh, State::WaitingRetry),
                due("d", "AU3", Kind::Refresh, State::Queued),
                due("p", "AU1", Kind::Purge, State::Queued),
            ],
            ..Facts::default()
        };
        assert_eq!(names(&facts, &limits), ["a", "c", "p"]);
    }

    #[test]
    fn a_job_with_an_expired_lease_keeps_its_place() {
        let limits = Limits {
            per_institution: 1,
            total: 16,
            ..Limits::default()
        };
        let facts = Facts {
            purging: false,
            running: vec![("AU1".into(), 1)],
            due: vec![due("a", "AU1", Kind::Refresh, State::Queued)],
            lapsed: vec![due("l", "AU1", Kind::Refresh, State::Running)],
        };
        assert_eq!(names(&facts, &limits), ["l"]);
    }

    #[test]
    fn no_more_jobs_are_claimed_than_the_limits_allow() {
        let limits = Limits {
            per_institution: 2,
            total: 16,
            ..Limits::default()
        };
        let many = (0..40).map(|n| {
            due(
                &format!("j{n}"),
                &format!("AU{}", n % 20),
                Kind::Refresh,
                State::Queued,
            )
        });
        let facts = Facts {
            purging: false,
            due: many.collect(),
            ..Facts::default()
        };
        assert_eq!(claims(&facts, &limits).len(), 16);
    }
}
