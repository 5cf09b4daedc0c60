//! Moves a connection from web to open banking: purge, revoke, connect, so that two are never active at one bank.

use super::workflow::open_one;
use crate::domain::act::{ActKind, Detail, OneConnection, Plan, Step, StepAct, Target};
use crate::domain::connection::{Method, Status};
use crate::domain::ids::ConnectionId;
use crate::domain::policy::{self, Act};
use crate::domain::rows::ConnectionRow;
use crate::ops::stored::{held, stored};
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::ReadTxn;

impl Ops {
    /// The refusal names the way that is left.
    pub(super) fn may_migrate(&self, rd: &ReadTxn<'_>, row: &ConnectionRow) -> Result<()> {
        if let Err(reason) = policy::may(Act::Migrate, row.origin, row.method, row.label) {
            let mut refusal = Refusal::from(reason);
            if row.method == Method::Web && policy::executes(row.origin).is_ok() {
                let (id, label) = (row.id.short(), row.label.name());
                refusal.advice = format!("{id} is {label}. {}", refusal.advice);
            }
            return Err(refusal.into());
        }
        let bank = rd.institution(&row.institution)?;
        let offered = bank.map(|bank| bank.connectors).unwrap_or_default();
        if !offered.iter().any(|c| c.method == Method::OpenBanking) {
            return Err(Refusal::new(
                "institution-not-supported",
                "The institution you are trying to connect to is currently disabled. Our developers have been \
                 notified and are working to have the issue resolved.",
                format!(
                    "{} is not reached by open banking here, so the web connection stays.",
                    row.institution_name
                ),
            )
            .into());
        }
        let here = rd.connections_of(&row.user, Some(&row.institution))?;
        let other = here.iter().find(|c| {
            c.id != row.id && c.method == Method::Web && !matches!(c.status, Status::Deleted)
        });
        if let Some(other) = other {
            return Err(Refusal::new(
                "resource-already-exists",
                format!(
                    "The user has another web connection to {}.",
                    row.institution_name
                ),
                format!(
                    "Both cannot stand beside open banking. Revoke {} first; what it brought goes with the purge of this one.",
                    other.id.short()
                ),
            )
            .into());
        }
        if let Some(job) = rd.fetching(&row.user, &row.institution)? {
            return Err(Refusal::new(
                "parameter-not-valid",
                "A job is in progress for this connection.",
                format!("Job {job} is fetching from this bank; migrate when it has ended."),
            )
            .into());
        }
        Ok(())
    }

    pub(super) fn plan_migrate(&self, rd: &ReadTxn<'_>, id: &ConnectionId) -> Result<Plan> {
        let row = rd
            .connection(id)?
            .ok_or_else(|| not_found("connection", id))?;
        if let Some(open) = open_one(rd, ActKind::Migrate, &row.user, Some(id))? {
            return Ok(open);
        }
        self.may_migrate(rd, &row)?;
        let mut head = self.new_head(ActKind::Migrate);
        head.user = Some(row.user.clone());
        head.connection = Some(id.clone());
        head.institution = Some(row.institution.clone());
        let steps = vec![
            Step::new(StepAct::Purge, id.as_str()),
            Step::new(StepAct::Revoke, id.as_str()),
            // its id is decided now, so that it is made once whoever makes it
            Step::new(StepAct::Connect, self.clock.fresh_id()),
        ];
        let one = OneConnection {
            target: Target::of(&row),
            stored: stored(rd, &row, &[], held(rd, &row)?)?,
            siblings: vec![],
            kept: vec![],
            jobs_kept: 0,
            open_job: None,
            outlook: None,
        };
        Ok(Plan::new(head, steps, Detail::One(Box::new(one))))
    }
}
