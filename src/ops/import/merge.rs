//! Merges an imported record with the stored one: the newer wins, and the other fills its empty fields. Merging twice
//! changes nothing.

use crate::domain::bank_data::Profile;
use crate::domain::connection::{Label, Method, Status};
use crate::domain::import_records::{
    AccountRecord, ConnectionRecord, InstitutionRecord, UserRecord,
};
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::secret::Secret;
use crate::wire;

pub(super) fn fill(text: &mut String, from: &str) {
    if text.is_empty() {
        *text = from.to_owned();
    }
}

pub(super) fn fill_secret(text: &mut Secret, from: &Secret) {
    if text.is_empty() {
        *text = from.clone();
    }
}

/// The connectors of both are kept.
pub(crate) fn institution(
    old: &InstitutionRecord,
    mut new: InstitutionRecord,
) -> InstitutionRecord {
    fill(&mut new.kind, &old.kind);
    fill(&mut new.country, &old.country);
    fill(&mut new.tier, &old.tier);
    for connector in &old.connectors {
        if new.connectors.iter().all(|c| c.method != connector.method) {
            new.connectors.push(connector.clone());
        }
    }
    new.connectors.sort_by_key(|c| c.method);
    new
}

/// Without a time of its own the later document is the newer one.
pub(crate) fn user(old: &UserRecord, mut new: UserRecord, emptied: &[&str]) -> UserRecord {
    let (says_none, is_joined) = (new.name.is_empty(), new.name == joined(&new));
    for (field, text, from) in [
        ("firstName", &mut new.first_name, &old.first_name),
        ("middleName", &mut new.middle_name, &old.middle_name),
        ("lastName", &mut new.last_name, &old.last_name),
    ] {
        if !emptied.contains(&field) {
            fill(text, from);
        }
    }
    if !emptied.contains(&"email") {
        new.email = new.email.or_else(|| old.email.clone());
    }
    if !emptied.contains(&"mobile") {
        new.mobile = new.mobile.or_else(|| old.mobile.clone());
    }
    let stays = says_none && old.name != joined(old) && !emptied.contains(&"name");
    if stays {
        new.name.clone_from(&old.name);
    } else if says_none || is_joined {
        // its parts may have been completed
        new.name = joined(&new);
    }
    new.created = new.created.or(old.created);
    new
}

fn joined(user: &UserRecord) -> String {
    let parts = [&user.first_name, &user.middle_name, &user.last_name];
    let said: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    said.join(" ")
}

/// What is stored of a connection.
pub(crate) struct HeldConnection {
    pub(crate) row: ConnectionRow,
    pub(crate) mfa_enabled: bool,
    pub(crate) profile: Option<Profile>,
    /// When an event told its status last.
    pub(crate) told: Option<Moment>,
}

impl HeldConnection {
    /// As of when its status is known.
    pub(crate) fn as_of(&self) -> Moment {
        self.told
            .map_or(self.row.last_used, |told| told.max(self.row.last_used))
    }
}

/// A deleted connection stays deleted, and an older document changes no status, unless the platform says it now.
pub(crate) fn connection(
    old: &HeldConnection,
    mut new: ConnectionRecord,
    emptied: &[&str],
    live: bool,
) -> ConnectionRecord {
    let row = &old.row;
    let ended = row.status == Status::Deleted;
    let stale = !live && new.last_used < old.as_of() || ended;
    if stale {
        new.status = row.status;
        new.last_used = row.last_used;
        new.mfa_enabled = old.mfa_enabled;
        new.expiry = row.expiry.or(new.expiry);
    } else if !emptied.contains(&"expiryDate") {
        new.expiry = new.expiry.or(row.expiry);
    }
    // a profile is deleted when its connection ends, and no document brings it back
    if new.profile.is_none() || ended || (stale && old.profile.is_some()) {
        new.profile.clone_from(&old.profile);
    }
    new.method = row.method;
    new.ever_active = new.ever_active || matches!(row.label, Label::Active | Label::Invalid);
    if new.status == row.status {
        new.since = Some(row.since);
    }
    new
}

/// The connection if its status is possible for its method, or what is wrong with it.
pub(crate) fn lawful(mut c: ConnectionRecord) -> Result<ConnectionRecord, &'static str> {
    c.ever_active = c.ever_active || c.status == Status::Active;
    match (c.method, c.status) {
        (Method::OpenBanking, Status::Pending) => Err("pending, which open banking never is"),
        (Method::Web, Status::PreInit | Status::Init) => {
            Err("in an authorisation, which web never is")
        }
        _ => Ok(c),
    }
}

/// The fields of an account that an older document may fill, and that a newer one may empty.
const SECRETS: [&str; 3] = ["name", "accountNo", "accountHolder"];

