//! Counts erasing or deleting a user, or ending a consent, connection by connection in the order it will be done.

use super::workflow::open_one;
use crate::domain::act::{
    ActKind, Detail, Plan, Step, StepAct, Target, UserConnection, Way, WholeUser,
};
use crate::domain::connection::{Label, Status};
use crate::domain::consent;
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::policy;
use crate::domain::rows::ConnectionRow;
use crate::ops::{Ops, Refusal, Result, not_found};
use crate::store::ReadTxn;

/// What becomes of each connection. Through the first active one of a bank the bank is purged.
fn ways(rows: &[ConnectionRow]) -> Vec<Way> {
    let purged = |row: &ConnectionRow| {
        let here = |other: &&ConnectionRow| {
            other.institution == row.institution
                && other.label == Label::Active
                && policy::executes(other.origin).is_ok()
        };
        rows.iter().find(here)
    };
    rows.iter()
        .map(|row| match (row.label, purged(row)) {
            (Label::Active, Some(first)) if first.id == row.id => Way::PurgedAndRevoked,
            (Label::Active, _) if policy::executes(row.origin).is_ok() => Way::RevokedAfterSibling,
            (Label::Deleted, _) if row.accounts == 0 && row.transactions == 0 => Way::Nothing,
            (Label::Deleted, Some(_)) => Way::StrandedBySibling,
            (Label::Deleted, None) => Way::StrandedWithConsent,
            (_, Some(_)) => Way::EndsAfterSibling,
            (_, None) => Way::EndsWithConsent,
        })
        .collect()
}

/// Purge and revoke bank by bank where that is possible, then the end of the consent for all the rest.
fn steps(
    kind: ActKind,
    user: &UserId,
    consent: Option<&ConsentId>,
    connections: &[UserConnection],
) -> Vec<Step> {
    let mut steps = Vec::new();
    if kind != ActKind::EndConsent {
        let purged = |c: &&UserConnection| c.way == Way::PurgedAndRevoked;
        for first in connections.iter().filter(purged) {
            steps.push(Step::new(StepAct::Purge, first.target.id.as_str()));
            let here = connections
                .iter()
                .filter(|c| c.target.institution == first.target.institution);
            let active =
                here.filter(|c| matches!(c.way, Way::PurgedAndRevoked | Way::RevokedAfterSibling));
            steps.extend(active.map(|c| Step::new(StepAct::Revoke, c.target.id.as_str())));
        }
    }
    steps.push(Step::new(
        StepAct::EndConsent,
        consent.map_or(user.as_str(), ConsentId::as_str),
    ));
    if kind == ActKind::DeleteUser {
        steps.push(Step::new(StepAct::RemoveUser, user.as_str()));
    }
    steps.extend([StepAct::Scrub, StepAct::Verify].map(|act| Step::new(act, user.as_str())));
    steps
}

/// The end of a consent ends connections, which only whoever executes for them can do. Deleting the user is about this
/// file alone and always possible.
pub(super) fn may_end(rd: &ReadTxn<'_>, kind: ActKind, user: &UserId) -> Result<()> {
    if kind == ActKind::DeleteUser {
        return Ok(());
    }
    for row in rd.connections_of(user, None)? {
        if row.label == Label::Deleted {
            continue;
        }
        if let Err(reason) = policy::executes(row.origin) {
            let advice = format!(
                "Connection {}: {} `switchboard user delete` deletes what is stored of the user in this file.",
                row.id.short(),
                reason.words
            );
            return Err(Refusal::new(reason.code, reason.detail, advice).into());
        }
    }
    Ok(())
}

impl Ops {
    pub(super) fn plan_consent(&self, rd: &ReadTxn<'_>, id: &ConsentId) -> Result<Plan> {
        let consent = rd.consent(id)?.ok_or_else(|| not_found("consent", id))?;
        // its first step ends the consent; what follows may have been cut off
        let open = open_one(rd, ActKind::EndConsent, &consent.user, None)?;
        if open.is_none() && consent.status != consent::Status::Active {
            let advice = format!(
                "This consent is {} already; nothing is left to end.",
                consent.status.word()
            );
            let detail = "Requested resource is not found";
            return Err(Refusal::new("resource-not-found", detail, advice).into());
        }
        self.plan_user_or(rd, ActKind::EndConsent, &consent.user, open)
    }

    pub(super) fn plan_user(&self, rd: &ReadTxn<'_>, kind: ActKind, user: &UserId) -> Result<Plan> {
        let open = open_one(rd, kind, user, None)?;
        self.plan_user_or(rd, kind, user, open)
    }

