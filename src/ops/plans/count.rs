//! Counting one of several: what the act's own rules say of it now, what it would touch, and a fingerprint
//! of that. The same count is taken when a plan is made and when it is carried out.

use crate::domain::bulk::{Item, Outcome};
use crate::domain::ids::ConnectionId;
use crate::domain::policy::{self, Act};
use crate::domain::views::ConnectionRow;
use crate::ops::{Error, Force, Ops, Refusal, Result, purge, revoke};
use crate::store::{PurgeCounts, ReadTxn};

/// What a refusal makes of one of several: what is only too soon is left out, not refused.
pub(super) fn refused(refusal: &Refusal) -> Outcome {
    if refusal.code == "too-recent" {
        Outcome::Skipped
    } else {
        Outcome::Refused
    }
}

/// What one connection stands at.
pub(super) struct Count {
    /// Sums up the rest.
    pub(crate) fingerprint: String,
    accounts: u64,
    transactions: u64,
    profiles: u64,
}

/// What an act would touch of a connection. What is pinned differs: a purge reaches all of the user at the
/// bank, a revoke one connection, and of a refresh only matters whether somebody else fetched meanwhile.
pub(super) fn count(rd: &ReadTxn<'_>, act: Act, row: &ConnectionRow) -> Result<Count> {
    let counts = match act {
        Act::Purge => rd.purge_counts(&row.user, &row.institution)?,
        _ => PurgeCounts {
            accounts: row.accounts,
            transactions: row.transactions,
            ..Default::default()
        },
    };
    let fingerprint = match act {
        Act::Purge => purge::fingerprint(row, &counts),
        Act::Refresh => format!("{}-{}", row.status.word(), row.last_used.0),
        _ => revoke::fingerprint(row),
    };
    let PurgeCounts {
        accounts,
        transactions,
        profiles,
        ..
    } = counts;
    Ok(Count {
        fingerprint,
        accounts,
        transactions,
        profiles,
    })
}

impl Ops {
    /// An item of a plan, as things stand; its place is the caller's.
    pub(super) fn foresee_one(
        &self,
        rd: &ReadTxn<'_>,
        act: Act,
        row: &ConnectionRow,
        force: Force,
    ) -> Result<Item> {
        let counted = count(rd, act, row)?;
        let (planned, reason) = self.forecast(rd, act, row, force)?;
        Ok(Item {
            place: 0,
            connection: row.id.clone(),
            planned,
            reason,
            fingerprint: counted.fingerprint,
            accounts: counted.accounts,
            transactions: counted.transactions,
            profiles: counted.profiles,
            within: None,
            outcome: None,
            why: String::new(),
            job: None,
        })
    }

    /// What asking for the act now would come to.
    fn forecast(
        &self,
        rd: &ReadTxn<'_>,
        act: Act,
        row: &ConnectionRow,
        force: Force,
    ) -> Result<(Outcome, String)> {
        let verdict = match act {
            Act::Purge => {
                if rd.open_purge(&row.user, &row.institution)?.is_some() {
                    return Ok((Outcome::Deduplicated, "a purge is under way already".into()));
                }
                self.may_purge(rd, row)
            }
            Act::Revoke => revoke::may(row).map_err(Error::Refused),
            Act::Refresh => {
                if let Err(reason) = policy::may(act, row.method, row.label) {
                    Err(Error::Refused(reason.into()))
                } else if let Some(open) = rd.open_job(&row.id)? {
                    return Ok((
                        Outcome::Deduplicated,
                        format!("job {} is open already", open.id.short()),
                    ));
                } else {
                    let refused = self.refused_too_often(rd, row)?;
                    self.may_now(rd, row, force, refused, self.now())
                }
            }
            Act::UpdateCredentials | Act::Authorise => {
                return Err(Error::Input(format!(
                    "{} is done to one connection at a time",
                    act.word()
                )));
            }
        };
        match verdict {
            Ok(()) => Ok((Outcome::WouldRun, String::new())),
            Err(Error::Refused(refusal)) => Ok((refused(&refusal), refusal.sentence())),
            Err(other) => Err(other),
        }
    }
}

/// An item for a connection that is not there.
pub(super) fn gone(id: ConnectionId) -> Item {
    Item {
        place: 0,
        connection: id,
        planned: Outcome::Gone,
        reason: "there is no such connection any more".into(),
        fingerprint: String::new(),
        accounts: 0,
        transactions: 0,
        profiles: 0,
        within: None,
        outcome: None,
        why: String::new(),
        job: None,
    }
}
