//! Making a plan: the connections are found and counted in one reading of the file, then kept in parts, so
//! that a long plan holds up no other writer. Until its last part is in, nobody can carry it out.

use super::count::gone;
use crate::domain::bulk::{BulkPlan, Head, Item, Load, Outcome, USUAL_MS, takes};
use crate::domain::connection::Label;
use crate::domain::ids::{ConnectionId, UserId};
use crate::domain::policy::Act;
use crate::domain::query::Query;
use crate::domain::views::{ConnectionRow, Sort, SortField};
use crate::ops::{Error, Force, Ops, Result};
use crate::store::{ReadTxn, WriteTxn};
use std::collections::HashMap;

/// Up to so many connections are in one plan.
const MOST: usize = 100_000;

/// So many rows are read at a time.
const PAGE: usize = 2_000;

/// So many items are written in one transaction.
const PART: usize = 2_000;

/// Which connections a plan is for.
#[derive(Clone, Debug)]
pub(crate) enum Chosen {
    /// These.
    Ids(Vec<ConnectionId>),
    /// All that match and are not revoked.
    Found(Box<Query>),
    /// Those of a user: for a refresh the active and invalid ones (docs/domain.md 12.4), else all that are not revoked.
    Of(UserId),
}

impl Ops {
    /// Counts what an act would come to for each, and keeps nothing.
    ///
    /// # Errors
    /// When the user is unknown, or too many match.
    pub(crate) async fn count_plan(
        &self,
        act: Act,
        chosen: Chosen,
        force: impl Into<Force>,
    ) -> Result<BulkPlan> {
        let (ops, force) = (self.clone(), force.into());
        self.store
            .read(move |rd| ops.count_in(rd, act, &chosen, force))
            .await
    }

    /// Counts what an act would come to for each and keeps that as a plan. One that would reach nothing is
    /// not kept: there is nothing to carry out.
    ///
    /// # Errors
    /// When the user is unknown, too many match, or the file cannot be written.
    pub(crate) async fn make_plan(
        &self,
        act: Act,
        chosen: Chosen,
        force: impl Into<Force>,
    ) -> Result<BulkPlan> {
        let plan = self.count_plan(act, chosen, force).await?;
        if plan.head.runs == 0 {
            return Ok(plan);
        }
        let mut parts = plan.items.chunks(PART).map(<[Item]>::to_vec);
        let (ops, head, first) = (
            self.clone(),
            plan.head.clone(),
            parts.next().unwrap_or_default(),
        );
        let kept: Result<()> = self
            .store
            .write(move |tx: &WriteTxn<'_>| {
                tx.insert_plan(&head)?;
                tx.insert_plan_items(&head.id, &first)?;
                let outcome = format!("made: {}, {} in all", head.words(), head.items);
                tx.append_audit(
                    &ops.entry("plan", head.id.as_str(), &outcome, ""),
                    head.made,
                )?;
                if head.items <= PART as u64 {
                    tx.open_plan(&head)?;
                }
                Ok(())
            })
            .await;
        kept?;
        let mut left = parts.len();
        for part in parts {
            left -= 1;
            let (head, last) = (plan.head.clone(), left == 0);
            let kept: Result<()> = self
                .store
                .write(move |tx: &WriteTxn<'_>| {
                    tx.insert_plan_items(&head.id, &part)?;
                    if last {
                        tx.open_plan(&head)?;
                    }
                    Ok(())
                })
                .await;
            kept?;
        }
        Ok(plan)
    }

    fn count_in(
        &self,
        rd: &ReadTxn<'_>,
        act: Act,
        chosen: &Chosen,
        force: Force,
    ) -> Result<BulkPlan> {
        let mut counting = Counting {
            ops: self,
            rd,
            act,
            force,
            items: vec![],
            banks: vec![],
            pairs: HashMap::new(),
        };
        match chosen {
            Chosen::Ids(ids) => {
                for id in ids {
                    match rd.connection(id)? {
                        Some(row) => counting.add(&row)?,
                        None => counting.push(gone(id.clone())),
                    }
                }
            }
            Chosen::Of(user) => {
                if !rd.user_exists(user)? {
                    return Err(Error::NotFound {
                        kind: "user",
                        id: user.to_string(),
                    });
                }
                let wanted = |label| match act {
                    Act::Refresh => matches!(label, Label::Active | Label::Invalid | Label::Failed),
                    _ => label != Label::Deleted,
                };
                for row in rd
                    .connections_of(user, None)?
                    .iter()
                    .filter(|row| wanted(row.label))
                {
                    counting.add(row)?;
                }
            }
            Chosen::Found(query) => {
                let (sort, mut from) = (
                    Sort {
                        field: SortField::Bank,
                        reversed: false,
                    },
                    None,
                );
                loop {
                    let page =
                        rd.connection_page(query, sort, from.as_ref(), false, PAGE, &self.asker())?;
                    // no act is left for a revoked one, and nobody who filters means it
                    for row in page.rows.iter().filter(|row| row.label != Label::Deleted) {
                        counting.add(row)?;
                    }
                    from = page.last.filter(|_| page.more);
                    if counting.items.len() > MOST {
                        let words =
                            format!("more than {MOST} connections match; narrow the filter");
                        return Err(Error::Input(words));
                    }
                    if from.is_none() {
                        break;
                    }
                }
            }
        }
        counting.end()
    }
}

