//! Background refreshing. The last turn of each bank is written with the job or the skip, so a restart neither loses
//! nor repeats a turn.

use crate::domain::access::Role;
use crate::domain::ids::InstitutionId;
use crate::domain::job::{Kind, State};
use crate::domain::moment::Moment;
use crate::domain::schedule::{ACTOR, Round, Through, skip};
use crate::ops::maintenance::Parts;
use crate::ops::maintenance::schedule::{away, next_turn, standing};
use crate::ops::{Caller, Error, Ops, Result};
use crate::store::{ReadTxn, WriteTxn};
use std::time::Duration;

/// How many turns are skipped in one transaction.
const AT_ONCE: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Due,
    At(Moment),
    /// A connection is being refreshed; the commit of its end starts the next round.
    Busy,
    Nothing,
}

impl Ops {
    /// Takes the turns that are due; returns when the next one is.
    pub(super) async fn refresh_in_background(&self) -> Result<Option<Moment>> {
        let Some(every) = self.limits.smart_cache() else {
            return Ok(None);
        };
        let round = Round::of(every);
        let ops = self.clone().with_caller(Caller {
            zone: crate::domain::zone::Zone::UTC,
            actor: ACTOR.into(),
            face: "worker",
            role: Role::Admin,
        });
        let now = self.now();
        let banks: Vec<(InstitutionId, Result<Next>)> = self
            .read(move |rd| {
                let looked = |bank| {
                    let next = look(rd, &bank, round, now);
                    (bank, next)
                };
                Ok(rd.banks_with_turns()?.into_iter().map(looked).collect())
            })
            .await?;
        let mut all = Parts::default();
        for (bank, next) in banks {
            all.add(match next {
                Ok(next) => ops.refresh_at(&bank, next, every).await,
                Err(error) => Err(error),
            });
        }
        all.result()
    }

    /// Takes the turns of one bank that are due. One whose rows cannot be read is passed over.
    async fn refresh_at(
        &self,
        bank: &InstitutionId,
        mut next: Next,
        every: Duration,
    ) -> Result<Option<Moment>> {
        let mut at_once = AT_ONCE;
        while next == Next::Due {
            let of = bank.clone();
            let taken = self.write(move |ops, tx| ops.take_turns(tx, &of, every, at_once));
            next = match taken.await {
                // of many, one by one, so that only the turn that fails is passed over
                Err(error) if error.of_one_row() && at_once > 1 => {
                    at_once = 1;
                    Next::Due
                }
                Err(error) if error.of_one_row() => {
                    let of = bank.clone();
                    self.write(move |ops, tx| ops.pass_over(tx, &of, every))
                        .await?
                }
                taken => taken?,
            };
        }
        Ok(match next {
            Next::At(at) => Some(at),
            Next::Due | Next::Busy | Next::Nothing => None,
        })
    }

    /// Ends the next turn of a bank without looking at its connection.
    fn pass_over(&self, tx: &WriteTxn<'_>, bank: &InstitutionId, every: Duration) -> Result<Next> {
        let (round, now) = (Round::of(every), self.now());
        let through = round.resume(tx.cached_through(bank)?, now);
        let Some((turn, whose)) = next_turn(tx, bank, round.over(through))? else {
            return Ok(Next::Nothing);
        };
        let through = Through {
            at: round.at(turn),
            n: Some(turn.n),
        };
        tx.set_cached_through(bank, through)?;
        let outcome = "passed over: local data damaged";
        self.audit(tx, "refresh", whose.id.as_str(), outcome, "", now)?;
        Ok(Next::Due)
    }

    fn take_turns(
        &self,
        tx: &WriteTxn<'_>,
        bank: &InstitutionId,
        every: Duration,
        at_once: usize,
    ) -> Result<Next> {
        let (round, now) = (Round::of(every), self.now());
        let stood = tx.cached_through(bank)?;
        let mut through = round.resume(stood, now);
        if stood.is_none() {
            // the first round of this bank: no turn was missed
            tx.set_cached_through(bank, through)?;
        }
        for _ in 0..at_once {
            let next = look(tx, bank, round, now)?;
            if next != Next::Due {
                return Ok(next);
            }
            let Some((turn, whose)) = next_turn(tx, bank, round.over(through))? else {
                return Ok(Next::Nothing);
            };
            through = Through {
                at: round.at(turn),
                n: Some(turn.n),
            };
            tx.set_cached_through(bank, through)?;
            let Some(row) = tx.connection(&whose.id)? else {
                continue;
            };
            let outage = away(tx, bank, row.method, now)?;
            let reason = skip(
                &standing(tx, &row, outage, now, now)?,
                now,
                every,
                self.limits.refresh_floor,
            );
            let skipped = match reason {
                Some(reason) => reason.word().to_owned(),
                None => match self.refresh_in(tx, &row.id, Kind::Refresh, false) {
                    Ok(_) => continue,
                    Err(Error::Refused(refusal)) => refusal.code.to_owned(),
                    Err(other) => return Err(other),
                },
            };
            self.audit(
                tx,
                "refresh",
                row.id.as_str(),
                &format!("passed over: {skipped}"),
                "",
                now,
            )?;
        }
        Ok(Next::Due)
    }
}

/// The next turn of a bank. A job that waits for its retry counts as ended, so it does not delay others for days.
fn look(rd: &ReadTxn<'_>, bank: &InstitutionId, round: Round, now: Moment) -> Result<Next> {
    if rd
        .background_jobs(bank)?
        .iter()
        .any(|job| job.state != State::WaitingRetry)
    {
        return Ok(Next::Busy);
    }
    let stood = rd.cached_through(bank)?;
    if stood.is_none() {
        return Ok(Next::Due);
    }
    Ok(
        match next_turn(rd, bank, round.over(round.resume(stood, now)))? {
            None => Next::Nothing,
            Some((turn, _)) if round.at(turn) <= now => Next::Due,
            Some((turn, _)) => Next::At(round.at(turn)),
        },
    )
}
