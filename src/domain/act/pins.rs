//! What a step was counted with. It is counted again before it runs; any difference stops it.

use super::figures::Figures;
use super::kind::ActKind;
use crate::domain::connection::Status;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::domain::zone::Zone;

/// None where the act does not depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pins {
    pub(crate) status: Option<Status>,
    pub(crate) accounts: Option<u64>,
    pub(crate) transactions: Option<u64>,
    pub(crate) profiles: Option<u64>,
    /// When the connection last talked to the bank.
    pub(crate) last_contact: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// What: `transactions`, `status`.
    pub(crate) what: String,
    pub(crate) before: String,
    pub(crate) now: String,
}

impl Pins {
    /// A purge reaches all of the user at the bank, so its figures are the caller's; a revoke reaches one connection; a
    /// refresh depends only on whether another fetch came between.
    pub(crate) fn of(kind: ActKind, row: &ConnectionRow, figures: &Figures) -> Self {
        let status = Some(row.status);
        match kind {
            ActKind::Refresh => Self {
                status,
                last_contact: Some(row.last_used),
                ..Self::default()
            },
            _ => Self {
                status,
                accounts: Some(figures.accounts),
                transactions: Some(figures.transactions),
                profiles: (kind == ActKind::Purge).then_some(figures.profiles),
                last_contact: None,
            },
        }
    }

    /// What has moved since these were counted. Only what these pin is compared.
    pub(crate) fn differences(&self, now: &Pins) -> Vec<Difference> {
        let number = |n: u64| n.to_string();
        [
            moved("status", self.status, now.status, |s| s.word().to_owned()),
            moved("accounts", self.accounts, now.accounts, number),
            moved("transactions", self.transactions, now.transactions, number),
            moved("profiles", self.profiles, now.profiles, number),
            moved("last contact", self.last_contact, now.last_contact, |at| {
                Zone::UTC.full(at)
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn moved<T: PartialEq>(
    what: &str,
    before: Option<T>,
    now: Option<T>,
    words: impl Fn(T) -> String,
) -> Option<Difference> {
    let before = before?;
    (now.as_ref() != Some(&before)).then(|| Difference {
        what: what.to_owned(),
        before: words(before),
        now: now.map_or_else(|| "not counted".to_owned(), words),
    })
}

impl Difference {
    /// Several in one line: `status was active, is invalid`.
    pub(crate) fn words(differences: &[Difference]) -> String {
        let one = |d: &Difference| format!("{} was {}, is {}", d.what, d.before, d.now);
        differences.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}
