//! Webhooks. Their secrets are sealed under the master key.

mod deliveries;
mod messages;

pub(crate) use deliveries::{Letter, Settled};
pub(crate) use messages::MessageFilter;

use super::codec::field_text;
use super::error::{Result, absent};
use super::row::Row;
use super::sql::text;
use super::{Bound, ReadTxn, WriteTxn};
use crate::domain::events::{self, EventType};
use crate::domain::ids::WebhookId;
use crate::domain::webhook::{Status, Webhook};
use crate::vault::{Record, WebhookSecret};
use rusqlite::params;

const COLUMNS: &str = "id, name, description, url, base, events, status, created";

fn webhook(row: &Row<'_>) -> Result<Webhook> {
    let names = field_text(row.get_ref("events")?);
    Ok(Webhook {
        id: row.get("id")?,
        name: text(row, "name")?,
        description: text(row, "description")?,
        url: text(row, "url")?,
        base: text(row, "base")?,
        events: names.split(' ').filter_map(events::named).collect(),
        status: row.get("status")?,
        created: row.get("created")?,
    })
}

fn names(types: &[&EventType]) -> String {
    let names: Vec<String> = types.iter().map(|one| one.name()).collect();
    names.join(" ")
}

impl ReadTxn<'_> {
    /// In the order they were made.
    pub(crate) fn webhooks(&self) -> Result<Vec<Webhook>> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks ORDER BY n");
        self.all(&sql, [], webhook)
    }

    pub(crate) fn webhook(&self, id: &WebhookId) -> Result<Option<Webhook>> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE id = ?1");
        self.first(&sql, [id], webhook)
    }

    pub(crate) fn webhook_secret(&self, id: &WebhookId) -> Result<WebhookSecret> {
        let sealed: Option<Vec<u8>> =
            self.find("SELECT secret FROM webhooks WHERE id = ?1", [id])?;
        let sealed = sealed.ok_or_else(|| absent("webhook", id))?;
        let plain = self
            .keys
            .open_record(Record::Webhook, &Bound::row(id.as_str()), &sealed)?;
        Ok(WebhookSecret::of(plain))
    }
}

impl WriteTxn<'_> {
    /// Makes a webhook that is told of what happens from now on.
    pub(crate) fn make_webhook(&self, made: &Webhook) -> Result<WebhookSecret> {
        let secret = WebhookSecret::fresh()?;
        let id = made.id.as_str();
        let sealed = self
            .keys
            .seal_record(Record::Webhook, &Bound::row(id), secret.bytes())?;
        let sql = "INSERT INTO webhooks (id, name, description, url, base, events, status, secret, created, told)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let values = params![
            made.id,
            made.name,
            made.description,
            made.url,
            made.base,
            names(&made.events),
            made.status,
            sealed,
            made.created,
            self.last_event()?,
        ];
        self.execute(sql, values)?;
        Ok(secret)
    }

    /// One that was disabled is told of what happens from now on; what happened meanwhile is not sent.
    pub(crate) fn change_webhook(&self, changed: &Webhook) -> Result<()> {
        let sql =
            "UPDATE webhooks SET name = ?2, description = ?3, url = ?4, base = ?5, events = ?6,
              told = iif(status = ?7, told, ?8), status = ?7 WHERE id = ?1";
        let values = params![
            changed.id,
            changed.name,
            changed.description,
            changed.url,
            changed.base,
            names(&changed.events),
            Status::Active,
            self.last_event()?,
        ];
        self.execute(sql, values).map(drop)
    }

    /// Its messages go with it.
    pub(crate) fn drop_webhook(&self, id: &WebhookId) -> Result<bool> {
        Ok(self.execute("DELETE FROM webhooks WHERE id = ?1", [id])? == 1)
    }
}
