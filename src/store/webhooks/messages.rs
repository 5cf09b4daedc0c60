//! The messages of webhooks and the attempts to deliver them.

use crate::domain::ids::{MessageId, WebhookId};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::domain::views::{Anchor, Page};
use crate::domain::webhook::{Attempt, Message, State, Stats};
use crate::store::error::Result;
use crate::store::row::Row;
use crate::store::sql::{numbers, page, place, text};
use crate::store::{Bound, ReadTxn, WriteTxn};
use crate::vault::{Record, codec};
use rusqlite::params;

pub(super) const COLUMNS: &str =
    "m.id, w.id AS webhook, m.event_type, m.event_id, m.entity, m.said, m.created, m.state,
  m.failures";

/// Which messages are wanted. What is none does not restrict them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MessageFilter {
    pub(crate) state: Option<State>,
    pub(crate) event_type: Option<String>,
    pub(crate) event: Option<String>,
}

impl ReadTxn<'_> {
    pub(super) fn message(&self, row: &Row<'_>) -> Result<Message> {
        let id: MessageId = row.get("id")?;
        let said = self.said(&id, row.get("said")?)?;
        Ok(Message {
            webhook: row.get("webhook")?,
            event_type: text(row, "event_type")?,
            event: text(row, "event_id")?,
            entity: text(row, "entity")?,
            said,
            created: row.get("created")?,
            state: row.get("state")?,
            failures: row.get("failures")?,
            id,
        })
    }

    fn said(&self, id: &MessageId, sealed: Option<Vec<u8>>) -> Result<Option<Secret>> {
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let of = Bound::row(id.as_str());
        let plain = self.keys.open_record(Record::WebhookText, &of, &sealed)?;
        Ok(codec::read_list(&plain)?.pop())
    }

    pub(crate) fn webhook_message(
        &self,
        webhook: &WebhookId,
        id: &MessageId,
    ) -> Result<Option<Message>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook_messages m JOIN webhooks w ON w.n = m.webhook_n
             WHERE m.id = ?1 AND w.id = ?2"
        );
        self.first(&sql, params![id, webhook], |row| self.message(row))
    }

    /// The newest first.
    pub(crate) fn webhook_messages(
        &self,
        of: &WebhookId,
        filter: &MessageFilter,
        from: Option<&Anchor>,
        limit: usize,
    ) -> Result<Page<Message>> {
        let [created, n] = numbers::<2>(from).unwrap_or([i64::MAX, 0]);
        let sql = format!(
            "SELECT m.n, {COLUMNS} FROM webhook_messages m INDEXED BY webhook_messages_newest
             JOIN webhooks w ON w.n = m.webhook_n
             WHERE m.webhook_n = (SELECT n FROM webhooks WHERE id = ?1) AND (m.created, m.n) < (?2, ?3)
               AND (?4 IS NULL OR m.state = ?4) AND (?5 IS NULL OR m.event_type = ?5)
               AND (?6 IS NULL OR m.event_id = ?6)
             ORDER BY m.created DESC, m.n DESC LIMIT ?7"
        );
        let values = params![
            of,
            created,
            n,
            filter.state,
            filter.event_type,
            filter.event,
            limit + 1
        ];
        let found = self.all(&sql, values, |row| {
            let at = place([row.get("created")?, row.get("n")?]);
            Ok((at, self.message(row)?))
        })?;
        Ok(page(found, limit, false))
    }

    /// How many messages the filter lets through.
    pub(crate) fn webhook_message_size(
        &self,
        of: &WebhookId,
        filter: &MessageFilter,
    ) -> Result<u64> {
        let sql = "SELECT count(*) FROM webhook_messages m INDEXED BY webhook_messages_newest
            WHERE m.webhook_n = (SELECT n FROM webhooks WHERE id = ?1)
              AND (?2 IS NULL OR m.state = ?2) AND (?3 IS NULL OR m.event_type = ?3)
              AND (?4 IS NULL OR m.event_id = ?4)";
        self.value(
            sql,
            params![of, filter.state, filter.event_type, filter.event],
        )
    }

    /// The newest first.
    pub(crate) fn webhook_attempts(&self, of: &MessageId) -> Result<Vec<Attempt>> {
        let sql = "SELECT id, url, at, took, status, answer FROM webhook_attempts
            WHERE message_n = (SELECT n FROM webhook_messages WHERE id = ?1) ORDER BY n DESC";
        self.all(sql, [of], |row| {
            Ok(Attempt {
                id: text(row, "id")?,
                url: text(row, "url")?,
                at: row.get("at")?,
                took_ms: row.get("took")?,
                status: row.get("status")?,
                answer: text(row, "answer")?,
            })
        })
    }

    pub(crate) fn webhook_stats(&self, of: &WebhookId) -> Result<Stats> {
        let sql = "SELECT state, count(*) AS n FROM webhook_messages
            WHERE webhook_n = (SELECT n FROM webhooks WHERE id = ?1) GROUP BY state";
        let mut stats = Stats::default();
        for (state, n) in self.all(sql, [of], |row| Ok((row.get("state")?, row.get("n")?)))? {
            match state {
                State::Waiting => stats.waiting = n,
                State::Delivered => stats.delivered = n,
                State::Failed => stats.failed = n,
            }
        }
        let sql = "SELECT count(*) AS attempts,
              coalesce(sum(coalesce(a.status NOT BETWEEN 200 AND 299, 1)), 0) AS failed,
              CAST(round(avg(iif(a.status BETWEEN 200 AND 299, a.took, NULL))) AS INTEGER) AS took,
              max(a.at) AS last, max(iif(a.status BETWEEN 200 AND 299, a.at, NULL)) AS delivered
            FROM webhook_messages m JOIN webhook_attempts a ON a.message_n = m.n
            WHERE m.webhook_n = (SELECT n FROM webhooks WHERE id = ?1)";
        let attempts = self.first(sql, [of], |row| {
            Ok(Stats {
                attempts: row.get("attempts")?,
                attempts_failed: row.get("failed")?,
                took_ms: row.get("took")?,
                last_attempt: row.get("last")?,
                last_delivered: row.get("delivered")?,
                ..stats
            })
        })?;
        Ok(attempts.unwrap_or(stats))
    }

    /// Whether there are messages that ended so long ago.
    pub(crate) fn any_old_message(&self, before: Moment) -> Result<bool> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM webhook_messages WHERE created < ?1 AND next IS NULL)";
        self.value(sql, [before])
    }
}

