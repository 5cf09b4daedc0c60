//! Durable work of several acts in an order: moving a connection, erasing a user, ending a consent, deleting
//! a user. Pure moves over one value; each act is safe to do again, so whoever comes after a crash goes on at
//! the first step that is not done. Deliberately absent: doing the acts, which is the operations'.

use super::ids::{ConnectionId, InstitutionId, JobId, SequenceId, UserId};
use super::job::StepStatus;
use super::moment::Moment;
use std::time::Duration;

/// What a sequence is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// One connection from web to open banking at the same bank.
    Migrate,
    /// All that was fetched of a user, and every connection.
    Erase,
    /// A consent with all that was done under it.
    EndConsent,
    /// Everything of a user, the user's own record too.
    DeleteUser,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Kind; 4] = [
        Kind::Migrate,
        Kind::Erase,
        Kind::EndConsent,
        Kind::DeleteUser,
    ];

    /// The word in documents and in the audit.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Migrate => "migrate",
            Kind::Erase => "erase",
            Kind::EndConsent => "end-consent",
            Kind::DeleteUser => "delete-user",
        }
    }

    /// What it is, for people.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Kind::Migrate => "move to open banking",
            Kind::Erase => "erasure of the user",
            Kind::EndConsent => "end of the user's consent",
            Kind::DeleteUser => "deletion of the user",
        }
    }

    /// The command that begins it and, typed again, goes on with it.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Kind::Migrate => "migrate",
            Kind::Erase => "erase",
            Kind::EndConsent => "consent end",
            Kind::DeleteUser => "user delete",
        }
    }
}

/// One act of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Act {
    /// Purge through this connection, verified.
    Purge,
    /// Revoke this connection, once nothing of the pair is stored.
    Revoke,
    /// Make this connection by open banking.
    Connect,
    /// End the consent: every connection left, and all data.
    EndConsent,
    /// Remove the rows of the user.
    RemoveUser,
    /// Overwrite what was deleted.
    Scrub,
    /// Prove that nothing is left.
    Verify,
}

impl Act {
    /// Every act.
    pub(crate) const ALL: [Act; 7] = [
        Act::Purge,
        Act::Revoke,
        Act::Connect,
        Act::EndConsent,
        Act::RemoveUser,
        Act::Scrub,
        Act::Verify,
    ];

    /// The word in documents.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Act::Purge => "purge",
            Act::Revoke => "revoke",
            Act::Connect => "connect",
            Act::EndConsent => "end-consent",
            Act::RemoveUser => "remove-user",
            Act::Scrub => "scrub",
            Act::Verify => "verify",
        }
    }

    /// Reads that word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Act::ALL.into_iter().find(|act| act.word() == word)
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// What is done.
    pub(crate) act: Act,
    /// To what: the id of a connection, a consent or a user.
    pub(crate) target: String,
    /// Where it stands.
    pub(crate) status: StepStatus,
    /// When it ended.
    pub(crate) ended: Option<Moment>,
    /// The job that did it, where one did.
    pub(crate) job: Option<JobId>,
    /// What it came to, for people. Ids and counts only.
    pub(crate) note: Option<String>,
}

impl Step {
    /// A step not begun.
    pub(crate) fn pending(act: Act, target: impl Into<String>) -> Self {
        Self {
            act,
            target: target.into(),
            status: StepStatus::Pending,
            ended: None,
            job: None,
            note: None,
        }
    }
}

/// How a sequence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Standing {
    /// A step is left to do.
    Open,
    /// All is done.
    Done,
    /// A step cannot be done; what was done before it stays done.
    Stopped,
}

impl Standing {
    /// The word in documents.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Done => "done",
            Standing::Stopped => "stopped",
        }
    }
}

/// A sequence as the file holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// Its id.
    pub(crate) id: SequenceId,
    /// What for.
    pub(crate) kind: Kind,
    /// Whose connections.
    pub(crate) user: UserId,
    /// The one connection it is about, when it is about one.
    pub(crate) connection: Option<ConnectionId>,
    /// The one bank it is about.
    pub(crate) institution: Option<InstitutionId>,
    /// When it was ordered.
    pub(crate) created: Moment,
    /// When a step last changed.
    pub(crate) updated: Moment,
    /// When it ended.
    pub(crate) ended: Option<Moment>,
    /// The acts, in order.
    pub(crate) steps: Vec<Step>,
    /// How it ended, in words.
    pub(crate) result: String,
    /// Rises with every hold on it; an older one writes nothing.
    pub(crate) epoch: i64,
    /// Who has it in hand.
    pub(crate) owner: Option<String>,
    /// Until when that is believed.
    pub(crate) lease: Option<Moment>,
    /// Who ordered it.
    pub(crate) actor: String,
    /// Why.
    pub(crate) reason: String,
}

impl Sequence {
    /// The first step that is not done.
    pub(crate) fn current(&self) -> Option<usize> {
        self.steps
            .iter()
            .position(|s| s.status != StepStatus::Success)
    }

    /// How it stands: a function of its steps.
    pub(crate) fn standing(&self) -> Standing {
        if self.steps.iter().any(|s| s.status == StepStatus::Failed) {
            Standing::Stopped
        } else if self.current().is_none() {
            Standing::Done
        } else {
            Standing::Open
        }
    }

