//! Moving a connection from web to open banking (docs/domain.md 12.8): purge, revoke, connect, in that order, so that
//! never two are active at one bank.

use super::begin::Order;
use super::under_way;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::ending::MigratePlan;
use crate::domain::ids::{ConnectionId, SequenceId};
use crate::domain::plan::Target;
use crate::domain::sequence::{Act, Kind, Step};
use crate::domain::views::ConnectionRow;
use crate::ops::purge::stored;
use crate::ops::{Error, Ops, Refusal, Result};
use crate::store::ReadTxn;

/// Why a connection that is not active is not moved, and which way is left.
fn not_active(row: &ConnectionRow) -> Refusal {
    let id = row.id.short();
    let way = match row.label {
        Label::Active => "",
        Label::Invalid | Label::Failed => {
            "Only an active one can be purged first. Refresh it; if the user has to act at the bank, ask for that; \
             when it is active, migrate it. If it never will be, erase the user or end the consent, then connect."
        }
        Label::Pending | Label::Init | Label::PreInit => {
            "Its first job has not ended. Wait for that; when it is active, migrate it."
        }
        Label::Deleted => "It is revoked: connect by open banking instead.",
    };
    let code = if row.label == Label::Deleted {
        "resource-not-found"
    } else {
        "parameter-not-valid"
    };
    let detail = match row.label {
        Label::Deleted => "Requested resource is not found",
        _ => "Connection is not active.",
    };
    Refusal::new(code, detail, format!("{id} is {}. {way}", row.label.name()))
}

impl Ops {
    fn may_migrate(&self, rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<()> {
        if row.method == Method::OpenBanking {
            return Err(Error::Refused(Refusal::new(
                "parameter-not-valid",
                "Connection type is not Web",
                "It is reached by open banking already; nothing is left to move.",
            )));
        }
        if row.label != Label::Active {
            return Err(not_active(row).into());
        }
        let offered = rd
            .institution(&row.institution)?
            .map(|i| i.connectors)
            .unwrap_or_default();
        if !offered.iter().any(|c| c.method == Method::OpenBanking) {
            return Err(Error::Refused(Refusal::new(
                "institution-not-supported",
                "The institution you are trying to connect to is currently disabled. Our developers have been \
                 notified and are working to have the issue resolved.",
                format!(
                    "{} is not reached by open banking here, so the web connection stays.",
                    row.institution_name
                ),
            )));
        }
        let here = rd.connections_of(&row.user, Some(&row.institution))?;
        let other = here.iter().find(|c| {
            c.id != row.id && c.method == Method::Web && !matches!(c.status, Status::Deleted)
        });
        if let Some(other) = other {
            return Err(Error::Refused(Refusal::new(
                "resource-already-exists",
                format!(
                    "The user has another web connection to {}.",
                    row.institution_name
                ),
                format!(
                    "Both cannot stand beside open banking. Revoke {} first; what it brought goes with the purge of this one.",
                    other.id.short()
                ),
            )));
        }
        if let Some(job) = rd.fetching(&row.user, &row.institution)? {
            return Err(Error::Refused(Refusal::new(
                "parameter-not-valid",
                "A job is in progress for this connection.",
                format!("Job {job} is fetching from this bank; migrate when it has ended."),
            )));
        }
        Ok(())
    }

    /// What a move would do.
    ///
    /// # Errors
    /// When the connection is unknown or cannot be moved; the refusal names the way that is left.
    pub(crate) async fn plan_migrate(&self, id: &ConnectionId) -> Result<MigratePlan> {
        let (ops, id) = (self.clone(), id.clone());
        self.store
            .read(move |rd: &ReadTxn<'_>| {
                let Some(row) = rd.connection(&id)? else {
                    return Err(Error::NotFound {
                        kind: "connection",
                        id: id.to_string(),
                    });
                };
                ops.may_migrate(rd, &row)?;
                let steps = vec![
                    Step::pending(Act::Purge, row.id.as_str()),
                    Step::pending(Act::Revoke, row.id.as_str()),
                    // its id is decided now, so that it is made once whoever makes it
                    Step::pending(Act::Connect, ops.clock.fresh_id()),
                ];
                Ok(MigratePlan {
                    target: Target::of(&row),
                    stored: stored(rd, &row, &[])?,
                    steps,
                })
            })
            .await
    }

    /// Orders the move.
    ///
    /// # Errors
    /// When it is not possible any more, or another sequence of the user is under way.
    pub(crate) async fn begin_migrate(
        &self,
        plan: &MigratePlan,
        reason: &str,
    ) -> Result<SequenceId> {
        let (plan, reason) = (plan.clone(), reason.to_owned());
        let target = plan.target.id.clone();
        self.act(Kind::Migrate.word(), target.as_str(), move |ops, tx| {
            let id = plan.target.id.clone();
            let Some(row) = tx.connection(&id)? else {
                return Err(Error::NotFound {
                    kind: "connection",
                    id: id.to_string(),
                });
            };
            if let Some(open) = tx.open_sequence(&row.user)? {
                let same = open.kind == Kind::Migrate && open.connection.as_ref() == Some(&id);
                return if same {
                    Ok(open.id)
                } else {
                    Err(under_way(&open).into())
                };
            }
            ops.may_migrate(tx, &row)?;
            let order = Order {
                kind: Kind::Migrate,
                user: row.user,
                connection: Some(id),
                institution: Some(row.institution),
                steps: plan.steps,
                reason,
            };
            ops.order(tx, order, ops.now())
        })
        .await
    }
}
