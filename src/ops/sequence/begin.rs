//! Writing an ending down before its first act: one row, a draft of what it will be measured by, and the end
//! of the open jobs that could bring data back meanwhile.

use super::under_way;
use crate::domain::certificate::Certificate;
use crate::domain::ending::ErasePlan;
use crate::domain::ids::{ConnectionId, InstitutionId, SequenceId, UserId};
use crate::domain::moment::Moment;
use crate::domain::sequence::{Kind, Sequence, Step};
use crate::ops::{Error, Ops, Result};
use crate::store::WriteTxn;

/// What is being ordered.
pub(super) struct Order {
    pub(crate) kind: Kind,
    pub(crate) user: UserId,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) steps: Vec<Step>,
    pub(crate) reason: String,
}

impl Ops {
    /// The one of this kind that is under way already for this user (and connection), so that the command
    /// typed again goes on with it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) async fn under_way(
        &self,
        kind: Kind,
        user: &UserId,
        connection: Option<&ConnectionId>,
    ) -> Result<Option<SequenceId>> {
        let (user, connection) = (user.clone(), connection.cloned());
        self.store
            .read(move |rd| {
                let open = rd.open_sequence(&user)?;
                Ok(open
                    .filter(|it| it.kind == kind && it.connection == connection)
                    .map(|it| it.id))
            })
            .await
    }

    /// Orders the erasure of a user, the end of a consent, or the deletion of a user, as planned.
    ///
    /// # Errors
    /// When another sequence of the user is under way, the user is unknown, or it changed since it was planned.
    pub(crate) async fn begin_erase(&self, plan: &ErasePlan, reason: &str) -> Result<SequenceId> {
        let (plan, reason) = (plan.clone(), reason.to_owned());
        let (kind, target) = (plan.kind, plan.user.clone());
        self.act(kind.word(), target.as_str(), move |ops, tx| {
            let order = Order {
                kind,
                user: plan.user.clone(),
                connection: None,
                institution: None,
                steps: plan.steps.clone(),
                reason,
            };
            if let Some(open) = tx.open_sequence(&plan.user)? {
                return if open.kind == kind {
                    Ok(open.id)
                } else {
                    Err(under_way(&open).into())
                };
            }
            let again = ops.erase_plan_in(tx, kind, &plan.user)?;
            // who is to be ended must be who was looked at; figures may rise without harm, all of them go
            if again.steps != plan.steps {
                return Err(Error::Changed(
                    "its connections are not those of the plan".into(),
                ));
            }
            ops.order(tx, order, ops.now())
        })
        .await
    }

    /// Writes the order down. The open jobs of what it is about end: what they would fetch is to go.
    pub(super) fn order(&self, tx: &WriteTxn<'_>, order: Order, now: Moment) -> Result<SequenceId> {
        let it = Sequence {
            id: self.clock.fresh_id().into(),
            kind: order.kind,
            user: order.user,
            connection: order.connection,
            institution: order.institution,
            created: now,
            updated: now,
            ended: None,
            steps: order.steps,
            result: String::new(),
            epoch: 0,
            owner: None,
            lease: Some(now.plus(self.limits.lease)),
            actor: self.caller.actor.clone(),
            reason: order.reason,
        };
        for connection in tx.connections_of(&it.user, it.institution.as_ref())? {
            self.end_open_job(tx, &connection.id, now)?;
            tx.set_asking(&connection.id, false)?;
        }
        tx.insert_sequence(&it)?;
        tx.append_audit(
            &self.entry(
                it.kind.word(),
                target(&it),
                &format!("begun: {}", it.id),
                &it.reason,
            ),
            now,
        )?;
        if it.kind != Kind::Migrate {
            tx.draft_certificate(&Certificate {
                id: it.id.to_string(),
                kind: it.kind.word().into(),
                user: Some(it.user.clone()),
                keys: tx.key_slots(&it.user)?,
                before: tx.left_of(&it.user)?,
                sqlite: tx.sqlite_version().into(),
                started: now,
                operator: self.caller.actor.clone(),
                reason: it.reason.clone(),
                ..Certificate::default()
            })?;
        }
        Ok(it.id)
    }
}

/// What the audit says it was done to.
pub(super) fn target(it: &Sequence) -> &str {
    it.connection
        .as_ref()
        .map_or(it.user.as_str(), ConnectionId::as_str)
}
