//! The acts, and the steps they are made of.

use crate::domain::words::words;

words! {
    /// What is to be done: its word in documents, the audit and the file, its name for people, and the command that
    /// does it (or goes on with a workflow).
    ActKind [word words command] parse {
        Refresh "refresh" "refresh" "refresh";
        Purge "purge" "purge" "purge";
        Revoke "revoke" "revoke" "revoke";
        /// One connection from web to open banking at the same bank.
        Migrate "migrate" "move to open banking" "migrate";
        /// All fetched data of a user and every connection; the user's own record stays.
        Erase "erase" "erasure of the user" "erase";
        /// A consent with all that was done under it.
        EndConsent "end-consent" "end of the user's consent" "consent end";
        /// Everything of a user, the user's own record too.
        DeleteUser "delete-user" "deletion of the user" "user delete";
    }
}

impl ActKind {
    /// Whether its steps are done in order, under a lease. The steps of the others are independent.
    pub(crate) fn is_workflow(self) -> bool {
        self.step().is_none()
    }

    /// Whether it can be taken back for a while after it was confirmed by a person: what cannot be undone.
    pub(crate) fn counts_down(self) -> bool {
        matches!(self, ActKind::Purge | ActKind::Revoke)
    }

    /// The one step that an act on a connection consists of; none for a workflow.
    pub(crate) fn step(self) -> Option<StepAct> {
        match self {
            ActKind::Refresh => Some(StepAct::Refresh),
            ActKind::Purge => Some(StepAct::Purge),
            ActKind::Revoke => Some(StepAct::Revoke),
            ActKind::Migrate | ActKind::Erase | ActKind::EndConsent | ActKind::DeleteUser => None,
        }
    }
}

words! {
    StepAct [word] parse {
        Refresh "refresh";
        /// In a workflow, until it is verified.
        Purge "purge";
        /// In a workflow, once nothing of the user at the bank is stored.
        Revoke "revoke";
        /// By open banking.
        Connect "connect";
        /// Also ends every connection that is left, and deletes all data.
        EndConsent "end-consent";
        RemoveUser "remove-user";
        Scrub "scrub";
        /// Prove that nothing is left.
        Verify "verify";
    }
}