    /// The workflow that is `open` is given back, with what it is about now.
    fn plan_user_or(
        &self,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        user: &UserId,
        open: Option<Plan>,
    ) -> Result<Plan> {
        let open = match open {
            // the rows may be gone while the proof is not made yet
            Some(open) if !rd.user_exists(user)? => return Ok(open),
            open => open,
        };
        if open.is_none() {
            may_end(rd, kind, user)?;
        }
        let (whole, steps) = self.counted_user(rd, kind, user)?;
        let detail = Detail::User(Box::new(whole));
        Ok(match open {
            Some(open) => Plan { detail, ..open },
            None => {
                let mut head = self.new_head(kind);
                head.user = Some(user.clone());
                Plan::new(head, steps, detail)
            }
        })
    }

    pub(super) fn counted_user(
        &self,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        user: &UserId,
    ) -> Result<(WholeUser, Vec<Step>)> {
        if !rd.user_exists(user)? {
            return Err(not_found("user", user));
        }
        let rows = rd.connections_of(user, None)?;
        let by_consent = |way: Way, row: &ConnectionRow| match way {
            _ if kind != ActKind::EndConsent => way,
            Way::Nothing => way,
            _ if row.status == Status::Deleted => Way::StrandedWithConsent,
            _ => Way::WithConsent,
        };
        let connections: Vec<UserConnection> = ways(&rows)
            .into_iter()
            .zip(&rows)
            .map(|(way, row)| UserConnection {
                target: Target::of(row),
                accounts: row.accounts,
                transactions: row.transactions,
                way: by_consent(way, row),
            })
            .collect();
        let consent = rd.active_consent(user)?;
        let steps = steps(kind, user, consent.as_ref().map(|c| &c.id), &connections);
        let whole = WholeUser {
            user: user.clone(),
            consent,
            connections,
            rows: rd.left_of(user)?,
        };
        Ok((whole, steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::{Method, Origin};
    use crate::domain::diagnosis::Whose;
    use crate::domain::moment::Moment;

    fn row(id: &str, bank: &str, label: Label, accounts: u64) -> ConnectionRow {
        ConnectionRow {
            id: id.into(),
            user: "u".into(),
            user_name: String::new(),
            institution: bank.into(),
            institution_name: bank.into(),
            method: Method::Web,
            origin: Origin::Sandbox,
            status: if label == Label::Deleted {
                Status::Deleted
            } else {
                Status::Active
            },
            label,
            attention: false,
            mover: Whose::Nobody,
            runs: vec![],
            since: Moment(0),
            created: Moment(0),
            last_used: Moment(0),
            expiry: None,
            accounts,
            transactions: 0,
            ever_active: true,
            refused: 0,
            guarded: false,
            handling: Default::default(),
            bank: Default::default(),
            version: 1,
            last_job: None,
        }
    }

    #[test]
    fn every_connection_has_its_way() {
        let rows = [
            row("a", "1", Label::Active, 2),
            row("b", "1", Label::Active, 1),
            row("c", "1", Label::Invalid, 1),
            row("d", "1", Label::Deleted, 1),
            row("e", "2", Label::PreInit, 0),
            row("f", "3", Label::Deleted, 4),
            row("g", "3", Label::Deleted, 0),
        ];
        let found = ways(&rows);
        assert_eq!(
            found,
            [
                Way::PurgedAndRevoked,
                Way::RevokedAfterSibling,
                Way::EndsAfterSibling,
                Way::StrandedBySibling,
                Way::EndsWithConsent,
                Way::StrandedWithConsent,
                Way::Nothing
            ]
        );
        let item = |(way, row): (Way, &ConnectionRow)| UserConnection {
            target: Target::of(row),
            accounts: row.accounts,
            transactions: 0,
            way,
        };
        let items: Vec<UserConnection> = found.into_iter().zip(&rows).map(item).collect();
        let words = |kind| {
            let steps = steps(kind, &"u".into(), None, &items);
            steps
                .iter()
                .map(|s| format!("{} {}", s.act.word(), s.target))
                .collect::<Vec<_>>()
        };
        let all = [
            "purge a",
            "revoke a",
            "revoke b",
            "end-consent u",
            "remove-user u",
            "scrub u",
            "verify u",
        ];
        assert_eq!(words(ActKind::DeleteUser), all);
        assert_eq!(
            words(ActKind::EndConsent),
            ["end-consent u", "scrub u", "verify u"]
        );
    }
}
