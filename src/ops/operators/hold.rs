//! Holds back the refreshes of a bank or of chosen connections until a time. Nothing that runs is stopped.

use crate::domain::hold::{Hold, LONGEST_MS};
use crate::domain::ids::{ConnectionId, HoldId, InstitutionId};
use crate::domain::moment::Moment;
use crate::domain::policy::{self, Act};
use crate::domain::views::{Anchor, Page};
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, WriteTxn};

impl Ops {
    pub(crate) async fn hold_bank(
        &self,
        id: &InstitutionId,
        until: Moment,
        reason: &str,
    ) -> Result<Hold> {
        self.permit("hold", id.as_str()).await?;
        let (asked, mut hold) = (id.clone(), self.new_hold(until, reason)?);
        self.write(move |ops, tx| {
            let bank = tx
                .institution(&asked)?
                .ok_or_else(|| not_found("institution", &asked))?;
            hold.bank = Some((bank.id, bank.name));
            tx.put_hold(&hold, &[])?;
            ops.note_request(tx, "hold", hold.id.as_str())?;
            ops.hold_audit(tx, &hold, asked.as_str())?;
            ops.hold_event(tx, "created", &hold, None)?;
            Ok(hold)
        })
        .await
    }

    /// All of them or none: the first that is refused says why.
    pub(crate) async fn hold_connections(
        &self,
        ids: &[ConnectionId],
        until: Moment,
        reason: &str,
    ) -> Result<Hold> {
        let mut asked = ids.to_vec();
        asked.sort_unstable();
        asked.dedup();
        let several = format!("{} connections", asked.len());
        self.permit("hold", &several).await?;
        let mut hold = self.new_hold(until, reason)?;
        hold.connections = asked.len() as u64;
        let held = self
            .write(move |ops, tx| {
                for id in &asked {
                    let row = tx
                        .connection(id)?
                        .ok_or_else(|| not_found("connection", id))?;
                    let may = policy::may(Act::Refresh, row.origin, row.method, row.label);
                    if let Err(reason) = may {
                        return Ok(Err((id.clone(), Refusal::from(reason))));
                    }
                }
                tx.put_hold(&hold, &asked)?;
                // before the lines of the audit, which name what is held
                ops.note_request(tx, "hold", hold.id.as_str())?;
                for id in &asked {
                    ops.hold_audit(tx, &hold, id.as_str())?;
                    ops.hold_event(tx, "created", &hold, Some(id))?;
                }
                Ok(Ok(hold))
            })
            .await?;
        match held {
            Ok(hold) => Ok(hold),
            Err((id, refusal)) => Err(self.refused("hold", id.as_str(), refusal).await),
        }
    }

    fn new_hold(&self, until: Moment, reason: &str) -> Result<Hold> {
        let now = self.now();
        let zone = self.caller.zone;
        if until <= now {
            let at = zone.full(until);
            return Err(Error::Input(format!(
                "a hold ends in the future, and {at} has passed"
            )));
        }
        if until.since(now) > LONGEST_MS {
            return Err(Error::Input(format!(
                "a hold lasts 90 days at most, until {}; make a new one then",
                zone.full(now.plus_ms(LONGEST_MS))
            )));
        }
        Ok(Hold {
            id: self.clock.fresh_id().into(),
            bank: None,
            connections: 0,
            made: now,
            until,
            ends: until,
            actor: self.caller.actor.clone(),
            reason: reason.to_owned(),
            released: None,
        })
    }

    /// Ends a hold before its time. What it kept back is due at once, within the limits.
    pub(crate) async fn release_hold(&self, id: &HoldId) -> Result<Hold> {
        let asked = id.clone();
        self.act("release", id.as_str(), move |ops, tx| {
            let now = ops.now();
            let hold = tx.hold(&asked)?.ok_or_else(|| not_found("hold", &asked))?;
            if !tx.release_hold(&asked, &ops.caller.actor, now)? {
                let ended = ops.caller.zone.full(hold.ends);
                let detail = format!("The hold ended at {ended}.");
                let advice = "`switchboard holds` lists those in force.";
                return Err(Refusal::new("parameter-not-valid", detail, advice).into());
            }
            let of = tx.held_by(&asked)?;
            let whom = hold.whom();
            ops.audit(
                tx,
                "release",
                asked.as_str(),
                &format!("released: {whom}"),
                "",
                now,
            )?;
            match of.as_slice() {
                [] => ops.hold_event(tx, "released", &hold, None)?,
                some => {
                    for id in some {
                        ops.hold_event(tx, "released", &hold, Some(id))?;
                    }
                }
            }
            tx.hold(&asked)?.ok_or_else(|| not_found("hold", &asked))
        })
        .await
    }

    /// Also one that has ended.
    pub(crate) async fn hold(&self, id: &HoldId) -> Result<Hold> {
        let asked = id.clone();
        let found = self.read(move |rd| Ok(rd.hold(&asked)?)).await?;
        found.ok_or_else(|| not_found("hold", id))
    }

    /// The one in force for a whole bank.
    pub(crate) async fn hold_of_bank(&self, id: &InstitutionId) -> Result<Option<Hold>> {
        let (asked, now) = (id.clone(), self.now());
        self.read(move |rd| Ok(rd.hold_of_bank(&asked, now)?)).await
    }

    /// The one in force for a connection or its bank.
    pub(crate) async fn hold_of(&self, id: &ConnectionId) -> Result<Option<Hold>> {
        let (asked, now) = (id.clone(), self.now());
        self.read(move |rd| Ok(rd.hold_of(&asked, now)?)).await
    }

    /// Those in force, the next to end first.
    pub(crate) async fn holds(&self, from: Option<Anchor>, limit: usize) -> Result<Page<Hold>> {
        let now = self.now();
        self.read(move |rd| Ok(rd.hold_page(now, from.as_ref(), limit)?))
            .await
    }

    pub(crate) async fn hold_size(&self) -> Result<u64> {
        let now = self.now();
        self.read(move |rd| Ok(rd.hold_size(now)?)).await
    }

    pub(crate) async fn resolve_hold(&self, text: &str) -> Result<HoldId> {
        self.resolve_one("hold", text, |rd, text, limit| rd.holds_named(text, limit))
            .await
    }

    fn hold_audit(&self, tx: &WriteTxn<'_>, hold: &Hold, target: &str) -> Result<()> {
        let outcome = format!("held until {} by hold {}", hold.until, hold.id.short());
        self.audit(tx, "hold", target, &outcome, &hold.reason, hold.made)
    }

    fn hold_event(
        &self,
        tx: &WriteTxn<'_>,
        happened: &'static str,
        hold: &Hold,
        of: Option<&ConnectionId>,
    ) -> Result<()> {
        let row = of.map(|id| tx.connection(id)).transpose()?.flatten();
        let event = NewEvent {
            entity: "hold",
            event_type: happened,
            user: row.as_ref().map(|row| &row.user),
            connection: of,
            institution: hold.bank.as_ref().map(|(id, _)| id),
            job: None,
            count: None,
            actor: &self.caller.actor,
        };
        self.record_event(tx, &event, self.now())
    }
}
