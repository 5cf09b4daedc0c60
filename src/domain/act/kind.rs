//! The acts, and the steps they are made of.

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ActKind {
    Refresh,
    Purge,
    Revoke,
    /// One connection from web to open banking at the same bank.
    Migrate,
    /// All fetched data of a user and every connection; the user's own record stays.
    Erase,
    /// A consent with all that was done under it.
    EndConsent,
    /// Everything of a user, the user's own record too.
    DeleteUser,
}

impl ActKind {
    pub(crate) const ALL: [ActKind; 7] = [
        ActKind::Refresh,
        ActKind::Purge,
        ActKind::Revoke,
        ActKind::Migrate,
        ActKind::Erase,
        ActKind::EndConsent,
        ActKind::DeleteUser,
    ];

    /// The word in documents, in the audit and in the file.
    pub(crate) fn word(self) -> &'static str {
        match self {
            ActKind::Refresh => "refresh",
            ActKind::Purge => "purge",
            ActKind::Revoke => "revoke",
            ActKind::Migrate => "migrate",
            ActKind::Erase => "erase",
            ActKind::EndConsent => "end-consent",
            ActKind::DeleteUser => "delete-user",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        ActKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            ActKind::Migrate => "move to open banking",
            ActKind::Erase => "erasure of the user",
            ActKind::EndConsent => "end of the user's consent",
            ActKind::DeleteUser => "deletion of the user",
            ActKind::Refresh | ActKind::Purge | ActKind::Revoke => self.word(),
        }
    }

    /// The command that does it; for a workflow, typed again, it goes on with it.
    pub(crate) fn command(self) -> &'static str {
        match self {
            ActKind::EndConsent => "consent end",
            ActKind::DeleteUser => "user delete",
            _ => self.word(),
        }
    }

    /// Whether its steps are done in order, under a lease. The steps of the others are independent.
    pub(crate) fn is_workflow(self) -> bool {
        self.step().is_none()
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum StepAct {
    Refresh,
    /// Purge through this connection; in a workflow, until it is verified.
    Purge,
    /// Revoke this connection; in a workflow, once nothing of the user at the bank is stored.
    Revoke,
    /// Make this connection by open banking.
    Connect,
    /// End the consent: every connection that is left, and all data.
    EndConsent,
    RemoveUser,
    Scrub,
    /// Prove that nothing is left.
    Verify,
}

impl StepAct {
    pub(crate) const ALL: [StepAct; 8] = [
        StepAct::Refresh,
        StepAct::Purge,
        StepAct::Revoke,
        StepAct::Connect,
        StepAct::EndConsent,
        StepAct::RemoveUser,
        StepAct::Scrub,
        StepAct::Verify,
    ];

    /// The word in documents and in the file.
    pub(crate) fn word(self) -> &'static str {
        match self {
            StepAct::Refresh => "refresh",
            StepAct::Purge => "purge",
            StepAct::Revoke => "revoke",
            StepAct::Connect => "connect",
            StepAct::EndConsent => "end-consent",
            StepAct::RemoveUser => "remove-user",
            StepAct::Scrub => "scrub",
            StepAct::Verify => "verify",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        StepAct::ALL.into_iter().find(|act| act.word() == word)
    }
}
