//! What an act does, in words, and who does it.

use super::Act;
use crate::domain::act::ActKind;
use crate::domain::text::Shown;
use crate::tui::role::Role;
use crate::tui::widgets::canvas::{Row, wrap};

impl Act {
    pub(super) fn says(&self, wide: usize) -> Vec<Row> {
        let (words, role) = self.words();
        let mut rows = wrap(words, wide, role);
        if let Some(host) = &self.platform {
            let host = Shown::of_limited(host, 100).into_plain();
            let then = match self.kind {
                ActKind::Refresh => "It runs there, and is followed here.",
                ActKind::Revoke => "It ends there first, then here.",
                _ => "What is there goes first, then what was copied here.",
            };
            let words = format!("Done by the platform, {host}. {then}");
            rows.extend(wrap(&words, wide, Role::Warning));
        }
        rows
    }

    fn words(&self) -> (&'static str, Role) {
        match (self.kind, self.connection()) {
            (ActKind::Refresh, _) => (
                "Asks the bank for new data and starts a job. Nothing is deleted.",
                Role::Text,
            ),
            (ActKind::Purge, Some(_)) => (
                "DELETES STORED DATA. No undo. The connection itself stays active.",
                Role::Danger,
            ),
            (ActKind::Purge, None) => (
                "DELETES STORED DATA. No undo. The connections themselves stay.",
                Role::Danger,
            ),
            (ActKind::Revoke, Some(_)) => (
                "CUTS THE LINK FOR GOOD. There is no undo and no reconnect: a new link needs the user again.",
                Role::Danger,
            ),
            (ActKind::Revoke, None) => (
                "CUTS THE LINKS FOR GOOD. There is no undo and no reconnect: new links need the users again.",
                Role::Danger,
            ),
            (ActKind::Migrate, _) => (
                "DELETES WHAT WAS FETCHED, REVOKES, THEN CONNECTS ANEW. No undo. The user has to authorise it at the bank afterwards.",
                Role::Danger,
            ),
            _ => (
                "DELETES ALL THAT WAS FETCHED OF THIS USER, AT EVERY BANK, AND ENDS EVERY CONNECTION. No undo. The user's own record stays.",
                Role::Danger,
            ),
        }
    }
}
