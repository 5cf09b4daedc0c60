//! Counts what an act would touch and pin of one connection, when planned and again when carried out.

use crate::domain::act::{ActKind, Figures, Force, Outcome, Pins, Step};
use crate::domain::policy::{self, Act};
use crate::domain::rows::ConnectionRow;
use crate::ops::connections::refresh::goes_forward;
use crate::ops::stored::held;
use crate::ops::{Error, Ops, Refusal, Result};
use crate::store::ReadTxn;

/// What a refusal makes of one of several: what is only too soon is left out, not refused.
pub(super) fn refused(refusal: &Refusal) -> Outcome {
    if refusal.code == "too-recent" {
        Outcome::Skipped
    } else {
        Outcome::Refused
    }
}

/// What an act would touch of a connection. A purge reaches all of the user at the bank.
pub(super) fn figures(rd: &ReadTxn<'_>, kind: ActKind, row: &ConnectionRow) -> Result<Figures> {
    Ok(match kind {
        ActKind::Purge => held(rd, row)?,
        _ => Figures {
            accounts: row.accounts,
            transactions: row.transactions,
            profiles: 0,
        },
    })
}

impl Ops {
    pub(super) fn counted_step(
        &self,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        row: &ConnectionRow,
        force: Force,
    ) -> Result<Step> {
        let act = kind.step().ok_or_else(|| of_one(kind))?;
        let figures = figures(rd, kind, row)?;
        let (planned, reason) = self.foreseen(rd, kind, row, force)?;
        Ok(Step {
            planned,
            reason,
            pins: Pins::of(kind, row, &figures),
            figures,
            ..Step::new(act, row.id.as_str())
        })
    }

    /// What asking for the act now would come to.
    fn foreseen(
        &self,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        row: &ConnectionRow,
        force: Force,
    ) -> Result<(Outcome, String)> {
        let may = match kind {
            ActKind::Purge => {
                if rd.open_purge(&row.user, &row.institution)?.is_some() {
                    return Ok((Outcome::Deduplicated, "a purge is under way already".into()));
                }
                self.may_purge(rd, row)
            }
            ActKind::Revoke => policy::may(Act::Revoke, row.origin, row.method, row.label)
                .map_err(|reason| Refusal::from(reason).into()),
            ActKind::Refresh => {
                match policy::may(Act::Refresh, row.origin, row.method, row.label) {
                    Err(reason) => Err(Refusal::from(reason).into()),
                    Ok(()) => {
                        let held = self.not_on_hold(rd, row, self.now());
                        if let Err(Error::Refused(refusal)) = held {
                            return Ok((refused(&refusal), refusal.sentence()));
                        }
                        held?;
                        if let Some(open) = rd.open_job(&row.id)? {
                            if goes_forward(&open, row) {
                                let words = "its retry is tried now";
                                return Ok((Outcome::WouldRun, words.into()));
                            }
                            let words = format!("job {} is open already", open.id.short());
                            return Ok((Outcome::Deduplicated, words));
                        }
                        let refused = self.refused_too_often(rd, row)?;
                        self.may_now(rd, row, force, refused, self.now())
                    }
                }
            }
            workflow => Err(of_one(workflow)),
        };
        match may {
            Ok(()) => Ok((Outcome::WouldRun, String::new())),
            Err(Error::Refused(refusal)) => Ok((refused(&refusal), refusal.sentence())),
            Err(other) => Err(other),
        }
    }
}

pub(super) fn of_one(kind: ActKind) -> Error {
    Error::Input(format!("{} is done to one at a time", kind.word()))
}