/// A plan being counted.
struct Counting<'a> {
    ops: &'a Ops,
    rd: &'a ReadTxn<'a>,
    act: Act,
    force: Force,
    items: Vec<Item>,
    banks: Vec<Load>,
    // a purge of one takes along what the user's others at that bank fetched
    pairs: HashMap<(String, String), u32>,
}

impl Counting<'_> {
    fn push(&mut self, item: Item) {
        let place = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(Item { place, ..item });
    }

    fn add(&mut self, row: &ConnectionRow) -> Result<()> {
        let mut item = self.ops.foresee_one(self.rd, self.act, row, self.force)?;
        if self.act == Act::Purge && item.planned == Outcome::WouldRun {
            let pair = (row.user.to_string(), row.institution.to_string());
            let place = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
            let first = *self.pairs.entry(pair).or_insert(place);
            if let Some(with) = self.items.get(first as usize).filter(|_| first != place) {
                item.planned = Outcome::Deduplicated;
                item.reason = format!("its data goes with the purge of {}", with.connection);
                (item.accounts, item.transactions, item.profiles) = (0, 0, 0);
                item.within = Some(first);
            }
        }
        if item.planned == Outcome::WouldRun {
            match self
                .banks
                .iter_mut()
                .find(|load| load.institution == row.institution)
            {
                Some(load) => load.count += 1,
                None => self.banks.push(Load {
                    institution: row.institution.clone(),
                    name: row.institution_name.clone(),
                    count: 1,
                }),
            }
        }
        self.push(item);
        Ok(())
    }

    fn end(mut self) -> Result<BulkPlan> {
        self.banks
            .sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        let takes_ms = match self.act {
            Act::Refresh => self.fetching()?,
            // deleting asks no bank
            _ => 0,
        };
        let (ops, made) = (self.ops, self.ops.now());
        let runs = self
            .items
            .iter()
            .filter(|item| item.planned == Outcome::WouldRun)
            .count() as u64;
        let head = Head {
            id: ops.clock.fresh_id().into(),
            act: self.act,
            forced: self.force.recent,
            forced_sign_in: self.force.sign_in,
            made,
            expires: made.plus(ops.limits.plan_life),
            actor: ops.caller.actor.clone(),
            items: self.items.len() as u64,
            runs,
            takes_ms,
            applied: None,
            finished: None,
            reason: String::new(),
        };
        Ok(BulkPlan {
            head,
            banks: self.banks,
            items: self.items,
        })
    }

    /// How long the fetches will take, by how long they took at each bank lately.
    fn fetching(&self) -> Result<i64> {
        let mut loads = Vec::with_capacity(self.banks.len());
        for bank in &self.banks {
            loads.push((
                bank.count,
                self.rd.usual_fetch(&bank.institution)?.unwrap_or(USUAL_MS),
            ));
        }
        Ok(takes(
            &loads,
            self.ops.limits.per_institution.into(),
            self.ops.limits.total.into(),
        ))
    }
}
