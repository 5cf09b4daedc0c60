//! The turns of background refreshing to come, and which of them would be skipped.

use crate::domain::connection::Method;
use crate::domain::ids::{ConnectionId, InstitutionId};
use crate::domain::moment::Moment;
use crate::domain::policy::OPEN_BANKING_A_DAY;
use crate::domain::rows::ConnectionRow;
use crate::domain::schedule::{Round, Skip, Turn, TurnFacts, kept_away, skip};
use crate::ops::banks::health::declared_at;
use crate::ops::{Ops, Result, not_found};
use crate::store::{ReadTxn, Upcoming};
use std::time::Duration;

#[derive(Clone, Debug)]
pub(crate) struct Planned {
    /// Before now when it waits for the turn before it.
    pub(crate) at: Moment,
    pub(crate) row: ConnectionRow,
    /// Why it would be skipped as things are; none when it would be taken.
    pub(crate) skip: Option<Skip>,
}

#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    /// How often each connection is refreshed; none when it is switched off.
    pub(crate) every: Option<Duration>,
    /// The next turn first.
    pub(crate) planned: Vec<Planned>,
    pub(crate) size: u64,
}

fn turn(round: i64, next: &Upcoming) -> Turn {
    Turn {
        round,
        place: next.place,
        n: next.n,
    }
}

/// The turn after `over`; none when no connection has one.
pub(crate) fn next_turn(
    rd: &ReadTxn<'_>,
    bank: &InstitutionId,
    over: Turn,
) -> Result<Option<(Turn, Upcoming)>> {
    for (round, after) in [
        (over.round, (over.place, over.n)),
        (over.round + 1, (-1, -1)),
    ] {
        if let Some(next) = rd.turns(bank, after, 1)?.pop() {
            return Ok(Some((turn(round, &next), next)));
        }
    }
    Ok(None)
}

pub(crate) fn away(
    rd: &ReadTxn<'_>,
    bank: &InstitutionId,
    method: Method,
    at: Moment,
) -> Result<bool> {
    let declared = declared_at(rd, bank, method, at)?;
    Ok(kept_away(
        declared,
        rd.open_incident(bank, method)?.is_some(),
    ))
}

/// The facts that decide whether a turn is skipped.
pub(crate) fn standing(
    rd: &ReadTxn<'_>,
    row: &ConnectionRow,
    outage: bool,
    at: Moment,
    now: Moment,
) -> Result<TurnFacts> {
    let limited = row.method == Method::OpenBanking && at.day() == now.day();
    Ok(TurnFacts {
        last_used: row.ever_used().then_some(row.last_used),
        job_open: rd.open_job(&row.id)?.is_some(),
        in_sequence: rd
            .open_workflow_shown(&row.user)?
            .is_some_and(|it| it.concerns(&row.institution)),
        outage,
        day_used_up: limited && rd.refreshes_since(&row.id, now.day())? >= OPEN_BANKING_A_DAY,
        guarded: row.guarded,
        on_hold: rd.hold_of(&row.id, at)?.is_some(),
    })
}

impl Ops {
    pub(crate) async fn schedule(
        &self,
        bank: Option<&InstitutionId>,
        limit: usize,
    ) -> Result<Schedule> {
        let (ops, bank) = (self.clone(), bank.cloned());
        self.read(move |rd| {
            if let Some(id) = &bank
                && rd.institution(id)?.is_none()
            {
                return Err(not_found("institution", id));
            }
            let Some(every) = ops.limits.smart_cache() else {
                return Ok(Schedule {
                    every: None,
                    planned: vec![],
                    size: 0,
                });
            };
            let banks = bank.map_or_else(|| rd.banks_with_turns(), |one| Ok(vec![one]))?;
            let (mut turns, mut size) = (Vec::new(), 0);
            for bank in banks {
                size += rd.turn_size(&bank)?;
                turns.extend(ops.turns_at(rd, &bank, every, limit)?);
            }
            turns.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
            turns.truncate(limit);
            Ok(Schedule {
                every: Some(every),
                planned: ops.foresee(rd, turns, every)?,
                size,
            })
        })
        .await
    }

    fn turns_at(
        &self,
        rd: &ReadTxn<'_>,
        bank: &InstitutionId,
        every: Duration,
        limit: usize,
    ) -> Result<Vec<(Moment, ConnectionId)>> {
        let round = Round::of(every);
        let over = round.over(round.resume(rd.cached_through(bank)?, self.now()));
        let mut turns = Vec::new();
        for next in rd.turns(bank, (over.place, over.n), limit)? {
            turns.push((round.at(turn(over.round, &next)), next.id));
        }
        for next in rd.turns(bank, (-1, -1), limit.saturating_sub(turns.len()))? {
            if (next.place, next.n) > (over.place, over.n) {
                break;
            }
            turns.push((round.at(turn(over.round + 1, &next)), next.id));
        }
        Ok(turns)
    }

    fn foresee(
        &self,
        rd: &ReadTxn<'_>,
        turns: Vec<(Moment, ConnectionId)>,
        every: Duration,
    ) -> Result<Vec<Planned>> {
        let now = self.now();
        let mut outages: Vec<(InstitutionId, Method, bool)> = Vec::new();
        let mut planned = Vec::new();
        for (at, id) in turns {
            let Some(row) = rd.connection(&id)? else {
                continue;
            };
            let then = at.max(now);
            let known = outages
                .iter()
                .find(|(bank, method, _)| *bank == row.institution && *method == row.method);
            let outage = match known {
                Some((.., outage)) => *outage,
                None => {
                    let outage = away(rd, &row.institution, row.method, then)?;
                    outages.push((row.institution.clone(), row.method, outage));
                    outage
                }
            };
            let standing = standing(rd, &row, outage, then, now)?;
            planned.push(Planned {
                at,
                skip: skip(&standing, then, every, self.limits.refresh_floor),
                row,
            });
        }
        Ok(planned)
    }

    /// The next turn of a connection; none when it has none or background refreshing is off.
    pub(crate) fn next_background(
        &self,
        rd: &ReadTxn<'_>,
        row: &ConnectionRow,
    ) -> Result<Option<Moment>> {
        let Some(every) = self.limits.smart_cache() else {
            return Ok(None);
        };
        let Some(own) = rd.turn(&row.id)? else {
            return Ok(None);
        };
        let round = Round::of(every);
        let over = round.over(round.resume(rd.cached_through(&row.institution)?, self.now()));
        let next = turn(over.round, &own);
        let next = if next > over {
            next
        } else {
            turn(over.round + 1, &own)
        };
        Ok(Some(round.at(next)))
    }
}
