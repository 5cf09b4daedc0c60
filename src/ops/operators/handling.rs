//! Taking a connection on, and putting it off.

use crate::domain::handling::LONGEST_MS;
use crate::domain::ids::ConnectionId;
use crate::domain::moment::Moment;
use crate::domain::rows::ConnectionRow;
use crate::ops::{Error, Ops, Refusal, Result, not_found};
use crate::store::{NewEvent, ReadTxn, WriteTxn};

impl Ops {
    fn row_now(&self, rd: &ReadTxn<'_>, id: &ConnectionId) -> Result<ConnectionRow> {
        let row = rd.connection(id)?;
        Ok(row
            .ok_or_else(|| not_found("connection", id))?
            .judged(self.now()))
    }

    /// Those of them that are there, as they are now.
    pub(crate) async fn handlings(&self, ids: &[ConnectionId]) -> Result<Vec<ConnectionRow>> {
        let (ids, now) = (ids.to_vec(), self.now());
        self.read(move |rd| {
            let mut rows = Vec::with_capacity(ids.len());
            for id in &ids {
                rows.extend(rd.connection(id)?.map(|row| row.judged(now)));
            }
            Ok(rows)
        })
        .await
    }

    /// One that somebody else has is theirs until they give it back, or it is taken from them.
    pub(crate) async fn take_on(
        &self,
        id: &ConnectionId,
        from_others: bool,
    ) -> Result<ConnectionRow> {
        let asked = id.clone();
        self.act("take", id.as_str(), move |ops, tx| {
            let (now, me) = (ops.now(), ops.caller.actor.as_str());
            let row = ops.row_now(tx, &asked)?;
            let other = row.handling.taken_by.as_deref().filter(|by| *by != me);
            if let Some(other) = other.filter(|_| !from_others) {
                let since = row.handling.taken.unwrap_or(now);
                let since = ops.caller.zone.full(since);
                let detail = format!("{other} took it on at {since}.");
                let advice = "Talk to them first; `--force` takes it from them.";
                return Err(Refusal::new("taken", detail, advice).into());
            }
            let outcome = match other {
                Some(other) => format!("taken from {other}"),
                None => "taken".into(),
            };
            if row.handling.taken_by.as_deref() != Some(me) {
                tx.set_taken(&asked, Some(me), now)?;
            }
            ops.handled(tx, &row, "take", &outcome, "")
        })
        .await
    }

    pub(crate) async fn give_back(&self, id: &ConnectionId) -> Result<ConnectionRow> {
        let asked = id.clone();
        self.act("take", id.as_str(), move |ops, tx| {
            let row = ops.row_now(tx, &asked)?;
            tx.set_taken(&asked, None, ops.now())?;
            ops.handled(tx, &row, "take", "given back", "")
        })
        .await
    }

    /// Quiet until then, or until its status changes.
    pub(crate) async fn snooze(
        &self,
        id: &ConnectionId,
        until: Moment,
        reason: &str,
    ) -> Result<ConnectionRow> {
        let now = self.now();
        if until <= now || until.since(now) > LONGEST_MS {
            let at = self.caller.zone.full(until);
            return Err(Error::Input(format!(
                "a connection is put off until a time to come, 90 days at most; {at} is not such a time"
            )));
        }
        let (asked, reason) = (id.clone(), reason.to_owned());
        self.act("snooze", id.as_str(), move |ops, tx| {
            let row = ops.row_now(tx, &asked)?;
            if !row.attention && !row.handling.quiet(ops.now()) {
                let detail = "It needs nobody now, so there is nothing to put off.";
                let advice = format!("`switchboard why {}` says how it is.", asked.short());
                return Err(Refusal::new("parameter-not-valid", detail, advice).into());
            }
            tx.set_snoozed(&asked, Some(until))?;
            ops.handled(tx, &row, "snooze", &format!("quiet until {until}"), &reason)
        })
        .await
    }

    pub(crate) async fn wake(&self, id: &ConnectionId) -> Result<ConnectionRow> {
        let asked = id.clone();
        self.act("snooze", id.as_str(), move |ops, tx| {
            let row = ops.row_now(tx, &asked)?;
            tx.set_snoozed(&asked, None)?;
            ops.handled(tx, &row, "snooze", "ended", "")
        })
        .await
    }

    /// Audits what was done, tells of it, and answers the connection as it is now.
    pub(super) fn handled(
        &self,
        tx: &WriteTxn<'_>,
        row: &ConnectionRow,
        action: &str,
        outcome: &str,
        reason: &str,
    ) -> Result<ConnectionRow> {
        let now = self.now();
        self.audit(tx, action, row.id.as_str(), outcome, reason, now)?;
        let event = NewEvent {
            entity: "handling",
            ..NewEvent::of_connection("updated", &row.user, &row.id, &self.caller.actor)
        };
        self.record_event(tx, &event, now)?;
        self.row_now(tx, &row.id)
    }
}