/// An account that is not in the file yet.
pub(crate) fn first_account(mut new: AccountRecord, emptied: &[&'static str]) -> AccountRecord {
    let rest = &mut new.account.details.rest;
    *rest = wire::with_emptied(rest, emptied);
    new
}

/// With equal times a summary loses, since it holds less. Balances are those of the newer document, also when it has
/// none: an older one would be shown with the newer time.
pub(crate) fn account(
    old: &AccountRecord,
    new: AccountRecord,
    summary: bool,
    emptied: &[&'static str],
) -> AccountRecord {
    let new = first_account(new, emptied);
    let (same_time, newer) = (new.updated == old.updated, new.updated > old.updated);
    let (mut first, second) = match newer || (same_time && !summary) {
        true => (new, old.clone()),
        false => (old.clone(), new),
    };
    let (a, b) = (&mut first.account, &second.account);
    let same_currency = a.currency == b.currency;
    if same_currency && same_time {
        a.balance = a.balance.or(b.balance);
        a.available = a.available.or(b.available);
    }
    if same_currency && !wire::is_emptied(&a.details.rest, "creditLimit") {
        a.credit_limit = a.credit_limit.or(b.credit_limit);
    }
    if a.class == "unknown" {
        a.class.clone_from(&b.class);
    }
    a.reference.clone_from(&old.account.reference);
    let (mine, others) = (&mut a.details, &b.details);
    let parts = [
        (&mut mine.name, &others.name),
        (&mut mine.number, &others.number),
        (&mut mine.holder, &others.holder),
    ];
    for (field, (text, from)) in SECRETS.into_iter().zip(parts) {
        if !wire::is_emptied(&mine.rest, field) {
            fill_secret(text, from);
        }
    }
    fill_secret(&mut mine.product, &others.product);
    mine.rest = wire::merged_rest(&others.rest, &mine.rest);
    first.connection = first.connection.or(second.connection);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bank_data::{AccountDetails, BankAccount};
    use crate::domain::connection::Origin;
    use crate::domain::diagnosis::Whose;
    use crate::domain::moment::Moment;

    fn an_account(updated: i64, balance: Option<i64>, holder: &str) -> AccountRecord {
        let details = AccountDetails {
            name: "Daily".into(),
            holder: holder.into(),
            ..AccountDetails::default()
        };
        let account = BankAccount {
            reference: "a-1".into(),
            class: "savings".into(),
            currency: "AUD".into(),
            balance,
            available: None,
            credit_limit: None,
            status: "available".into(),
            details,
        };
        let (id, user, institution) = ("a-1".into(), "u-1".into(), "AU00000".into());
        AccountRecord {
            id,
            user,
            connection: None,
            institution,
            account,
            updated: Moment(updated),
        }
    }

    #[test]
    fn newer_accounts_win_and_empty_fields_are_filled() {
        for (old, new, summary, balance, holder) in [
            (
                an_account(1, Some(1), "Ada"),
                an_account(2, Some(2), ""),
                true,
                Some(2),
                "Ada",
            ),
            (
                an_account(1, Some(1), "Ada"),
                an_account(1, Some(2), ""),
                true,
                Some(1),
                "Ada",
            ),
            (
                an_account(1, Some(1), ""),
                an_account(1, Some(2), "Ada"),
                false,
                Some(2),
                "Ada",
            ),
            (
                an_account(3, Some(1), ""),
                an_account(2, Some(2), "Ada"),
                false,
                Some(1),
                "Ada",
            ),
            (
                an_account(1, Some(1), "Ada"),
                an_account(2, None, "Bo"),
                false,
                None,
                "Bo",
            ),
        ] {
            let merged = account(&old, new.clone(), summary, &[]);
            assert_eq!(
                (
                    merged.account.balance,
                    merged.account.details.holder.expose()
                ),
                (balance, holder)
            );
            assert_eq!(account(&merged, new, summary, &[]), merged);
        }
    }

    fn a_connection(status: Status, used: i64) -> ConnectionRecord {
        ConnectionRecord {
            id: "c-1".into(),
            user: "u-1".into(),
            institution: "AU00000".into(),
            method: Method::Web,
            origin: Origin::Imported,
            status,
            ever_active: false,
            since: None,
            created: Moment(0),
            last_used: Moment(used),
            expiry: None,
            mfa_enabled: false,
            profile: None,
            credentials: None,
        }
    }

    fn a_row(status: Status, used: i64) -> ConnectionRow {
        ConnectionRow {
            id: "c-1".into(),
            user: "u-1".into(),
            user_name: String::new(),
            institution: "AU00000".into(),
            institution_name: String::new(),
            method: Method::Web,
            origin: Origin::Imported,
            status,
            label: Label::of(status, true),
            attention: false,
            mover: Whose::Nobody,
            runs: vec![],
            since: Moment(4),
            created: Moment(0),
            last_used: Moment(used),
            expiry: None,
            accounts: 0,
            transactions: 0,
            version: 1,
            last_job: None,
            ever_active: true,
            refused: 0,
            guarded: false,
            handling: Default::default(),
            bank: Default::default(),
        }
    }

    #[test]
    fn deleted_stays_deleted_and_older_documents_change_no_status() {
        for (old, new, status, since) in [
            (
                a_row(Status::Active, 5),
                a_connection(Status::Invalid, 6),
                Status::Invalid,
                None,
            ),
            (
                a_row(Status::Active, 5),
                a_connection(Status::Invalid, 4),
                Status::Active,
                Some(Moment(4)),
            ),
            (
                a_row(Status::Active, 5),
                a_connection(Status::Active, 6),
                Status::Active,
                Some(Moment(4)),
            ),
            (
                a_row(Status::Deleted, 5),
                a_connection(Status::Active, 9),
                Status::Deleted,
                Some(Moment(4)),
            ),
        ] {
            let old = HeldConnection {
                row: old,
                mfa_enabled: false,
                profile: None,
                told: None,
            };
            let merged = connection(&old, new, &[], false);
            assert_eq!((merged.status, merged.since), (status, since));
            assert!(merged.last_used >= old.row.last_used);
        }
    }

    #[test]
    fn impossible_statuses_are_named() {
        assert!(lawful(a_connection(Status::PreInit, 0)).is_err());
        assert!(
            lawful(ConnectionRecord {
                method: Method::OpenBanking,
                ..a_connection(Status::Pending, 0)
            })
            .is_err()
        );
        assert!(lawful(a_connection(Status::Active, 0)).unwrap().ever_active);
    }
}
