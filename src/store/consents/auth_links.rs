//! The one link a user may have to the hosted flow. Its mobile is sealed under the master key.

use crate::domain::ids::UserId;
use crate::domain::moment::Moment;
use crate::domain::secret::Secret;
use crate::store::error::{Error, Result};
use crate::store::{ReadTxn, WriteTxn};
use crate::vault::{self, Record};
use rusqlite::{OptionalExtension, params};

/// A link that was sent, or is about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuthLink {
    /// Its id, the last part of what is sent.
    pub(crate) id: String,
    /// Whose.
    pub(crate) user: UserId,
    /// Where it was sent to; none when the master key is missing.
    pub(crate) mobile: Option<Secret>,
    /// When it was made.
    pub(crate) created: Moment,
    /// When it lapses.
    pub(crate) expires: Moment,
}

impl ReadTxn<'_> {
    /// The link of a user, lapsed or not.
    pub(crate) fn auth_link(&self, user: &UserId) -> Result<Option<AuthLink>> {
        let sql = "SELECT id, created, expires, mobile FROM auth_links
            WHERE user_n = (SELECT n FROM users WHERE id = ?1)";
        let found = self
            .conn
            .prepare_cached(sql)?
            .query_row([user.as_str()], |r| {
                Ok((
                    r.get::<_, String>(0)?,
                    r.get::<_, i64>(1)?,
                    r.get::<_, i64>(2)?,
                    r.get::<_, Vec<u8>>(3)?,
                ))
            });
        let Some((id, created, expires, sealed)) = found.optional()? else {
            return Ok(None);
        };
        let mobile = match self.keys.have_master() {
            true => {
                let plain = self.keys.open_record(Record::AuthLink, &id, &sealed)?;
                vault::codec::read_list(&plain)?.into_iter().next()
            }
            false => None,
        };
        let (created, expires) = (Moment(created), Moment(expires));
        Ok(Some(AuthLink {
            id,
            user: user.clone(),
            mobile,
            created,
            expires,
        }))
    }
}

impl WriteTxn<'_> {
    /// Keeps a link in the place of the one before.
    pub(crate) fn put_auth_link(&self, link: &AuthLink) -> Result<()> {
        let Some(user_n) = self.user_n(&link.user)? else {
            return Err(Error::Absent {
                what: format!("user {}", link.user),
            });
        };
        let plain = vault::codec::write_list(&[link.mobile.clone().unwrap_or_default()]);
        let sealed = self.keys.seal_record(Record::AuthLink, &link.id, &plain)?;
        let sql = "INSERT OR REPLACE INTO auth_links (user_n, id, created, expires, mobile) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.conn.prepare_cached(sql)?.execute(params![
            user_n,
            link.id,
            link.created.0,
            link.expires.0,
            sealed
        ])?;
        Ok(())
    }

    /// Takes the link of a user away; `false` when there is none.
    pub(crate) fn drop_auth_link(&self, user: &UserId) -> Result<bool> {
        let sql = "DELETE FROM auth_links WHERE user_n = (SELECT n FROM users WHERE id = ?1)";
        Ok(self.conn.prepare_cached(sql)?.execute([user.as_str()])? == 1)
    }
}
