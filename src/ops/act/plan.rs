//! Makes a plan from one reading of the file. A kept plan is written in parts, so that a long one delays no other
//! writer; it cannot be carried out before its last part is written.

use super::count::of_one;
use super::undone::asked;
use crate::domain::act::{
    ActKind, Bank, Detail, Force, Outcome, Plan, PlanHead, Selection, Step, StepAct, USUAL_MS,
    duration_ms,
};
use crate::domain::connection::Method;
use crate::domain::diagnosis::Outage;
use crate::domain::ids::{ConnectionId, InstitutionId};
use crate::domain::rows::ConnectionRow;
use crate::ops::banks::health::known_outage;
use crate::ops::{Ops, Result};
use crate::store::ReadTxn;
use std::collections::HashMap;

const PART: usize = 2_000;

impl Ops {
    /// Keeps nothing. A workflow of this kind that is under way for the same user or connection is given back instead:
    /// applying it goes on with it.
    pub(crate) async fn plan(
        &self,
        kind: ActKind,
        selection: Selection,
        force: impl Into<Force>,
    ) -> Result<Plan> {
        let (ops, force) = (self.clone(), force.into());
        let asked = asked(&selection);
        let target = asked.as_deref().unwrap_or("several");
        self.permit(kind.word(), target).await?;
        let planned = self.read(move |rd| match (kind, &selection) {
            (ActKind::Refresh | ActKind::Purge | ActKind::Revoke, Selection::One(id)) => {
                ops.plan_one(rd, kind, id, force)
            }
            (ActKind::Refresh | ActKind::Purge | ActKind::Revoke, _) => {
                ops.plan_several(rd, kind, &selection, force)
            }
            (ActKind::Migrate, Selection::One(id)) => ops.plan_migrate(rd, id),
            (ActKind::Erase | ActKind::DeleteUser, Selection::User(user)) => {
                ops.plan_user(rd, kind, user)
            }
            (ActKind::EndConsent, Selection::Consent(id)) => ops.plan_consent(rd, id),
            _ => Err(of_one(kind)),
        });
        match asked {
            Some(asked) => self.noting(kind, &asked, planned.await).await,
            None => planned.await,
        }
    }

    pub(super) fn new_head(&self, kind: ActKind) -> PlanHead {
        let id = self.clock.fresh_id().into();
        PlanHead::new(id, kind, &self.caller.actor, self.now())
    }

    fn plan_several(
        &self,
        rd: &ReadTxn<'_>,
        kind: ActKind,
        selection: &Selection,
        force: Force,
    ) -> Result<Plan> {
        let act = kind.step().ok_or_else(|| of_one(kind))?;
        let mut counting = Counting {
            ops: self,
            rd,
            kind,
            force,
            steps: vec![],
            banks: vec![],
            pairs: HashMap::new(),
            outages: HashMap::new(),
        };
        let left_out = selection.each(self, rd, kind, |found| match found {
            Ok(row) => counting.add(&row),
            Err(id) => {
                counting.steps.push(gone(act, &id));
                Ok(())
            }
        })?;
        let (steps, mut banks) = (counting.steps, counting.banks);
        banks.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        let mut head = self.new_head(kind);
        head.force = force;
        head.expires = Some(head.made.plus(self.limits.plan_life));
        head.user = match selection {
            Selection::User(user) => Some(user.clone()),
            _ => None,
        };
        if kind == ActKind::Refresh {
            // deleting asks no bank
            head.takes_ms = self.fetches_ms(rd, &banks)?;
        }
        Ok(Plan {
            banks,
            left_out,
            per_bank: self.limits.per_institution,
            ..Plan::new(head, steps, Detail::None)
        })
    }

    fn fetches_ms(&self, rd: &ReadTxn<'_>, banks: &[Bank]) -> Result<i64> {
        let mut loads = Vec::with_capacity(banks.len());
        for bank in banks {
            let usual = rd.usual_fetch(&bank.institution)?.unwrap_or(USUAL_MS);
            loads.push((bank.count, usual));
        }
        let (per_bank, total) = (self.limits.per_institution, self.limits.total);
        Ok(duration_ms(&loads, per_bank.into(), total.into()))
    }

    /// Keeps a plan on several connections, to be applied by its id. `false`: it would reach nothing and is not kept.
    pub(crate) async fn keep(&self, plan: &Plan) -> Result<bool> {
        if plan.head.runs == 0 {
            return Ok(false);
        }
        let parts = plan.steps.chunks(PART).map(<[Step]>::to_vec);
        let last = parts.len() - 1;
        for (n, part) in parts.enumerate() {
            let head = plan.head.clone();
            self.write(move |ops, tx| {
                if n == 0 {
                    tx.insert_plan(&head)?;
                    let outcome = format!("made: {}, {} in all", head.words(), head.size);
                    ops.audit(tx, "plan", head.id.as_str(), &outcome, "", head.made)?;
                }
                tx.insert_steps(&head.id, &part)?;
                if n == last {
                    tx.open_plan(&head)?;
                }
                Ok(())
            })
            .await?;
        }
        Ok(true)
    }
}

fn gone(act: StepAct, id: &ConnectionId) -> Step {
    Step {
        planned: Outcome::Gone,
        reason: "there is no such connection any more".into(),
        ..Step::new(act, id.as_str())
    }
}

struct Counting<'a> {
    ops: &'a Ops,
    rd: &'a ReadTxn<'a>,
    kind: ActKind,
    force: Force,
    steps: Vec<Step>,
    banks: Vec<Bank>,
    /// By user and bank: the first purge, which takes along what the user's others at that bank fetched.
    pairs: HashMap<(String, String), u32>,
    /// By bank and method: whether it is known to be down.
    outages: HashMap<(InstitutionId, Method), Option<Outage>>,
}

impl Counting<'_> {
    fn add(&mut self, row: &ConnectionRow) -> Result<()> {
        let mut step = self.ops.counted_step(self.rd, self.kind, row, self.force)?;
        if self.kind == ActKind::Purge && step.planned == Outcome::WouldRun {
            let pair = (row.user.to_string(), row.institution.to_string());
            let place = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
            let first = *self.pairs.entry(pair).or_insert(place);
            if let Some(with) = self.steps.get(first as usize).filter(|_| first != place) {
                step.planned = Outcome::Deduplicated;
                step.reason = format!("its data goes with the purge of {}", with.target);
                step.figures = Default::default();
                step.within = Some(first);
            }
        }
        if self.kind == ActKind::Refresh && step.planned == Outcome::WouldRun {
            let outage = self.outage(row)?;
            step.against = self.ops.warnings(self.rd, row, outage)?;
        }
        if step.planned == Outcome::WouldRun {
            let known = |bank: &&mut Bank| bank.institution == row.institution;
            match self.banks.iter_mut().find(known) {
                Some(bank) => bank.count += 1,
                None => self.banks.push(Bank {
                    institution: row.institution.clone(),
                    name: row.institution_name.clone(),
                    count: 1,
                }),
            }
        }
        self.steps.push(step);
        Ok(())
    }

    fn outage(&mut self, row: &ConnectionRow) -> Result<Option<Outage>> {
        let way = (row.institution.clone(), row.method);
        if let Some(known) = self.outages.get(&way) {
            return Ok(*known);
        }
        let outage = known_outage(self.rd, &row.institution, row.method, self.ops.now())?;
        self.outages.insert(way, outage);
        Ok(outage)
    }
}