    /// Until when somebody else has it in hand. A lease longer than any can be was written by a clock that
    /// was wrong.
    pub(crate) fn held(&self, by_whom: &str, now: Moment, lease: Duration) -> Option<Moment> {
        let other = self.owner.as_deref().is_some_and(|owner| owner != by_whom);
        self.lease
            .filter(|until| other && *until > now && *until <= now.plus(lease * 2))
    }

    /// Takes it in hand: the epoch rises and the step at hand begins.
    pub(crate) fn take(&mut self, owner: &str, now: Moment, lease: Duration) {
        self.epoch += 1;
        self.owner = Some(owner.to_owned());
        self.lease = Some(now.plus(lease));
        if let Some(at) = self.current() {
            self.steps[at].status = StepStatus::InProgress;
        }
        self.updated = now;
    }

    /// The step at hand is done.
    pub(crate) fn succeed(&mut self, note: Option<String>, job: Option<JobId>, now: Moment) {
        if let Some(at) = self.current() {
            let step = &mut self.steps[at];
            (step.status, step.ended, step.note) = (StepStatus::Success, Some(now), note);
            step.job = job.or_else(|| step.job.take());
        }
        self.updated = now;
        if self.current().is_none() {
            self.end("done", now);
        }
    }

    /// The step at hand cannot be done now; whoever comes next tries again from `until` on.
    pub(crate) fn wait(&mut self, why: &str, until: Moment, now: Moment) {
        if let Some(at) = self.current() {
            self.steps[at].status = StepStatus::Pending;
            self.steps[at].note = Some(why.to_owned());
        }
        self.owner = None;
        self.lease = Some(until);
        self.updated = now;
    }

    /// Something came between: this and what follows has to be done again from the last such act on.
    pub(crate) fn back_to(&mut self, act: Act, why: &str, now: Moment) {
        let Some(at) = self.current() else { return };
        let from = self.steps[..at]
            .iter()
            .rposition(|s| s.act == act)
            .unwrap_or(at);
        for step in &mut self.steps[from..] {
            (step.status, step.ended) = (StepStatus::Pending, None);
        }
        self.steps[from].note = Some(why.to_owned());
        self.updated = now;
    }

    /// The step at hand can never be done.
    pub(crate) fn stop(&mut self, why: &str, now: Moment) {
        if let Some(at) = self.current() {
            let step = &mut self.steps[at];
            (step.status, step.ended, step.note) =
                (StepStatus::Failed, Some(now), Some(why.to_owned()));
        }
        self.updated = now;
        self.end(why, now);
    }

    fn end(&mut self, how: &str, now: Moment) {
        self.result = how.to_owned();
        self.ended = Some(now);
        self.owner = None;
        self.lease = None;
    }

    /// Whether new data of this bank would come between its acts.
    pub(crate) fn concerns(&self, at: &InstitutionId) -> bool {
        self.institution.as_ref().is_none_or(|own| own == at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000_000);
    const LEASE: Duration = Duration::from_secs(30);

    fn migrate() -> Sequence {
        Sequence {
            id: "s".into(),
            kind: Kind::Migrate,
            user: "u".into(),
            connection: Some("c".into()),
            institution: Some("AU00000".into()),
            created: NOW,
            updated: NOW,
            ended: None,
            steps: vec![
                Step::pending(Act::Purge, "c"),
                Step::pending(Act::Revoke, "c"),
                Step::pending(Act::Connect, "n"),
            ],
            result: String::new(),
            epoch: 0,
            owner: None,
            lease: None,
            actor: "t".into(),
            reason: String::new(),
        }
    }

    #[test]
    fn steps_go_in_order_and_the_last_one_ends_it() {
        let mut it = migrate();
        for at in 0..3 {
            assert_eq!((it.current(), it.standing()), (Some(at), Standing::Open));
            it.take("w", NOW, LEASE);
            assert_eq!(it.steps[at].status, StepStatus::InProgress);
            it.succeed(None, None, NOW);
        }
        assert_eq!(
            (it.standing(), it.ended, it.epoch, it.owner),
            (Standing::Done, Some(NOW), 3, None)
        );
    }

    #[test]
    fn one_in_hand_is_left_alone_until_its_lease_ends_or_lies() {
        let mut it = migrate();
        it.take("w1", NOW, LEASE);
        for (who, ms, held) in [
            ("w2", 0, true),
            ("w2", 29_999, true),
            ("w2", 30_000, false),
            ("w1", 0, false),
            ("w2", -86_400_000, false),
        ] {
            assert_eq!(
                it.held(who, NOW.plus_ms(ms), LEASE).is_some(),
                held,
                "{who} {ms}"
            );
        }
    }

    #[test]
    fn it_waits_goes_back_and_stops() {
        let mut it = migrate();
        it.take("w", NOW, LEASE);
        it.succeed(Some("3 accounts".into()), Some("j".into()), NOW);
        it.take("w", NOW, LEASE);
        it.back_to(Act::Purge, "data came", NOW);
        assert_eq!(
            (it.current(), it.steps[0].note.as_deref()),
            (Some(0), Some("data came"))
        );
        it.wait("a reader", NOW.plus_ms(5), NOW);
        assert_eq!(
            (it.held("w2", NOW, LEASE), it.standing()),
            (None, Standing::Open)
        );
        it.stop("no", NOW);
        assert_eq!(
            (it.standing(), it.ended.is_some(), it.result.as_str()),
            (Standing::Stopped, true, "no")
        );
    }
}
