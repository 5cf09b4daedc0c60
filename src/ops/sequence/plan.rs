//! What erasing or deleting a user, or ending a consent, would do: connection by connection, in the order in
//! which it will be done (docs/domain.md 7, 12.5).

use crate::domain::connection::{Label, Status};
use crate::domain::consent;
use crate::domain::ending::{EraseItem, ErasePlan, Way};
use crate::domain::ids::{ConsentId, UserId};
use crate::domain::plan::Target;
use crate::domain::sequence::{Act, Kind, Step};
use crate::domain::views::ConnectionRow;
use crate::ops::{Error, Ops, Refusal, Result};
use crate::store::ReadTxn;

/// What becomes of each connection. Through the first active one of a bank the bank is purged.
fn ways(rows: &[ConnectionRow]) -> Vec<Way> {
    let purged = |row: &ConnectionRow| {
        rows.iter()
            .find(|other| other.institution == row.institution && other.label == Label::Active)
    };
    rows.iter()
        .map(|row| match (row.label, purged(row)) {
            (Label::Active, Some(first)) if first.id == row.id => Way::PurgedAndRevoked,
            (Label::Active, _) => Way::RevokedAfterSibling,
            (Label::Deleted, _) if row.accounts == 0 && row.transactions == 0 => Way::Nothing,
            (Label::Deleted, Some(_)) => Way::StrandedBySibling,
            (Label::Deleted, None) => Way::StrandedWithConsent,
            (_, Some(_)) => Way::EndsAfterSibling,
            (_, None) => Way::EndsWithConsent,
        })
        .collect()
}

/// Purge and revoke bank by bank where that is possible, then the end of the consent for all the rest.
fn steps(kind: Kind, user: &UserId, consent: Option<&ConsentId>, items: &[EraseItem]) -> Vec<Step> {
    let mut steps = Vec::new();
    if kind != Kind::EndConsent {
        for first in items.iter().filter(|i| i.way == Way::PurgedAndRevoked) {
            steps.push(Step::pending(Act::Purge, first.target.id.as_str()));
            let here = items
                .iter()
                .filter(|i| i.target.institution == first.target.institution);
            let active =
                here.filter(|i| matches!(i.way, Way::PurgedAndRevoked | Way::RevokedAfterSibling));
            steps.extend(active.map(|i| Step::pending(Act::Revoke, i.target.id.as_str())));
        }
    }
    steps.push(Step::pending(
        Act::EndConsent,
        consent.map_or(user.as_str(), ConsentId::as_str),
    ));
    if kind == Kind::DeleteUser {
        steps.push(Step::pending(Act::RemoveUser, user.as_str()));
    }
    steps.extend([Act::Scrub, Act::Verify].map(|act| Step::pending(act, user.as_str())));
    steps
}

impl Ops {
    /// What erasing a user would do.
    ///
    /// # Errors
    /// When there is no such user.
    pub(crate) async fn plan_erase(&self, user: &UserId) -> Result<ErasePlan> {
        self.plan_ending(Kind::Erase, user).await
    }

    /// What deleting a user would do.
    ///
    /// # Errors
    /// When there is no such user.
    pub(crate) async fn plan_delete_user(&self, user: &UserId) -> Result<ErasePlan> {
        self.plan_ending(Kind::DeleteUser, user).await
    }

    /// What ending a consent would do.
    ///
    /// # Errors
    /// When there is no such consent, or it has ended.
    pub(crate) async fn plan_end_consent(&self, id: &ConsentId) -> Result<ErasePlan> {
        let consent = self.consent(id).await?;
        if consent.status != consent::Status::Active {
            let advice = format!(
                "This consent is {} already; nothing is left to end.",
                consent.status.word()
            );
            return Err(Error::Refused(Refusal::new(
                "resource-not-found",
                "Requested resource is not found",
                advice,
            )));
        }
        self.plan_ending(Kind::EndConsent, &consent.user).await
    }

    async fn plan_ending(&self, kind: Kind, user: &UserId) -> Result<ErasePlan> {
        let (ops, user) = (self.clone(), user.clone());
        self.store
            .read(move |rd| ops.erase_plan_in(rd, kind, &user))
            .await
    }

    pub(super) fn erase_plan_in(
        &self,
        rd: &ReadTxn<'_>,
        kind: Kind,
        user: &UserId,
    ) -> Result<ErasePlan> {
        if !rd.user_exists(user)? {
            return Err(Error::NotFound {
                kind: "user",
                id: user.to_string(),
            });
        }
        let rows = rd.connections_of(user, None)?;
        let mut items: Vec<EraseItem> = ways(&rows)
            .into_iter()
            .zip(&rows)
            .map(|(way, row)| EraseItem {
                target: Target::of(row),
                accounts: row.accounts,
                transactions: row.transactions,
                way,
            })
            .collect();
        if kind == Kind::EndConsent {
            for item in &mut items {
                item.way = match item.way {
                    Way::Nothing => Way::Nothing,
                    _ if item.target.status == Status::Deleted => Way::StrandedWithConsent,
                    _ => Way::WithConsent,
                };
            }
        }
        let consent = rd.active_consent(user)?;
        let steps = steps(kind, user, consent.as_ref().map(|c| &c.id), &items);
        Ok(ErasePlan {
            kind,
            user: user.clone(),
            consent,
            items,
            rows: rd.left_of(user)?,
            steps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::Method;
    use crate::domain::moment::Moment;

    fn row(id: &str, bank: &str, label: Label, accounts: u64) -> ConnectionRow {
        ConnectionRow {
            id: id.into(),
            user: "u".into(),
            user_name: String::new(),
            institution: bank.into(),
            institution_name: bank.into(),
            method: Method::Web,
            status: if label == Label::Deleted {
                Status::Deleted
            } else {
                Status::Active
            },
            label,
            attention: false,
            since: Moment(0),
            created: Moment(0),
            last_used: Moment(0),
            expiry: None,
            accounts,
            transactions: 0,
            ever_active: true,
            refused: 0,
            guarded: false,
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
        let item = |(way, row): (Way, &ConnectionRow)| EraseItem {
            target: Target::of(row),
            accounts: row.accounts,
            transactions: 0,
            way,
        };
        let items: Vec<EraseItem> = found.into_iter().zip(&rows).map(item).collect();
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
        assert_eq!(words(Kind::DeleteUser), all);
        assert_eq!(
            words(Kind::EndConsent),
            ["end-consent u", "scrub u", "verify u"]
        );
    }
}
