//! The pages there are, and the words of each.

use super::activity::Deed;
use super::audit::AuditEntry;
use super::item::Listed;
use crate::domain::banks::BankNow;
use crate::domain::diagnosis::CauseShown;
use crate::domain::groups::Group;
use crate::domain::handling::ToAsk;
use crate::domain::job::Job;
use crate::domain::query::Scope;
use crate::domain::saved_view::SavedView;
use crate::domain::since::Change;
use crate::domain::timeline::Entry;
use crate::tui::action::Action;
use crate::tui::panes::connections::filter::Language;
use crate::tui::widgets::table::Shape;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Activity,
    Causes,
    Banks,
    Jobs,
    People,
    Audit,
    Since,
    /// Of one connection.
    Timeline,
    /// The list of connections by one field.
    Groups,
    /// Saved views of that list.
    Views,
}

impl Kind {
    pub(crate) const ALL: [Kind; 10] = [
        Kind::Activity,
        Kind::Causes,
        Kind::Banks,
        Kind::Jobs,
        Kind::People,
        Kind::Audit,
        Kind::Since,
        Kind::Timeline,
        Kind::Groups,
        Kind::Views,
    ];

    pub(crate) fn opened_by(action: Action) -> Option<Self> {
        match action {
            Action::PageActivity => Some(Kind::Activity),
            Action::PageCauses => Some(Kind::Causes),
            Action::PageBanks => Some(Kind::Banks),
            Action::PageJobs => Some(Kind::Jobs),
            Action::PagePeople => Some(Kind::People),
            Action::PageAudit => Some(Kind::Audit),
            Action::PageSince => Some(Kind::Since),
            Action::Timeline => Some(Kind::Timeline),
            Action::Views => Some(Kind::Views),
            _ => None,
        }
    }

    /// By which name a board that was left on it comes back to it; none where it does not.
    pub(crate) fn kept(self) -> Option<&'static str> {
        match self {
            Kind::Activity | Kind::Since | Kind::Timeline | Kind::Groups | Kind::Views => None,
            Kind::Causes => Some("causes"),
            Kind::Banks => Some("banks"),
            Kind::Jobs => Some("jobs"),
            Kind::People => Some("people"),
            Kind::Audit => Some("audit"),
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Kind::Activity => "4 Activity",
            Kind::Causes => "5 Causes",
            Kind::Banks => "6 Banks",
            Kind::Jobs => "7 All jobs",
            Kind::People => "8 People",
            Kind::Audit => "9 Audit",
            Kind::Since => "= What changed",
            Kind::Timeline => "Time line",
            Kind::Groups => "Groups",
            Kind::Views => "Saved views",
        }
    }

    /// One of its rows and several: `cause`, `causes`.
    pub(super) fn row(self) -> (&'static str, &'static str) {
        match self {
            Kind::Activity => ("line", "lines"),
            Kind::Causes => ("cause", "causes"),
            Kind::Banks => ("bank", "banks"),
            Kind::Jobs => ("job", "jobs"),
            Kind::People => ("person", "people"),
            Kind::Audit => ("line", "lines"),
            Kind::Since => ("line", "lines"),
            Kind::Timeline => ("entry", "entries"),
            Kind::Groups => ("group", "groups"),
            Kind::Views => ("view", "views"),
        }
    }

    /// Of its filter; none where it has none.
    pub(crate) fn language(self) -> Option<Language> {
        match self {
            Kind::Causes => Some(Language::Of(Scope::Connections)),
            Kind::Activity => None,
            Kind::Banks => None,
            Kind::Jobs => Some(Language::Of(Scope::Jobs)),
            Kind::People => Some(Language::Of(Scope::Connections)),
            Kind::Audit => Some(Language::Audit),
            Kind::Since => None,
            Kind::Timeline => None,
            Kind::Groups => None,
            Kind::Views => None,
        }
    }

    /// What would be here when nothing is.
    pub(super) fn empty(self) -> [&'static str; 2] {
        match self {
            Kind::Activity => [
                "Nothing was done in this session.",
                "What is ordered here stands in a line with the command that does the same, and what came of it above.",
            ],
            Kind::Causes => [
                "No connection is broken.",
                "Connections that failed alike stand here in one row: bank, method, step and code, with whose move it is.",
            ],
            Kind::Banks => [
                "No bank is known.",
                "The banks of the sandbox, and those of imported documents, stand here with their state.",
            ],
            Kind::Jobs => [
                "No job has run.",
                "Every connect, refresh, new password, purge and revoke is a job and stands here, the newest first.",
            ],
            Kind::People => [
                "Nobody has to be asked.",
                "Users who have to act stand here: at a bank that asks them to sign in or to consent again, with what to say.",
            ],
            Kind::Since => [
                "Nothing changed.",
                "What broke and healed, consents that ended, holds, acts of others and what became of yours stand here.",
            ],
            Kind::Timeline => [
                "Nothing is kept about this connection.",
                "Status changes, jobs, acts, consents, holds and notes stand here in one order, after a revoke too.",
            ],
            Kind::Views => [
                "No view is saved.",
                "S saves filter, order, columns and groups of the list under a name; the file can be written by hand too.",
            ],
            Kind::Groups => [
                "No connection matches.",
                "The connections that the filter lets through stand here in groups, with how many there are of each.",
            ],
            Kind::Audit => [
                "No line of the audit matches.",
                "Every act and every refusal has a line here, the newest first.",
            ],
        }
    }

    /// The command that prints the same.
    pub(super) fn command(self) -> &'static str {
        match self {
            Kind::Activity => "audit",
            Kind::Causes => "causes",
            Kind::Banks => "institutions",
            Kind::Jobs => "jobs",
            Kind::People => "connections",
            Kind::Audit => "audit",
            Kind::Since => "since",
            Kind::Timeline => "timeline",
            Kind::Groups => "connections",
            Kind::Views => "connections",
        }
    }

    pub(super) fn shapes(self) -> Vec<Shape> {
        fn of<T: Listed>() -> Vec<Shape> {
            T::COLUMNS.iter().map(|column| column.shape).collect()
        }
        match self {
            Kind::Activity => of::<Deed>(),
            Kind::Causes => of::<CauseShown>(),
            Kind::Banks => of::<BankNow>(),
            Kind::Jobs => of::<Job>(),
            Kind::People => of::<ToAsk>(),
            Kind::Audit => of::<AuditEntry>(),
            Kind::Since => of::<Change>(),
            Kind::Timeline => of::<Entry>(),
            Kind::Groups => of::<Group>(),
            Kind::Views => of::<SavedView>(),
        }
    }
}
