//! The keys of the HTTP API. Of a key only its keyed digest is stored.

use super::error::Result;
use super::row::Row;
use super::{ReadTxn, WriteTxn};
use crate::domain::access::{ApiKey, Role};
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::vault::ApiKeyText;
use rusqlite::params;

const COLUMNS: &str = "id, name, role, created, expires, revoked";

fn key(row: &Row<'_>) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.get("id")?,
        name: row.get("name")?,
        role: row.get("role")?,
        created: row.get("created")?,
        expires: row.get("expires")?,
        revoked: row.get("revoked")?,
    })
}

impl ReadTxn<'_> {
    /// Newest first, revoked ones too.
    pub(crate) fn api_keys(&self) -> Result<Vec<ApiKey>> {
        let sql = format!("SELECT {COLUMNS} FROM api_keys ORDER BY n DESC");
        self.all(&sql, [], key)
    }

    pub(crate) fn api_key(&self, id: &str) -> Result<Option<ApiKey>> {
        let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE id = ?1");
        self.first(&sql, [id], key)
    }

    /// The key of this name that is not revoked.
    pub(crate) fn api_key_named(&self, name: &str) -> Result<Option<ApiKey>> {
        let sql = format!("SELECT {COLUMNS} FROM api_keys WHERE name = ?1 AND revoked IS NULL");
        self.first(&sql, [name], key)
    }

    /// The key that is presented; none when it is not one of this database. One that is revoked or expired is found.
    pub(crate) fn presented_key(&self, presented: &Secret) -> Result<Option<ApiKey>> {
        let Some(text) = ApiKeyText::read(presented) else {
            return Ok(None);
        };
        let digest: Option<Vec<u8>> =
            self.find("SELECT digest FROM api_keys WHERE id = ?1", [&text.id])?;
        // an unknown id takes as long as a wrong secret
        let known = self
            .keys
            .is_api_key(&text, digest.as_deref().unwrap_or(&[0; 32]))?;
        match known {
            true => self.api_key(&text.id),
            false => Ok(None),
        }
    }
}

impl WriteTxn<'_> {
    /// Makes a key and answers it with its text, which is stored nowhere.
    pub(crate) fn make_api_key(
        &self,
        name: &str,
        role: Role,
        expires: Option<Moment>,
        now: Moment,
    ) -> Result<(ApiKey, Secret)> {
        let text = ApiKeyText::fresh()?;
        let digest = self.keys.api_key_digest(&text)?;
        let sql = "INSERT INTO api_keys (id, name, role, digest, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.execute(sql, params![text.id, name, role, digest, now, expires])?;
        let key = ApiKey {
            id: text.id.clone(),
            name: name.to_owned(),
            role,
            created: now,
            expires,
            revoked: None,
        };
        Ok((key, text.whole()))
    }

    pub(crate) fn revoke_api_key(&self, id: &str, now: Moment) -> Result<()> {
        let sql = "UPDATE api_keys SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
        self.execute(sql, params![id, now]).map(drop)
    }
}
