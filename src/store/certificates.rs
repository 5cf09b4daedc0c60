//! Certificates: a draft when a deletion is ordered, with a keyed digest once it is proven.

use super::error::Result;
use super::json_columns;
use super::{ReadTxn, WriteTxn};
use crate::domain::certificate::Certificate;
use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use rusqlite::{OptionalExtension, params};

impl ReadTxn<'_> {
    /// What was written down when a deletion was ordered, while it is not proven.
    pub(crate) fn certificate_draft(&self, id: &str) -> Result<Option<Certificate>> {
        let sql = "SELECT document FROM certificates WHERE id = ?1 AND mac IS NULL";
        let found: Option<String> = self
            .conn
            .prepare_cached(sql)?
            .query_row([id], |r| r.get(0))
            .optional()?;
        found
            .as_deref()
            .map(json_columns::certificate_read)
            .transpose()
    }

    /// A certificate, its digest, and whether that is what this database's key gives for its text.
    pub(crate) fn certificate(&self, id: &str) -> Result<Option<(Certificate, Vec<u8>, bool)>> {
        let sql = "SELECT document, mac FROM certificates WHERE id = ?1 AND mac IS NOT NULL";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([id], |r| Ok((r.get(0)?, r.get(1)?)));
        let Some((document, mac)): Option<(String, Vec<u8>)> = found.optional()? else {
            return Ok(None);
        };
        let true_mac = self
            .keys
            .audit_key()?
            .certify(&[id.as_bytes(), document.as_bytes()]);
        let holds = mac == true_mac;
        Ok(Some((
            json_columns::certificate_read(&document)?,
            mac,
            holds,
        )))
    }

    /// Every certificate about a user, in the order in which they were written.
    pub(crate) fn certificates_of(&self, user: &UserId) -> Result<Vec<Certificate>> {
        let sql =
            "SELECT document FROM certificates WHERE user_id = ?1 AND mac IS NOT NULL ORDER BY at";
        let mut query = self.conn.prepare_cached(sql)?;
        let documents = query.query_map([user.as_str()], |r| r.get::<_, String>(0))?;
        documents
            .map(|document| json_columns::certificate_read(&document?))
            .collect()
    }

    pub(crate) fn sqlite_version(&self) -> &'static str {
        rusqlite::version()
    }
}

impl WriteTxn<'_> {
    pub(crate) fn draft_certificate(&self, draft: &Certificate) -> Result<()> {
        let sql = "INSERT INTO certificates (id, user_id, at, document) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (id) DO UPDATE SET document = excluded.document WHERE mac IS NULL";
        let user = draft.user.as_ref().map_or("", |u| u.as_str());
        let text = json_columns::certificate_text(draft);
        self.conn
            .prepare_cached(sql)?
            .execute(params![draft.id, user, draft.started.0, text])?;
        Ok(())
    }

    /// Makes the draft a certificate: whoever calls this has proven it.
    pub(crate) fn issue_certificate(&self, proven: &Certificate, now: Moment) -> Result<()> {
        let text = json_columns::certificate_text(proven);
        let mac = self
            .keys
            .audit_key()?
            .certify(&[proven.id.as_bytes(), text.as_bytes()]);
        let user = proven.user.as_ref().map_or("", |u| u.as_str());
        let sql = "INSERT INTO certificates (id, user_id, at, document, mac) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (id) DO UPDATE SET at = excluded.at, document = excluded.document, mac = excluded.mac
            WHERE mac IS NULL";
        self.conn
            .prepare_cached(sql)?
            .execute(params![proven.id, user, now.0, text, mac])?;
        Ok(())
    }

    /// Forgets a draft of what will not be proven.
    pub(crate) fn drop_draft(&self, id: &str) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM certificates WHERE id = ?1 AND mac IS NULL")?
            .execute([id])?;
        Ok(())
    }
}