impl WriteTxn<'_> {
    /// A message that is due at once.
    pub(crate) fn put_message(&self, message: &Message) -> Result<()> {
        let of = Bound::row(message.id.as_str());
        let said = message.said.as_ref().map(|said| {
            let plain = codec::write_list(std::slice::from_ref(said));
            self.keys.seal_record(Record::WebhookText, &of, &plain)
        });
        let sql = "INSERT INTO webhook_messages (id, webhook_n, event_type, event_id, entity, said, created, state, next)
            SELECT ?1, n, ?3, ?4, ?5, ?6, ?7, ?8, ?7 FROM webhooks WHERE id = ?2";
        let values = params![
            message.id,
            message.webhook,
            message.event_type,
            message.event,
            message.entity,
            said.transpose()?,
            message.created,
            State::Waiting,
        ];
        self.execute(sql, values).map(drop)
    }

    /// Deletes the oldest messages that ended so long ago, a thousand at a time.
    pub(crate) fn drop_old_messages(&self, before: Moment) -> Result<()> {
        let sql = "DELETE FROM webhook_messages WHERE n IN (
            SELECT n FROM webhook_messages WHERE created < ?1 AND next IS NULL ORDER BY created LIMIT 1000)";
        self.execute(sql, [before]).map(drop)
    }
}
