//! Who is told of an event, what is due, and under which lease it is sent.

use super::messages::COLUMNS;
use crate::domain::ids::{MessageId, WebhookId};
use crate::domain::moment::Moment;
use crate::domain::webhook::{Attempt, Message, State, Status};
use crate::store::error::Result;
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::WebhookSecret;
use rusqlite::params;

/// A message that this process is to send, under the number of its hold.
pub(crate) struct Letter {
    pub(crate) message: Message,
    pub(crate) url: String,
    pub(crate) base: String,
    pub(crate) epoch: i64,
    pub(crate) secret: WebhookSecret,
}

/// What became of a message at an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    Delivered,
    /// It failed so many times, and is tried again.
    Again {
        failures: u32,
        at: Moment,
    },
    /// It is given up; its webhook is disabled.
    GivenUp {
        failures: u32,
    },
}

impl ReadTxn<'_> {
    /// The active webhooks that have not been told of the newest events, and the last event each was told of.
    pub(crate) fn webhooks_behind(&self) -> Result<Vec<(WebhookId, i64)>> {
        let sql = "SELECT id, told FROM webhooks WHERE status = ?1
            AND told < (SELECT coalesce(max(seq), 0) FROM events) ORDER BY n";
        let read = |row: &crate::store::row::Row<'_>| Ok((row.get("id")?, row.get("told")?));
        self.all(sql, [Status::Active], read)
    }

    /// When the next message of each webhook is due, and until when somebody holds it. A time beyond the horizon was
    /// written by a wrong clock, and is as good as now.
    pub(crate) fn webhooks_waiting(
        &self,
        now: Moment,
        horizon: Moment,
    ) -> Result<Vec<(WebhookId, Moment, Option<Moment>)>> {
        let sql = "SELECT w.id, w.lease,
              (SELECT min(next) FROM webhook_messages WHERE webhook_n = w.n AND next IS NOT NULL) AS first,
              (SELECT max(next) FROM webhook_messages WHERE webhook_n = w.n AND next IS NOT NULL) AS last
            FROM webhooks w WHERE w.status = ?1 ORDER BY w.n";
        let rows = self.all(sql, [Status::Active], |row| {
            let (first, last): (Option<Moment>, Option<Moment>) =
                (row.get("first")?, row.get("last")?);
            let next = match last.is_some_and(|last| last > horizon) {
                true => first.map(|first| first.min(now)),
                false => first,
            };
            Ok((row.get("id")?, next, row.get("lease")?))
        })?;
        let due = |(id, next, lease): (WebhookId, Option<Moment>, Option<Moment>)| {
            Some((id, next?, lease))
        };
        Ok(rows.into_iter().filter_map(due).collect())
    }
}

impl WriteTxn<'_> {
    pub(crate) fn webhook_is_told(&self, of: &WebhookId, seq: i64) -> Result<()> {
        let sql = "UPDATE webhooks SET told = ?2 WHERE id = ?1";
        self.execute(sql, params![of, seq]).map(drop)
    }

    /// Takes the next message of a webhook that is due, under a new hold until then. None when there is none, or when
    /// the webhook has gone or was disabled.
    pub(crate) fn take_message(
        &self,
        of: &WebhookId,
        now: Moment,
        horizon: Moment,
        until: Moment,
    ) -> Result<Option<Letter>> {
        let sql = format!(
            "SELECT w.url, w.base, w.epoch, {COLUMNS} FROM webhooks w
             JOIN webhook_messages m ON m.webhook_n = w.n
             WHERE w.id = ?1 AND w.status = ?4 AND m.next IS NOT NULL AND (m.next <= ?2 OR m.next > ?3)
             ORDER BY m.next, m.n LIMIT 1"
        );
        let found = self.first(&sql, params![of, now, horizon, Status::Active], |row| {
            let (url, base) = (row.get("url")?, row.get("base")?);
            Ok((
                url,
                base,
                row.get::<_, i64>("epoch")? + 1,
                self.message(row)?,
            ))
        })?;
        let Some((url, base, epoch, message)) = found else {
            return Ok(None);
        };
        let sql = "UPDATE webhooks SET epoch = ?2, lease = ?3 WHERE id = ?1";
        self.execute(sql, params![of, epoch, until])?;
        Ok(Some(Letter {
            secret: self.webhook_secret(of)?,
            message,
            url,
            base,
            epoch,
        }))
    }

    pub(crate) fn webhook_lease(&self, of: &WebhookId) -> Result<Option<Moment>> {
        let lease = self.find("SELECT lease FROM webhooks WHERE id = ?1", [of])?;
        Ok(lease.flatten())
    }

    /// Gives up the hold of this number. `false` when somebody else has it, or the webhook has gone.
    pub(crate) fn end_hold(&self, of: &WebhookId, epoch: i64) -> Result<bool> {
        let sql = "UPDATE webhooks SET lease = NULL WHERE id = ?1 AND epoch = ?2";
        Ok(self.execute(sql, params![of, epoch])? == 1)
    }

    pub(crate) fn settle_message(
        &self,
        id: &MessageId,
        attempt: &Attempt,
        settled: Settled,
    ) -> Result<()> {
        let sql = "INSERT INTO webhook_attempts (id, message_n, url, at, took, status, answer)
            SELECT ?2, n, ?3, ?4, ?5, ?6, ?7 FROM webhook_messages WHERE id = ?1";
        let values = params![
            id,
            attempt.id,
            attempt.url,
            attempt.at,
            attempt.took_ms,
            attempt.status,
            attempt.answer,
        ];
        self.execute(sql, values)?;
        let (state, next, failures) = match settled {
            Settled::Delivered => (State::Delivered, None, None),
            Settled::Again { failures, at } => (State::Waiting, Some(at), Some(failures)),
            Settled::GivenUp { failures } => (State::Failed, None, Some(failures)),
        };
        let sql = "UPDATE webhook_messages SET state = ?2, next = ?3, failures = coalesce(?4, failures) WHERE id = ?1";
        self.execute(sql, params![id, state, next, failures])
            .map(drop)
    }

    /// It gets nothing more; the messages that wait are given up.
    pub(crate) fn disable_webhook(&self, of: &WebhookId) -> Result<()> {
        let sql = "UPDATE webhooks SET status = ?2 WHERE id = ?1";
        self.execute(sql, params![of, Status::Disabled])?;
        let sql = "UPDATE webhook_messages SET state = ?2, next = NULL
            WHERE webhook_n = (SELECT n FROM webhooks WHERE id = ?1) AND next IS NOT NULL";
        self.execute(sql, params![of, State::Failed]).map(drop)
    }
}
