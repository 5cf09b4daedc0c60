//! A plan: the steps of an act, counted before it is done.

use super::detail::Detail;
use super::figures::Figures;
use super::kind::{ActKind, StepAct};
use super::outcome::{Outcome, Tally};
use super::pins::Pins;
use crate::domain::counts::count;
use crate::domain::ids::{ConnectionId, InstitutionId, JobId, PlanId, UserId};
use crate::domain::moment::Moment;
use crate::domain::words::words;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Force {
    /// Although the bank was talked to moments ago.
    pub(crate) recent: bool,
    /// Although the bank has refused the sign-in several times in a row.
    pub(crate) sign_in: bool,
}

impl Force {
    /// For a dialog that showed both.
    pub(crate) const ALL: Force = Force {
        recent: true,
        sign_in: true,
    };
}

/// `true` is the age alone.
impl From<bool> for Force {
    fn from(recent: bool) -> Self {
        Self {
            recent,
            sign_in: false,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Its place in the plan, from 0.
    pub(crate) place: u32,
    pub(crate) act: StepAct,
    /// To what: the id of a connection, a consent or a user.
    pub(crate) target: String,
    pub(crate) planned: Outcome,
    /// Why, where it will not run.
    pub(crate) reason: String,
    pub(crate) pins: Pins,
    pub(crate) figures: Figures,
    /// The place of the step whose purge takes this one's data along.
    pub(crate) within: Option<u32>,
    /// What came of it; none until it was this one's turn.
    pub(crate) outcome: Option<Outcome>,
    /// Why that, or what it came to. Ids and counts only.
    pub(crate) why: String,
    pub(crate) job: Option<JobId>,
    pub(crate) ended: Option<Moment>,
    /// What speaks against it though it would run; looked up when the plan is made, not kept.
    pub(crate) against: Vec<String>,
}

impl Step {
    pub(crate) fn new(act: StepAct, target: impl Into<String>) -> Self {
        Self {
            place: 0,
            act,
            target: target.into(),
            planned: Outcome::WouldRun,
            reason: String::new(),
            pins: Pins::default(),
            figures: Figures::default(),
            within: None,
            outcome: None,
            why: String::new(),
            job: None,
            ended: None,
            against: vec![],
        }
    }

    /// The target of a step that is about a connection.
    pub(crate) fn connection(&self) -> ConnectionId {
        self.target.as_str().into()
    }

    pub(crate) fn standing(&self) -> (Outcome, &str) {
        match self.outcome {
            Some(outcome) => (outcome, &self.why),
            None => (self.planned, &self.reason),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bank {
    pub(crate) institution: InstitutionId,
    pub(crate) name: String,
    /// How many of the plan's steps that run are there.
    pub(crate) count: u64,
}

/// A plan without its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlanHead {
    pub(crate) id: PlanId,
    pub(crate) kind: ActKind,
    pub(crate) force: Force,
    pub(crate) made: Moment,
    pub(crate) updated: Moment,
    /// Until when it can be carried out; none for what is not kept, and for a workflow.
    pub(crate) expires: Option<Moment>,
    pub(crate) applied: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    pub(crate) actor: String,
    pub(crate) reason: String,
    /// The user, the connection and the bank it is about, where it is about one.
    pub(crate) user: Option<UserId>,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) institution: Option<InstitutionId>,
    pub(crate) size: u64,
    pub(crate) runs: u64,
    /// Milliseconds it will probably take.
    pub(crate) takes_ms: i64,
    /// Rises with every lease taken on a workflow; whoever holds an older one writes nothing.
    pub(crate) epoch: i64,
    /// Who holds the lease of the workflow, and until when.
    pub(crate) owner: Option<String>,
    pub(crate) lease: Option<Moment>,
    pub(crate) result: String,
}

words! {
    Stage [word] {
        Open "open";
        Lapsed "lapsed";
        Begun "begun";
        Finished "finished";
    }
}

impl PlanHead {
    pub(crate) fn new(id: PlanId, kind: ActKind, actor: &str, now: Moment) -> Self {
        Self {
            id,
            kind,
            force: Force::default(),
            made: now,
            updated: now,
            expires: None,
            applied: None,
            finished: None,
            actor: actor.to_owned(),
            reason: String::new(),
            user: None,
            connection: None,
            institution: None,
            size: 0,
            runs: 0,
            takes_ms: 0,
            epoch: 0,
            owner: None,
            lease: None,
            result: String::new(),
        }
    }

    /// They hold the number of connections, so that whoever types them knows it.
    pub(crate) fn words(&self) -> String {
        format!("{} {}", self.kind.word(), self.runs)
    }

    pub(crate) fn stage(&self, now: Moment) -> Stage {
        match (self.finished, self.applied) {
            (Some(_), _) => Stage::Finished,
            (None, Some(_)) => Stage::Begun,
            (None, None) if self.expires.is_some_and(|at| now >= at) => Stage::Lapsed,
            (None, None) => Stage::Open,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) head: PlanHead,
    pub(crate) steps: Vec<Step>,
    /// What is shown of it beside its steps; looked up when it is made, not kept.
    pub(crate) detail: Detail,
    /// At which banks the work of several is, most first.
    pub(crate) banks: Vec<Bank>,
    /// How many of a user's connections the act does not mean.
    pub(crate) left_out: u64,
    /// Jobs that may run at one bank at a time.
    pub(crate) per_bank: u32,
}

impl Plan {
    pub(crate) fn new(mut head: PlanHead, mut steps: Vec<Step>, detail: Detail) -> Self {
        for (place, step) in (0..).zip(&mut steps) {
            step.place = place;
        }
        head.size = steps.len() as u64;
        head.runs = steps
            .iter()
            .filter(|step| step.planned == Outcome::WouldRun)
            .count() as u64;
        Self {
            steps,
            detail,
            ..Self::without_steps(head)
        }
    }

    pub(crate) fn without_steps(head: PlanHead) -> Self {
        Self {
            head,
            steps: vec![],
            detail: Detail::None,
            banks: vec![],
            left_out: 0,
            per_bank: 0,
        }
    }

    /// Whether its steps are independent and each about another connection.
    pub(crate) fn is_for_several(&self) -> bool {
        !self.head.kind.is_workflow() && self.detail.one().is_none()
    }

    /// What it is about: its connection or user; itself when it is for several.
    pub(crate) fn about(&self) -> String {
        let head = &self.head;
        match self.detail.one() {
            Some(one) => one.target.id.to_string(),
            None if head.kind.is_workflow() => {
                let user = head.user.as_ref().map(ToString::to_string);
                user.unwrap_or_else(|| head.id.to_string())
            }
            None => head.id.to_string(),
        }
    }

    /// What it is for, in words: the end of a connection's id, or how many there are.
    pub(crate) fn whom(&self) -> String {
        match self.detail.one() {
            Some(one) => one.target.id.short().to_owned(),
            None => count(self.head.runs, "connection"),
        }
    }

    pub(crate) fn tally(&self) -> Tally {
        Tally::of(&self.steps)
    }

    /// What speaks against steps that would run, with how many each concerns, most first.
    pub(crate) fn warnings(&self) -> Vec<(&str, u64)> {
        let mut found: Vec<(&str, u64)> = vec![];
        let runs = |step: &&Step| step.planned == Outcome::WouldRun;
        for warning in self.steps.iter().filter(runs).flat_map(|s| &s.against) {
            match found.iter_mut().find(|(known, _)| known == warning) {
                Some((_, n)) => *n += 1,
                None => found.push((warning, 1)),
            }
        }
        found.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        found
    }
}

impl Tally {
    pub(crate) fn of(steps: &[Step]) -> Self {
        let mut tally = Self::default();
        for step in steps {
            tally.add(step.planned, step.standing().0, 1, step.figures);
        }
        tally
    }
}

/// Milliseconds a fetch is thought to take at a bank that none was ever seen at.
pub(crate) const USUAL_MS: i64 = 30_000;

/// Estimated milliseconds until the last of several fetches ends. `loads` are counts and the bank's usual milliseconds.
pub(crate) fn duration_ms(loads: &[(u64, i64)], per_bank: u64, total: u64) -> i64 {
    let ms = |count: u64, usual: i64, slots: u64| {
        i64::try_from(count.div_ceil(slots.max(1)))
            .unwrap_or(i64::MAX)
            .saturating_mul(usual)
    };
    let slowest = loads
        .iter()
        .map(|(count, usual)| ms(*count, *usual, per_bank))
        .max()
        .unwrap_or(0);
    let all = loads.iter().fold(0i64, |sum, (count, usual)| {
        sum.saturating_add(ms(*count, *usual, 1))
    });
    slowest.max(all / i64::try_from(total.max(1)).unwrap_or(i64::MAX))
}
