//! Connections, their statuses and the legal moves between them (docs/domain.md 2).

use super::failure_codes::Blame;
use crate::domain::words::words;
use std::fmt;

words! {
    Method [word short words] {
        Web "web" "web" "web";
        /// The Consumer Data Right, by consent given at the bank.
        OpenBanking "openbanking" "ob" "open banking";
    }
}

impl Method {
    /// Reads a wire word; `open-banking` and `ob` are accepted too (docs/domain.md 20, row 28).
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "web" | "ddc" => Some(Method::Web),
            "openbanking" | "open-banking" | "ob" => Some(Method::OpenBanking),
            _ => None,
        }
    }
}

words! {
    /// Where a connection comes from, which decides who executes for it.
    Origin [word] {
        /// A made-up bank; jobs run here.
        Sandbox "sandbox";
        /// A platform that this file mirrors: acts go there by way of the outbox.
        Live "live";
        /// A document of a platform. Nobody here executes for it.
        Imported "imported";
    }
}

words! {
    /// The status on the wire (docs/domain.md 2.1).
    Status [word] parse {
        /// New, web only: the first job has not decided yet.
        Pending "pending";
        /// New, open banking only: the user has not finished the authorisation.
        PreInit "pre-init";
        /// Authorised, open banking only: the remaining steps are under way.
        Init "init";
        Active "active";
        /// One or more steps had trouble; a refresh that succeeds makes it active again.
        Invalid "invalid";
        /// Ended by the partner. Nothing leaves this.
        Deleted "deleted";
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

words! {
    /// What the dashboard shows for a status (docs/domain.md 2.2).
    Label [word name] {
        Active "active" "Active";
        /// Was active once and is not working now.
        Invalid "invalid" "Invalid";
        /// Never was active: its first job failed.
        Failed "failed" "Failed";
        /// Waiting for the user's authorisation (open banking).
        PreInit "pre-init" "Pre-init";
        /// Authorised, steps under way (open banking).
        Init "init" "Init";
        /// The first job is open (web).
        Pending "pending" "Pending";
        Deleted "deleted" "Deleted";
    }
}

impl Label {
    /// Failed is Invalid that never was active; the others are their status.
    pub(crate) fn of(status: Status, ever_active: bool) -> Self {
        match status {
            Status::Active => Label::Active,
            Status::Invalid if ever_active => Label::Invalid,
            Status::Invalid => Label::Failed,
            Status::Pending => Label::Pending,
            Status::Init => Label::Init,
            Status::PreInit => Label::PreInit,
            Status::Deleted => Label::Deleted,
        }
    }

    /// Reads either spelling; `revoked` is Deleted and `preinit` is Pre-init.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        let word = word.to_lowercase();
        match word.as_str() {
            "revoked" => Some(Label::Deleted),
            "preinit" => Some(Label::PreInit),
            _ => Label::ALL.into_iter().find(|l| l.word() == word),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Status {
    /// The status that a connection has after an event of this type (docs/domain.md 10.2).
    pub(crate) fn after_event(event_type: &str) -> Option<Self> {
        match event_type {
            "activated" => Some(Status::Active),
            "invalidated" => Some(Status::Invalid),
            "deleted" => Some(Status::Deleted),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Happening {
    /// The create call was accepted, or the consent flow was opened.
    Created,
    /// The user completed the authorisation at the data holder.
    Authorised,
    FlowRefused,
    StepsSucceeded,
    StepFailed(Blame),
    /// A refresh or credential update was accepted, runs, or waits for a retry.
    JobOpen,
    /// The consent at the bank (open banking) reached its end.
    Expired,
    /// The user gave the authorisation anew on a connection that had one.
    Reauthorised,
    /// The same as [`Happening::StepFailed`], while a connection that was active before is authorised anew.
    ReauthorisationFailed(Blame),
    Purged,
    Revoked,
    /// The user's consent was revoked, deleted or ran out.
    ConsentEnded,
}

/// What follows from a legal move: the new status and the event that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub(crate) to: Status,
    /// The event type of docs/domain.md 10.1, when one fires.
    pub(crate) event: Option<ConnectionEvent>,
}

words! {
    /// The connection events of docs/domain.md 10.1.
    ConnectionEvent [word] {
        Created "created";
        Updated "updated";
        Activated "activated";
        /// It went from active to invalid for a user-related reason.
        Invalidated "invalidated";
        Deleted "deleted";
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {} connection that is {} cannot take {happening:?}", method.words(), from.map_or("not there yet", Status::word))]
pub(crate) struct Illegal {
    pub(crate) method: Method,
    /// The status it is in; none before it exists.
    pub(crate) from: Option<Status>,
    pub(crate) happening: Happening,
}

/// The table of docs/domain.md 2.3. The comments carry its row numbers.
pub(crate) fn transition(
    method: Method,
    from: Option<Status>,
    happening: Happening,
) -> Result<Move, Illegal> {
    use ConnectionEvent as E;
    use Happening as H;
    use Method::{OpenBanking as Ob, Web};
    use Status as S;

    let stay = |to| Ok(Move { to, event: None });
    let go = |to, event| {
        Ok(Move {
            to,
            event: Some(event),
        })
    };
    let illegal = Err(Illegal {
        method,
        from,
        happening,
    });

    let Some(status) = from else {
        return match (method, happening) {
            (Web, H::Created) => go(S::Pending, E::Created), // 1
            (Ob, H::Created) => go(S::PreInit, E::Created),  // 2
            _ => illegal,
        };
    };
    match (method, status, happening) {
        (_, S::Deleted, _) => illegal,
        (Web, S::Pending, H::StepsSucceeded) => go(S::Active, E::Activated), // 3
        (Web, S::Pending, H::StepFailed(_)) => go(S::Invalid, E::Updated),   // 4
        (Ob, S::PreInit, H::Authorised) => go(S::Init, E::Updated),          // 5, 7
        (Ob, S::PreInit, H::FlowRefused) => go(S::Invalid, E::Updated),      // 8
        (Ob, S::Init, H::StepsSucceeded) => go(S::Active, E::Activated),     // 9
        (Ob, S::Init, H::StepFailed(_)) => go(S::Invalid, E::Updated),       // 10
        (Ob, S::Init, H::ReauthorisationFailed(Blame::User)) => go(S::Invalid, E::Invalidated), // 10
        (Ob, S::Init, H::ReauthorisationFailed(_)) => go(S::Invalid, E::Updated), // 10
        (Web, S::Pending, H::JobOpen) | (Ob, S::PreInit | S::Init, H::JobOpen) => stay(status),
        (_, S::Active, H::JobOpen) => stay(S::Active), // 11, 18
        (_, S::Active, H::StepsSucceeded) => go(S::Active, E::Updated), // 12
        (_, S::Active, H::StepFailed(Blame::User)) => go(S::Invalid, E::Invalidated), // 13
        (_, S::Active, H::StepFailed(_)) => go(S::Invalid, E::Updated), // 14
        (_, S::Invalid, H::JobOpen) => stay(S::Invalid), // 15, 18
        (_, S::Invalid, H::StepsSucceeded) => go(S::Active, E::Activated), // 16
        (_, S::Invalid, H::StepFailed(_)) => stay(S::Invalid), // 17
        (Ob, S::Active, H::Expired) => go(S::Invalid, E::Invalidated), // 19
        (Ob, S::Active | S::Invalid, H::Reauthorised) => go(S::Init, E::Updated), // 20
        (_, S::Active, H::Purged) => go(S::Active, E::Updated), // 21
        (_, _, H::Revoked | H::ConsentEnded) => go(S::Deleted, E::Deleted), // 22, 23
        _ => illegal,
    }
}

#[cfg(test)]
mod tests;
